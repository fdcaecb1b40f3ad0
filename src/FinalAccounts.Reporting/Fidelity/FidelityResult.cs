namespace FinalAccounts.Reporting.Fidelity;

/// <summary>What is compared between a published document and the generated one.</summary>
public enum Matter
{
    /// <summary>A printed amount of a table (表内金额).</summary>
    Cell,

    /// <summary>A number in a text (说明中的数字).</summary>
    Number,

    /// <summary>A block of the text, heading and words (说明文字).</summary>
    Block,

    /// <summary>A field of a performance part (绩效): self-evaluation forms, base data, reports.</summary>
    Performance,

    /// <summary>A row of a table by side, code, name and line (表行).</summary>
    Row,

    /// <summary>Titles, units, column heads and notes of tables, the cover, the glossary (标题、表注、名词解释).</summary>
    Label,
}

/// <summary>How much of one matter is as published.</summary>
/// <param name="Equal">How many are equal.</param>
/// <param name="Of">How many the published document has.</param>
/// <param name="Folded">How many of the equal ones are so only because <see cref="FoldedText"/> ignores the width of characters.</param>
public readonly record struct Tally(int Equal, int Of, int Folded)
{
    public static Tally operator +(Tally left, Tally right) => new(left.Equal + right.Equal, left.Of + right.Of, left.Folded + right.Folded);
}

/// <summary>A place where the generated document is not as published.</summary>
/// <param name="Where">As in the sample's differences.yaml: <c>公开04/支出/28/合计</c>, <c>说明/一、收入支出决算总体情况说明</c>.</param>
/// <param name="Published">The printed text, of a long one the differing passage; null when nothing is printed there.</param>
/// <param name="Computed">Ours; null when we print nothing there.</param>
/// <param name="Cause">Why, as the sample declares it; null when it does not.</param>
public sealed record FidelityDifference(Matter Matter, string Where, string? Published, string? Computed, string? Cause)
{
    public bool IsDeclared => Cause is not null;
}

/// <summary>A generated document measured against the published one.</summary>
/// <param name="Differences">In the order of the published document.</param>
/// <param name="Stale">Declared differences that do not occur: the document has changed, or the declaration is wrong.</param>
public sealed record FidelityResult(
    IReadOnlyDictionary<Matter, Tally> Tallies, IReadOnlyList<FidelityDifference> Differences, IReadOnlyList<DeclaredDifference> Stale)
{
    public IEnumerable<FidelityDifference> Undeclared => Differences.Where(d => !d.IsDeclared);

    /// <summary>True when every difference is declared and every declaration is needed.</summary>
    public bool IsExplained => Stale.Count == 0 && Differences.All(d => d.IsDeclared);
}
