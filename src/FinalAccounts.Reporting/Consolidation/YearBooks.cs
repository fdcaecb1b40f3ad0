using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;

namespace FinalAccounts.Reporting;

/// <summary>The books of a department with its units (部门汇总).</summary>
public sealed partial class YearBooks
{
    /// <param name="units">The department itself first.</param>
    /// <param name="events">The events of all units, in the order of the log.</param>
    /// <param name="facts">What counts, by index into the events.</param>
    private YearBooks(IReadOnlyList<UnitBooks> units, IReadOnlyList<RecordedEvent> events, IEnumerable<RecordedFact> facts)
    {
        var own = units[0].Books;
        (Year, Events, Units) = (own.Year, events, [.. units.Select(u => u.Unit)]);
        foreach (var unit in units.Skip(1))
        {
            foreach (var recorded in unit.Books.Events)
            {
                TakeOfMember(recorded.Event);
            }
        }

        ownPositions = [.. own.Events.Select(e => e.Position)];
        foreach (var recorded in own.Events)
        {
            TakeOfDepartment(recorded.Event);
        }

        Meetings = [.. units.SelectMany(u => u.Books.Meetings)];
        IsClosed = units.All(u => u.Books.IsClosed);

        // Voucher numbers are a unit's own: two units may have the same.
        Reversals = Reversals.Of([.. units.Select(u => u.Books.Reversals)]);
        foreach (var fact in facts)
        {
            Facts.Enter(fact);
        }
    }

    /// <summary>The units whose books these are, the department itself first; empty for the books of one unit.</summary>
    public IReadOnlyList<ConsolidatedUnit> Units { get; } = [];

    /// <summary>The positions of the department's own events; null when all are.</summary>
    private readonly HashSet<long>? ownPositions;

    /// <summary>True for an event of the department itself, false for one of its members.</summary>
    internal bool IsOwn(long position) => ownPositions?.Contains(position) ?? true;

    internal static YearBooks Consolidated(
        IReadOnlyList<UnitBooks> units, IReadOnlyList<RecordedEvent> events, IEnumerable<RecordedFact> facts) => new(units, events, facts);

    /// <summary>
    /// Texts come from the department itself. A reason that it wrote for a figure of its own is no reason for the consolidated
    /// one, which has a subject of its own.
    /// </summary>
    private void TakeOfDepartment(LedgerEvent @event)
    {
        if (@event is not ExplanationWritten explanation)
        {
            Take(@event);
        }
        else if (explanation.Subject.StartsWith(Consolidating.Prefix, StringComparison.Ordinal))
        {
            Take(explanation with { Subject = explanation.Subject[Consolidating.Prefix.Length..] });
        }
    }

    /// <summary>Of the members count the units of their statistics and the reports on their projects.</summary>
    private void TakeOfMember(LedgerEvent @event)
    {
        switch (@event)
        {
            case StatisticsReported e:
                TakeUnits(e.Items);
                break;
            case PerformanceTargetsSet { Project: not null } or PerformanceResultsReported { Project: not null }
                or SelfEvaluationReported { Project: not null }:
                Take(@event);
                break;
        }
    }
}
