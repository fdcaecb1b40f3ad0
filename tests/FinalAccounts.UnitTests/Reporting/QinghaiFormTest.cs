using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>The branches of Qinghai's sentences, and its table with counts.</summary>
public class QinghaiFormTest
{
    private const string Management = "2080107";
    private static readonly FormPack Form = FormPack.Load("qinghai-2024")!;

    [Fact]
    public void The_only_item_of_a_class_has_no_number_and_several_are_counted()
    {
        var books = new Books().Spend(Running, Wages, 30_000).Spend(Management, Wages, 20_000).Spend(Housing, "30113", 10_000);
        Text(books, "1.社会保障和就业支出（类）").Split('\n').Select(p => p[..p.IndexOf('。', StringComparison.Ordinal)]).ShouldBe(
        [
            "（1）人力资源和社会保障管理事务（款）行政运行（项）",
            "（2）人力资源和社会保障管理事务（款）社会保险业务管理事务（项）",
        ]);
        Text(books, "2.住房保障支出（类）").ShouldStartWith("住房改革支出（款）住房公积金（项）。年初预算为0万元，支出决算为1.00万元，由于年初预算为0万元，无法计算百分比。");
    }

    [Theory]
    [InlineData(100, 100, "完成年初预算的100.00%。决算数与预算数持平，主要原因是按预算执行。")]
    [InlineData(100, 150, "完成年初预算的150.00%。决算数大于预算数的主要原因是按预算执行。")]
    [InlineData(100, 0, "支出决算为0万元，完成年初预算的0%。决算数小于预算数的主要原因是按预算执行。")]
    public void An_item_is_compared_with_its_initial_budget(long budget, long spent, string sentence)
    {
        var books = new Books().Budget(Running, budget * 100).Explain($"{Running}/比年初预算", "按预算执行");
        if (spent > 0)
        {
            books.Spend(Running, Wages, spent * 100);
        }

        Text(books, "1.社会保障").ShouldEndWith(sentence);
    }

    [Fact]
    public void Only_the_kinds_of_income_that_came_in_are_listed()
    {
        Text(new(), "二、收入").ShouldBe("本年收入合计0万元。");
        Text(new Books().Income(Running, 30_000).Income(Running, 10_000, IncomeSource.Other, Fund.Other), "二、收入")
            .ShouldBe("本年收入合计4.00万元，其中：财政拨款收入3.00万元，占75.00%；其他收入1.00万元，占25.00%。");
    }

    [Fact]
    public void Totals_that_differ_before_the_close_are_told_apart() =>
        Text(new Books().Income(Running, 30_000).Spend(Running, Wages, 20_000), "一、收入支出")
            .ShouldBe("2024年度收入总计3.00万元。上一年度决算数未取得，暂不比较。2024年度支出总计2.00万元。上一年度决算数未取得，暂不比较。");

    [Theory]
    [InlineData(0, "2024年度收入、支出总计2.00万元，比上年收入、支出总计各增加2.00万元，由于上年为0万元，无法计算百分比，主要原因是新设单位。")]
    [InlineData(20_000, "2024年度收入、支出总计2.00万元，比上年收入、支出总计持平，主要原因是新设单位。")]
    [InlineData(10_000, "2024年度收入、支出总计2.00万元，比上年收入、支出总计各增加1.00万元，增长100.00%，主要原因是新设单位。")]
    public void Equal_totals_are_compared_with_last_year_together(long before, string sentence) =>
        Text(new Books().Income(Running, 20_000).Spend(Running, Wages, 20_000).Comparatives(("收入总计", before)).Explain("收入总计/比上年", "新设单位"), "一、收入支出")
            .ShouldBe(sentence);

    [Theory]
    [InlineData(0, 0, "公务接待费支出决算数比上年持平，均未发生公务接待费。")]
    [InlineData(500, 500, "公务接待费支出决算数比上年持平。")]
    [InlineData(1_500, 500, "公务接待费支出决算数比上年增加0.10万元，增长200.00%。主要原因是来访增加。")]
    [InlineData(1_500, null, "公务接待费支出决算数的上年数未取得，暂不比较。")]
    public void A_kind_of_the_three_public_expenses_is_compared_with_last_year(long spent, int? before, string sentence)
    {
        var books = new Books();
        if (spent != before)
        {
            books.Explain("公务接待费/比上年", "来访增加");
        }

        if (spent > 0)
        {
            books.Spend(Running, Reception, spent);
        }

        if (before is { } known)
        {
            books.Comparatives(("公务接待费", known), ("公务用车购置费", 0), ("公务用车运行维护费", 0), ("因公出国（境）费", 0));
        }
        else
        {
            books.Comparatives(("“三公”经费", 0));
        }

        Text(books, "（三）“三公”经费增减").ShouldEndWith("；" + sentence);
    }

    [Theory]
    [InlineData(null, "3.公务接待费支出0.20万元。其中：接待")]
    [InlineData(0, "3.公务接待费支出0.20万元（全部为国内接待费）。其中：接待")]
    [InlineData(500, "3.公务接待费支出0.20万元（国内接待费0.15万元，外事接待费0.05万元）。其中：国内接待")]
    public void Receptions_of_foreign_guests_are_told_apart(int? foreignYuan, string start)
    {
        var books = new Books().Spend(Running, Reception, 2_000);
        if (foreignYuan is { } yuan)
        {
            books.Add(new StatisticsReported(new(2024, 12, 31), [new("外事接待费", yuan * 100, "元")], null));
        }

        Text(books, "（二）“三公”经费支出具体").ShouldContain(start);
    }

    [Fact]
    public void Each_evaluated_project_has_a_block_in_the_order_of_the_evaluations()
    {
        var books = Evaluated("乙项目", 9_850, Evaluated("甲项目", 9_900, Spent("甲项目", 100, 40, Spent("乙项目", 200, 300, new()))));
        Report(books).Parts.OfType<TextPart>().SelectMany(p => p.Blocks).Select(b => b.Heading).Where(h => h.EndsWith("自评情况", StringComparison.Ordinal))
            .ShouldBe(["1.甲项目项目绩效自评情况", "2.乙项目项目绩效自评情况"]);
        Text(books, "1.甲项目").ShouldBe(
            "根据年初设定的绩效目标，项目自评得分99分。预算资金安排及使用情况：项目全年预算数为1万元，实际支出0.4万元，结转0万元，完成年度预算的40.00%。");
        Text(books, "2.乙项目").ShouldStartWith("根据年初设定的绩效目标，项目自评得分98.5分。预算资金安排及使用情况：项目全年预算数为2万元，实际支出3万元，结转0万元，完成年度预算的150.00%。");
        Text(books, "（一）绩效评价工作").ShouldBe(
            "根据预算绩效管理要求，示例市示例局对2024年度2项部门项目支出开展了绩效自评，共涉及资金3.40万元，占部门项目支出预算总额的113.33%。"
            + "绩效目标完成情况：组织对甲项目、乙项目项目开展了部门评价，涉及资金3.40万元。");
    }

    [Theory]
    [InlineData("甲项目", "1.甲项目项目绩效自评情况")]
    [InlineData("甲项目、乙项目", "1.专项项目绩效自评情况")]
    public void The_money_of_an_evaluation_is_that_of_the_projects_that_it_covers(string covered, string heading)
    {
        var projects = covered.Split('、');
        var books = Evaluated("专项", 9_900, Spent("甲项目", 100, 40, Spent("乙项目", 200, 300, new()))
            .Add(new PerformanceTargetsSet(new(2024, 1, 31), "专项", "办好", [], CoveredProjects: projects)));
        var (budget, spent) = projects.Length == 1 ? ("1", "0.4") : ("3", "3.4");
        Text(books, heading).ShouldStartWith($"根据年初设定的绩效目标，项目自评得分99分。预算资金安排及使用情况：项目全年预算数为{budget}万元，实际支出{spent}万元，");
    }

    [Fact]
    public void Without_an_evaluation_the_sentence_says_so() =>
        Text(new(), "（一）绩效评价工作").ShouldBe("2024年度没有开展项目支出绩效自评。");

    [Fact]
    public void The_counts_below_a_table_are_figures_and_a_zero_is_blank()
    {
        var books = new Books().Add(new StatisticsReported(new(2024, 12, 31), [new("公务用车保有量", 3, "辆"), new("国内公务接待批次", 0, "批次")], null));
        var report = Report(books);
        var table = report.Tables.Single(t => t.Id == "公开09");
        table.Statistics!.Columns.ShouldBe(["项目", "统计数", "项目", "统计数"]);
        table.Statistics.Items.Select(i => (i.Name, i.Text)).ShouldBe(
        [
            ("因公出国（境）团组数（个）", null), ("因公出国（境）人次（人）", null), ("公务用车购置数（辆）", null),
            ("公务用车保有量（辆）", "3"), ("国内公务接待批次（个）", null), ("国内公务接待人次（人）", null),
        ]);

        // What was not reported has no figure behind it; a reported zero has.
        table.Statistics.Items.Select(i => i.Address is not null).ShouldBe([false, false, false, true, true, false]);
        report.Figures.Single(f => f.Address == "公开09/公务用车保有量（辆）/统计数").Unit.ShouldBe("辆");

        // 12 amounts over a head and three rows of two counts: every row fills the 12 drawn columns.
        table.Layout.Body.Select(row => row.Sum(c => c.ColumnSpan)).ShouldBe([12, 12, 12, 12, 12]);
    }

    private static Books Spent(string project, long budget, long spent, Books books) => books
        .Add(new BudgetAppropriated(new(2024, 1, 5), $"预{project}", "部门预算",
            [new(new(Management), Fund.GeneralPublicBudget, SpendingKind.Project, project, null, Yuan(budget * 100))]))
        .Add(new ExpenditurePosted(new(2024, 6, 5), $"记{project}", "项目支出",
            [new(new(Management), new(Office), Fund.GeneralPublicBudget, SpendingKind.Project, project, IncomeSource.FiscalAppropriation, Yuan(spent * 100))]));

    private static Books Evaluated(string project, int score, Books books) =>
        books.Add(new SelfEvaluationReported(new(2024, 12, 31), project, Fund.GeneralPublicBudget, Yuan(1), score, "优", []));

    private static DisclosureDocument Report(Books books) => DisclosureBuilder.Build(Form, new(books.Fold(), null), ChartOfAccounts.For(new(2024)));

    private static string Text(Books books, string heading) =>
        Report(books).Parts.OfType<TextPart>().SelectMany(p => p.Blocks).Single(b => b.Heading.StartsWith(heading, StringComparison.Ordinal)).Text;
}
