using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>What the program says about a change when nobody has written the reason yet.</summary>
public class DraftTest
{
    /// <summary>
    /// 株洲 2020, 五（三）: the published reasons, from the initial budget, the withdrawal and the supplements of each item with the
    /// purposes that the document names.
    /// </summary>
    [Theory]
    [InlineData("2080199", 600_000, "年初预算的60万元，财政扣回12万元，另年中追加的日常运转工作经费59.8万元，追加安全生产奖励金17.1万元",
        "扣:120000:财政扣回", "追:598000:年中追加的日常运转工作经费", "追:171000:安全生产奖励金")]
    [InlineData("2080107", 0, "年中追加的日常运转工作经费19.94万元", "追:199400:年中追加的日常运转工作经费")]
    [InlineData("2080502", 0, "年中追加退休人员综合治理优秀等次奖励金9.16万元", "追:91600:年中追加退休人员综合治理优秀等次奖励金")]
    [InlineData("2080799", 0, "年中追加公益性岗位补贴工资2.72万元", "追:27200:年中追加公益性岗位补贴工资")]
    public void The_published_reasons_of_Zhuzhou_come_from_the_events(string code, long initial, string reason, params string[] documents)
    {
        Books books = new();
        var available = initial;
        if (initial > 0)
        {
            books.Budget(code, initial);
        }

        foreach (var (kind, yuan, purpose) in documents.Select(d => d.Split(':')).Select(d => (d[0], long.Parse(d[1]), d[2])))
        {
            available += kind == "扣" ? -yuan : yuan;
            _ = kind == "扣" ? books.Withdraw(code, yuan, purpose, $"号{books.Events.Count}") : books.Supplement(code, yuan, purpose, $"号{books.Events.Count}");
        }

        var block = books.Spend(code, Wages, available).Block("1.社会保障");

        block.Text.ShouldEndWith($"主要原因是：{reason}。");
        block.Drafts.Select(d => block.Text.Substring(d.Start, d.Length)).ShouldBe([reason]);
    }

    [Fact]
    public void A_changed_document_changes_the_draft()
    {
        string Draft(long yuan) => new Books().Supplement(Running, yuan, "增人增资", "追1").Spend(Running, Wages, yuan).Text("1.社会保障");
        Draft(10_000).ShouldContain("追加增人增资1万元");
        Draft(25_000).ShouldContain("追加增人增资2.5万元");
    }

    [Fact]
    public void Moved_budget_is_told_by_its_direction()
    {
        BudgetLine Line(string function) => new(new(function), Fund.GeneralPublicBudget, SpendingKind.Basic, null, null, Yuan(20_000));
        var books = new Books().Budget(Running, 100_000).Budget(Housing, 30_000)
            .Add(new BudgetReallocated(new(2024, 6, 1), "调1", "公积金缺口", [Line(Running)], [Line(Housing)]))
            .Spend(Running, Wages, 80_000).Spend(Housing, "30113", 50_000);
        books.Text("1.社会保障").ShouldEndWith("调出公积金缺口2万元。");
        books.Text("2.住房保障").ShouldEndWith("调入公积金缺口2万元。");
    }

    [Fact]
    public void Against_last_year_the_items_that_moved_most_are_named()
    {
        var last = new Books(2023).Spend(Running, Wages, 400_000).Spend(Housing, "30113", 90_000).Spend("2080505", "30108", 10_000);
        var text = new Books().Spend(Running, Wages, 500_000).Spend(Housing, "30113", 60_000).Spend("2080505", "30108", 15_000).Spend("2101101", "30110", 1_000)
            .Text("（一）一般公共预算财政拨款支出", last);
        text.ShouldEndWith("主要是因为行政运行增加10万元、住房公积金减少3万元、机关事业单位基本养老保险缴费支出增加0.5万元等。");
    }

    [Fact]
    public void A_change_within_one_item_is_told_by_economic_items()
    {
        var last = new Books(2023).Spend(Running, Office, 50_000).Spend(Running, "30211", 20_000);
        new Books().Spend(Running, Office, 30_000).Spend(Running, "30211", 21_000).Text("九、", last)
            .ShouldEndWith("主要原因是：办公费减少2万元、差旅费增加0.1万元。");
    }

    [Fact]
    public void An_imported_figure_gives_no_draft() =>
        new Books().Spend(Running, Wages, 10_000).Comparatives(("一般公共预算财政拨款支出", 5_000)).Text("（一）一般公共预算财政拨款支出")
            .ShouldEndWith("主要是因为〔草稿：请填写原因〕。");

    [Fact]
    public void A_written_reason_can_take_the_draft_over_with_its_numbers_linked()
    {
        var books = new Books().Supplement(Running, 10_000, "增人增资", "追1").Spend(Running, Wages, 10_000).Explain($"{Running}/比年初预算", "政策性{草稿}。");
        var block = books.Block("1.社会保障");
        block.Text.ShouldEndWith("主要原因是：政策性追加增人增资1万元。");
        block.Drafts.ShouldBeEmpty();
        block.Figures.Select(f => f.Address).ShouldContain($"说明/五（三）1/{Running}/比年初预算/追1");
        books.Report().Missing.ShouldNotContain(m => m.Kind == MissingKind.Explanation && m.Name == $"{Running}/比年初预算");
    }

    [Fact]
    public void Where_there_is_no_draft_to_take_over_the_reason_is_missing()
    {
        var books = new Books().Spend(Running, Wages, 10_000).Explain($"{Running}/比年初预算", "{草稿}");
        books.Text("1.社会保障").ShouldEndWith("〔草稿：请填写原因〕。");
        books.Report().Missing.ShouldContain(new MissingItem(MissingKind.Explanation, $"{Running}/比年初预算", "说明/五（三）1"));
    }

    [Fact]
    public void The_numbers_of_a_draft_are_figures_of_their_events()
    {
        var books = new Books().Budget(Running, 60_000).Withdraw(Running, 12_000, "压减", "扣1").Supplement(Running, 5_000, "增资", "追1").Spend(Running, Wages, 53_000);
        var document = books.Report();
        ReportBooks sources = new(books.Fold(), null);
        var figure = document.Figures.Single(f => f.Address == $"说明/五（三）1/{Running}/比年初预算/扣1");
        (figure.Printed, figure.Exact).ShouldBe(("1.2", Ratio.Whole(1_200_000)));
        ProvenanceTest.AddUp(figure, sources).ShouldBe(figure.Exact);
        document.Figures.Single(f => f.Address.StartsWith($"说明/五（三）1/{Running}/比年初预算/一般", StringComparison.Ordinal)).Printed.ShouldBe("6");
    }
}
