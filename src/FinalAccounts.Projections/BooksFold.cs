using System.Runtime.InteropServices;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Reporting;

namespace FinalAccounts.Projections;

/// <summary>A year as far as it is known up to the checkpoint.</summary>
internal sealed class KnownYear(YearOverview overview)
{
    public YearOverview Overview { get; set; } = overview;

    /// <summary>All its events that are no vouchers, in order; null when they were not read.</summary>
    public List<RecordedEvent>? Others { get; set; } = overview.Version == 0 ? [] : null;
}

/// <summary>A department as far as it is known up to the checkpoint.</summary>
internal sealed class KnownDepartment(DepartmentEntry entry)
{
    public DepartmentEntry Entry { get; set; } = entry;

    /// <summary>All events of its stream, in order; null when they were not read.</summary>
    public List<RecordedEvent>? Events { get; set; } = entry.Version == 0 ? [] : null;
}

/// <summary>
/// Makes changes of the tables of what a tally has seen. What an event means is asked of <see cref="EventFacts"/>, and what takes the place
/// of what of <see cref="YearBooks"/>: a year in which something is restated is folded anew from those of its events that are no vouchers
/// (vouchers only add up), and of the facts that this enters, those of the new events are the change.
/// </summary>
internal static class BooksFold
{
    /// <summary>True when facts of the event take the place of others, so that the events before it must be at hand.</summary>
    public static bool Restates(RecordedEvent recorded) => EventFacts.Of(recorded.Event).Any(f => f.Replaces is not null);

    /// <summary>A department's new events. To be taken before those of its years.</summary>
    public static void TakeDepartment(KnownDepartment known, TalliedStream said, TableChanges changes)
    {
        known.Entry = known.Entry with
        {
            State = said.Others.Aggregate(known.Entry.State, (state, recorded) => state.Apply(recorded.Event)),
            Version = known.Entry.Version + said.Events,
            LastPosition = said.LastPosition,
        };
        known.Events?.AddRange(said.Others);
        changes.Departments.Add(known.Entry);
    }

    /// <summary>A year's new events, or new profiles of its department.</summary>
    /// <param name="said">What the year's stream has said; null when there is only a new profile.</param>
    /// <param name="department">The events of the department's stream, new ones among them; null when nothing is restated.</param>
    /// <param name="after">The checkpoint: what stands up to here is in the tables, unless the year is new.</param>
    public static void TakeYear(KnownYear known, TalliedStream? said, IReadOnlyList<RecordedEvent>? department, long after, TableChanges changes)
    {
        var year = known.Overview.Year;
        var isNew = known.Overview.Version == 0;
        Dictionary<FactKey, Int128> sums = said is null ? [] : new(said.Vouchers);
        known.Others?.AddRange(said?.Others ?? []);
        if (department is null)
        {
            foreach (var recorded in said?.Others ?? [])
            {
                foreach (var fact in EventFacts.Of(recorded.Event))
                {
                    Enter(recorded, fact.Key, fact.Value);
                }
            }
        }
        else
        {
            var books = YearBooks.From(year, known.Others!.Concat(department));
            foreach (var fact in books.Facts.Facts)
            {
                if (books.Events[fact.Event] is var recorded && (isNew || recorded.Position > after))
                {
                    Enter(recorded, fact.Key, fact.Value);
                }
            }
        }

        changes.Facts.AddRange(sums.Select(s => new FactChange(known.Overview.Department, year, s.Key, s.Value)));
        if (said is not null)
        {
            known.Overview = known.Overview.WithAll(said.Others, said.Vouchers, said.Events, said.LastPosition, said.LastRecordedAt);
            changes.Years.Add(known.Overview);
            changes.Lists.AddRange(said.Others.Where(r => r.Event is MembersDetermined).Select(r => new MemberList(
                known.Overview.Department, year, r.Position, r.RecordedAt, r.Event.Date, ((MembersDetermined)r.Event).Members)));
        }

        void Enter(RecordedEvent recorded, FactKey key, long value)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
            sum = checked(sum + value);
            changes.AddMonth(year, RegionFacts.MonthOf(recorded.Event.Date, year), key, value);
        }
    }
}
