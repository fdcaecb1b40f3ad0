using System.Text.Json;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>An event of the log.</summary>
/// <param name="Position">Its place in the region's log, from 1.</param>
/// <param name="Stream">The stream that it belongs to.</param>
/// <param name="Version">Its place in the stream, from 1.</param>
/// <param name="Type">The alias of its type (docs/events.md).</param>
/// <param name="Kind">What happened, in words.</param>
/// <param name="RecordedAt">When the log took it.</param>
/// <param name="Date">The accounting date.</param>
/// <param name="Actor">Who recorded it.</param>
/// <param name="CommandId">The command that it came from.</param>
/// <param name="Number">Document or voucher number; absent when it has none.</param>
/// <param name="Text">Purpose, summary or subject; absent when it has none.</param>
/// <param name="Amount">The money that it is about; absent when it is about none.</param>
/// <param name="Hash">SHA-256 over the predecessor's hash and this event, 64 hexadecimal digits.</param>
/// <param name="Body">The event itself; amounts in it are fen.</param>
public sealed record EventItem(
    long Position,
    string Stream,
    long Version,
    string Type,
    string Kind,
    Instant RecordedAt,
    LocalDate Date,
    string Actor,
    Guid CommandId,
    string? Number,
    string? Text,
    Amount? Amount,
    string Hash,
    JsonElement Body)
{
    /// <exception cref="LogDamagedException">The body is not what this program or an earlier one wrote.</exception>
    public static EventItem Of(StoredEvent stored, Words words)
    {
        var said = EventWords.Of(RegionLog.Decode(stored).Event, words);
        return new(
            stored.Position,
            stored.Stream,
            stored.Version,
            stored.Type,
            said.Kind,
            stored.RecordedAt,
            stored.AccountingDate,
            stored.Actor,
            stored.CommandId,
            said.Number is "" ? null : said.Number,
            said.Text is "" ? null : said.Text,
            said.Amount is { } amount ? Api.Amount.Of(amount) : null,
            Convert.ToHexStringLower(stored.Hash),
            JsonElement.Parse(stored.Body));
    }
}

/// <summary>An event, and what hangs on it.</summary>
/// <param name="Reverses">The position of the posting that it reverses; absent when it reverses none.</param>
/// <param name="ReversedBy">The positions of the reversals of it, in order.</param>
/// <param name="Figures">Where the figures stand that it touches.</param>
public sealed record EventDetail(EventItem Event, long? Reverses, IReadOnlyList<long> ReversedBy, string Figures);

/// <summary>The events of the log.</summary>
internal static class EventRoutes
{
    public const string Lines = "application/x-ndjson";
    public const string YearPath = YearRoutes.Path + "/events";

    // What a page may look at: who may read little of a long log gets pages that are not full, and their cursor.
    private const int LooksPerItem = 20;

    public static void MapYear(RouteGroupBuilder api) => api.MapGet(YearPath, OfYear).ListingEvents();

    public static void MapOthers(RouteGroupBuilder api)
    {
        api.MapGet("/regions/{region}/events", OfRegion).ListingEvents();
        api.MapGet("/regions/{region}/departments/{department}/events", OfDepartment).ListingEvents();
        api.MapGet(YearPath + "/{position:long}", Event).Needs(Right.ReadBooks).Produces<EventDetail>().AnsweringProblems();
    }

    /// <summary>What a route that lists events needs and answers.</summary>
    public static RouteHandlerBuilder ListingEvents(this RouteHandlerBuilder route) =>
        route.Needs(Right.ReadBooks).Produces<Page<EventItem>>(StatusCodes.Status200OK, "application/json", Lines).AnsweringProblems();

    /// <summary>The events of a region that the asker may read, by position; as lines of JSON (NDJSON) when Accept says so.</summary>
    internal static IResult OfRegion(
        HttpContext http, LiveRegions regions, Account account, string region, [AsParameters] PageRequest page, CancellationToken cancellationToken)
    {
        var live = Route.Region(regions, region);
        var from = page.From("");
        return Answer(
            http,
            live.Log.ReadAllAsync(from, cancellationToken),
            e => account.CanRead(live.Region, Streams.DepartmentOf(e.Stream)),
            page,
            from,
            e => e.Position);
    }

    /// <summary>The events of a department's master data: registration and profile.</summary>
    internal static IResult OfDepartment(
        HttpContext http, LiveRegions regions, string region, string department, [AsParameters] PageRequest page, CancellationToken cancellationToken)
    {
        var live = Route.Region(regions, region);
        var from = page.From("");
        var stream = Streams.Department(Route.Registered(live, department).Code);
        return Answer(http, live.Log.Events.ReadStreamAsync(stream, from + 1, cancellationToken), _ => true, page, from, e => e.Version);
    }

    /// <summary>The events of a department's year, in order; as lines of JSON (NDJSON) when Accept says so.</summary>
    internal static IResult OfYear(
        HttpContext http, LiveRegions regions, string region, string department, int year, [AsParameters] PageRequest page, CancellationToken cancellationToken)
    {
        var live = Route.Region(regions, region);
        var from = page.From("");
        var found = Route.Recorded(live, department, year);
        return Answer(
            http,
            live.Log.Events.ReadStreamAsync(Streams.Year(found.Department, found.Year), from + 1, cancellationToken),
            _ => true,
            page,
            from,
            e => e.Version);
    }

    /// <summary>An event of a department's year, with its reversals.</summary>
    internal static async Task<IResult> Event(
        HttpContext http, LiveRegions regions, string region, string department, int year, long position, CancellationToken cancellationToken)
    {
        var live = Route.Region(regions, region);
        var found = Route.Recorded(live, department, year);
        var stored = await live.Log.FindEventAsync(position, cancellationToken);
        if (stored?.Stream != Streams.Year(found.Department, found.Year))
        {
            throw ApiException.NotFound();
        }

        var books = await live.ReadAsync(found.Department, found.Year, AsOf.Now, live.Head, cancellationToken);
        return TypedResults.Ok(new EventDetail(
            EventItem.Of(stored, http.Words()),
            Reverses(stored, books),
            ReversedBy(stored, books),
            FormattableString.Invariant($"{http.Request.Path}/figures")));
    }

    private static long? Reverses(StoredEvent stored, YearBooks books) => RegionLog.Decode(stored).Event is ExpenditureReversed reversal
        ? books.Events.FirstOrDefault(e => e.Event is ExpenditurePosted posted && posted.Voucher == reversal.Reversed)?.Position
        : null;

    private static IReadOnlyList<long> ReversedBy(StoredEvent stored, YearBooks books) => RegionLog.Decode(stored).Event is ExpenditurePosted posted
        ? [.. books.Events.Where(e => e.Event is ExpenditureReversed reversal && reversal.Reversed == posted.Voucher).Select(e => e.Position)]
        : [];

    private static IResult Answer(
        HttpContext http, IAsyncEnumerable<StoredEvent> events, Func<StoredEvent, bool> mayRead, PageRequest page, long from, Func<StoredEvent, long> place)
    {
        http.Response.Headers.Vary = "Accept, Accept-Language";
        http.Response.Headers.CacheControl = "private, no-cache";
        var words = http.Words();
        return http.Request.Headers.Accept.Any(a => a?.Contains(Lines, StringComparison.OrdinalIgnoreCase) == true)
            ? new NdjsonResult<EventItem>(events.Where(mayRead).Select(e => EventItem.Of(e, words)), page.Limit, ApiJson.Own.EventItem)
            : new EventPage(events, mayRead, page.Count, from, place, words);
    }

    /// <summary>A page of events as it is read.</summary>
    private sealed class EventPage(
        IAsyncEnumerable<StoredEvent> events, Func<StoredEvent, bool> mayRead, int count, long from, Func<StoredEvent, long> place, Words words) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            List<EventItem> items = [];
            var (next, looked, more) = (from, 0, false);
            await foreach (var stored in events)
            {
                if (items.Count == count || ++looked > (long)count * LooksPerItem)
                {
                    more = true;
                    break;
                }

                next = place(stored);
                if (mayRead(stored))
                {
                    items.Add(EventItem.Of(stored, words));
                }
            }

            var page = new Page<EventItem>(items, more ? PageRequest.CursorAt(next, "") : null, null);
            await httpContext.Response.WriteAsJsonAsync(page, ApiJson.Own.PageEventItem, null, httpContext.RequestAborted);
        }
    }
}
