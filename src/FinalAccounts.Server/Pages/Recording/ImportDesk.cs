using System.Collections.Concurrent;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Server.Books;
using FinalAccounts.Server.Imports;

namespace FinalAccounts.Server.Pages.Recording;

/// <summary>An upload that waits to be confirmed, is being recorded, or was refused.</summary>
/// <param name="Books">What the lists say; null when they have errors, and when the upload is only to be recorded yet.</param>
/// <param name="Errors">None when the lists can be read.</param>
/// <param name="Rows">The rows that the errors are about, by file and line.</param>
public sealed record Upload(
    StoredUpload Stored, Import.Books? Books, ImportErrors? Errors, IReadOnlyDictionary<(string File, int Line), SourceRow> Rows)
{
    public Guid Id => Stored.Id;

    /// <summary>The job that records it; null until it is confirmed.</summary>
    public Guid? Job => Stored.Job;

    public bool IsOf(RegionCode region, DepartmentCode department, FiscalYear year) =>
        Stored.Region == region.ToString() && Stored.Department == department.ToString() && Stored.Year == year.Value;
}

/// <summary>
/// Uploads between the first look at them and their confirmation. What was found in them is at hand as long as the server runs; after a restart
/// they are looked at again.
/// </summary>
public sealed class ImportDesk(UploadStore store)
{
    private static readonly IReadOnlyDictionary<(string File, int Line), SourceRow> NoRows = new Dictionary<(string, int), SourceRow>();

    private readonly ConcurrentDictionary<Guid, Upload> uploads = [];

    /// <summary>Looks at an upload: what is wrong with its lists, and what the rules of the ledger refuse.</summary>
    /// <param name="check">What else must hold of the books.</param>
    /// <exception cref="UploadException">It is of another department or year; it is forgotten.</exception>
    public async Task<Upload> CheckAsync(LiveRegion live, StoredUpload stored, Func<Import.Books, Task> check, CancellationToken cancellationToken)
    {
        Upload upload;
        try
        {
            var books = await Task.Run(() => store.Read(stored), cancellationToken);
            await check(books);

            // What the rules of the ledger refuse is to be seen with the rest, before anything is confirmed.
            using var plan = await Importing.PlanAsync(live.Log, books, cancellationToken);
            upload = new(stored, books, null, NoRows);
        }
        catch (ImportRefusedException e)
        {
            upload = new(stored, null, e.Errors, SourceRows.Find(store.Files(stored), e.Errors.Listed));
        }
        catch
        {
            store.Remove(stored);
            throw;
        }

        Put(upload);
        return upload;
    }

    /// <summary>An upload that was looked at since the server started, or one that waits since before.</summary>
    /// <returns>Null when there is none, it is forgotten, or somebody else's.</returns>
    public async Task<Upload?> FindAsync(LiveRegion live, string id, string actor, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var key))
        {
            return null;
        }

        if (uploads.GetValueOrDefault(key) is { } upload)
        {
            return upload.Stored.Actor == actor ? upload : null;
        }

        return store.Find(key) is not { } stored || stored.Actor != actor ? null
            : stored.Job is not null ? new(stored, null, null, NoRows)
            : await CheckAsync(live, stored, _ => Task.CompletedTask, cancellationToken);
    }

    /// <summary>Notes that an upload is being recorded, once.</summary>
    /// <returns>False when it is already, or is forgotten.</returns>
    public bool TryConfirm(Upload upload, Guid job) => uploads.TryUpdate(upload.Id, upload with { Stored = upload.Stored with { Job = job } }, upload);

    private void Put(Upload upload)
    {
        foreach (var old in uploads.Values.OrderByDescending(u => u.Stored.At).Skip(UploadLimits.Stored - 1))
        {
            uploads.TryRemove(old.Id, out _);
        }

        uploads[upload.Id] = upload;
    }
}
