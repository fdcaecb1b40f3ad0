using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.FiscalYears;
using NodaTime;

namespace FinalAccounts.Reporting;

/// <summary>When the figures of a year changed: from the events alone, so that a document need not be built to know.</summary>
/// <param name="Days">By accounting date: the dates at which a report as of a date reads differently.</param>
/// <param name="Recordings">By recording: the positions at which a report as of a position does. What was recorded at one instant is one.</param>
/// <param name="Months">By accounting month.</param>
/// <param name="Milestones">When the books were opened, submitted, closed, opened again and published, in the order of the log.</param>
public sealed record Timeline(
    IReadOnlyList<TimelineDay> Days, IReadOnlyList<TimelineRecording> Recordings, IReadOnlyList<TimelineMonth> Months, IReadOnlyList<RecordedEvent> Milestones)
{
    /// <summary>The timeline of a department's year, or of that of a department with its units.</summary>
    public static Timeline Of(YearBooks books)
    {
        var changes = Changes(books);
        return new(
            [.. changes.GroupBy(c => c.Recorded.Event.Date).OrderBy(g => g.Key).Select(g => new TimelineDay(g.Key, Amounts(g), Last(g), Count(g)))],
            [
                .. changes.GroupBy(c => c.Recorded.RecordedAt).OrderBy(g => g.Min(c => c.Recorded.Position))
                    .Select(g => new TimelineRecording(g.Key, g.Min(c => c.Recorded.Position), Last(g), Count(g), Amounts(g))),
            ],
            [.. changes.GroupBy(c => c.Recorded.Event.Date.ToYearMonth()).OrderBy(g => g.Key).Select(g => new TimelineMonth(g.Key, Count(g), Amounts(g)))],
            [.. books.Events.Where(e => e.Event is FiscalYearOpened or YearSubmitted or YearClosed or YearReopened or DisclosurePublished)]);
    }

    /// <summary>What the events say about the accounts. Earlier years' figures are not of this year.</summary>
    private static List<(RecordedEvent Recorded, Measure Measure, Int128 Amount)> Changes(YearBooks books) =>
        [.. books.Facts.Facts.Where(f => f.Key.Measure != Measure.Comparative).Select(f => (books.Events[f.Event], f.Key.Measure, (Int128)f.Value))];

    private static IReadOnlyList<MeasureAmount> Amounts(IEnumerable<(RecordedEvent Recorded, Measure Measure, Int128 Amount)> changes) =>
    [
        .. changes.Where(c => IsMoney(c.Measure)).GroupBy(c => c.Measure).OrderBy(g => g.Key)
            .Select(g => new MeasureAmount(g.Key, g.Aggregate((Int128)0, (sum, c) => sum + c.Amount))),
    ];

    private static long Last(IEnumerable<(RecordedEvent Recorded, Measure Measure, Int128 Amount)> changes) => changes.Max(c => c.Recorded.Position);

    private static int Count(IEnumerable<(RecordedEvent Recorded, Measure Measure, Int128 Amount)> changes) =>
        changes.Select(c => c.Recorded.Position).Distinct().Count();

    private static bool IsMoney(Measure measure) => measure is Measure.OpeningBalance or Measure.InitialBudget or Measure.Supplement or Measure.Withdrawal
        or Measure.Reallocation or Measure.Income or Measure.Expenditure or Measure.NonFiscalSurplusUsed or Measure.SurplusDistributed or Measure.CarryOver;
}

/// <summary>An accounting date at which something was booked or reported.</summary>
/// <param name="LastPosition">The last position of its events.</param>
/// <param name="Events">How many events.</param>
public sealed record TimelineDay(LocalDate Date, IReadOnlyList<MeasureAmount> Amounts, long LastPosition, int Events);

/// <summary>What was recorded at one instant: an import, or a single posting.</summary>
public sealed record TimelineRecording(Instant RecordedAt, long FirstPosition, long LastPosition, int Events, IReadOnlyList<MeasureAmount> Amounts);

/// <summary>An accounting month.</summary>
public sealed record TimelineMonth(YearMonth Month, int Events, IReadOnlyList<MeasureAmount> Amounts);

/// <summary>What was booked of a measure.</summary>
/// <param name="Amount">In fen.</param>
public readonly record struct MeasureAmount(Measure Measure, Int128 Amount);
