using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Comparisons;
using Shouldly;

namespace FinalAccounts.UnitTests.Comparisons;

/// <summary>What two documents differ in, found without the comparison: everything of the one against everything of the other.</summary>
internal static class Expected
{
    /// <summary>The comparison reports these figures and texts and nothing else.</summary>
    public static void ShouldBeExact(this DocumentComparison comparison, DisclosureDocument before, DisclosureDocument after)
    {
        comparison.Figures.Select(f => f.Address).ShouldBe(Figures(before, after), ignoreOrder: true);
        foreach (var figure in comparison.Figures)
        {
            Side(before, figure.Address).ShouldBe((figure.Left?.Printed, figure.Left?.Exact));
            Side(after, figure.Address).ShouldBe((figure.Right?.Printed, figure.Right?.Exact));
        }

        comparison.Texts.Where(t => t.Kind is TextKind.Heading or TextKind.Text).Select(t => (t.Kind == TextKind.Heading, t.Left, t.Right))
            .ShouldBe(Blocks(before, after), ignoreOrder: true);
        comparison.Texts.Where(t => t.Kind is not (TextKind.Heading or TextKind.Text)).SelectMany(t => new[] { t.Left, t.Right }).Where(t => t is { Length: > 0 })
            .ShouldBe(Others(before, after), ignoreOrder: true);
        foreach (var text in comparison.Texts)
        {
            string.Concat(text.Sentences.SelectMany(s => s.Runs).Select(r => r.Left)).ShouldBe(text.Left ?? "");
            string.Concat(text.Sentences.SelectMany(s => s.Runs).Select(r => r.Right)).ShouldBe(text.Right ?? "");
        }
    }

    private static IEnumerable<string> Figures(DisclosureDocument before, DisclosureDocument after)
    {
        var (left, right) = (before.AllFigures.ToDictionary(f => f.Address), after.AllFigures.ToDictionary(f => f.Address));
        return left.Keys.Union(right.Keys).Where(a => left.GetValueOrDefault(a) is not { } x || right.GetValueOrDefault(a) is not { } y
            || x.Printed != y.Printed || x.Exact.Numerator * y.Exact.Denominator != y.Exact.Numerator * x.Exact.Denominator);
    }

    private static (string?, Ratio?) Side(DisclosureDocument document, string address) =>
        document.AllFigures.FirstOrDefault(f => f.Address == address) is { } figure ? (figure.Printed, figure.Exact) : (null, null);

    /// <summary>Headings and texts of the blocks by what the form pack calls them.</summary>
    private static IEnumerable<(bool, string?, string?)> Blocks(DisclosureDocument before, DisclosureDocument after)
    {
        var (left, right) = (Parts(before), Parts(after));
        return left.Keys.Union(right.Keys).Select(k => (k.Item1, left.GetValueOrDefault(k), right.GetValueOrDefault(k))).Where(t => t.Item2 != t.Item3);

        static Dictionary<(bool, string), string> Parts(DisclosureDocument document) => document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks)
            .SelectMany(b => new[] { ((true, b.Address), b.Heading), ((false, b.Address), b.Text) }).ToDictionary(b => b.Item1, b => b.Item2);
    }

    /// <summary>What is written in tables and forms besides amounts, as a heap: what one document has more often than the other.</summary>
    private static IEnumerable<string> Others(DisclosureDocument before, DisclosureDocument after)
    {
        List<string> left = [.. Heap(before)], right = [.. Heap(after)];
        foreach (var text in right.ToList())
        {
            if (left.Remove(text))
            {
                right.Remove(text);
            }
        }

        return left.Concat(right);

        static IEnumerable<string> Heap(DisclosureDocument document) =>
        [
            .. document.Tables.SelectMany(t => t.Rows.Select(r => $"{r.Code} {r.Name}".Trim()).Append(string.Join('\n', t.Notes))),
            .. document.Forms.OfType<LabelledForm>().SelectMany(f => f.Sections).SelectMany(s => s switch
            {
                FormPassage passage => [passage.Text.Text],
                FormFields fields => fields.Rows.SelectMany(r => r).Select(t => t.Text),
                _ => Enumerable.Empty<string>(),
            }),
            .. document.Forms.OfType<EvaluationForm>().SelectMany(f => new[] { f.Expected.Text, f.Actual.Text }),
        ];
    }
}
