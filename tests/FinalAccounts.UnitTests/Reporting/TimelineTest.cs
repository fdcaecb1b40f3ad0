using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Reporting;
using FinalAccounts.UnitTests.Golden;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

public class TimelineTest
{
    /// <summary>Two vouchers in March of which one is recorded late, and a budget in January.</summary>
    private static readonly YearBooks Year = new Books().Budget(Running, 600)
        .Add(Posted("记1", new(2024, 3, 5), 10)).Add(Posted("记2", new(2024, 4, 1), 20)).Add(Posted("记3", new(2024, 3, 5), 40))
        .Explain("收入总计/比上年", "原因").Comparatives(("支出总计", 500))
        .Add(new YearClosed(new(2024, 12, 31), Yuan(0), Yuan(0), new(1, new string('a', 64)))).Fold();

    [Fact]
    public void Days_are_the_accounting_dates_at_which_something_was_booked() =>
        Timeline.Of(Year).Days.Where(d => d.Date.Month > 1).Select(d => (d.Date.Month, d.Date.Day, Spent(d.Amounts), d.LastPosition, d.Events)).ShouldBe(
            [(3, 5, 50_00, 7, 2), (4, 1, 20_00, 6, 1)]);

    [Fact]
    public void Months_have_their_amounts_by_measure()
    {
        var months = Timeline.Of(Year).Months;
        months.Select(m => (m.Month.Month, Spent(m.Amounts), m.Events)).ShouldBe([(1, 0, 3), (3, 50_00, 2), (4, 20_00, 1)]);
        months[0].Amounts.ShouldBe([new(Measure.InitialBudget, 600_00)]);
    }

    [Fact]
    public void Recordings_come_in_the_order_of_the_log_and_events_without_facts_are_none()
    {
        // Profile, opening with its standards, budget, three vouchers; not the reason, last year's figures and the close.
        Timeline.Of(Year).Recordings.Select(r => (r.FirstPosition, r.LastPosition)).ShouldBe([(2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7)]);
        Timeline.Of(Year).Milestones.Select(e => e.Event.GetType()).ShouldBe([typeof(FiscalYearOpened), typeof(YearClosed)]);
    }

    [Fact]
    public void What_is_imported_at_once_is_one_recording() =>
        Timeline.Of(Sample.Of("huaihua-2024").Books.Current).Recordings.Count.ShouldBe(1);

    /// <summary>A report as of a day of the timeline differs from one as of the day before; between two days nothing does.</summary>
    [Fact]
    public void The_days_of_a_sample_are_those_at_which_its_figures_change()
    {
        var sample = Sample.Of("yiyang-2023");
        var dates = sample.Recorded.Where(e => EventFacts.Of(e.Event).Any() && e.Event is not ComparativesImported).Select(e => e.Event.Date).Distinct().Order();
        Timeline.Of(sample.Books.Current).Days.Select(d => d.Date).ShouldBe(dates);
    }

    private static long Spent(IEnumerable<MeasureAmount> amounts) => (long)amounts.SingleOrDefault(a => a.Measure == Measure.Expenditure).Amount;

    private static ExpenditurePosted Posted(string voucher, NodaTime.LocalDate date, long yuan) => new(date, voucher, "支出", [new(
        new(Running), new(Office), FinalAccounts.Ledger.Fund.GeneralPublicBudget, FinalAccounts.Ledger.SpendingKind.Basic, null,
        FinalAccounts.Ledger.IncomeSource.FiscalAppropriation, Yuan(yuan))]);
}
