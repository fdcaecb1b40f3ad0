using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Server.Api;
using FinalAccounts.Server.Books;
using FinalAccounts.Server.Jobs;

namespace FinalAccounts.Server.Imports;

/// <summary>
/// Records uploads in jobs. One that a stop of the server has cut off is taken up at the next start under the same id: what it
/// records follows from what it reads, so it is recorded once.
/// </summary>
public sealed partial class ImportJobs(UploadStore store, JobRegistry jobs, LiveRegions regions, ILogger<ImportJobs> logger) : BackgroundService
{
    /// <summary>How often a job is taken up again, in case that it is the job which ends the server.</summary>
    public const int Attempts = 3;

    /// <summary>Records an upload in a job.</summary>
    /// <param name="books">What the upload says; null to read it in the job.</param>
    /// <exception cref="TooManyJobsException">There are as many as may be.</exception>
    public Job Start(LiveRegion live, StoredUpload upload, Import.Books? books, Guid id)
    {
        // Noted before it runs: what is noted is finished, whatever happens.
        var noted = upload with { Job = id };
        store.Write(noted);
        try
        {
            return Start(live, noted, books, isPromised: false);
        }
        catch (TooManyJobsException)
        {
            store.Write(upload);
            throw;
        }
    }

    /// <summary>Records books, and waits until the server has seen it itself.</summary>
    /// <exception cref="ImportRefusedException">A rule of the ledger refuses an entry; nothing was stored.</exception>
    public static async Task<ImportResult> RecordAsync(
        LiveRegion live, Import.Books books, string actor, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var imported = await Importing.ImportAsync(live.Log, actor, books, cancellationToken, progress);
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
            [.. imported.Warnings.Listed.Select(Problems.Of)],
            null);
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Here, because the server listens when this has ended: an upload that is being taken has no note yet either.
        store.Tidy();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await regions.WhenReadyAsync(stoppingToken);
        foreach (var upload in store.All().Where(u => u.Job is not null))
        {
            if (upload.Attempts >= Attempts || regions.Find(new RegionCode(upload.Region)) is not { } live)
            {
                GivenUp(upload.Id, upload.Attempts);
                store.Remove(upload);
                continue;
            }

            TakenUp(upload.Id, upload.Job!.Value);
            var again = upload with { Attempts = upload.Attempts + 1 };
            store.Write(again);
            Start(live, again, books: null, isPromised: true);
        }
    }

    private Job Start(LiveRegion live, StoredUpload noted, Import.Books? books, bool isPromised) => jobs.Start(
        live.Region, noted.Actor, "import", (progress, cancelled) => RunAsync(live, noted, books, progress, cancelled), noted.Job, isPromised);

    private async Task<object> RunAsync(
        LiveRegion live, StoredUpload upload, Import.Books? books, JobProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            var result = await RecordAsync(live, books ?? store.Read(upload, progress), upload.Actor, progress, cancellationToken);
            store.Remove(upload);
            return result;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            store.Remove(upload);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Upload {Upload} is recorded by job {Job}, which the server's stop has cut off")]
    private partial void TakenUp(Guid upload, Guid job);

    [LoggerMessage(LogLevel.Error, "Upload {Upload} is given up after {Attempts} attempts")]
    private partial void GivenUp(Guid upload, int attempts);
}
