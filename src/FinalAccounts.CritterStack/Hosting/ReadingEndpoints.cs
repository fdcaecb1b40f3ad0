using FinalAccounts.Server.Api;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Wolverine.Http;

namespace FinalAccounts.CritterStack.Hosting;

/// <summary>A figure, and the events of a year.</summary>
public static class ReadingEndpoints
{
    [WolverineGet(ApiModule.Prefix + FigureRoutes.OnePath)]
    public static Task<IResult> Figure(
        HttpContext http,
        string region,
        string department,
        int year,
        [FromQuery(Name = "address")] string address,
        [FromQuery(Name = "asOfPosition")] long? asOfPosition,
        [FromQuery(Name = "asOfRecorded")] string? asOfRecorded,
        [FromQuery(Name = "asOfDate")] string? asOfDate,
        [FromQuery(Name = "consolidated")] bool consolidated = false) => FigureRoutes.Figure(
            http,
            http.RequestServices.GetRequiredService<Answers>(),
            new(http.RequestServices.GetRequiredService<LiveRegions>(), region, department, year, asOfPosition, asOfRecorded, asOfDate, consolidated),
            address ?? throw new BadHttpRequestException("An address is needed."),
            http.RequestAborted);

    [WolverineGet(ApiModule.Prefix + EventRoutes.YearPath)]
    public static IResult Events(
        HttpContext http,
        string region,
        string department,
        int year,
        [FromQuery(Name = "cursor")] string? cursor,
        [FromQuery(Name = "limit")] int? limit) => EventRoutes.OfYear(
            http, http.RequestServices.GetRequiredService<LiveRegions>(), region, department, year, new(cursor, limit), http.RequestAborted);
}
