using System.CommandLine;
using FinalAccounts.Import;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa import</c>: takes a department's lists into the log, all or nothing.</summary>
internal static class ImportCommand
{
    public static Command Build(Words words)
    {
        var path = new Argument<string>("path") { Description = words["ArgumentBooks"], HelpName = words["NameBooks"] };
        var command = new Command("import", words["CommandImport"]) { path, CommandLine.Actor, CommandLine.Json, LogFileCommand.BuildImport(words, LogEngine.Own) };
        command.Run(words, async (session, cancellationToken) =>
        {
            var source = session.Parsed.GetRequiredValue(path);
            var books = await ImportDisplay.RunAsync(session, progress => Task.Run(() => Read(session, source, progress), cancellationToken));
            await using var database = await Database.OpenAsync(session.DataDirectory, cancellationToken);
            await using var log = await RegionLog.OpenAsync(database, books.Region, session.Clock, cancellationToken);
            var imported = await ImportDisplay.RunAsync(
                session, progress => Importing.ImportAsync(log, session.Actor, books, cancellationToken, progress));
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
                    Warnings = imported.Warnings.Listed.Select(w => Importing.Line(w, words)),
                    WarningCount = imported.Warnings.Count,
                    books.Missing,
                });
                return ExitCodes.Done;
            }

            foreach (var warning in imported.Warnings.Listed)
            {
                Session.WriteLine(words["Warning", Importing.Line(warning, words)]);
            }

            if (imported.Warnings.Count > imported.Warnings.Listed.Count)
            {
                Session.WriteLine(words["WarningsMore", imported.Warnings.Count - imported.Warnings.Listed.Count]);
            }

            Session.WriteLine(Summary(books, imported, words));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Reads and checks the files; nothing is stored.</summary>
    /// <exception cref="CommandFailedException">There is nothing at the path.</exception>
    /// <exception cref="ImportRefusedException">There are errors.</exception>
    public static Books Read(Session session, string path, IProgress<ImportProgress>? progress = null)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw CommandFailedException.Usage(session.Words["FileMissing", path]);
        }

        return Importing.Read(path, progress);
    }

    public static string Summary(Books books, Imported imported, Words words) => imported.NewEvents == 0
        ? words["ImportNothingNew", books.DepartmentCode, books.FiscalYear, imported.Recorded]
        : words["ImportDone", books.DepartmentCode, books.FiscalYear, imported.NewEvents, imported.Recorded, imported.Position];
}
