using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Layout;

/// <summary>A stretch of a paragraph that is of one kind.</summary>
/// <param name="Address">The figure's address if the stretch is a number, otherwise null.</param>
/// <param name="IsDraft">Part of a passage that the program proposes.</param>
/// <param name="StartsDraft">The first stretch of such a passage; the mark （草稿） goes before it.</param>
internal readonly record struct TextRun(string Text, string? Address, bool IsDraft, bool StartsDraft);

/// <summary>Cuts the text of a block into paragraphs, and these where numbers and drafts begin and end.</summary>
internal static class TextRuns
{
    /// <summary>The paragraphs of the block, empty ones left out.</summary>
    /// <exception cref="ArgumentException">A number or a draft does not lie inside the text.</exception>
    public static IReadOnlyList<IReadOnlyList<TextRun>> Paragraphs(TextBlock block) => Paragraphs(block, keepEmpty: false);

    /// <summary>The lines of a cell, empty ones kept. The number of a cell that is nothing else has no place in a text and no run of its own.</summary>
    /// <exception cref="ArgumentException">A number or a draft does not lie inside the text.</exception>
    public static IReadOnlyList<IReadOnlyList<TextRun>> Lines(LayoutCell cell) =>
        Paragraphs(new TextBlock("", 1, cell.Text, cell.Figures ?? [], cell.Drafts ?? []), keepEmpty: true);

    private static List<IReadOnlyList<TextRun>> Paragraphs(TextBlock block, bool keepEmpty)
    {
        foreach (var span in block.Figures.Select(f => f.Span).Concat(block.Drafts))
        {
            if (span.Start < 0 || span.Length < 0 || span.Length > block.Text.Length - span.Start)
                throw new ArgumentException(
                    $"{span} is not inside the text of '{block.Heading}' ({block.Text.Length} units).", nameof(block));
        }

        var paragraphs = new List<IReadOnlyList<TextRun>>();
        var start = 0;
        foreach (var line in block.Text.Split('\n'))
        {
            if (line.Length > 0 || keepEmpty)
                paragraphs.Add(Runs(block.Text, block.Figures, block.Drafts, start, start + line.Length));
            start += line.Length + 1;
        }

        return paragraphs;
    }

    /// <summary>The heading of the block; no drafts stand in it.</summary>
    public static IReadOnlyList<TextRun> Heading(TextBlock block) => Runs(block.Heading, block.HeadingFigures, [], 0, block.Heading.Length);

    private static List<TextRun> Runs(string text, IReadOnlyList<PlacedFigure> figures, IReadOnlyList<TextSpan> drafts, int start, int end)
    {
        var cuts = new SortedSet<int> { start, end };
        foreach (var span in figures.Select(f => f.Span).Concat(drafts))
        {
            cuts.Add(Math.Clamp(span.Start, start, end));
            cuts.Add(Math.Clamp(span.Start + span.Length, start, end));
        }

        var runs = new List<TextRun>();
        foreach (var (from, to) in cuts.Zip(cuts.Skip(1)))
        {
            var draft = drafts.Any(d => Covers(d, from));
            runs.Add(new(
                text[from..to],
                figures.FirstOrDefault(f => Covers(f.Span, from))?.Address,
                draft,
                draft && drafts.Any(d => d.Start == from)));
        }

        return runs;
    }

    private static bool Covers(TextSpan span, int position) => span.Start <= position && position < span.Start + span.Length;
}
