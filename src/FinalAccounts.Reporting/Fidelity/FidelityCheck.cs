using System.Globalization;

namespace FinalAccounts.Reporting.Fidelity;

/// <summary>
/// Measures a generated document against the published one: which of its figures and words are the same, and where it
/// differs. Pure. What is even before comparing is described at <see cref="FoldedText"/>.
/// </summary>
public static class FidelityCheck
{
    /// <param name="declared">The differences that are known, with their causes.</param>
    /// <exception cref="TranscriptionException">A number does not stand where the transcription says.</exception>
    public static FidelityResult Compare(PublishedDocument published, DisclosureDocument document, IReadOnlyList<DeclaredDifference> declared)
    {
        Findings findings = new(declared);
        CompareUnit(findings, published.Unit, document.Unit);
        TableComparison.Compare(findings, published.Tables, [.. document.Tables]);
        TextComparison.Compare(findings, published, document);
        FormComparison.Compare(findings, published.Forms, OurForms.Of(document));
        CompareGlossary(findings, published.Glossary, [.. document.Parts.OfType<GlossaryPart>().SelectMany(p => p.Entries)]);
        return findings.Result;
    }

    private static void CompareUnit(Findings findings, DisclosureUnit published, DisclosureUnit ours)
    {
        findings.Value(Matter.Label, "封面/单位", published.Name, ours.Name);
        findings.Value(Matter.Label, "封面/年度", published.Year.ToString(CultureInfo.InvariantCulture), ours.Year.ToString(CultureInfo.InvariantCulture));
        findings.Value(Matter.Label, "封面/地区", published.Region, ours.Region);
        findings.Value(Matter.Label, "封面/标题", published.Title, ours.Title);
    }

    private static void CompareGlossary(Findings findings, IReadOnlyList<GlossaryEntry> published, IReadOnlyList<GlossaryEntry> ours)
    {
        var pairs = Alignment.Of(published, ours, (p, o) => FoldedText.Same(p.Term, o.Term));
        foreach (var pair in pairs)
        {
            var print = pair.Left is { } l ? published[l] : null;
            var made = pair.Right is { } r ? ours[r] : null;
            var where = $"名词解释/{(print ?? made)!.Term}";
            if (print is null || made is null)
            {
                findings.Missing(Matter.Label, where, print?.Term, made?.Term);
                continue;
            }

            var isEqual = findings.Passages(Matter.Label, where, new(print.Definition), new(made.Definition), []);
            findings.Count(Matter.Label, isEqual, !FoldedText.SameWidth(print.Definition, made.Definition));
        }
    }
}
