using System.CommandLine;
using FinalAccounts.EventLog;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Cli.Commands;

/// <summary>What an import did.</summary>
/// <param name="Recorded">Entries that the log held already.</param>
/// <param name="Position">Where the log stands after it; null when nothing was new.</param>
internal sealed record Imported(int NewEvents, int Recorded, IReadOnlyList<ImportError> Warnings, long? Position);

/// <summary><c>fa import</c>: takes a department's lists into the log, all or nothing.</summary>
internal static class ImportCommand
{
    private const int Attempts = 5;

    public static Command Build(Words words)
    {
        var path = new Argument<string>("path") { Description = words["ArgumentBooks"], HelpName = words["NameBooks"] };
        var command = new Command("import", words["CommandImport"]) { path, CommandLine.Actor, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var books = Read(session, session.Parsed.GetRequiredValue(path));
            await using var database = await Database.OpenAsync(session, cancellationToken);
            await using var log = await RegionLog.OpenAsync(session, database, books.Region, cancellationToken);
            var imported = await ImportAsync(session, log, books, cancellationToken);
            await DocumentNotes.WarnOfBooksAsync(session, log, books.DepartmentCode, books.FiscalYear, cancellationToken);
            if (session.IsJson)
            {
                session.WriteJson(new
                {
                    Region = books.Region.ToString(),
                    Department = books.DepartmentCode.ToString(),
                    Year = books.FiscalYear.Value,
                    imported.NewEvents,
                    imported.Recorded,
                    imported.Position,
                    Warnings = imported.Warnings.Select(w => Line(w, words)),
                    books.Missing,
                });
                return ExitCodes.Done;
            }

            foreach (var warning in imported.Warnings)
            {
                Session.WriteLine(words["Warning", Line(warning, words)]);
            }

            Session.WriteLine(Summary(books, imported, words));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Reads and checks the files; nothing is stored.</summary>
    /// <exception cref="CommandFailedException">There are errors; the message lists them with their places.</exception>
    public static Books Read(Session session, string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw CommandFailedException.Usage(session.Words["FileMissing", path]);
        }

        var (books, errors) = BooksReader.Read(path, name => FormPack.Load(name)?.Standards);
        return books ?? throw Refused(session, errors);
    }

    /// <summary>Appends what the log does not hold yet, in one piece.</summary>
    /// <exception cref="CommandFailedException">A rule of the ledger refuses an entry; nothing was stored.</exception>
    public static async Task<Imported> ImportAsync(Session session, RegionLog log, Books books, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var department = await EventsAsync(log, Streams.Department(books.DepartmentCode), cancellationToken);
            var year = await EventsAsync(log, Streams.Year(books.DepartmentCode, books.FiscalYear), cancellationToken);
            var memberLists = books.Year.Any(e => e.Command is DetermineMembers)
                ? await log.ReadMemberListsAsync(books.FiscalYear, AsOf.Now, cancellationToken)
                : MemberLists.None;
            var (plan, errors) = ImportPlan.Make(books, department, year, memberLists);
            if (plan is null)
            {
                throw Refused(session, errors);
            }

            if (plan.NewEvents == 0)
            {
                return new(0, plan.Recorded, plan.Warnings, null);
            }

            try
            {
                var result = await log.AppendAsync(
                    plan.CommandId, plan.Streams.Select(s => (s.Stream, s.ExpectedVersion, s.Events)), cancellationToken);
                return new(plan.NewEvents, plan.Recorded, plan.Warnings, result.LastPosition);
            }
            catch (VersionConflictException) when (attempt < Attempts)
            {
                session.Log.Information("The books have moved; planning again");
            }
        }
    }

    public static string Summary(Books books, Imported imported, Words words) => imported.NewEvents == 0
        ? words["ImportNothingNew", books.DepartmentCode, books.FiscalYear, imported.Recorded]
        : words["ImportDone", books.DepartmentCode, books.FiscalYear, imported.NewEvents, imported.Recorded, imported.Position];

    private static async Task<IReadOnlyList<LedgerEvent>> EventsAsync(RegionLog log, string stream, CancellationToken cancellationToken)
    {
        var events = new List<LedgerEvent>();
        await foreach (var stored in log.ReadAsync(stream, cancellationToken))
        {
            events.Add(RegionLog.Decode(stored).Event);
        }

        return events;
    }

    /// <summary>The errors of an import, each with its place and what to do.</summary>
    public static CommandFailedException Refused(Session session, ImportErrors errors)
    {
        var lines = errors.Listed.Select(e => Line(e, session.Words));
        var more = ImportMessages.More(errors, session.Words.Culture);
        return CommandFailedException.Refused(string.Join('\n', [
            session.Words["ImportRefused", errors.Count], .. lines, .. more is null ? Array.Empty<string>() : [more]]));
    }

    private static string Line(ImportError error, Words words)
    {
        var value = error.Value is { Length: > 0 } text ? words["ImportValue", text] : "";
        var advice = ImportMessages.Advice(error, words.Culture) is { } a ? " " + a : "";
        return $"{ImportMessages.Place(error, words.Culture)}{value}: {ImportMessages.Problem(error, words.Culture)}{advice} [{error.RuleId}]";
    }
}
