using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using FinalAccounts.Server.Imports;
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
/// <param name="Changes">Of a dry run: what would change in the document of the year; absent when there is none yet, before or after, and when there are
/// more new events than can be compared.</param>
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
        HttpContext http, LiveRegions regions, Account account, IClock clock, UploadStore store, ImportJobs jobs, string region, string department, int year,
        bool dryRun = false, CancellationToken cancellationToken = default)
    {
        var live = Route.Region(regions, region);
        var upload = await TakeAsync(http.Request, store, live.Region, Route.Department(department), Route.Year(year), account.Actor, cancellationToken);
        var isKept = false;
        try
        {
            var books = store.Read(upload);
            await account.CheckMembersAsync(live, books.DepartmentCode, books.FiscalYear, books.Year.Others.Select(e => e.Command), cancellationToken);
            if (dryRun)
            {
                return TypedResults.Json(await PlanAsync(live, books, account.Actor, clock, http.Words(), cancellationToken), ApiJson.Own.ImportResult);
            }

            if (http.Request.Headers["Prefer"].Any(p => p?.Contains("respond-async", StringComparison.OrdinalIgnoreCase) == true))
            {
                var job = jobs.Start(live, upload, books, Guid.CreateVersion7());
                isKept = true;
                return JobRoutes.Started(http, job);
            }

            var result = await ImportJobs.RecordAsync(live, books, account.Actor, null, cancellationToken);
            return TypedResults.Json(
                result, ApiJson.Own.ImportResult, statusCode: result.NewEvents == 0 ? StatusCodes.Status200OK : StatusCodes.Status201Created);
        }
        finally
        {
            if (!isKept)
            {
                store.Remove(upload);
            }
        }
    }

    private static async Task<StoredUpload> TakeAsync(
        HttpRequest request, UploadStore store, RegionCode region, DepartmentCode department, FiscalYear year, string actor, CancellationToken cancellationToken)
    {
        if (request.ContentType?.StartsWith(EventRoutes.Lines, StringComparison.OrdinalIgnoreCase) == true)
        {
            var lines = await Recordings.BodyAsync(request, ImportLimits.FileBytes, cancellationToken);
            return await store.TakeAsync(
                [new(CommandLines.FileName, lines.Length, () => new MemoryStream(lines.ToArray()))], region, department, year, actor, cancellationToken);
        }

        if (!request.HasFormContentType)
        {
            throw new BadHttpRequestException("It is no form.", StatusCodes.Status415UnsupportedMediaType);
        }

        var options = new FormOptions { MultipartBodyLengthLimit = UploadLimits.Bytes, ValueCountLimit = UploadLimits.Files, KeyLengthLimit = UploadLimits.NameCharacters };
        try
        {
            var form = await request.ReadFormAsync(options, cancellationToken);
            return await store.TakeAsync(
                [.. form.Files.Select(f => new UploadedFile(f.FileName, f.Length, f.OpenReadStream))], region, department, year, actor, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw ApiException.BadRequest("FormWrong", UploadLimits.Files, UploadLimits.Bytes >> 20);
        }
    }

    private static async Task<ImportResult> PlanAsync(
        LiveRegion live, Import.Books books, string actor, IClock clock, Words words, CancellationToken cancellationToken)
    {
        using var plan = await Importing.PlanAsync(live.Log, books, cancellationToken);
        return new(
            IsDryRun: true,
            plan.NewEvents,
            plan.Recorded,
            null,
            null,
            books.Missing,
            [.. plan.Warnings.Listed.Select(Problems.Of)],
            plan.NewEvents <= UploadLimits.PreviewedEvents
                && await ImportPreview.ChangesAsync(live, books, plan, actor, clock.GetCurrentInstant(), cancellationToken) is { } changes
                ? ComparisonItem.Of(changes, words, causes: 0)
                : null);
    }
}
