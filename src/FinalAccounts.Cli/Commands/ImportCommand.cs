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
        var command = new Command("import", words["CommandImport"]) { path, CommandLine.Actor, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var books = Read(session, session.Parsed.GetRequiredValue(path));
            await using var database = await Database.OpenAsync(session.DataDirectory, cancellationToken);
            await using var log = await RegionLog.OpenAsync(database, books.Region, session.Clock, cancellationToken);
            var imported = await Importing.ImportAsync(log, session.Actor, books, cancellationToken);
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
                    Warnings = imported.Warnings.Select(w => Importing.Line(w, words)),
                    books.Missing,
                });
                return ExitCodes.Done;
            }

            foreach (var warning in imported.Warnings)
            {
                Session.WriteLine(words["Warning", Importing.Line(warning, words)]);
            }

            Session.WriteLine(Summary(books, imported, words));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Reads and checks the files; nothing is stored.</summary>
    /// <exception cref="CommandFailedException">There is nothing at the path.</exception>
    /// <exception cref="ImportRefusedException">There are errors.</exception>
    public static Books Read(Session session, string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw CommandFailedException.Usage(session.Words["FileMissing", path]);
        }

        return Importing.Read(path);
    }

    public static string Summary(Books books, Imported imported, Words words) => imported.NewEvents == 0
        ? words["ImportNothingNew", books.DepartmentCode, books.FiscalYear, imported.Recorded]
        : words["ImportDone", books.DepartmentCode, books.FiscalYear, imported.NewEvents, imported.Recorded, imported.Position];
}
