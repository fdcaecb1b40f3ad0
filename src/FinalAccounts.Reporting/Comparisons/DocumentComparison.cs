namespace FinalAccounts.Reporting.Comparisons;

/// <summary>What two documents are to each other.</summary>
public enum ComparisonKind
{
    /// <summary>The same department's year at two points in time.</summary>
    PointsInTime,

    /// <summary>Two years of a department.</summary>
    Years,

    /// <summary>Two departments.</summary>
    Departments,

    /// <summary>A published document, and ours.</summary>
    Published,
}

/// <summary>
/// Where two documents differ: figure by figure and text by text. Swapping the documents swaps the sides and changes nothing else.
/// </summary>
/// <param name="Figures">In the order of the right document; what only the left one has stands where it stood there.</param>
/// <param name="Texts">In the same order.</param>
public sealed record DocumentComparison(
    ComparisonKind Kind, DisclosureUnit Left, DisclosureUnit Right, IReadOnlyList<FigureDifference> Figures, IReadOnlyList<TextDifference> Texts)
{
    public bool IsEmpty => Figures.Count == 0 && Texts.Count == 0;
}

/// <summary>A figure's value on one side.</summary>
/// <param name="Printed">Null for a blank cell.</param>
/// <param name="Unit">As printed; empty where the published document has none.</param>
/// <param name="Exact">Null for a published value, which is known as printed only.</param>
public sealed record FigureValue(string? Printed, string Unit, Ratio? Exact)
{
    internal static FigureValue Of(Figure figure) => new(figure.Printed, figure.Unit, figure.Exact);
}

/// <summary>A figure that is not the same on both sides, exact or printed.</summary>
/// <param name="address">Its address, as on the right side if it is there.</param>
/// <param name="name">What it is, in words.</param>
public sealed class FigureDifference(string address, string name, FigureValue? left, FigureValue? right, Lazy<IReadOnlyList<Cause>> causes)
{
    public string Address { get; } = address;

    public string Name { get; } = name;

    /// <summary>Null where the left side does not have it.</summary>
    public FigureValue? Left { get; } = left;

    /// <summary>Null where the right side does not have it.</summary>
    public FigureValue? Right { get; } = right;

    /// <summary>Right less left in fen; null when one side is missing, not known exactly, or no amount.</summary>
    public Int128? Difference { get; } = (left, right) switch
    {
        ({ Exact: { Denominator: var one } before }, { Exact: { Denominator: var other } after })
            when one == 1 && other == 1 && Printing.IsMoney(left.Unit) && Printing.IsMoney(right.Unit) => after.Numerator - before.Numerator,
        _ => null,
    };

    /// <summary>True when both sides print the same and only the exact values differ.</summary>
    public bool IsPrintedAlike => Left is { } before && Right is { } after && (before.Printed, before.Unit) == (after.Printed, after.Unit);

    /// <summary>Of two points in time the events that made the difference; empty for other comparisons. Looked up when asked for.</summary>
    public IReadOnlyList<Cause> Causes => causes.Value;

    /// <summary>Why it differs from what was published, as somebody has declared it; null when nobody has.</summary>
    public string? Declared { get; init; }
}

/// <summary>A text that is not the same on both sides.</summary>
/// <param name="place">Where it stands, as on the right side if it is there.</param>
/// <param name="address">What the addresses of its figures begin with; null for a text without.</param>
/// <param name="isOwn">True when nothing differs but what is each document's own: its year, its department's name.</param>
public sealed class TextDifference(
    string place, TextKind kind, string? address, string? left, string? right, bool isOwn, Lazy<IReadOnlyList<BlacklineSentence>> sentences, Lazy<IReadOnlyList<Cause>> causes)
{
    public string Place { get; } = place;

    public TextKind Kind { get; } = kind;

    public string? Address { get; } = address;

    /// <summary>Null where the left side does not have it.</summary>
    public string? Left { get; } = left;

    /// <summary>Null where the right side does not have it.</summary>
    public string? Right { get; } = right;

    public bool IsOwn { get; } = isOwn;

    /// <summary>The text sentence by sentence with what was struck out and what was added. Made when asked for.</summary>
    public IReadOnlyList<BlacklineSentence> Sentences => sentences.Value;

    /// <inheritdoc cref="FigureDifference.Causes"/>
    public IReadOnlyList<Cause> Causes => causes.Value;

    /// <inheritdoc cref="FigureDifference.Declared"/>
    public string? Declared { get; init; }
}

/// <summary>An event that made a difference.</summary>
/// <param name="IsAdded">True for an event that only the right side's books have, false for one that only the left side's have.</param>
/// <param name="Amount">What it adds to the difference, in fen or as a whole number; null for a text and for a figure that is no plain sum.</param>
public sealed record Cause(RecordedEvent Recorded, bool IsAdded, Int128? Amount);
