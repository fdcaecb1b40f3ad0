using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Comparisons;
using FinalAccounts.Server.Access;
using NodaTime;
using NodaTime.Text;

namespace FinalAccounts.Server.Api;

/// <summary>An item, economic item or project against last year.</summary>
/// <param name="Key">The code or the project.</param>
/// <param name="Name">What a code is called.</param>
/// <param name="Value">This year.</param>
/// <param name="Prior">Last year; absent when it is not known, which is not zero.</param>
/// <param name="Difference">This year less last year; absent when last year is not known.</param>
/// <param name="RateBasisPoints">The difference as a share of last year in hundredths of a percent, rounded half-up; absent when last year is
/// zero or not known.</param>
public sealed record MoverItem(string Key, string Name, Amount Value, Amount? Prior, Amount? Difference, long? RateBasisPoints)
{
    public static MoverItem Of(Mover mover) => new(
        mover.Key,
        mover.Name,
        Amount.Of(mover.Value),
        mover.Prior is { } prior ? Amount.Of(prior) : null,
        mover.Difference is { } difference ? Amount.Of(difference) : null,
        BasisPoints.Of(mover.Rate));
}

/// <summary>When the figures of a year changed.</summary>
/// <param name="Days">The accounting dates at which a report as of a date reads differently.</param>
/// <param name="Recordings">What was recorded at one instant, at whose end a report as of a position reads differently.</param>
/// <param name="Months">By accounting month.</param>
/// <param name="Milestones">When the books were opened, submitted, closed, opened again and published, in the order of the log.</param>
public sealed record TimelineItem(
    IReadOnlyList<TimelineDayItem> Days,
    IReadOnlyList<TimelineRecordingItem> Recordings,
    IReadOnlyList<TimelineMonthItem> Months,
    IReadOnlyList<MilestoneItem> Milestones)
{
    public static TimelineItem Of(Timeline timeline, Words words) => new(
        [.. timeline.Days.Select(d => new TimelineDayItem(d.Date, d.Events, d.LastPosition, Amounts(d.Amounts)))],
        [.. timeline.Recordings.Select(r => new TimelineRecordingItem(r.RecordedAt, r.FirstPosition, r.LastPosition, r.Events, Amounts(r.Amounts)))],
        [.. timeline.Months.Select(m => new TimelineMonthItem(YearMonthPattern.Iso.Format(m.Month), m.Events, Amounts(m.Amounts)))],
        [.. timeline.Milestones.Select(m => new MilestoneItem(
            m.Position, m.RecordedAt, m.Event.Date, m.Actor, EventCodec.TypeOf(m.Event).Alias, EventWords.Of(m.Event, words).Kind))]);

    private static IReadOnlyList<MeasureItem> Amounts(IEnumerable<MeasureAmount> amounts) =>
        [.. amounts.Select(a => new MeasureItem(a.Measure.Term(), Amount.Of(a.Amount)))];
}

/// <summary>An accounting date at which something was booked or reported.</summary>
/// <param name="LastPosition">The last position of its events.</param>
public sealed record TimelineDayItem(LocalDate Date, int Events, long LastPosition, IReadOnlyList<MeasureItem> Amounts);

/// <summary>What was recorded at one instant: an import, or a single posting.</summary>
public sealed record TimelineRecordingItem(
    Instant RecordedAt, long FirstPosition, long LastPosition, int Events, IReadOnlyList<MeasureItem> Amounts);

/// <summary>An accounting month.</summary>
/// <param name="Month">As <c>2024-03</c>.</param>
public sealed record TimelineMonthItem(string Month, int Events, IReadOnlyList<MeasureItem> Amounts);

/// <summary>What was booked of a measure.</summary>
/// <param name="Measure">年初预算, 追加, 支出, …</param>
public sealed record MeasureItem(string Measure, Amount Amount);

/// <summary>A step of the year as a whole.</summary>
/// <param name="Kind">What happened, in words.</param>
public sealed record MilestoneItem(long Position, Instant RecordedAt, LocalDate Date, string Actor, string Type, string Kind);

/// <summary>How a year came about, and how it differs from the one before.</summary>
internal static class ChangeRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(YearRoutes.Path + "/movers", ListMovers).Needs(Right.ReadBooks).Answering<IReadOnlyList<MoverItem>>();
        api.MapGet(YearRoutes.Path + "/timeline", ShowTimeline).Needs(Right.ReadBooks).Answering<TimelineItem>();
    }

    /// <summary>What of the year's expenditure moved most against last year, the largest difference first.</summary>
    /// <param name="by">item, economic or project; item when absent.</param>
    /// <param name="address">Of this figure's value instead of all expenditure.</param>
    /// <param name="limit">Most movers: 1 to 1,000; 100 when absent.</param>
    internal static Task<IResult> ListMovers(
        HttpContext http, Answers answers, [AsParameters] YearRequest request, Choice<ChangeAspect>? by = null, string? address = null, int? limit = null,
        CancellationToken cancellationToken = default)
    {
        var aspect = by?.Value ?? ChangeAspect.Item;
        var count = new PageRequest(null, limit).Count;
        if (aspect == ChangeAspect.Event)
        {
            throw ApiException.BadRequest("AspectWrong");
        }

        return answers.JsonAsync(http, request.Asked, $"movers|{aspect}|{address}|{count}", ApiJson.Own.IReadOnlyListMoverItem, (reported, _) =>
        {
            var pack = ReportedYear.Pack(reported.Books.Current.Opened!);
            var sum = address is null
                ? Movers.Spending(pack)
                : FigureRoutes.Find(reported.Document, address).Query.Sums.FirstOrDefault() ?? throw ApiException.NotFound();
            return [.. Movers.Of(sum, aspect, reported.Books, pack, count).Select(MoverItem.Of)];
        }, cancellationToken);
    }

    /// <summary>When the figures of the year changed: by accounting date, by recording, by month, and the steps of the year as a whole.</summary>
    internal static Task<IResult> ShowTimeline(HttpContext http, Answers answers, [AsParameters] YearRequest request, CancellationToken cancellationToken) =>
        answers.JsonAsync(
            http, request.Asked, "timeline", ApiJson.Own.TimelineItem, (reported, words) => TimelineItem.Of(Timeline.Of(reported.Books.Current), words),
            cancellationToken);
}
