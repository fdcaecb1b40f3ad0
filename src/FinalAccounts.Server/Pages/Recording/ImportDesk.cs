using System.Collections.Concurrent;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.Server.Pages.Recording;

/// <summary>An upload that waits to be confirmed, or was refused.</summary>
/// <param name="Actor">Who has uploaded it; nobody else sees it.</param>
/// <param name="Files">Names of the files.</param>
/// <param name="Books">What the lists say; null when they have errors.</param>
/// <param name="Errors">None when the lists can be read.</param>
/// <param name="Rows">The rows that the errors are about, by file and line.</param>
/// <param name="Job">The job that records it; null until it is confirmed.</param>
public sealed record Upload(
    Guid Id,
    Instant At,
    string Actor,
    RegionCode Region,
    DepartmentCode Department,
    FiscalYear Year,
    IReadOnlyList<string> Files,
    Import.Books? Books,
    ImportErrors? Errors,
    IReadOnlyDictionary<(string File, int Line), SourceRow> Rows,
    Guid? Job = null);

/// <summary>
/// Uploads between the first look at them and their confirmation. They are not kept over a restart: nothing is recorded yet, and the files are
/// still where they came from.
/// </summary>
public sealed class ImportDesk(IClock clock)
{
    /// <summary>Most uploads that wait; the oldest is forgotten for a new one.</summary>
    public const int Most = 30;

    /// <summary>How long an upload waits.</summary>
    public static readonly Duration Waiting = Duration.FromHours(2);

    private readonly ConcurrentDictionary<Guid, Upload> uploads = [];

    public Instant Now => clock.GetCurrentInstant();

    public void Put(Upload upload)
    {
        foreach (var old in uploads.Values.OrderByDescending(u => u.At).Where((u, i) => i >= Most - 1 || Now - u.At > Waiting))
        {
            uploads.TryRemove(old.Id, out _);
        }

        uploads[upload.Id] = upload;
    }

    /// <returns>Null when there is none, it is forgotten, or somebody else's.</returns>
    public Upload? Find(string id, string actor) =>
        Guid.TryParse(id, out var key) && uploads.GetValueOrDefault(key) is { } upload && upload.Actor == actor ? upload : null;

    /// <summary>Notes that an upload is being recorded, once.</summary>
    /// <returns>False when it is already, or is forgotten.</returns>
    public bool TryConfirm(Upload upload, Guid job) => uploads.TryUpdate(upload.Id, upload with { Job = job }, upload);
}
