using System.Runtime.InteropServices;

namespace FinalAccounts.CritterStack;

/// <summary>An event that has no position yet.</summary>
/// <param name="Sequence">Marten's number of it.</param>
internal readonly record struct UnchainedEvent(long Sequence, string Stream, long Version, Guid CommandId);

/// <summary>
/// The order in which events get their positions. Events of a command stay together, and each stream goes in its own order; beyond that
/// it is the order of Marten's sequence, which may run against both: numbers are given before a transaction waits for a stream that another
/// one has moved.
/// </summary>
internal static class ChainOrder
{
    /// <param name="events">All that is visible in one snapshot, so that of each command there is all or nothing.</param>
    public static IReadOnlyList<UnchainedEvent> Of(IEnumerable<UnchainedEvent> events)
    {
        var commands = events.GroupBy(e => e.CommandId).Select(c => c.OrderBy(e => e.Sequence).ToList()).OrderBy(c => c[0].Sequence).ToList();
        var turns = TurnsOf(commands);
        var waiting = commands.Select(c => c.Select(e => e.Stream).Distinct().Count()).ToArray();
        var ready = new PriorityQueue<int, long>();
        foreach (var (_, turn) in turns)
        {
            Free(turn);
        }

        var ordered = new List<UnchainedEvent>();
        while (ready.TryDequeue(out var next, out _))
        {
            ordered.AddRange(commands[next]);
            foreach (var stream in commands[next].Select(e => e.Stream).Distinct())
            {
                turns[stream].Dequeue();
                Free(turns[stream]);
            }
        }

        return ordered;

        void Free(Queue<int> turn)
        {
            if (turn.TryPeek(out var first) && --waiting[first] == 0)
            {
                ready.Enqueue(first, commands[first][0].Sequence);
            }
        }
    }

    /// <summary>Which commands have moved a stream, in the order of its versions.</summary>
    private static Dictionary<string, Queue<int>> TurnsOf(List<List<UnchainedEvent>> commands)
    {
        var moves = new Dictionary<string, List<(long Version, int Command)>>(StringComparer.Ordinal);
        for (var command = 0; command < commands.Count; command++)
        {
            foreach (var stream in commands[command].GroupBy(e => e.Stream, e => e.Version))
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(moves, stream.Key, out _) ??= []).Add((stream.Min(), command));
            }
        }

        return moves.ToDictionary(m => m.Key, m => new Queue<int>(m.Value.Order().Select(v => v.Command)), StringComparer.Ordinal);
    }
}
