using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Reporting.Rollups;
using NodaTime;

namespace FinalAccounts.Reporting;

/// <summary>How far a department's year has come.</summary>
public enum YearStatus
{
    /// <summary>Being booked.</summary>
    Open,

    /// <summary>Submitted to the bureau (已报送), and nothing was recorded since.</summary>
    Submitted,

    /// <summary>Closed (已结账).</summary>
    Closed,

    /// <summary>Published (已公开).</summary>
    Published,
}

/// <summary>A department's year in a few numbers: a fold over the year's stream.</summary>
/// <param name="Version">The version of the year's stream.</param>
/// <param name="LastPosition">The position of its last event.</param>
/// <param name="Budget">年初预算, in fen.</param>
/// <param name="AdjustedBudget">年初预算 with 追加, 扣回 and 调剂, in fen.</param>
/// <param name="Income">本年收入, in fen.</param>
/// <param name="Expenditure">本年支出, in fen.</param>
/// <param name="Published">What was published last; null when nothing is, or the year was opened again since.</param>
/// <param name="PublishedAt">The position of that publication.</param>
public sealed record YearOverview(
    DepartmentCode Department,
    FiscalYear Year,
    YearStatus Status,
    long Version,
    long LastPosition,
    Instant LastRecordedAt,
    Int128 Budget,
    Int128 AdjustedBudget,
    Int128 Income,
    Int128 Expenditure,
    DisclosurePublished? Published,
    long? PublishedAt)
{
    public static YearOverview Of(DepartmentCode department, FiscalYear year) => new(department, year, YearStatus.Open, 0, 0, default, 0, 0, 0, 0, null, null);

    /// <summary>The year after one more event.</summary>
    public YearOverview With(RecordedEvent recorded, long version)
    {
        var next = this with { Version = version, LastPosition = recorded.Position, LastRecordedAt = recorded.RecordedAt };
        next = recorded.Event switch
        {
            YearSubmitted when Status is YearStatus.Open or YearStatus.Submitted => next with { Status = YearStatus.Submitted },
            YearClosed => next with { Status = YearStatus.Closed },
            YearReopened => next with { Status = YearStatus.Open, Published = null, PublishedAt = null },
            DisclosurePublished e => next with { Status = YearStatus.Published, Published = e, PublishedAt = recorded.Position },
            _ when Status == YearStatus.Submitted => next with { Status = YearStatus.Open },
            _ => next,
        };
        return EventFacts.Of(recorded.Event).Aggregate(next, (year, fact) => year.With(fact.Key.Measure, fact.Value));
    }

    /// <summary>The year after many events, of which the vouchers are added up already and the others are given.</summary>
    /// <param name="others">The events that are no vouchers, in the order of the log.</param>
    /// <param name="vouchers">The sums of what the vouchers say.</param>
    /// <param name="events">How many events there are, vouchers and others.</param>
    /// <param name="lastPosition">The position of the last of them, voucher or other.</param>
    public YearOverview WithAll(
        IReadOnlyList<RecordedEvent> others, IEnumerable<KeyValuePair<FactKey, Int128>> vouchers, long events, long lastPosition, Instant lastRecordedAt)
    {
        var next = others.Aggregate(this, (year, other) => year.With(other, 0));
        next = vouchers.Aggregate(next, (year, sum) => year.With(sum.Key.Measure, sum.Value));

        // Between two others a voucher makes no difference, because the later one says what the year is. Behind the last one it does.
        var isOpen = next.Status == YearStatus.Submitted && lastPosition > next.LastPosition;
        return next with
        {
            Status = isOpen ? YearStatus.Open : next.Status,
            Version = Version + events,
            LastPosition = lastPosition,
            LastRecordedAt = lastRecordedAt,
        };
    }

    /// <summary>The year after facts of a measure, for who has added them up already; a measure that the overview does not show changes nothing.</summary>
    /// <param name="value">In fen.</param>
    public YearOverview With(Measure measure, Int128 value)
    {
        var amounts = Amounts.With(measure, value);
        return this with { Budget = amounts.Initial, AdjustedBudget = amounts.Budget, Income = amounts.Income, Expenditure = amounts.Expenditure };
    }

    /// <summary>The year's part of a region's sums.</summary>
    public RollupAmounts Amounts => new(Budget, AdjustedBudget - Budget, Income, Expenditure);
}
