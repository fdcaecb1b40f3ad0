using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Rollups;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Rollups;

public class RollupProgressTest
{
    private static readonly FiscalYear Year = new(2024);

    [Fact]
    public void Expenditure_adds_up_month_by_month_against_the_budget_of_the_year()
    {
        var progress = RollupProgress.Of(
            Year,
            [(1, Measure.InitialBudget, 1_000), (1, Measure.Expenditure, 50), (3, Measure.Expenditure, 200), (3, Measure.Expenditure, -30), (3, Measure.Supplement, 200)]);

        // In February nothing is booked; the budget is 1,000 + 200.
        progress.Budget.ShouldBe(1_200);
        progress.Months.Select(m => (m.Month, m.Amounts.Expenditure, m.Expenditure, m.Progress)).ShouldBe(
            [(1, 50, 50, new Ratio(50, 1_200)), (2, 0, 50, new Ratio(50, 1_200)), (3, 170, 220, new Ratio(220, 1_200))]);
    }

    [Fact]
    public void The_months_of_regions_add_up()
    {
        (int, Measure, Int128)[] one = [(1, Measure.InitialBudget, 1_000), (1, Measure.Expenditure, 50), (3, Measure.Expenditure, 170)];
        (int, Measure, Int128)[] other = [(2, Measure.InitialBudget, 200), (2, Measure.Expenditure, 30)];

        var sum = RollupProgress.Sum([RollupProgress.Of(Year, one), RollupProgress.Of(Year, other)]);

        sum.Budget.ShouldBe(1_200);
        sum.Months.Select(m => (m.Month, m.Amounts.Expenditure, m.Expenditure, m.Progress)).ShouldBe(
            [(1, 50, 50, new Ratio(50, 1_200)), (2, 30, 80, new Ratio(80, 1_200)), (3, 170, 250, new Ratio(250, 1_200))]);
    }

    [Fact]
    public void Without_a_budget_there_is_no_progress() =>
        RollupProgress.Of(Year, [(2, Measure.Expenditure, 5)]).Months.ShouldAllBe(m => m.Progress == null);

    [Fact]
    public void A_year_without_bookings_has_no_months() => RollupProgress.Of(Year, []).Months.ShouldBeEmpty();

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public void There_are_twelve_months(int month) =>
        Should.Throw<ArgumentOutOfRangeException>(() => RollupProgress.Of(Year, [(month, Measure.Expenditure, 5)]));
}
