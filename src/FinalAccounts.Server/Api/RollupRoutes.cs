using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FinalAccounts.Ledger;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Reporting.Rollups;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Mvc;

namespace FinalAccounts.Server.Api;

/// <summary>Which region's sums are asked for, and from which position on.</summary>
/// <param name="Region">Administrative division code, 6 digits.</param>
/// <param name="WaitFor">The answer waits until this position of the log counts, five seconds at most; then it is refused.</param>
public sealed record RollupRequest(LiveRegions Regions, string Region, [FromQuery(Name = "waitFor")] long? WaitFor);

/// <summary>A part of a region's amounts. Functional and economic codes can be combined for departments only.</summary>
/// <param name="Function">功能分类科目, or a 类 or 款 with all below it.</param>
/// <param name="Economic">经济分类科目, or a 类 with all below it.</param>
/// <param name="Fund">资金性质, by its term.</param>
/// <param name="Kind">支出类别, by its term.</param>
public sealed record RollupPart(
    [FromQuery(Name = "function")] string? Function, [FromQuery(Name = "economic")] string? Economic, [FromQuery(Name = "fund")] string? Fund,
    [FromQuery(Name = "kind")] string? Kind)
{
    /// <summary>What is selected.</summary>
    /// <exception cref="ApiException">A code or term is none.</exception>
    public RollupSelection Selection
    {
        get
        {
            try
            {
                return RollupSelection.Parse(Function, Economic, Fund, Kind);
            }
            catch (FormatException e)
            {
                throw ApiException.BadRequest("RollupPartWrong", e.Message);
            }
        }
    }
}

/// <summary>What all departments of a region come to.</summary>
internal static class RollupRoutes
{
    /// <summary>How long an answer waits for a position.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/regions/{region}/rollups", Years).Needs(Right.ReadRegion).Answering<RollupYearsItem>();
        api.MapGet("/regions/{region}/rollups/{year:int}/table", Table).Needs(Right.ReadRegion).Answering<RollupTableItem>();
        api.MapGet("/regions/{region}/rollups/{year:int}/departments", Departments).Needs(Right.ReadRegion).Answering<RollupDepartmentsItem>();
        api.MapGet("/regions/{region}/rollups/{year:int}/movers", ListMovers).Needs(Right.ReadRegion).Answering<RollupMoversItem>();
        api.MapGet("/regions/{region}/rollups/{year:int}/progress", Progress).Needs(Right.ReadRegion).Answering<RollupProgressItem>();
    }

    /// <summary>The fiscal years of the region: how many departments have come how far, budget, income and expenditure.</summary>
    internal static Task<IResult> Years(HttpContext http, [AsParameters] RollupRequest request, CancellationToken cancellationToken) => AnswerAsync(
        http, request, "years", ApiJson.Own.RollupYearsItem,
        async reader => new(RollupStandingItem.Of(reader.Standing), [.. (await reader.YearsAsync(cancellationToken)).Select(RollupYearItem.Of)]), cancellationToken);

    /// <summary>A year of all departments by functional code, economic item, fund or kind of spending.</summary>
    /// <param name="by">What the rows are; function when absent.</param>
    internal static Task<IResult> Table(
        HttpContext http, [AsParameters] RollupRequest request, int year, [AsParameters] RollupPart part, Choice<RollupAspect>? by = null,
        CancellationToken cancellationToken = default)
    {
        var (of, aspect) = (Route.Year(year), by?.Value ?? RollupAspect.Function);
        var selection = Fitting(part, aspect);
        return AnswerAsync(
            http, request, $"table|{year}|{aspect}|{part}", ApiJson.Own.RollupTableItem,
            async reader => RollupTableItem.Of(reader.Standing, await reader.TableAsync(of, aspect, selection, cancellationToken)), cancellationToken);
    }

    /// <summary>The departments of a year, or those behind a row of a table, the largest expenditure first.</summary>
    internal static Task<IResult> Departments(
        HttpContext http, [AsParameters] RollupRequest request, int year, [AsParameters] RollupPart part, [AsParameters] PageRequest page,
        CancellationToken cancellationToken)
    {
        var (of, selection) = (Route.Year(year), part.Selection);
        return AnswerAsync(http, request, $"departments|{year}|{part}|{page}", ApiJson.Own.RollupDepartmentsItem, async reader =>
        {
            var all = await reader.DepartmentsAsync(of, selection, cancellationToken);
            return new(
                RollupStandingItem.Of(reader.Standing),
                year,
                Page<RollupDepartmentItem>.Of(all, page, FormattableString.Invariant($"{reader.Standing.Position}"), d => RollupDepartmentItem.Of(d, selection.HasIncome)),
                RollupAmountsItem.Of(all.Aggregate(default(RollupAmounts), (sum, d) => sum + d.Amounts), selection.HasIncome));
        }, cancellationToken);
    }

    /// <summary>What of the region's expenditure moved most against last year: departments, items or economic items.</summary>
    /// <param name="by">department, function or economic; department when absent.</param>
    /// <param name="limit">Most movers: 1 to 1,000; 100 when absent.</param>
    internal static Task<IResult> ListMovers(
        HttpContext http, [AsParameters] RollupRequest request, int year, Choice<RollupMoverAspect>? by = null, int? limit = null,
        CancellationToken cancellationToken = default)
    {
        var (of, aspect, count) = (Route.Year(year), by?.Value ?? RollupMoverAspect.Department, new PageRequest(null, limit).Count);
        return AnswerAsync(http, request, $"movers|{year}|{aspect}|{count}", ApiJson.Own.RollupMoversItem, async reader => new(
            RollupStandingItem.Of(reader.Standing), year, aspect,
            [.. (await reader.MoversAsync(of, aspect, count, cancellationToken)).Select(RollupMoverItem.Of)]), cancellationToken);
    }

    /// <summary>How far the budget of all departments was spent month by month, beside the year before.</summary>
    internal static Task<IResult> Progress(
        HttpContext http, [AsParameters] RollupRequest request, int year, [AsParameters] RollupPart part, CancellationToken cancellationToken)
    {
        var (of, selection) = (Route.Year(year), Fitting(part, null));
        return AnswerAsync(http, request, $"progress|{year}|{part}", ApiJson.Own.RollupProgressItem, async reader =>
        {
            var prior = year > FiscalYear.First ? await reader.ProgressAsync(new(year - 1), selection, cancellationToken) : null;
            return new(
                RollupStandingItem.Of(reader.Standing),
                RollupYearProgress.Of(await reader.ProgressAsync(of, selection, cancellationToken)),
                prior is { Months.Count: > 0 } ? RollupYearProgress.Of(prior) : null);
        }, cancellationToken);
    }

    /// <summary>Answers as of one state of the tables; what the asker has already of that state is not made again.</summary>
    /// <param name="kind">What is answered, with everything that the request says of it.</param>
    private static async Task<IResult> AnswerAsync<T>(
        HttpContext http, RollupRequest request, string kind, JsonTypeInfo<T> type, Func<RollupReader, Task<T>> answer, CancellationToken cancellationToken)
    {
        var live = Route.Region(request.Regions, request.Region);
        await using var reader = await OpenAsync(live, request.WaitFor, cancellationToken);
        return EntityTags.IsKnown(http, EntityTags.Of(live, reader.Standing, kind))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(JsonSerializer.SerializeToUtf8Bytes(await answer(reader), type), "application/json");
    }

    private static RollupSelection Fitting(RollupPart part, RollupAspect? aspect) =>
        part.Selection is var selection && selection.Fits(aspect) ? selection : throw ApiException.BadRequest("RollupPartsCrossed");

    private static async Task<RollupReader> OpenAsync(LiveRegion live, long? waitFor, CancellationToken cancellationToken)
    {
        if (waitFor is not { } position)
        {
            return await live.Rollups.OpenAsync(cancellationToken);
        }

        if (position < 1 || position > live.Head.Position)
        {
            throw ApiException.BadRequest("WaitForOutside", live.Head.Position);
        }

        var reader = await live.Rollups.OpenAsync(position, Patience, cancellationToken);
        if (reader.Standing.Position < position)
        {
            await reader.DisposeAsync();
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, "RollupBehind", reader.Standing.Position);
        }

        return reader;
    }
}
