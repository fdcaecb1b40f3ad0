using FinalAccounts.EventLog;
using FinalAccounts.Import;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Regions;

/// <summary>What an import did.</summary>
/// <param name="NewEvents">Events that were appended.</param>
/// <param name="Recorded">Entries that the log held already.</param>
/// <param name="Position">Where the log stands after it; null when nothing was new.</param>
public sealed record Imported(int NewEvents, int Recorded, ImportErrors Warnings, long? Position);

/// <summary>A department's lists are wrong, or the ledger refuses an entry; nothing was stored.</summary>
public sealed class ImportRefusedException(ImportErrors errors) : Exception($"{errors.Count} errors.")
{
    public ImportErrors Errors { get; } = errors;

    /// <summary>The errors, each with its place and what to do.</summary>
    public string ToText(Words words)
    {
        var more = ImportMessages.More(Errors, words.Culture);
        return string.Join('\n', [
            words["ImportRefused", Errors.Count], .. Errors.Listed.Select(e => Importing.Line(e, words)), .. more is null ? Array.Empty<string>() : [more]]);
    }
}

/// <summary>Takes a department's lists into a region's log, all or nothing.</summary>
public static class Importing
{
    private const int Attempts = 5;

    /// <summary>Events that are appended at a time: some hundred kilobytes.</summary>
    private const int EventsPerPiece = 1_000;

    /// <summary>Reads and checks the lists; nothing is stored. Large lists are not held, so they must stay until all is done.</summary>
    /// <param name="path">A folder of lists, or an .xlsx file.</param>
    /// <exception cref="ImportRefusedException">There are errors.</exception>
    public static Books Read(string path, IProgress<ImportProgress>? progress = null)
    {
        var (books, errors) = BooksReader.Read(path, name => FormPack.Load(name)?.Standards, progress);
        return books ?? throw new ImportRefusedException(errors);
    }

    /// <summary>What an import would append to the log as it stands. To be disposed of.</summary>
    /// <exception cref="ImportRefusedException">A rule of the ledger refuses an entry, or a list was changed since it was read.</exception>
    public static async Task<ImportPlan> PlanAsync(
        RegionLog log, Books books, CancellationToken cancellationToken, IProgress<ImportProgress>? progress = null)
    {
        var department = await log.ReadDepartmentAsync(books.DepartmentCode, cancellationToken);
        var year = await log.ReadYearAsync(books.DepartmentCode, books.FiscalYear, cancellationToken);
        var memberLists = books.Year.Others.Any(e => e.Command is DetermineMembers)
            ? await log.ReadMemberListsAsync(books.FiscalYear, AsOf.Now, cancellationToken)
            : MemberLists.None;
        var recorded = new RecordedBooks(department.State, department.Version, year.State, year.Version);
        var (plan, errors) = await Task.Run(
            () => ImportPlan.Make(books, recorded, memberLists, TemporaryFolder, progress, cancellationToken), cancellationToken);
        return plan ?? throw new ImportRefusedException(errors);
    }

    /// <summary>Appends what the log does not hold yet, in one piece.</summary>
    /// <param name="progress">Told how far it is; several times from the start when somebody else records something in between.</param>
    /// <exception cref="ImportRefusedException">A rule of the ledger refuses an entry, or a list was changed since it was read; nothing was stored.</exception>
    public static async Task<Imported> ImportAsync(
        RegionLog log, string actor, Books books, CancellationToken cancellationToken, IProgress<ImportProgress>? progress = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var plan = await PlanAsync(log, books, cancellationToken, progress);
            if (plan.NewEvents == 0)
            {
                return new(0, plan.Recorded, plan.Warnings, null);
            }

            try
            {
                var result = await AppendAsync(log, actor, plan, progress, cancellationToken);
                return new(plan.NewEvents, plan.Recorded, plan.Warnings, result.LastPosition);
            }
            catch (VersionConflictException) when (attempt < Attempts)
            {
                // Somebody else was quicker: planned anew on what stands there now.
            }
        }
    }

    /// <summary>Few events go with those of other callers; many go by themselves, and the region's other appends wait for them.</summary>
    private static Task<AppendResult> AppendAsync(
        RegionLog log, string actor, ImportPlan plan, IProgress<ImportProgress>? progress, CancellationToken cancellationToken) => plan.NewEvents <= EventsPerPiece
        ? log.Events.AppendAsync(new(plan.CommandId, actor, [.. plan.Streams.SelectMany(Pieces)]), cancellationToken)
        : log.Events.AppendBulkAsync(plan.CommandId, actor, ReportedAsync(plan, progress), cancellationToken);

    private static async IAsyncEnumerable<StreamAppend> ReportedAsync(ImportPlan plan, IProgress<ImportProgress>? progress)
    {
        var done = 0L;
        foreach (var piece in plan.Streams.SelectMany(Pieces))
        {
            progress?.Report(new(ImportStep.Recording, done, plan.NewEvents, done));
            yield return piece;
            done += piece.Events.Count;
        }

        progress?.Report(new(ImportStep.Recording, done, plan.NewEvents, done));
        await Task.CompletedTask;
    }

    private static IEnumerable<StreamAppend> Pieces(PlannedStream stream)
    {
        var version = stream.ExpectedVersion;
        foreach (var events in stream.Events.Encoded().Chunk(EventsPerPiece))
        {
            yield return new(stream.Stream, version, [.. events.Select(e => new NewEvent(e.Encoded.Type, e.Encoded.SchemaVersion, e.Date, e.Encoded.Body))]);
            version += events.Length;
        }
    }

    private static string TemporaryFolder() => Directory.CreateDirectory(Path.Combine(DataDirectory.Find(), "tmp")).FullName;

    /// <summary>An error or warning as a line: place, what stands there, what is wrong, what to do, and the rule.</summary>
    public static string Line(ImportError error, Words words)
    {
        var value = error.Value is { Length: > 0 } text ? words["ImportValue", text] : "";
        var advice = ImportMessages.Advice(error, words.Culture) is { } a ? " " + a : "";
        return $"{ImportMessages.Place(error, words.Culture)}{value}: {ImportMessages.Problem(error, words.Culture)}{advice} [{error.RuleId}]";
    }
}
