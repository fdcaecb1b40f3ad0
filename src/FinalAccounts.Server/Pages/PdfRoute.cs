using FinalAccounts.Documents;
using FinalAccounts.Server.Books;

namespace FinalAccounts.Server.Pages;

/// <summary>The document of a page as PDF.</summary>
internal static class PdfRoute
{
    /// <param name="isPublished">True for the document as it was published, false for the books as they are asked for.</param>
    public static RouteHandlerBuilder MapPdf(this IEndpointRouteBuilder routes, string pattern, bool isPublished) =>
        routes.MapGet(pattern, (string region, string department, string year, LiveRegions regions, HttpContext context) =>
            PrintAsync(new(region, department, year), regions, context, isPublished)).ExcludeFromDescription();

    private static async Task<IResult> PrintAsync(YearAddress address, LiveRegions regions, HttpContext context, bool isPublished)
    {
        var words = Language.WordsOf(context);
        var (live, unit, year) = address.Find(regions) ?? throw new PageException(StatusCodes.Status404NotFound, words["ProblemNotHere"]);
        YearQuery query;
        if (isPublished)
        {
            var published = live.Year(unit.Code, year)?.Published ?? throw new PageException(StatusCodes.Status404NotFound, words["ProblemNotHere"]);
            query = new(unit.Code, year, new(Position: published.Seal.Position));
        }
        else
        {
            query = PointQuery.From(context.Request.Query, words).Of(unit.Code, year);
        }

        var document = await live.DocumentAsync(query, context.RequestAborted);
        try
        {
            var pdf = await PdfWriter.WriteAsync(document, context.RequestAborted);
            return Results.File(pdf, "application/pdf", FormattableString.Invariant($"{unit.Code}-{year}.pdf"));
        }
        catch (ChromiumMissingException)
        {
            throw new PageException(StatusCodes.Status503ServiceUnavailable, words["ProblemNoChromium"]);
        }
        catch (PdfException e)
        {
            throw new PageException(StatusCodes.Status503ServiceUnavailable, words["ProblemPdf", e.Message]);
        }
    }
}
