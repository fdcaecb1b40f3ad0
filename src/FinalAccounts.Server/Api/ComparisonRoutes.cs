using System.Text.Json;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Comparisons;
using FinalAccounts.Reporting.Fidelity;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>Where two documents differ. The left one is what is compared with, the right one the document of the path.</summary>
/// <param name="Kind">What the two documents are to each other.</param>
/// <param name="Left">The title of the left document.</param>
/// <param name="Right">The title of the right document.</param>
/// <param name="Figures">The figures whose exact or printed values differ, in the order of the right document.</param>
/// <param name="Texts">The texts that differ, in the same order.</param>
public sealed record ComparisonItem(
    ComparisonKind Kind, string Left, string Right, IReadOnlyList<FigureDifferenceItem> Figures, IReadOnlyList<TextDifferenceItem> Texts)
{
    /// <param name="causes">Most causes of each difference.</param>
    public static ComparisonItem Of(DocumentComparison comparison, Words words, int causes) => new(
        comparison.Kind,
        comparison.Left.Title,
        comparison.Right.Title,
        [.. comparison.Figures.Select(f => FigureDifferenceItem.Of(f, words, causes))],
        [.. comparison.Texts.Select(t => TextDifferenceItem.Of(t, words, causes))]);
}

/// <summary>A figure that is not the same on both sides.</summary>
/// <param name="Address">Its address, as on the right side if it is there.</param>
/// <param name="Name">What it is, in words.</param>
/// <param name="Left">Absent where the left side does not have it.</param>
/// <param name="Right">Absent where the right side does not have it.</param>
/// <param name="Difference">Right less left, for amounts that both sides know exactly.</param>
/// <param name="IsPrintedAlike">True when both sides print the same and only the exact values differ.</param>
/// <param name="CauseCount">Of two points in time, how many events made the difference; absent when causes were not asked for.</param>
/// <param name="Causes">The first of them, in the order of the log.</param>
/// <param name="Declared">Why it differs from what was published, as somebody has declared it.</param>
public sealed record FigureDifferenceItem(
    string Address,
    string Name,
    ComparedValue? Left,
    ComparedValue? Right,
    Amount? Difference,
    bool IsPrintedAlike,
    int? CauseCount,
    IReadOnlyList<CauseItem>? Causes,
    string? Declared)
{
    public static FigureDifferenceItem Of(FigureDifference difference, Words words, int causes) => new(
        difference.Address,
        difference.Name,
        ComparedValue.Of(difference.Left),
        ComparedValue.Of(difference.Right),
        difference.Difference is { } fen ? Amount.Of(fen) : null,
        difference.IsPrintedAlike,
        causes == 0 ? null : difference.Causes.Count,
        causes == 0 ? null : [.. difference.Causes.Take(causes).Select(c => CauseItem.Of(c, words))],
        difference.Declared);
}

/// <summary>A figure's value on one side.</summary>
/// <param name="Printed">Absent for a blank cell.</param>
/// <param name="Unit">As printed.</param>
/// <param name="Numerator">The exact value's numerator, as digits (fen for money); absent where it is known as printed only.</param>
/// <param name="Denominator">Its denominator, as digits.</param>
public sealed record ComparedValue(string? Printed, string Unit, string? Numerator, string? Denominator)
{
    public static ComparedValue? Of(FigureValue? value) => value is null ? null : new(
        value.Printed,
        value.Unit,
        value.Exact?.Numerator.ToString(System.Globalization.CultureInfo.InvariantCulture),
        value.Exact?.Denominator.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>A text that is not the same on both sides.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Kind">What sort of text it is.</param>
/// <param name="Left">Absent where the left side does not have it.</param>
/// <param name="Right">Absent where the right side does not have it.</param>
/// <param name="IsOwn">True when nothing differs but each document's own year or name.</param>
/// <param name="Sentences">The text sentence by sentence, with what was struck out and what was added.</param>
/// <param name="CauseCount">Of two points in time, how many events made the difference; absent when causes were not asked for.</param>
/// <param name="Causes">The first of them, in the order of the log.</param>
/// <param name="Declared">Why it differs from what was published, as somebody has declared it.</param>
public sealed record TextDifferenceItem(
    string Place,
    TextKind Kind,
    string? Left,
    string? Right,
    bool IsOwn,
    IReadOnlyList<SentenceItem> Sentences,
    int? CauseCount,
    IReadOnlyList<CauseItem>? Causes,
    string? Declared)
{
    public static TextDifferenceItem Of(TextDifference difference, Words words, int causes) => new(
        difference.Place,
        difference.Kind,
        difference.Left,
        difference.Right,
        difference.IsOwn,
        [.. difference.Sentences.Select(s => new SentenceItem([.. s.Runs.Select(r => new RunItem(r.Kind, r.Left, r.Right))]))],
        causes == 0 ? null : difference.Causes.Count,
        causes == 0 ? null : [.. difference.Causes.Take(causes).Select(c => CauseItem.Of(c, words))],
        difference.Declared);
}

/// <summary>A sentence of either side or both.</summary>
public sealed record SentenceItem(IReadOnlyList<RunItem> Runs);

/// <summary>A stretch of text.</summary>
/// <param name="Left">Empty when it was added.</param>
/// <param name="Right">Empty when it was struck out.</param>
public sealed record RunItem(RunKind Kind, string Left, string Right);

/// <summary>An event that made a difference.</summary>
/// <param name="Kind">What happened, in words.</param>
/// <param name="Number">Document or voucher number; absent when it has none.</param>
/// <param name="IsAdded">True for an event that only the right side has.</param>
/// <param name="Adds">What it adds to the difference, fen or a whole number; absent for a text and for a figure that is no plain sum.</param>
public sealed record CauseItem(long Position, LocalDate Date, string Type, string Kind, string? Number, bool IsAdded, long? Adds)
{
    public static CauseItem Of(Cause cause, Words words)
    {
        var said = EventWords.Of(cause.Recorded.Event, words);
        return new(
            cause.Recorded.Position,
            cause.Recorded.Event.Date,
            EventCodec.TypeOf(cause.Recorded.Event).Alias,
            said.Kind,
            said.Number is "" ? null : said.Number,
            cause.IsAdded,
            cause.Amount is { } amount ? checked((long)amount) : null);
    }
}

/// <summary>Comparisons of documents.</summary>
internal static class ComparisonRoutes
{
    /// <summary>Causes that are listed with each difference when nothing else is asked for.</summary>
    public const int DefaultCauses = 10;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(YearRoutes.Path + "/comparison", Comparison).Needs(Right.ReadBooks).Answering<ComparisonItem>();
        api.MapPost(YearRoutes.Path + "/comparison", Published).Needs(Right.ReadBooks).Accepts<JsonElement>("application/json")
            .WithMetadata(new RequestSizeLimitAttribute(ApiLimits.TranscriptionBytes)).Produces<ComparisonItem>().AnsweringProblems(413, 415);
    }

    /// <summary>
    /// The document against another: the same year as of another moment (<c>with=position:120</c>, <c>with=recorded:2025-03-01T00:00:00Z</c>,
    /// <c>with=date:2024-06-30</c>), as it was published (<c>with=published</c>), another year (<c>with=year:2023</c>) or another department
    /// (<c>with=department:117006</c>) of the same region.
    /// </summary>
    /// <param name="with">What it is compared with.</param>
    /// <param name="causes">Most causes that are listed with each difference: 0 to 1,000; 10 when absent.</param>
    internal static Task<IResult> Comparison(
        HttpContext http, Answers answers, Account account, [AsParameters] YearRequest request, string with, int causes = DefaultCauses,
        CancellationToken cancellationToken = default)
    {
        if (causes is < 0 or > ApiLimits.LargestPage)
        {
            throw ApiException.BadRequest("LimitOutside", ApiLimits.LargestPage);
        }

        var asked = request.Asked;
        var other = Other(asked, with, account);

        // The tag says what both sides depend on.
        return answers.JsonAsync(http, asked, $"comparison|{causes}|{other.Live.TagOf(other.Query)}", ApiJson.Own.ComparisonItem, async (reported, words) =>
        {
            var left = await other.ReportAsync(cancellationToken);
            return ComparisonItem.Of(Comparing.Compare(new(left.Document, left.Books), new(reported.Document, reported.Books)), words, causes);
        }, cancellationToken);
    }

    /// <summary>The document against one that was published elsewhere: its transcription (docs/fidelity.md) is the body and the left side.</summary>
    internal static async Task<IResult> Published(HttpContext http, [AsParameters] YearRequest request, CancellationToken cancellationToken)
    {
        Recordings.RequireJson(http.Request);
        var body = await Recordings.BodyAsync(http.Request, ApiLimits.TranscriptionBytes, cancellationToken);
        try
        {
            var published = Transcription.Read(body.ToArray());
            var reported = await request.Asked.ReportAsync(cancellationToken);
            var result = FidelityCheck.Compare(published, reported.Document, []);
            return TypedResults.Json(ComparisonItem.Of(PublishedComparison.Of(published, reported.Document, result), http.Words(), causes: 0), ApiJson.Own.ComparisonItem);
        }
        catch (TranscriptionException e)
        {
            throw ApiException.BadRequest("TranscriptionWrong", e.Message);
        }
    }

    /// <exception cref="ApiException">It is not written like that, or there is none that the asker may read.</exception>
    private static Asked Other(Asked asked, string with, Account account)
    {
        var query = asked.Query;
        var parts = with.Split(':', 2);
        return asked with
        {
            Query = (parts[0], parts.ElementAtOrDefault(1)) switch
            {
                ("position", { } text) => query with { AsOf = new(Position: Number(text, with)) },
                ("recorded", { } text) => query with { AsOf = new(RecordedAt: Moments.Instant(text)) },
                ("date", { } text) => query with { AsOf = new(Date: Moments.Date(text)) },
                ("published", null) => query with { AsOf = new(Position: asked.Overview.Published?.Seal.Position ?? throw ApiException.NotFound()) },
                ("year", { } text) => query with { Year = Route.Year(checked((int)Math.Min(Number(text, with), FiscalYear.Last + 1))) },
                ("department", { } text) => query with { Department = Readable(asked.Live, text, account) },
                _ => throw ApiException.BadRequest("WithWrong", with),
            },
        };
    }

    private static DepartmentCode Readable(LiveRegion live, string text, Account account)
    {
        var code = Route.Registered(live, text).Code;
        return account.CanRead(live.Region, code) ? code : throw ApiException.NotFound();
    }

    private static long Number(string text, string with) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw ApiException.BadRequest("WithWrong", with);
}
