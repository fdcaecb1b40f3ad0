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
    public static void Map(RouteGroupBuilder api)
    {
        // A written reason is a resource of its own.
        foreach (var type in CommandCodec.Types.Where(t => !t.IsOfDepartment))
        {
            var path = type.ClrType == typeof(WriteExplanation) ? "/explanations" : $"/commands/{type.Name}";
            api.MapPost(YearRoutes.Path + path, Record(type)).Needs(Right.Record).Recording().Accepts(type.ClrType, "application/json").WithSummary(type.Name);
        }

        api.MapGet(YearRoutes.Path + "/explanations", Explanations).Needs(Right.ReadBooks).Answering<IReadOnlyList<ExplanationItem>>();
    }

    private static Delegate Record(CommandType type) =>
        (HttpContext http, LiveRegions regions, Account account, string region, string department, int year, CancellationToken cancellationToken) =>
            RecordAsync(http, regions, account, (region, department, year), request => ReadAsync(request, type, cancellationToken), cancellationToken);

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
