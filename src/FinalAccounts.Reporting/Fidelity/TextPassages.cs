namespace FinalAccounts.Reporting.Fidelity;

/// <summary>Two passages that differ, with a little of the equal text around them.</summary>
internal readonly record struct TextPassage(string Published, string Computed);

/// <summary>Finds the passages in which two texts differ.</summary>
internal static class TextPassages
{
    /// <summary>Characters of context on either side of a difference: enough to find the passage again.</summary>
    private const int Context = 6;

    /// <summary>Above this many pairs of characters two texts are shown as a whole: an alignment would take too long and say little.</summary>
    private const long MostPairs = 16_000_000;

    public static IReadOnlyList<TextPassage> Of(FoldedText published, FoldedText computed)
    {
        if (published.Folded == computed.Folded)
        {
            return [];
        }

        if ((long)published.Folded.Length * computed.Folded.Length > MostPairs)
        {
            return [new(published.Kept, computed.Kept)];
        }

        var pairs = Alignment.Of(published.Folded.ToCharArray(), computed.Folded.ToCharArray(), (a, b) => a == b);
        List<(int From, int To)> stretches = [];
        foreach (var (at, _) in pairs.Index().Where(p => p.Item.Left is null || p.Item.Right is null))
        {
            // Differences with little between them are one passage.
            var (from, to) = (Math.Max(0, at - Context), Math.Min(pairs.Count, at + 1 + Context));
            if (stretches.Count > 0 && stretches[^1].To >= from)
            {
                stretches[^1] = (stretches[^1].From, to);
            }
            else
            {
                stretches.Add((from, to));
            }
        }

        return [.. stretches.Select(s => new TextPassage(
            string.Concat(pairs.Take(s.From..s.To).Where(p => p.Left is not null).Select(p => published.Kept[p.Left!.Value])),
            string.Concat(pairs.Take(s.From..s.To).Where(p => p.Right is not null).Select(p => computed.Kept[p.Right!.Value]))))];
    }
}
