namespace FinalAccounts.Reporting.Fidelity;

/// <summary>Collects what a comparison finds: counts by matter, and differences with their declared causes.</summary>
internal sealed class Findings(IReadOnlyList<DeclaredDifference> declared)
{
    private readonly Dictionary<Matter, Tally> tallies = Enum.GetValues<Matter>().ToDictionary(m => m, _ => new Tally());
    private readonly List<FidelityDifference> differences = [];
    private readonly Declarations declarations = new(declared);

    public FidelityResult Result => new(tallies, differences, declarations.Stale);

    /// <summary>Counts one of what the published document has.</summary>
    public void Count(Matter matter, bool isEqual, bool isFolded = false) =>
        tallies[matter] += new Tally(isEqual ? 1 : 0, 1, isEqual && isFolded ? 1 : 0);

    /// <summary>Notes a difference in a value.</summary>
    public void Differ(Matter matter, string where, string? published, string? computed) =>
        differences.Add(new(matter, where, published, computed, declarations.Cause(where, published, computed)));

    /// <summary>Compares a value, counts it and notes a difference.</summary>
    public void Value(Matter matter, string where, string? published, string? computed)
    {
        var isEqual = FoldedText.Same(published, computed);
        Count(matter, isEqual, !FoldedText.SameWidth(published, computed));
        if (!isEqual)
        {
            Differ(matter, where, published, computed);
        }
    }

    /// <summary>Notes something that only one of the documents has; what the published one has counts.</summary>
    public void Missing(Matter matter, string where, string? published, string? computed)
    {
        if (published is not null)
        {
            Count(matter, false);
        }

        Differ(matter, where, published, computed);
    }

    /// <summary>
    /// Compares a longer text and notes each passage that differs. A declared passage is taken out first, so that a
    /// declaration covers what it says and nothing else.
    /// </summary>
    /// <param name="known">Places in the folded published text of differences that are noted elsewhere, with what we print there.</param>
    /// <returns>True when the texts are equal.</returns>
    public bool Passages(Matter matter, string where, FoldedText published, FoldedText computed, IReadOnlyList<(TextSpan Span, string Computed)> known)
    {
        if (published.Folded == computed.Folded)
        {
            return true;
        }

        var text = published.Kept;
        foreach (var (span, ours) in known.OrderByDescending(k => k.Span.Start))
        {
            text = Replace(text, span, ours);
        }

        foreach (var (span, passage) in declarations.Passages(where, FoldedText.Of(text)))
        {
            declarations.Meet(passage);
            differences.Add(new(matter, where, passage.Published, passage.Computed, passage.Cause));
            text = Replace(text, span, passage.Computed ?? "");
        }

        foreach (var passage in TextPassages.Of(new(text), computed))
        {
            Differ(matter, where, NullIfEmpty(passage.Published), NullIfEmpty(passage.Computed));
        }

        return false;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string Replace(string text, TextSpan span, string by) =>
        string.Concat(text.AsSpan(0, span.Start), by, text.AsSpan(span.Start + span.Length));
}
