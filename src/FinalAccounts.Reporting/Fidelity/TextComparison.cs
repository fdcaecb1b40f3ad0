namespace FinalAccounts.Reporting.Fidelity;

/// <summary>Compares the texts block by block, aligned by their headings.</summary>
internal static class TextComparison
{
    public static void Compare(Findings findings, PublishedDocument published, DisclosureDocument document)
    {
        var print = published.Texts.Select(ComparedText.Of).ToList();
        var ours = OursFor(print, document);
        var numbers = NumberPlaces.Find(published.Numbers, [.. print.Select(t => t.Whole.Folded)]).ToLookup(n => n.Text);
        var where = Where(published.Texts);
        foreach (var pair in Alignment.Paired(Alignment.Of(print, ours, (p, o) => p.Heading.Folded == o.Heading.Folded)))
        {
            if (pair is { Left: { } l, Right: { } r })
            {
                var changed = NumberComparison.Compare(findings, where[l], print[l], ours[r], numbers[l]);
                var isEqual = findings.Passages(MatterOf(published.Texts[l]), where[l], print[l].Whole, ours[r].Whole, changed);
                findings.Count(MatterOf(published.Texts[l]), isEqual, print[l].Whole.Kept != ours[r].Whole.Kept);
            }
            else if (pair.Left is { } missing)
            {
                findings.Missing(MatterOf(published.Texts[missing]), where[missing], print[missing].Whole.Kept, null);
                NumberComparison.Missing(findings, where[missing], numbers[missing]);
            }
            else if (ours[pair.Right!.Value] is { IsTitle: false } extra)
            {
                findings.Differ(Matter.Block, $"{Transcription.Narrative}/{extra.Heading.Kept}", null, extra.Whole.Kept);
            }
        }
    }

    private static Matter MatterOf(PublishedText text) => text.Area == Transcription.Narrative ? Matter.Block : Matter.Performance;

    /// <summary>
    /// The texts of our document that the transcription covers: a text part none of whose headings occurs in it was not
    /// transcribed as text. Titles of parts are there to meet published ones only. The labels of a form's passages are headings.
    /// </summary>
    private static List<ComparedText> OursFor(IReadOnlyList<ComparedText> print, DisclosureDocument document)
    {
        var figures = document.Figures.ToDictionary(f => f.Address);
        var headings = print.Where(t => !t.IsTitle).Select(t => t.Heading.Folded).ToHashSet();
        return [.. document.Parts.SelectMany(part => part switch
        {
            TextPart text when text.Blocks.Any(b => headings.Contains(FoldedText.Of(b.Heading))) =>
                text.Blocks.Select(b => ComparedText.Of(b, figures)).Prepend(ComparedText.Title(part.Title)),
            FormsPart forms => Passages(forms).Where(p => headings.Contains(FoldedText.Of(p.Label))).Select(p => ComparedText.Of(p, figures)),
            _ => [],
        })];

        // A report that is a form has its texts in a list of passages.
        static IEnumerable<FormPassage> Passages(FormsPart part) =>
            part.Forms.OfType<LabelledForm>().SelectMany(f => f.Sections).OfType<FormPassage>().Where(p => p.Key is null);
    }

    /// <summary>The places of the texts: area and heading; a heading that comes again gets <c>#2</c>.</summary>
    private static List<string> Where(IReadOnlyList<PublishedText> texts)
    {
        Occurrences seen = new();
        return [.. texts.Select(text => seen.Name($"{text.Area}/{new FoldedText(text.Heading).Kept}"))];
    }
}
