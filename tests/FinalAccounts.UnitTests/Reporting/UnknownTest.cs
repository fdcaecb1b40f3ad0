using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Unknown is not zero.</summary>
public class UnknownTest
{
    [Fact]
    public void A_statistic_that_nobody_reported_is_not_printed_as_zero()
    {
        var block = new Books().Statistics(("主要负责人用车", 1)).Block("十二、");
        block.Text.ShouldContain("主要负责人用车1辆");
        block.Text.ShouldContain("机要通信用车〔未填报：机要通信用车〕辆");
        block.Text.ShouldContain("共有车辆〔未填报：车辆〕辆");
        block.Text.Substring(block.Drafts[0].Start, block.Drafts[0].Length).ShouldBe("〔未填报：车辆〕");
    }

    [Fact]
    public void A_prior_year_that_is_not_covered_is_not_compared() =>
        new Books().Income(Running, 100).Text("一、收入支出决算总体").ShouldBe(
            "2024年度收入总计0.01万元。上一年度决算数未取得，暂不比较。\n2024年度支出总计0万元。上一年度决算数未取得，暂不比较。");

    [Fact]
    public void A_comparative_of_zero_is_known() =>
        new Books().Income(Running, 10_000).Comparatives(("收入总计", 0), ("支出总计", 0)).Text("一、收入支出决算总体").ShouldStartWith(
            "2024年度收入总计1万元。与上一年度相比，收入总计增加1万元，由于上年为0万元，无法计算百分比。主要原因是");

    [Fact]
    public void The_prior_years_own_books_come_before_imported_figures()
    {
        var prior = new Books(2023).Income(Running, 20_000);
        new Books().Income(Running, 30_000).Comparatives(("收入总计", 5_000)).Text("一、收入支出决算总体", prior)
            .ShouldStartWith("2024年度收入总计3万元。与上一年度相比，收入总计增加1万元，增长50%。");
    }

    [Fact]
    public void A_sum_of_the_prior_year_is_known_when_all_its_parts_are()
    {
        var three = new Books().Comparatives(("因公出国（境）费", 0), ("公务用车购置费", 0), ("公务用车运行维护费", 20_000), ("公务接待费", 10_000));
        three.Text("（一）“三公”").ShouldContain("与上年相比减少3万元，降低100%");
        new Books().Comparatives(("公务用车运行维护费", 20_000), ("公务接待费", 10_000)).Text("（一）“三公”").ShouldNotContain("与上年相比");
    }

    [Fact]
    public void Comparatives_of_another_year_are_not_last_years() =>
        new Books().Income(Running, 10_000)
            .Add(new FinalAccounts.Ledger.Disclosure.ComparativesImported(new(2024, 1, 1), new(2022), "前年公开", [new("收入总计", Yuan(5))]))
            .Text("一、收入支出决算总体").ShouldContain("上一年度决算数未取得");

    [Fact]
    public void A_part_of_an_imported_figure_is_not_known()
    {
        var books = new ReportBooks(new Books().Comparatives(("一般公共预算财政拨款支出", 100)).Fold(), null);
        Quantities quantities = new(Pack, books);
        quantities.Find("一般公共预算财政拨款支出@上年", Narrowing.None)!.Total(books).ShouldBe(10000);
        quantities.Find("一般公共预算财政拨款支出@上年", new(Function: new(Running))).ShouldBeNull();
    }
}
