namespace FinalAccounts.Reporting;

/// <summary>A fact and the event that said it.</summary>
/// <param name="Event">Index of the event in the books that the sheet was made from.</param>
public readonly record struct RecordedFact(int Event, FactKey Key, long Value);

/// <summary>
/// All facts of a year's events, in order. A fact that replaces earlier ones is entered as what it changes: the cancelled
/// values with the opposite sign, then its own. So every figure is a plain sum, and what was replaced stays visible.
/// </summary>
public sealed class FactSheet
{
    private readonly List<RecordedFact> facts = [];
    private readonly Dictionary<FactKey, Total> totals = [];
    private readonly Dictionary<string, List<RecordedFact>> standing = [];

    /// <summary>All facts, in the order of their events.</summary>
    public IReadOnlyList<RecordedFact> Facts => facts;

    /// <summary>The keys that any fact has.</summary>
    public IEnumerable<FactKey> Keys => totals.Keys;

    /// <summary>Enters what one event says.</summary>
    public void Add(int eventIndex, IEnumerable<Fact> said)
    {
        // The groups that this event has begun to restate: what was said before is cancelled once, not once per fact.
        HashSet<string> restated = [];
        foreach (var fact in said)
        {
            if (fact.Replaces is { } group)
            {
                if (restated.Add(group))
                {
                    Cancel(eventIndex, group);
                    standing[group] = [];
                }

                standing[group].Add(new(eventIndex, fact.Key, fact.Value));
            }

            Enter(new(eventIndex, fact.Key, fact.Value));
        }
    }

    /// <summary>The sum of the values of all facts that match; zero when none does.</summary>
    public Int128 Sum(FactFilter filter)
    {
        if (filter.Position is not null)
        {
            throw new ArgumentException("A sum over one event is taken from the books, which know positions.", nameof(filter));
        }

        Int128 sum = 0;
        foreach (var (key, total) in totals)
        {
            if (filter.Matches(key))
            {
                sum += total.Value;
            }
        }

        return sum;
    }

    /// <summary>True when any fact matches, even if the values cancel out.</summary>
    public bool Any(FactFilter filter) => totals.Keys.Any(key => filter.Matches(key));

    private void Cancel(int eventIndex, string group)
    {
        foreach (var old in standing.GetValueOrDefault(group) ?? [])
        {
            Enter(new(eventIndex, old.Key, -old.Value));
        }
    }

    /// <summary>Enters a fact as it is: one that stands in another sheet, where what replaces what is settled.</summary>
    internal void Enter(RecordedFact fact)
    {
        facts.Add(fact);
        var total = totals.GetValueOrDefault(fact.Key);
        totals[fact.Key] = new(checked(total.Value + fact.Value));
    }

    private readonly record struct Total(Int128 Value);
}
