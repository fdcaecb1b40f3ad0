using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;

namespace FinalAccounts.Server.Api;

/// <summary>A number of a document.</summary>
/// <param name="Address">Where it stands: <c>公开05/2080101/本年支出/小计</c>.</param>
/// <param name="Name">What it is, in words.</param>
/// <param name="Unit">As printed: 万元, %, 人, 辆, …</param>
/// <param name="Fen">For money, the exact value in fen; absent for anything else.</param>
/// <param name="Yuan">The same in yuan with group separators.</param>
/// <param name="Numerator">For anything else, the exact value's numerator, as digits.</param>
/// <param name="Denominator">Its denominator, as digits; 1 for whole numbers. A ratio of 1 is 100 %.</param>
/// <param name="Printed">As printed; absent for a blank cell.</param>
/// <param name="Rounding">The rule that leads from the exact value to the printed text.</param>
public sealed record FigureItem(
    string Address,
    string Name,
    string Unit,
    long? Fen,
    string? Yuan,
    string? Numerator,
    string? Denominator,
    string? Printed,
    string Rounding)
{
    public static FigureItem Of(Figure figure) => figure.IsMoney
        ? new(figure.Address, figure.Name, figure.Unit, checked((long)figure.Exact.Numerator), Regions.Yuan.Of(figure.Exact.Numerator), null, null, figure.Printed, figure.Rounding)
        : new(
            figure.Address, figure.Name, figure.Unit, null, null,
            figure.Exact.Numerator.ToString(System.Globalization.CultureInfo.InvariantCulture),
            figure.Exact.Denominator.ToString(System.Globalization.CultureInfo.InvariantCulture),
            figure.Printed, figure.Rounding);
}

/// <summary>The figures of a document.</summary>
internal static class FigureRoutes
{
    public const string OnePath = YearRoutes.Path + "/figure";

    public static void MapOne(RouteGroupBuilder api) => api.MapGet(OnePath, Figure).ReadingFigure();

    public static void MapList(RouteGroupBuilder api) =>
        api.MapGet(YearRoutes.Path + "/figures", Figures).Needs(Right.ReadBooks).Answering<Page<FigureItem>>();

    /// <summary>What the route of a figure needs and answers.</summary>
    public static RouteHandlerBuilder ReadingFigure(this RouteHandlerBuilder route) => route.Needs(Right.ReadBooks).Answering<FigureItem>();

    /// <summary>All figures of the document, in the order of its pages, then the computed scores.</summary>
    /// <param name="prefix">Addresses that begin with this only: <c>公开05/</c>.</param>
    /// <param name="q">A part of the address or the name.</param>
    internal static Task<IResult> Figures(
        HttpContext http, Answers answers, [AsParameters] YearRequest request, [AsParameters] PageRequest page, string? prefix = null, string? q = null,
        CancellationToken cancellationToken = default) => ListAsync(http, answers, request.Asked, page, prefix, q, cancellationToken);

    /// <summary>A figure by its address: exact value, printed text and the rounding between them.</summary>
    /// <param name="address">The figure's address; a query parameter, because addresses have slashes.</param>
    internal static Task<IResult> Figure(
        HttpContext http, Answers answers, [AsParameters] YearRequest request, string address, CancellationToken cancellationToken) =>
        OneAsync(http, answers, request.Asked, address, cancellationToken);

    public static Task<IResult> ListAsync(
        HttpContext http, Answers answers, Asked asked, PageRequest page, string? prefix, string? q, CancellationToken cancellationToken)
    {
        var filter = Filter.Text(q);
        var begin = Filter.Text(prefix) ?? "";
        return answers.JsonAsync(http, asked, $"figures|{begin}|{filter}|{page}", ApiJson.Own.PageFigureItem, (reported, _) => Page<FigureItem>.Of(
            [.. reported.Document.AllFigures.Where(f =>
                f.Address.StartsWith(begin, StringComparison.Ordinal) && (filter is null || Filter.Finds(filter, f.Address, f.Name)))],
            page,
            EntityTags.Short(asked, $"{begin}|{filter}"),
            FigureItem.Of), cancellationToken);
    }

    public static Task<IResult> OneAsync(HttpContext http, Answers answers, Asked asked, string address, CancellationToken cancellationToken) =>
        answers.JsonAsync(
            http, asked, $"figure|{address}", ApiJson.Own.FigureItem, (reported, _) => FigureItem.Of(Find(reported.Document, address)), cancellationToken);

    /// <exception cref="ApiException">The document has no such figure.</exception>
    public static Figure Find(DisclosureDocument document, string address) =>
        document.AllFigures.FirstOrDefault(f => f.Address == address) ?? throw ApiException.NotFound();
}
