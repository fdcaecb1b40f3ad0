using System.Text;
using FinalAccounts.Reporting.Fidelity;

namespace FinalAccounts.Reporting.Comparisons;

/// <summary>What happened to a stretch of text.</summary>
public enum RunKind
{
    Same,

    /// <summary>Only the left side has it.</summary>
    Deleted,

    /// <summary>Only the right side has it.</summary>
    Inserted,

    /// <summary>What is each document's own: its year, its department's name.</summary>
    Own,
}

/// <summary>A stretch of text.</summary>
/// <param name="Left">Empty when inserted.</param>
/// <param name="Right">Empty when deleted.</param>
public readonly record struct BlacklineRun(RunKind Kind, string Left, string Right);

/// <summary>A sentence of either side or both. The left texts of its runs are the left sentence, the right texts the right one.</summary>
public sealed record BlacklineSentence(IReadOnlyList<BlacklineRun> Runs)
{
    public bool IsSame => Runs.All(r => r.Kind == RunKind.Same);
}

/// <summary>
/// Compares two texts: sentences first, then words within sentences that are much alike. Numbers are words. Nothing depends on
/// which text comes first.
/// </summary>
internal static class Blackline
{
    /// <summary>Above this many pairs of words two sentences are shown as a whole: an alignment would take long and say little.</summary>
    private const long MostPairs = 4_000_000;

    /// <summary>Fewer same words than this between two changes are shown as changed with them: 增加 for 减少 shares a 加 with nothing.</summary>
    private const int LeastSame = 2;

    public static IReadOnlyList<BlacklineSentence> Of(string left, string right, OwnWords leftOwn, OwnWords rightOwn)
    {
        var (before, after) = (Words.Sentences(left, leftOwn), Words.Sentences(right, rightOwn));

        // Of several longest common subsequences the alignment prefers one by side; so the sides are put in an order of their own.
        return string.CompareOrdinal(Words.Text(before), Words.Text(after)) > 0
            ? [.. Sentences(after, before).Select(Swapped)]
            : Sentences(before, after);
    }

    private static List<BlacklineSentence> Sentences(IReadOnlyList<Words> left, IReadOnlyList<Words> right)
    {
        List<BlacklineSentence> sentences = [];
        var (l, r) = (0, 0);
        foreach (var pair in Alignment.Of(left, right, (a, b) => a.Normal == b.Normal).Where(p => p is { Left: not null, Right: not null }))
        {
            Gap(pair.Left!.Value, pair.Right!.Value);
            sentences.Add(Pair(left[l++], right[r++]));
        }

        Gap(left.Count, right.Count);
        return sentences;

        void Gap(int leftEnd, int rightEnd)
        {
            var (before, after) = (left.Skip(l).Take(leftEnd - l).ToList(), right.Skip(r).Take(rightEnd - r).ToList());
            foreach (var pair in Alignment.Paired(Alignment.Of(before, after, Words.AreAlike)))
            {
                sentences.Add(pair switch
                {
                    { Left: { } x, Right: { } y } => Pair(before[x], after[y]),
                    { Left: { } x } => new([new(RunKind.Deleted, before[x].Whole, "")]),
                    _ => new([new(RunKind.Inserted, "", after[pair.Right!.Value].Whole)]),
                });
            }

            (l, r) = (leftEnd, rightEnd);
        }
    }

    private static BlacklineSentence Pair(Words left, Words right)
    {
        if ((long)left.Count * right.Count > MostPairs)
        {
            return new([new(RunKind.Deleted, left.Whole, ""), new(RunKind.Inserted, "", right.Whole)]);
        }

        var pairs = Alignment.Of(left.Normals, right.Normals, (a, b) => a == b);
        var isSame = Kept([.. pairs.Select(p => p is { Left: not null, Right: not null })]);
        List<BlacklineRun> runs = [];
        StringBuilder deleted = new(), inserted = new();
        foreach (var (at, pair) in pairs.Index())
        {
            if (!isSame[at])
            {
                deleted.Append(pair.Left is { } x ? left[x] : "");
                inserted.Append(pair.Right is { } y ? right[y] : "");
                continue;
            }

            Flush();
            var (before, after) = (left[pair.Left!.Value], right[pair.Right!.Value]);
            var kind = before == after ? RunKind.Same : RunKind.Own;
            if (kind == RunKind.Same && runs.Count > 0 && runs[^1].Kind == RunKind.Same)
            {
                runs[^1] = new(kind, runs[^1].Left + before, runs[^1].Right + after);
            }
            else
            {
                runs.Add(new(kind, before, after));
            }
        }

        Flush();
        return new(runs);

        void Flush()
        {
            if (deleted.Length > 0)
            {
                runs.Add(new(RunKind.Deleted, deleted.ToString(), ""));
            }

            if (inserted.Length > 0)
            {
                runs.Add(new(RunKind.Inserted, "", inserted.ToString()));
            }

            deleted.Clear();
            inserted.Clear();
        }
    }

    /// <summary>Which pairs are shown as same: those in a stretch that is long enough, or that begins or ends the sentence.</summary>
    private static bool[] Kept(IReadOnlyList<bool> same)
    {
        var kept = new bool[same.Count];
        for (var from = 0; from < same.Count;)
        {
            var to = from;
            while (to < same.Count && same[to] == same[from])
            {
                to++;
            }

            if (same[from] && (to - from >= LeastSame || from == 0 || to == same.Count))
            {
                Array.Fill(kept, true, from, to - from);
            }

            from = to;
        }

        return kept;
    }

    private static BlacklineSentence Swapped(BlacklineSentence sentence)
    {
        List<BlacklineRun> runs = [.. sentence.Runs.Select(r => new BlacklineRun(
            r.Kind switch { RunKind.Deleted => RunKind.Inserted, RunKind.Inserted => RunKind.Deleted, var kind => kind }, r.Right, r.Left))];
        for (var i = 1; i < runs.Count; i++)
        {
            // What is struck out stands before what replaces it.
            if (runs[i - 1].Kind == RunKind.Inserted && runs[i].Kind == RunKind.Deleted)
            {
                (runs[i - 1], runs[i]) = (runs[i], runs[i - 1]);
            }
        }

        return new(runs);
    }
}
