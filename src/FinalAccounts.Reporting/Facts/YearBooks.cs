using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;
using NodaTime;

namespace FinalAccounts.Reporting;

/// <summary>An event with where and when the log recorded it.</summary>
/// <param name="Actor">Who recorded it.</param>
public sealed record RecordedEvent(long Position, Instant RecordedAt, string Actor, LedgerEvent Event);

/// <summary>
/// The books of one department's year as far as they are asked for: the facts, and the texts that stand. A fold over the
/// events of the department's stream and the year's stream, in the order of the log.
/// </summary>
public sealed partial class YearBooks
{
    private readonly Dictionary<string, ExplanationWritten> explanations = [];
    private readonly Dictionary<string, string> statisticUnits = [];
    private readonly Dictionary<string, PerformanceTargetsSet> targets = [];
    private readonly Dictionary<string, PerformanceResultsReported> results = [];
    private readonly Dictionary<string, SelfEvaluationReported> evaluations = [];

    private YearBooks(FiscalYear year, IReadOnlyList<RecordedEvent> events)
    {
        Year = year;
        Events = events;
        for (var i = 0; i < events.Count; i++)
        {
            Take(events[i].Event);
            Facts.Add(i, EventFacts.Of(events[i].Event));
        }

        Reversals = Reversals.Of(events);
    }

    public FiscalYear Year { get; }

    /// <summary>The events that count, in the order of the log.</summary>
    public IReadOnlyList<RecordedEvent> Events { get; }

    public FactSheet Facts { get; } = new();

    public DepartmentRegistered? Department { get; private set; }

    public ProfileRevised? Profile { get; private set; }

    public FiscalYearOpened? Opened { get; private set; }

    public bool IsClosed { get; private set; }

    public IReadOnlyList<Meeting> Meetings { get; private set; } = [];

    /// <summary>Results and self-evaluation of the spending as a whole.</summary>
    public PerformanceResultsReported? OverallResults => ResultsOf(null);

    public SelfEvaluationReported? OverallEvaluation => EvaluationOf(null);

    /// <summary>
    /// The books from the events of both streams. Of the profiles only those count that hold by the end of the year and were not
    /// out of date when they were recorded: a revision next year does not change this year's document, nor does last year's
    /// profile when last year is entered after this one.
    /// </summary>
    public static YearBooks From(FiscalYear year, IEnumerable<RecordedEvent> events)
    {
        List<RecordedEvent> counting = [];
        var profileFrom = LocalDate.MinIsoValue;
        foreach (var recorded in events.OrderBy(e => e.Position))
        {
            if (recorded.Event is ProfileRevised { Date: var date })
            {
                if (date > year.LastDay || date < profileFrom)
                {
                    continue;
                }

                profileFrom = date;
            }

            counting.Add(recorded);
        }

        return new(year, counting);
    }

    /// <summary>The explanations that stand, by subject in ordinal order.</summary>
    public IEnumerable<ExplanationWritten> Explanations => explanations.Values.OrderBy(e => e.Subject, StringComparer.Ordinal);

    /// <summary>The explanation that stands for a subject, or null.</summary>
    public ExplanationWritten? Explanation(string subject) => explanations.GetValueOrDefault(subject);

    /// <summary>The performance targets of a project, or of the spending as a whole (null), that stand.</summary>
    public PerformanceTargetsSet? TargetsOf(string? project) => targets.GetValueOrDefault(project ?? "");

    /// <summary>What a project, or the spending as a whole (null), came to.</summary>
    public PerformanceResultsReported? ResultsOf(string? project) => results.GetValueOrDefault(project ?? "");

    /// <summary>The self-evaluation of a project, or of the spending as a whole (null), that stands.</summary>
    public SelfEvaluationReported? EvaluationOf(string? project) => evaluations.GetValueOrDefault(project ?? "");

    /// <summary>The unit that a statistic was reported in, or null when it was not reported.</summary>
    public string? UnitOf(string statistic) => statisticUnits.GetValueOrDefault(statistic);

    /// <summary>The sum of the facts that match.</summary>
    public Int128 Sum(FactFilter filter) => filter.Position is null
        ? Facts.Sum(filter)
        : Matching(filter).Aggregate((Int128)0, (sum, fact) => sum + fact.Value);

    /// <summary>The keys that match, with the sum of the values of each; a key may come more than once.</summary>
    internal IEnumerable<(FactKey Key, Int128 Total)> Totals(FactFilter filter) => filter.Position is null
        ? Facts.Totals(filter)
        : Matching(filter).Select(fact => (fact.Key, (Int128)fact.Value));

    /// <summary>The facts that match, in the order of the log.</summary>
    public IEnumerable<RecordedFact> Matching(FactFilter filter) => IndexesOf(filter).Select(i => Facts.Facts[i]);

    /// <summary>The indexes of the facts that match, in the order of the log.</summary>
    internal IReadOnlyList<int> IndexesOf(FactFilter filter) => filter.Position is not { } position
        ? Facts.Matching(filter)
        : IndexOf(position) is { } at ? [.. Facts.OfEvent(at).Where(i => filter.Matches(Facts[i].Key))] : [];

    /// <summary>The event at a position of the log; null when it is not among those that count.</summary>
    public RecordedEvent? EventAt(long position) => IndexOf(position) is { } at ? Events[at] : null;

    /// <summary>What the event at a position of the log says; nothing when it says nothing or does not count.</summary>
    public IEnumerable<RecordedFact> FactsOf(long position) =>
        IndexOf(position) is { } at ? Facts.OfEvent(at).Select(i => Facts.Facts[i]) : [];

    /// <summary>Which postings were reversed by which events.</summary>
    public Reversals Reversals { get; }

    private int? IndexOf(long position)
    {
        var (from, to) = (0, Events.Count);
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            (from, to) = Events[middle].Position < position ? (middle + 1, to) : (from, middle);
        }

        return from < Events.Count && Events[from].Position == position ? from : null;
    }

    private void Take(LedgerEvent @event)
    {
        switch (@event)
        {
            case DepartmentRegistered e:
                Department = e;
                break;
            case ProfileRevised e:
                Profile = e;
                break;
            case FiscalYearOpened e:
                Opened = e;
                TakeUnits(e.Standards);
                break;
            case StatisticsReported e:
                TakeUnits(e.Items);
                Meetings = e.Meetings ?? Meetings;
                break;
            case PerformanceTargetsSet e:
                targets[e.Project ?? ""] = e;
                break;
            case PerformanceResultsReported e:
                results[e.Project ?? ""] = e;
                break;
            case SelfEvaluationReported e:
                evaluations[e.Project ?? ""] = e;
                break;
            case ExplanationWritten e:
                explanations[e.Subject] = e;
                break;
            case YearClosed:
                IsClosed = true;
                break;
            case YearReopened:
                IsClosed = false;
                break;
        }
    }

    private void TakeUnits(IEnumerable<Statistic> items)
    {
        foreach (var item in items)
        {
            statisticUnits[item.Name] = item.Unit;
        }
    }
}
