using FinalAccounts.Reporting.Fidelity;

namespace FinalAccounts.Reporting.Comparisons;

/// <summary>A generated document against a published one as a comparison like any other: the published document is the left side.</summary>
public static class PublishedComparison
{
    /// <param name="result">What measuring the document against the published one gave.</param>
    public static DocumentComparison Of(PublishedDocument published, DisclosureDocument document, FidelityResult result)
    {
        Lazy<IReadOnlyList<Cause>> none = new([]);
        return new(
            ComparisonKind.Published,
            published.Unit,
            document.Unit,
            [
                .. result.Differences.Where(d => d.Matter is Matter.Cell or Matter.Number).Select(d => new FigureDifference(
                    d.Where, d.Where[(d.Where.IndexOf('/', StringComparison.Ordinal) + 1)..], Value(d.Published), Value(d.Computed), none) { Declared = d.Cause }),
            ],
            [
                .. result.Differences.Where(d => d.Matter is not (Matter.Cell or Matter.Number)).Select(d => new TextDifference(
                    d.Where, KindOf(d.Matter), null, d.Published, d.Computed, isOwn: false,
                    new(() => Blackline.Of(d.Published ?? "", d.Computed ?? "", OwnWords.None, OwnWords.None)), none) { Declared = d.Cause }),
            ]);
    }

    private static TextKind KindOf(Matter matter) => matter switch
    {
        Matter.Block => TextKind.Text,
        Matter.Performance => TextKind.Field,
        Matter.Row => TextKind.Row,
        _ => TextKind.Label,
    };

    private static FigureValue? Value(string? printed) => printed is null ? null : new(printed, "", null);
}
