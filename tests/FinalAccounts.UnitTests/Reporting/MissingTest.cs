using FinalAccounts.Ledger.Performance;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>What a document needs and the books do not have is listed with the place that needs it.</summary>
public class MissingTest
{
    [Fact]
    public void A_figure_of_last_year_that_is_not_known_is_listed_and_may_be_published()
    {
        var missing = new Books().Income(Running, 100).Report().Missing.Where(m => m.Kind == MissingKind.Comparative).ToList();
        missing.ShouldContain(new MissingItem(MissingKind.Comparative, "收入总计", "说明/一"));
        missing.ShouldContain(new MissingItem(MissingKind.Comparative, "机关运行经费", "说明/九"));
        missing.ShouldAllBe(m => !m.PreventsPublication);
    }

    [Fact]
    public void What_was_imported_is_not_missing() => new Books().Income(Running, 100).Comparatives(("收入总计", 0)).Report()
        .Missing.ShouldNotContain(m => m.Name == "收入总计");

    [Fact]
    public void A_sum_of_statistics_lists_those_that_nobody_reported()
    {
        var missing = new Books().Statistics(("主要负责人用车", 1)).Report().Missing.Where(m => m.Kind == MissingKind.Statistic).ToList();
        missing.ShouldContain(new MissingItem(MissingKind.Statistic, "机要通信用车", "说明/十二"));
        missing.ShouldNotContain(m => m.Name == "主要负责人用车" || m.Name == "车辆");
        missing.Count(m => m is { Name: "机要通信用车", Place: "说明/十二" }).ShouldBe(1);
        missing.ShouldAllBe(m => m.PreventsPublication);
    }

    [Fact]
    public void A_statistic_that_a_written_text_quotes_is_listed() => new Books()
        .Add(new PerformanceResultsReported(new(2024, 12, 31), null, "办结{办件量}件。", "", "", null, [])).Report()
        .Missing.ShouldContain(new MissingItem(MissingKind.Statistic, "办件量", "说明/十三（二）"));

    [Fact]
    public void An_evaluation_that_nobody_reported_is_listed() =>
        new Books().Report().Missing.ShouldContain(new MissingItem(MissingKind.Evaluation, "整体自评得分", "说明/十三（二）"));

    [Fact]
    public void A_reason_that_nobody_wrote_is_listed_with_whether_there_is_a_draft()
    {
        var document = new Books().Supplement(Running, 100, "增资", "追1").Spend(Running, Wages, 100).Spend(Housing, "30113", 50).Report();
        document.Missing.ShouldContain(new MissingItem(MissingKind.Explanation, $"{Running}/比年初预算", "说明/五（三）1", IsDrafted: true));
        document.Missing.ShouldContain(new MissingItem(MissingKind.Explanation, $"{Housing}/比年初预算", "说明/五（三）2"));
        document.Missing.Where(m => m.Kind == MissingKind.Explanation).ShouldAllBe(m => m.PreventsPublication);
    }

    [Fact]
    public void A_statistic_that_last_years_books_lack_may_have_been_imported()
    {
        var books = new Books().Comparatives(("政府采购货物支出", 7)).Fold();
        ReportBooks both = new(books, new Books(2023).Fold());
        new Quantities(Pack, both).Find("政府采购货物支出@上年", Narrowing.None)!.Total(both).ShouldBe(700);
        new Quantities(Pack, both).Find("收入合计@上年", Narrowing.None)!.Total(both).ShouldBe(0);
        new Quantities(Pack, both).Unknown("政府采购服务支出@上年", Narrowing.None).ShouldBe([(MissingKind.Comparative, "政府采购服务支出")]);
    }
}
