using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

public class ExplainingTest
{
    private static readonly Books Year = new Books().Budget(Running, 100_000).Supplement(Running, 20_000, "增资", "追1").Budget(Housing, 5_000)
        .Spend(Running, Wages, 60_000).Spend(Housing, "30113", 5_000)
        .Add(new ExpenditurePosted(new(2024, 3, 5), "记3", "", [Line(Office, 30_000), Line(Wages, 10_000)]))
        .Add(new ExpenditureReversed(new(2024, 4, 1), "冲3", "记3", "错账", [Line(Office, 1_000)]))
        .Comparatives(("支出总计", 50_000));

    [Fact]
    public void A_cell_is_the_postings_behind_it_with_running_totals()
    {
        var explained = Explain("公开05/2080101/本年支出/小计");
        explained.Sums.Single().Events.Select(e => (e.Recorded.Event.GetType().Name, e.Amount, e.RunningTotal)).ShouldBe(
        [
            (nameof(ExpenditurePosted), 6_000_000, 6_000_000),
            (nameof(ExpenditurePosted), 4_000_000, 10_000_000),
            (nameof(ExpenditureReversed), -100_000, 9_900_000),
        ]);
        explained.Sums[0].ByMonth().Select(m => (m.Month.Month, m.Amount, m.RunningTotal)).ShouldBe([(1, 6_000_000, 6_000_000), (3, 4_000_000, 10_000_000), (4, -100_000, 9_900_000)]);
    }

    [Fact]
    public void Behind_expenditure_stands_its_budget() =>
        Explain("公开05/2080101/本年支出/小计").Background.Single().Events.Select(e => e.RunningTotal).ShouldBe([10_000_000, 12_000_000]);

    [Fact]
    public void A_rate_is_explained_by_value_and_base()
    {
        var explained = Explain("说明/一/支出总计比上年增减率");
        explained.Sums.Select(s => (s.Name, s.Total)).ShouldBe([("支出总计", 10_400_000), ("支出总计（上年）", 5_000_000)]);
        explained.Figure.Printed.ShouldBe("108"); // (104000 - 50000) / 50000
    }

    [Fact]
    public void Every_figures_events_add_up_to_its_exact_value()
    {
        ReportBooks books = new(Year.Fold(), null);
        foreach (var figure in Year.Report().Figures)
        {
            AddUp(Explaining.Explain(figure, books)).ShouldBe(figure.Exact, figure.Address);
        }
    }

    /// <summary>The exact value from nothing but the explained events, by the meaning of the figure.</summary>
    public static Ratio AddUp(FigureExplanation explained)
    {
        var sums = explained.Sums.Select(s => s.Events.Aggregate((Int128)0, (sum, e) => sum + e.Amount)).ToList();
        return explained.Figure.Query switch
        {
            SumQuery => new(sums[0], 1),
            DifferenceQuery => new(Int128.Abs(sums[0] - sums[1]), 1),
            ShareQuery q => sums[1] == 0 ? q.WhenBaseIsZero!.Value : new(sums[0], sums[1]),
            RateQuery => new(Int128.Abs(sums[0] - sums[1]), Int128.Abs(sums[1])),
            _ => throw new NotSupportedException(),
        };
    }

    private static FigureExplanation Explain(string address) =>
        Explaining.Explain(Year.Report().Figures.Single(f => f.Address == address), new(Year.Fold(), null));

    private static PostingLine Line(string economic, long yuan) =>
        new(new(Running), new(economic), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, Yuan(yuan));
}
