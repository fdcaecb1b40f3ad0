using System.Collections;
using NodaTime;

namespace FinalAccounts.Reporting;

/// <summary>What one event contributes to a sum.</summary>
/// <param name="RunningTotal">The sum of this event and those before it.</param>
/// <param name="Reverses">The posting that this event takes back (红字冲销); null when it takes back none.</param>
/// <param name="ReversedBy">The events that take this one back, or part of it, in the order of the log.</param>
public sealed record ExplainedEvent(
    RecordedEvent Recorded, Int128 Amount, Int128 RunningTotal, RecordedEvent? Reverses, IReadOnlyList<RecordedEvent> ReversedBy);

/// <summary>What the events of an accounting month contribute.</summary>
public sealed record ExplainedMonth(YearMonth Month, int Events, Int128 Amount, Int128 RunningTotal)
{
    /// <summary>Events by accounting month, in order of the months, with running totals.</summary>
    public static IReadOnlyList<ExplainedMonth> Of(IEnumerable<ExplainedEvent> events)
    {
        List<ExplainedMonth> months = [];
        Int128 running = 0;
        foreach (var month in events.GroupBy(e => e.Recorded.Event.Date.ToYearMonth()).OrderBy(g => g.Key))
        {
            var amount = month.Aggregate((Int128)0, (sum, e) => sum + e.Amount);
            running += amount;
            months.Add(new(month.Key, month.Count(), amount, running));
        }

        return months;
    }
}

/// <summary>
/// The events of a sum, in the order of the log, with running totals; an event whose facts cancel out is still there, with
/// zero. There may be very many: only those that are read are made, so that a page costs as much as it is long.
/// </summary>
public sealed class ExplainedEvents : IReadOnlyList<ExplainedEvent>
{
    /// <summary>The most events of a page.</summary>
    public const int LargestPage = 1_000;

    private readonly List<(YearBooks Books, RecordedEvent Recorded, Int128 RunningTotal)> events = [];

    internal ExplainedEvents(IEnumerable<SumFact> facts)
    {
        Int128 running = 0;
        foreach (var fact in facts)
        {
            var recorded = fact.Recorded;
            running += fact.Amount;
            if (events.Count > 0 && events[^1].Recorded.Position == recorded.Position)
            {
                events[^1] = (fact.Books, recorded, running);
            }
            else
            {
                events.Add((fact.Books, recorded, running));
            }
        }
    }

    public int Count => events.Count;

    public ExplainedEvent this[int index]
    {
        get
        {
            var (books, recorded, running) = events[index];
            return new(
                recorded, index == 0 ? running : running - events[index - 1].RunningTotal, running,
                books.Reversals.PostingOf(recorded.Position), books.Reversals.ReversalsOf(recorded.Position));
        }
    }

    /// <summary>Some of the events; fewer than asked for where the list ends.</summary>
    /// <param name="from">Index of the first, from 0.</param>
    /// <param name="count">From 1 to <see cref="LargestPage"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such page.</exception>
    public IReadOnlyList<ExplainedEvent> Page(int from, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, LargestPage);
        return [.. Enumerable.Range(from, Math.Clamp(Count - from, 0, count)).Select(i => this[i])];
    }

    public IEnumerator<ExplainedEvent> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
