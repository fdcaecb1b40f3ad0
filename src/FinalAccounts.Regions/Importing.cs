using FinalAccounts.EventLog;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Regions;

/// <summary>What an import did.</summary>
/// <param name="NewEvents">Events that were appended.</param>
/// <param name="Recorded">Entries that the log held already.</param>
/// <param name="Position">Where the log stands after it; null when nothing was new.</param>
public sealed record Imported(int NewEvents, int Recorded, IReadOnlyList<ImportError> Warnings, long? Position);

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

    /// <summary>Reads and checks the lists; nothing is stored.</summary>
    /// <param name="path">A folder of lists, or an .xlsx file.</param>
    /// <exception cref="ImportRefusedException">There are errors.</exception>
    public static Books Read(string path)
    {
        var (books, errors) = BooksReader.Read(path, name => FormPack.Load(name)?.Standards);
        return books ?? throw new ImportRefusedException(errors);
    }

    /// <summary>What an import would append to the log as it stands.</summary>
    /// <exception cref="ImportRefusedException">A rule of the ledger refuses an entry.</exception>
    public static async Task<ImportPlan> PlanAsync(RegionLog log, Books books, CancellationToken cancellationToken)
    {
        var department = await EventsAsync(log, Streams.Department(books.DepartmentCode), cancellationToken);
        var year = await EventsAsync(log, Streams.Year(books.DepartmentCode, books.FiscalYear), cancellationToken);
        var memberLists = books.Year.Any(e => e.Command is DetermineMembers)
            ? await log.ReadMemberListsAsync(books.FiscalYear, AsOf.Now, cancellationToken)
            : MemberLists.None;
        var (plan, errors) = ImportPlan.Make(books, department, year, memberLists);
        return plan ?? throw new ImportRefusedException(errors);
    }

    /// <summary>Appends what the log does not hold yet, in one piece.</summary>
    /// <exception cref="ImportRefusedException">A rule of the ledger refuses an entry; nothing was stored.</exception>
    public static async Task<Imported> ImportAsync(RegionLog log, string actor, Books books, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var plan = await PlanAsync(log, books, cancellationToken);
            if (plan.NewEvents == 0)
            {
                return new(0, plan.Recorded, plan.Warnings, null);
            }

            try
            {
                var result = await log.AppendAsync(
                    actor, plan.CommandId, plan.Streams.Select(s => (s.Stream, s.ExpectedVersion, s.Events)), cancellationToken);
                return new(plan.NewEvents, plan.Recorded, plan.Warnings, result.LastPosition);
            }
            catch (VersionConflictException) when (attempt < Attempts)
            {
                // Somebody else was quicker: planned anew on what stands there now.
            }
        }
    }

    /// <summary>An error or warning as a line: place, what stands there, what is wrong, what to do, and the rule.</summary>
    public static string Line(ImportError error, Words words)
    {
        var value = error.Value is { Length: > 0 } text ? words["ImportValue", text] : "";
        var advice = ImportMessages.Advice(error, words.Culture) is { } a ? " " + a : "";
        return $"{ImportMessages.Place(error, words.Culture)}{value}: {ImportMessages.Problem(error, words.Culture)}{advice} [{error.RuleId}]";
    }

    private static async Task<IReadOnlyList<LedgerEvent>> EventsAsync(RegionLog log, string stream, CancellationToken cancellationToken)
    {
        var events = new List<LedgerEvent>();
        await foreach (var stored in log.ReadAsync(stream, cancellationToken))
        {
            events.Add(RegionLog.Decode(stored).Event);
        }

        return events;
    }
}
