using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>A published disclosure.</summary>
/// <param name="Region">Administrative division code.</param>
/// <param name="Department">Budget code.</param>
/// <param name="Name">The department's name.</param>
/// <param name="Date">The day of the publication.</param>
/// <param name="Sha256">SHA-256 of the published disclosure.json.</param>
/// <param name="Seal">The log's position and hash that the document was built from.</param>
public sealed record PublishedItem(string Region, string Department, string Name, int Year, LocalDate Date, string Sha256, SealItem Seal);

/// <summary>What was published, for everybody.</summary>
internal static class PublicRoutes
{
    private const string Path = "/public/regions/{region}/departments/{department}/years/{year:int}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/public/years", Years).Needs(Right.ReadPublished).Produces<Page<PublishedItem>>().AnsweringProblems();
        api.MapGet(Path + "/document", Document).Needs(Right.ReadPublished).AnsweringDocuments();
        api.MapGet(Path + "/figures", Figures).Needs(Right.ReadPublished).Answering<Page<FigureItem>>();
        api.MapGet(Path + "/figure", Figure).Needs(Right.ReadPublished).Answering<FigureItem>();
        api.MapGet(Path + "/tables", Tables).Needs(Right.ReadPublished).Answering<IReadOnlyList<TableItem>>();
        api.MapGet(Path + "/tables/{table}", Table).Needs(Right.ReadPublished).Answering<TableItem>();
    }

    /// <summary>All published disclosures, by region, department and year.</summary>
    /// <param name="year">Of this fiscal year only.</param>
    /// <param name="q">A part of the department's code or name.</param>
    internal static Ok<Page<PublishedItem>> Years(LiveRegions regions, [AsParameters] PageRequest page, int? year = null, string? q = null)
    {
        var filter = Filter.Text(q);
        var published = regions.All.SelectMany(r => r.Years, (r, y) => (Region: r, Year: y)).Where(p => p.Year.Published is not null
            && (year is null || p.Year.Year.Value == year)
            && (filter is null || Filter.Finds(filter, p.Year.Department.ToString(), p.Region.Department(p.Year.Department)?.Name)));
        return TypedResults.Ok(Page<PublishedItem>.Of([.. published], page, FormattableString.Invariant($"{year}/{filter}"), p => Item(p.Region, p.Year)));
    }

    /// <summary>A published document in the form that Accept or <c>format</c> asks for; its JSON is the very bytes that were published.</summary>
    /// <param name="format">json, html, docx, xlsx or pdf; before Accept.</param>
    internal static async Task<IResult> Document(
        HttpContext http, Answers answers, [AsParameters] PublishedRequest request, string? format = null, CancellationToken cancellationToken = default)
    {
        var asked = request.Asked;
        var wanted = DocumentFormat.Of(http.Request, format);
        var sha256 = asked.Overview.Published!.DocumentSha256;
        return wanted == DocumentFormat.All[0]
            && await asked.Live.Log.Documents.ReadAsync(sha256, cancellationToken) is { } kept
            ? await answers.BytesAsync(http, asked, $"published|{sha256}", Language.Chinese, wanted.MediaType, null, () => Task.FromResult(kept.Content))
            : await DocumentRoutes.AnswerAsync(http, answers, asked, wanted.Name, cancellationToken);
    }

    /// <summary>The figures of a published document.</summary>
    /// <param name="prefix">Addresses that begin with this only.</param>
    /// <param name="q">A part of the address or the name.</param>
    internal static Task<IResult> Figures(
        HttpContext http, Answers answers, [AsParameters] PublishedRequest request, [AsParameters] PageRequest page, string? prefix = null, string? q = null,
        CancellationToken cancellationToken = default) => FigureRoutes.ListAsync(http, answers, request.Asked, page, prefix, q, cancellationToken);

    /// <summary>A figure of a published document.</summary>
    /// <param name="address">The figure's address.</param>
    internal static Task<IResult> Figure(
        HttpContext http, Answers answers, [AsParameters] PublishedRequest request, string address, CancellationToken cancellationToken) =>
        FigureRoutes.OneAsync(http, answers, request.Asked, address, cancellationToken);

    /// <summary>The tables of a published document.</summary>
    internal static Task<IResult> Tables(HttpContext http, Answers answers, [AsParameters] PublishedRequest request, CancellationToken cancellationToken) =>
        TableRoutes.ListAsync(http, answers, request.Asked, cancellationToken);

    /// <summary>A table of a published document.</summary>
    /// <param name="table">Its id: 公开05.</param>
    internal static Task<IResult> Table(
        HttpContext http, Answers answers, [AsParameters] PublishedRequest request, string table, CancellationToken cancellationToken) =>
        TableRoutes.OneAsync(http, answers, request.Asked, table, cancellationToken);

    private static PublishedItem Item(LiveRegion region, YearOverview year) => new(
        region.Region.ToString(),
        year.Department.ToString(),
        region.Department(year.Department)?.Name ?? year.Department.ToString(),
        year.Year.Value,
        year.Published!.Date,
        year.Published.DocumentSha256,
        SealItem.Of(year.Published.Seal));
}
