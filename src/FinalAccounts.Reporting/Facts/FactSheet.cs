using System.Runtime.InteropServices;

namespace FinalAccounts.Reporting;

/// <summary>A fact and the event that said it.</summary>
/// <param name="Event">Index of the event in the books that the sheet was made from.</param>
public readonly record struct RecordedFact(int Event, FactKey Key, long Value);

/// <summary>
/// All facts of a year's events, in order. A fact that replaces earlier ones is entered as what it changes: the cancelled
/// values with the opposite sign, then its own. So every figure is a plain sum, and what was replaced stays visible.
/// </summary>
/// <remarks>
/// There are many facts and few keys: what a filter selects is looked up among the keys of its measure, and a key knows its facts.
/// </remarks>
public sealed class FactSheet
{
    private readonly List<RecordedFact> facts = [];
    private readonly Dictionary<FactKey, KeyedFacts> keyed = [];
    private readonly Dictionary<Measure, List<KeyedFacts>> measured = [];
    private readonly Dictionary<string, List<RecordedFact>> standing = [];

    /// <summary>All facts, in the order of their events.</summary>
    public IReadOnlyList<RecordedFact> Facts => facts;

    /// <summary>The keys that any fact has.</summary>
    public IEnumerable<FactKey> Keys => keyed.Keys;

    /// <summary>The fact at an index, without a copy.</summary>
    internal ref readonly RecordedFact this[int index] => ref CollectionsMarshal.AsSpan(facts)[index];

    /// <summary>The sum of the values of each key that any fact has.</summary>
    public IEnumerable<KeyValuePair<FactKey, Int128>> Sums => keyed.Select(k => KeyValuePair.Create(k.Key, k.Value.Total));

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
        foreach (var entered in Of(filter.Measure))
        {
            if (filter.Matches(entered.Key))
            {
                sum += entered.Total;
            }
        }

        return sum;
    }

    /// <summary>True when any fact matches, even if the values cancel out.</summary>
    public bool Any(FactFilter filter) => Of(filter.Measure).Exists(entered => filter.Matches(entered.Key));

    /// <summary>The keys that match, with the sum of the values of each.</summary>
    internal IEnumerable<(FactKey Key, Int128 Total)> Totals(FactFilter filter) =>
        Of(filter.Measure).Where(entered => filter.Matches(entered.Key)).Select(entered => (entered.Key, entered.Total));

    /// <summary>The indexes of the facts that match, in ascending order.</summary>
    internal List<int> Matching(FactFilter filter)
    {
        List<int> indexes = [];
        var keys = 0;
        foreach (var entered in Of(filter.Measure))
        {
            if (filter.Matches(entered.Key))
            {
                indexes.AddRange(entered.Indexes);
                keys++;
            }
        }

        if (keys > 1)
        {
            indexes.Sort();
        }

        return indexes;
    }

    /// <summary>The indexes of the facts that an event said, in ascending order.</summary>
    internal IEnumerable<int> OfEvent(int eventIndex)
    {
        // Facts stand in the order of their events: the first is found by halving.
        var (from, to) = (0, facts.Count);
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            (from, to) = facts[middle].Event < eventIndex ? (middle + 1, to) : (from, middle);
        }

        for (; from < facts.Count && facts[from].Event == eventIndex; from++)
        {
            yield return from;
        }
    }

    private List<KeyedFacts> Of(Measure measure) => measured.GetValueOrDefault(measure) ?? [];

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
        ref var entered = ref CollectionsMarshal.GetValueRefOrAddDefault(keyed, fact.Key, out _);
        if (entered is null)
        {
            entered = new(fact.Key);
            (CollectionsMarshal.GetValueRefOrAddDefault(measured, fact.Key.Measure, out _) ??= []).Add(entered);
        }

        entered.Total = checked(entered.Total + fact.Value);
        entered.Indexes.Add(facts.Count);
        facts.Add(fact);
    }

    /// <summary>What was entered under a key.</summary>
    private sealed class KeyedFacts(FactKey key)
    {
        private readonly FactKey key = key;

        /// <summary>Not copied: it is large, and looked at for every filter.</summary>
        public ref readonly FactKey Key => ref key;

        public Int128 Total { get; set; }

        /// <summary>Where the facts stand, in ascending order.</summary>
        public List<int> Indexes { get; } = [];
    }
}
