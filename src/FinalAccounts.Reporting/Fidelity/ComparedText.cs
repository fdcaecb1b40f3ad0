namespace FinalAccounts.Reporting.Fidelity;

/// <summary>A block of text as it is compared: heading and text as one, and for ours the figures in it.</summary>
/// <param name="IsTitle">True for the title of a part, which a transcription may leave out.</param>
/// <param name="Figures">In order of the text.</param>
internal sealed record ComparedText(FoldedText Heading, FoldedText Whole, bool IsTitle, IReadOnlyList<ComparedFigure> Figures)
{
    public static ComparedText Of(PublishedText text) => new(new(text.Heading), new(text.Heading + text.Text), text.Level == 0, []);

    public static ComparedText Title(string title) => new(new(title), new(title), true, []);

    /// <param name="figures">The document's figures by address.</param>
    public static ComparedText Of(TextBlock block, IReadOnlyDictionary<string, Figure> figures) =>
        Of(block.Heading, block.HeadingFigures, block.Text, block.Figures, figures);

    /// <summary>A passage of a form below its label.</summary>
    public static ComparedText Of(FormPassage passage, IReadOnlyDictionary<string, Figure> figures) =>
        Of(passage.Label, [], passage.Text.Text, passage.Text.Figures, figures);

    private static ComparedText Of(
        string heading, IReadOnlyList<PlacedFigure> inHeading, string text, IReadOnlyList<PlacedFigure> inText, IReadOnlyDictionary<string, Figure> figures)
    {
        FoldedText whole = new(heading + text);
        return new(new(heading), whole, false, [.. inHeading.Select(f => Placed(f, 0)).Concat(inText.Select(f => Placed(f, heading.Length))).OrderBy(f => f.At)]);

        ComparedFigure Placed(PlacedFigure placed, int offset)
        {
            var figure = figures[placed.Address];
            var span = whole.Map(new(offset + placed.Span.Start, placed.Span.Length));
            return new(span.Start, figure.Printed ?? "", figure.Unit, figure.Address);
        }
    }
}

/// <summary>A figure in a text.</summary>
/// <param name="At">Where it begins in the folded heading and text.</param>
internal sealed record ComparedFigure(int At, string Printed, string Unit, string Address)
{
    public string Text => $"{Printed} {Unit}";
}

/// <summary>A published number with its place; of a number that is not written in digits, its sentence's.</summary>
/// <param name="Text">Index of the text.</param>
/// <param name="Span">In the folded heading and text.</param>
/// <param name="Where">What its difference is called; empty until that is known.</param>
internal sealed record LocatedNumber(PublishedNumber Number, int Text, TextSpan Span, string Where = "")
{
    public string Printed => $"{Number.Value} {Number.Unit}";

    public bool IsDigits => NumberPlaces.IsDigits(Number.Value);
}
