using FinalAccounts.Ledger.Execution;

namespace FinalAccounts.Reporting;

/// <summary>Which postings were reversed (红字冲销) by which events, both ways, by position in the log.</summary>
public sealed class Reversals
{
    private readonly Dictionary<long, RecordedEvent> reversed = [];
    private readonly Dictionary<long, List<RecordedEvent>> reversing = [];

    private Reversals(IReadOnlyList<RecordedEvent> all) => All = all;

    /// <summary>All reversals, in the order of the log; also those of postings that do not count as of then.</summary>
    public IReadOnlyList<RecordedEvent> All { get; }

    /// <summary>The reversals of one unit's year, whose voucher numbers are unique.</summary>
    internal static Reversals Of(IReadOnlyList<RecordedEvent> events)
    {
        var reversals = events.Where(e => e.Event is ExpenditureReversed).ToList();
        Reversals links = new(reversals);
        if (reversals.Count == 0)
        {
            return links;
        }

        var vouchers = reversals.Select(e => ((ExpenditureReversed)e.Event).Reversed).ToHashSet();
        Dictionary<string, RecordedEvent> postings = [];
        foreach (var recorded in events)
        {
            if (recorded.Event is ExpenditurePosted posted && vouchers.Contains(posted.Voucher))
            {
                postings[posted.Voucher] = recorded;
            }
        }

        foreach (var reversal in reversals)
        {
            if (postings.TryGetValue(((ExpenditureReversed)reversal.Event).Reversed, out var posting))
            {
                links.Add(posting, reversal);
            }
        }

        return links;
    }

    /// <summary>The reversals of several units together.</summary>
    internal static Reversals Of(IReadOnlyList<Reversals> units)
    {
        Reversals all = new([.. units.SelectMany(u => u.All).OrderBy(r => r.Position)]);
        foreach (var (reversal, posting) in units.SelectMany(u => u.reversing.Values.SelectMany(r => r).Select(r => (r, u.reversed[r.Position]))))
        {
            all.Add(posting, reversal);
        }

        return all;
    }

    /// <summary>The posting that the reversal at a position takes back; null when there is no reversal.</summary>
    public RecordedEvent? PostingOf(long position) => reversed.GetValueOrDefault(position);

    /// <summary>The reversals that take back the posting at a position or part of it, in the order of the log.</summary>
    public IReadOnlyList<RecordedEvent> ReversalsOf(long position) => reversing.GetValueOrDefault(position) ?? [];

    private void Add(RecordedEvent posting, RecordedEvent reversal)
    {
        reversed[reversal.Position] = posting;
        if (!reversing.TryGetValue(posting.Position, out var list))
        {
            reversing[posting.Position] = list = [];
        }

        list.Add(reversal);
    }
}
