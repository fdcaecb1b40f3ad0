using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using FinalAccounts.Server.Imports;
using FinalAccounts.Server.Jobs;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>What an import did, or would do.</summary>
/// <param name="IsDryRun">True when nothing was recorded.</param>
/// <param name="NewEvents">Events that were appended, or would be.</param>
/// <param name="Recorded">Entries that the log held already.</param>
/// <param name="Position">Where the log stands after it; absent when nothing was new or nothing was recorded.</param>
/// <param name="Version">The version of the year's stream after it; absent when nothing was recorded.</param>
/// <param name="Missing">Lists that the import does not have: nothing is said about their matter.</param>
/// <param name="Warnings">What the rules allow but somebody should look at, with its place.</param>
/// <param name="Changes">Of a dry run: what would change in the document of the year; absent when there is none yet, before or after.</param>
public sealed record ImportResult(
    bool IsDryRun,
    int NewEvents,
    int Recorded,
    long? Position,
    long? Version,
    IReadOnlyList<string> Missing,
    IReadOnlyList<ApiError> Warnings,
    ComparisonItem? Changes);

/// <summary>Imports of a department's lists.</summary>
internal static class ImportRoutes
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost(YearRoutes.Path + "/imports", Import).Needs(Right.Record)
            .WithMetadata(new RequestSizeLimitAttribute(UploadLimits.Bytes))
            .Accepts<IFormFileCollection>("multipart/form-data", EventRoutes.Lines)
            .Produces<ImportResult>()
            .Produces<ImportResult>(StatusCodes.Status201Created)
            .Produces<JobItem>(StatusCodes.Status202Accepted)
            .AnsweringProblems(409, 413, 415, 422);

    /// <summary>
    /// Imports a department's lists: a workbook, a .zip or the lists as files of a form (multipart/form-data), or commands as lines of JSON
    /// (application/x-ndjson). All or nothing; entries that the log holds already are left out, so that an import may be sent again.
    /// With <c>Prefer: respond-async</c> the answer comes at once and says where to follow it.
    /// </summary>
    /// <param name="dryRun">True to check and to see what would change; nothing is recorded.</param>
    internal static async Task<IResult> Import(
        HttpContext http, LiveRegions regions, Account account, IClock clock, JobRegistry jobs, string region, string department, int year,
        bool dryRun = false, CancellationToken cancellationToken = default)
    {
        var live = Route.Region(regions, region);
        var books = await ReadAsync(http.Request, live.Region, Route.Department(department), Route.Year(year), cancellationToken);
        await account.CheckMembersAsync(live, books.DepartmentCode, books.FiscalYear, books.Year.Select(e => e.Command), cancellationToken);
        if (dryRun)
        {
            return TypedResults.Json(await PlanAsync(live, books, account.Actor, clock, http.Words(), cancellationToken), ApiJson.Own.ImportResult);
        }

        if (http.Request.Headers["Prefer"].Any(p => p?.Contains("respond-async", StringComparison.OrdinalIgnoreCase) == true))
        {
            return JobRoutes.Started(http, jobs.Start(
                live.Region, account.Actor, "import", async (_, cancelled) => await RecordAsync(live, books, account.Actor, cancelled)));
        }

        var result = await RecordAsync(live, books, account.Actor, cancellationToken);
        return TypedResults.Json(
            result, ApiJson.Own.ImportResult, statusCode: result.NewEvents == 0 ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private static async Task<Import.Books> ReadAsync(
        HttpRequest request, RegionCode region, DepartmentCode department, FiscalYear year, CancellationToken cancellationToken)
    {
        if (request.ContentType?.StartsWith(EventRoutes.Lines, StringComparison.OrdinalIgnoreCase) == true)
        {
            return UploadedBooks.ReadLines(
                await Recordings.BodyAsync(request, ImportLimits.FileBytes, cancellationToken), region, department, year);
        }

        if (!request.HasFormContentType)
        {
            throw new BadHttpRequestException("It is no form.", StatusCodes.Status415UnsupportedMediaType);
        }

        var options = new FormOptions { MultipartBodyLengthLimit = UploadLimits.Bytes, ValueCountLimit = UploadLimits.Files, KeyLengthLimit = UploadLimits.NameCharacters };
        try
        {
            var form = await request.ReadFormAsync(options, cancellationToken);
            return await UploadedBooks.ReadAsync(
                [.. form.Files.Select(f => new UploadedFile(f.FileName, f.Length, f.OpenReadStream))], region, department, year, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw ApiException.BadRequest("FormWrong", UploadLimits.Files, UploadLimits.Bytes >> 20);
        }
    }

    private static async Task<ImportResult> RecordAsync(LiveRegion live, Import.Books books, string actor, CancellationToken cancellationToken)
    {
        var imported = await Importing.ImportAsync(live.Log, actor, books, cancellationToken);
        if (imported.Position is { } position)
        {
            await live.WaitForAsync(position, cancellationToken);
        }

        return new(
            IsDryRun: false,
            imported.NewEvents,
            imported.Recorded,
            imported.Position,
            live.Year(books.DepartmentCode, books.FiscalYear)?.Version,
            books.Missing,
            [.. imported.Warnings.Select(Problems.Of)],
            null);
    }

    private static async Task<ImportResult> PlanAsync(
        LiveRegion live, Import.Books books, string actor, IClock clock, Words words, CancellationToken cancellationToken)
    {
        var plan = await Importing.PlanAsync(live.Log, books, cancellationToken);
        return new(
            IsDryRun: true,
            plan.NewEvents,
            plan.Recorded,
            null,
            null,
            books.Missing,
            [.. plan.Warnings.Select(Problems.Of)],
            await ImportPreview.ChangesAsync(live, books, plan, actor, clock.GetCurrentInstant(), cancellationToken) is { } changes
                ? ComparisonItem.Of(changes, words, causes: 0)
                : null);
    }
}
