using System.Text.RegularExpressions;

namespace FinalAccounts.Reporting.Fidelity;

/// <summary>
/// Compares the numbers of a block, in order, with their units. A published number is met by a figure of the document only:
/// a number that somebody typed comes from nowhere and does not count.
/// </summary>
internal static partial class NumberComparison
{
    /// <param name="where">The block's place.</param>
    /// <returns>Where other numbers stand in print, with ours: the words around them are compared as if they were the same.</returns>
    public static IReadOnlyList<(TextSpan Span, string Computed)> Compare(
        Findings findings, string where, ComparedText print, ComparedText ours, IEnumerable<LocatedNumber> numbers)
    {
        var all = Named(where, numbers);
        Words(findings, ours, all);
        var digits = all.FindAll(n => n.IsDigits);
        List<(TextSpan, string)> changed = [];
        foreach (var pair in Alignment.Paired(Align(digits, ours.Figures)))
        {
            var number = pair.Left is { } l ? digits[l] : null;
            var figure = pair.Right is { } r ? ours.Figures[r] : null;
            if (number is null)
            {
                NotPublished(findings, where, print, digits, figure!);
            }
            else if (figure is null)
            {
                findings.Missing(Matter.Number, number.Where, number.Printed, null);
            }
            else
            {
                findings.Value(Matter.Number, number.Where, number.Printed, figure.Text);
                changed.Add((number.Span, figure.Printed));
            }
        }

        return changed;
    }

    /// <summary>Notes that all numbers of a block are missing.</summary>
    public static void Missing(Findings findings, string where, IEnumerable<LocatedNumber> numbers)
    {
        foreach (var number in Named(where, numbers))
        {
            findings.Missing(Matter.Number, number.Where, number.Printed, null);
        }
    }

    private static IReadOnlyList<Aligned> Align(IReadOnlyList<LocatedNumber> numbers, IReadOnlyList<ComparedFigure> figures)
    {
        var print = numbers.Select(n => FoldedText.Of(n.Printed)).ToList();
        var ours = figures.Select(f => FoldedText.Of(f.Text)).ToList();
        return Alignment.Of(print, ours, (p, o) => p == o);
    }

    /// <summary>
    /// A number in words (四份) or left blank is part of the sentence: it is as published when our block has the sentence, whatever
    /// the numbers in digits are.
    /// </summary>
    private static void Words(Findings findings, ComparedText ours, IEnumerable<LocatedNumber> numbers)
    {
        var text = Digits().Replace(ours.Whole.Folded, "#");
        foreach (var number in numbers.Where(n => !n.IsDigits))
        {
            var isEqual = text.Contains(Digits().Replace(FoldedText.Of(number.Number.Sentence), "#"), StringComparison.Ordinal);
            findings.Count(Matter.Number, isEqual);
            if (!isEqual)
            {
                findings.Differ(Matter.Number, number.Where, number.Printed, null);
            }
        }
    }

    /// <summary>
    /// A figure that is not among the published numbers is a difference, unless it stands in the published text all the same: the
    /// transcription does not list dates and the like, which a text may well link to their source.
    /// </summary>
    private static void NotPublished(
        Findings findings, string where, ComparedText print, IReadOnlyList<LocatedNumber> numbers, ComparedFigure figure)
    {
        var (text, printed) = (print.Whole.Folded, FoldedText.Of(figure.Printed));
        var isUnlisted = NumberPlaces.All(text, printed, 0, text.Length)
            .Any(at => NumberPlaces.IsWholeNumber(text, at, printed.Length) && numbers.All(n => at >= n.Span.Start + n.Span.Length || at + printed.Length <= n.Span.Start));
        if (!isUnlisted)
        {
            findings.Differ(Matter.Number, $"{where}/{figure.Address}", null, figure.Text);
        }
    }

    /// <summary>The numbers in the order of the text, with the names of their differences: the block's place and the quantity.</summary>
    private static List<LocatedNumber> Named(string where, IEnumerable<LocatedNumber> numbers)
    {
        Occurrences seen = new();
        return [.. numbers.OrderBy(n => n.Span.Start).Select(n => n with { Where = seen.Name($"{where}/{n.Number.Quantity}") })];
    }

    [GeneratedRegex("[0-9][0-9.,]*")]
    private static partial Regex Digits();
}
