using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;

namespace FinalAccounts.Server.Api;

/// <summary>A written explanation, or one that the document asks for.</summary>
/// <param name="Subject">What it explains, in the words of the form pack: <c>收入总计/比上年</c>.</param>
/// <param name="Text">The reason as it goes into the sentence; absent while nobody has written one.</param>
/// <param name="Author">The office or post that wrote it.</param>
/// <param name="Date">Its accounting date.</param>
/// <param name="IsMissing">True when the document asks for it and nobody has written it; the document then shows a draft or a blank.</param>
public sealed record ExplanationItem(string Subject, string? Text, string? Author, string? Date, bool IsMissing);

/// <summary>Single records of a department's year.</summary>
internal static class CommandRoutes
{
    private const string Reasons = "/explanations";

    public static void Map(RouteGroupBuilder api)
    {
        foreach (var type in Types)
        {
            api.MapPost(PathOf(type), Record(type)).Recording(type);
        }
    }

    public static void MapReading(RouteGroupBuilder api) =>
        api.MapGet(YearRoutes.Path + Reasons, Explanations).Needs(Right.ReadBooks).Answering<IReadOnlyList<ExplanationItem>>();

    /// <summary>The commands that have a route.</summary>
    public static IEnumerable<CommandType> Types => CommandCodec.Types.Where(t => !t.IsOfDepartment);

    /// <summary>Where a command is sent to. A written reason is a resource of its own.</summary>
    public static string PathOf(CommandType type) =>
        YearRoutes.Path + (type.ClrType == typeof(WriteExplanation) ? Reasons : $"/commands/{type.Name}");

    /// <summary>What the route of a command needs and answers.</summary>
    public static RouteHandlerBuilder Recording(this RouteHandlerBuilder route, CommandType type) =>
        route.Needs(Right.Record).Recording().Accepts(type.ClrType, "application/json").WithSummary(type.Name);

    /// <summary>The function that answers the route of a command.</summary>
    public static Delegate Record(CommandType type) =>
        (HttpContext http, LiveRegions regions, Account account, string region, string department, int year, CancellationToken cancellationToken) =>
            RecordAsync(http, regions, account, (region, department, year), type, cancellationToken);

    /// <summary>Decides on the command in the request's body and records what it yields.</summary>
    public static Task<IResult> RecordAsync(
        HttpContext http,
        LiveRegions regions,
        Account account,
        (string Region, string Department, int Year) path,
        CommandType type,
        CancellationToken cancellationToken) =>
        RecordAsync(http, regions, account, path, request => ReadAsync(request, type, cancellationToken), cancellationToken);

    /// <summary>Decides on a command and records what it yields.</summary>
    public static async Task<IResult> RecordAsync(
        HttpContext http,
        LiveRegions regions,
        Account account,
        (string Region, string Department, int Year) path,
        Func<HttpRequest, Task<YearCommand>> read,
        CancellationToken cancellationToken)
    {
        var live = Route.Region(regions, path.Region);
        var department = Route.Registered(live, path.Department);
        var year = Route.Year(path.Year);
        var recording = Recordings.Of(http, account);
        var command = await read(http.Request);
        if (command is OpenFiscalYear open)
        {
            Check(open, department, year);
        }

        await account.CheckMembersAsync(live, department.Code, year, [command], cancellationToken);
        var (result, decision) = await live.Log.DecideAsync(recording, department, year, _ => Task.FromResult(command), cancellationToken);
        return await Recordings.AnswerAsync(http, live, result, [.. decision.Warnings.Select(Problems.Of)], cancellationToken);
    }

    private static async Task<YearCommand> ReadAsync(HttpRequest request, CommandType type, CancellationToken cancellationToken)
    {
        Recordings.RequireJson(request);
        var body = await Recordings.BodyAsync(request, ApiLimits.CommandBytes, cancellationToken);
        return (YearCommand)CommandCodec.Decode(type, body.Span);
    }

    /// <summary>A year is opened for the department and the year that the path names.</summary>
    private static void Check(OpenFiscalYear open, Department department, FiscalYear year)
    {
        if (open.Department != department.Code || open.Year != year)
        {
            throw ApiException.BadRequest("PathDiffers");
        }

        if (!FormPack.Names.Contains(open.FormPack))
        {
            throw new RegionException(RegionProblem.FormPackMissing, open.FormPack, string.Join(", ", FormPack.Names));
        }
    }

    /// <summary>The explanations that were written, and those that the document asks for and nobody has written.</summary>
    internal static Task<IResult> Explanations(HttpContext http, Answers answers, [AsParameters] YearRequest request, CancellationToken cancellationToken) =>
        answers.JsonAsync(
            http, request.Asked, "explanations", ApiJson.Own.IReadOnlyListExplanationItem, (reported, _) => List(reported), cancellationToken);

    private static IReadOnlyList<ExplanationItem> List(ReportedYear reported) =>
    [
        .. reported.Books.Current.Explanations.Select(e =>
            new ExplanationItem(e.Subject, e.Text, e.Author, NodaTime.Text.LocalDatePattern.Iso.Format(e.Date), IsMissing: false)),
        .. reported.Document.Missing.Where(m => m.Kind == MissingKind.Explanation).Select(m => m.Name).Distinct()
            .Select(subject => new ExplanationItem(subject, null, null, null, IsMissing: true)),
    ];
}
