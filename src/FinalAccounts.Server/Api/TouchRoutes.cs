using FinalAccounts.Ledger;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;

namespace FinalAccounts.Server.Api;

/// <summary>What of a document an event is behind.</summary>
/// <param name="Department">Whose document it is.</param>
/// <param name="Year">Of which year.</param>
/// <param name="Consolidated">True for the document of the department with its units.</param>
/// <param name="Title">The document's title.</param>
/// <param name="Figures">The figures that would be others without the event, in the order of the document.</param>
/// <param name="Texts">The texts that would, or could, read otherwise.</param>
public sealed record TouchedDocumentItem(
    string Department, int Year, bool Consolidated, string Title, IReadOnlyList<TouchedFigureItem> Figures, IReadOnlyList<TouchedText> Texts);

/// <summary>A figure that an event is behind.</summary>
/// <param name="Printed">As printed; absent for a blank cell.</param>
/// <param name="Sums">The sums that the figure is formed from, with what the event adds to each: fen, or a whole number.</param>
public sealed record TouchedFigureItem(string Address, string Name, string? Printed, string Unit, IReadOnlyList<TouchedSumItem> Sums);

/// <summary>What an event adds to a sum.</summary>
/// <param name="Adds">Fen, or a whole number, with the sign that it counts with in the sum.</param>
public sealed record TouchedSumItem(string Name, long Adds);

/// <summary>A text that an event is behind.</summary>
/// <param name="Place">Where it stands.</param>
public sealed record TouchedText(string Place, string Text);

/// <summary>The other way round: from an event to the figures.</summary>
internal static class TouchRoutes
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet(YearRoutes.Path + "/events/{position:long}/figures", Figures).Needs(Right.ReadBooks)
            .Produces<IReadOnlyList<TouchedDocumentItem>>().AnsweringProblems();

    /// <summary>
    /// Every figure and text that an event of the year is behind: in this year's document, in next year's, where it counts as last year's
    /// figure, and in those of the departments that this one is consolidated with, as far as the asker may read them.
    /// </summary>
    internal static async Task<IResult> Figures(
        LiveRegions regions, Account account, string region, string department, int year, long position, CancellationToken cancellationToken)
    {
        var live = Route.Region(regions, region);
        var found = Route.Recorded(live, department, year);
        if ((await live.Log.FindEventAsync(position, cancellationToken))?.Stream != Streams.Year(found.Department, found.Year))
        {
            throw ApiException.NotFound();
        }

        List<TouchedDocumentItem> touched = [];
        await foreach (var document in TouchedDocument.OfAsync(live, account, found, position, cancellationToken))
        {
            touched.Add(Item(document));
        }

        return TypedResults.Json(touched, ApiJson.Own.IReadOnlyListTouchedDocumentItem);
    }

    private static TouchedDocumentItem Item(TouchedDocument touched) => new(
        touched.Query.Department.ToString(),
        touched.Query.Year.Value,
        touched.Query.Consolidated,
        touched.Reported.Document.Unit.Title,
        [.. touched.Touched.Figures.Select(f => new TouchedFigureItem(
            f.Figure.Address,
            f.Figure.Name,
            f.Figure.Printed,
            f.Figure.Unit,
            [.. f.Sums.Where(s => s.Amount != 0).Select(s => new TouchedSumItem(s.Sum.Name, checked((long)s.Amount)))]))],
        [.. touched.Touched.Texts.Select(t => new TouchedText(t.Place, t.Text))]);
}
