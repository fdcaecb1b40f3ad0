using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>A step of a year as a whole.</summary>
/// <param name="Date">Its accounting date; today in Beijing when absent.</param>
public sealed record YearStep(LocalDate? Date = null);

/// <summary>Opening a closed year again.</summary>
/// <param name="Reason">Why it has to be.</param>
/// <param name="Authority">Who allowed it: the bureau and the number of its document.</param>
/// <param name="Date">Its accounting date; today in Beijing when absent.</param>
public sealed record ReopenStep(string Reason, string Authority, LocalDate? Date = null);

/// <summary>What is done with a year as a whole: submit, close, reopen, publish.</summary>
internal static class StepRoutes
{
    public const string SubmitPath = YearRoutes.Path + "/submit";
    public const string ClosePath = YearRoutes.Path + "/close";
    public const string ReopenPath = YearRoutes.Path + "/reopen";
    public const string PublishPath = YearRoutes.Path + "/publish";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost(SubmitPath, Submit).Stepping<YearStep>(Right.Submit);
        api.MapPost(ClosePath, Close).Stepping<YearStep>(Right.Close);
        api.MapPost(ReopenPath, Reopen).Stepping<ReopenStep>(Right.Reopen);
        api.MapPost(PublishPath, Publish).Stepping<YearStep>(Right.Publish);
    }

    /// <summary>What the route of a step needs and answers.</summary>
    public static RouteHandlerBuilder Stepping<TStep>(this RouteHandlerBuilder route, Right right)
        where TStep : notnull => route.Needs(right).Recording().Accepts<TStep>("application/json");

    /// <summary>Submits the final accounts to the bureau (报送).</summary>
    internal static async Task<IResult> Submit(
        HttpContext http, LiveRegions regions, Account account, IClock clock, string region, string department, int year, CancellationToken cancellationToken)
    {
        var (live, found, fiscalYear) = Place(regions, region, department, year);
        var step = await Recordings.JsonAsync(http.Request, ApiJson.Own.YearStep, cancellationToken);
        var (result, _) = await YearEnd.SubmitAsync(live.Log, Recordings.Of(http, account), found, fiscalYear, step.Date ?? Today(clock), cancellationToken);
        return await Recordings.AnswerAsync(http, live, result, [], cancellationToken);
    }

    /// <summary>Closes the year (年终结账), sealed with the head of the log.</summary>
    internal static async Task<IResult> Close(
        HttpContext http, LiveRegions regions, Account account, IClock clock, string region, string department, int year, CancellationToken cancellationToken)
    {
        var (live, found, fiscalYear) = Place(regions, region, department, year);
        var step = await Recordings.JsonAsync(http.Request, ApiJson.Own.YearStep, cancellationToken);
        var (result, _) = await YearEnd.CloseAsync(live.Log, Recordings.Of(http, account), found, fiscalYear, step.Date ?? Today(clock), cancellationToken);
        return await Recordings.AnswerAsync(http, live, result, [], cancellationToken);
    }

    /// <summary>Opens a closed year again (反结账).</summary>
    internal static Task<IResult> Reopen(
        HttpContext http, LiveRegions regions, Account account, IClock clock, string region, string department, int year, CancellationToken cancellationToken) =>
        CommandRoutes.RecordAsync(
            http,
            regions,
            account,
            (region, department, year),
            async request =>
            {
                var step = await Recordings.JsonAsync(request, ApiJson.Own.ReopenStep, cancellationToken);
                return new ReopenYear(step.Date ?? Today(clock), step.Reason, step.Authority);
            },
            cancellationToken);

    /// <summary>Publishes the disclosure of a closed year (公开). A document with errors or gaps is refused.</summary>
    internal static async Task<IResult> Publish(
        HttpContext http, LiveRegions regions, Account account, IClock clock, string region, string department, int year, CancellationToken cancellationToken)
    {
        var (live, found, fiscalYear) = Place(regions, region, department, year);
        var step = await Recordings.JsonAsync(http.Request, ApiJson.Own.YearStep, cancellationToken);
        var recording = Recordings.Of(http, account);
        if (recording.CommandId is { } given && await live.Log.Events.FindCommandAsync(given, cancellationToken) is { } answered)
        {
            return await AgainAsync(http, live, answered, Streams.Year(found.Code, fiscalYear), given, cancellationToken);
        }

        // As of now, not as of what the server has seen: what is published is what stands there.
        var reported = await ReportedYear.BuildAsync(live.Log, department, fiscalYear, AsOf.Now, cancellationToken);
        var position = await Publishing.PublishAsync(live.Log, reported, recording, step.Date ?? Today(clock), cancellationToken);
        return await Recordings.AnswerAsync(http, live, new(position, position, Repeated: false), [], cancellationToken);
    }

    /// <summary>A publication that is sent again gets the first answer; the document may have changed since.</summary>
    private static async Task<IResult> AgainAsync(
        HttpContext http, LiveRegion live, AppendResult answered, string stream, Guid commandId, CancellationToken cancellationToken)
    {
        var stored = await live.Log.FindEventAsync(answered.FirstPosition, cancellationToken);
        return stored is not null && stored.Stream == stream && RegionLog.Decode(stored).Event is DisclosurePublished
            ? await Recordings.AnswerAsync(http, live, answered, [], cancellationToken)
            : throw new CommandIdReusedException(commandId);
    }

    private static (LiveRegion Live, Department Department, FiscalYear Year) Place(LiveRegions regions, string region, string department, int year)
    {
        var live = Route.Region(regions, region);
        return (live, Route.Registered(live, department), Route.Year(year));
    }

    /// <summary>Today where the books are kept.</summary>
    private static LocalDate Today(IClock clock) => clock.GetCurrentInstant().InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date;
}
