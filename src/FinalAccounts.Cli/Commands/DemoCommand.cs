using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FinalAccounts.Reporting;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa demo</c>: from a folder of lists to the published document, in one go. Run again, it changes nothing.</summary>
internal static class DemoCommand
{
    public static Command Build(Words words)
    {
        var path = new Argument<string>("path") { Description = words["ArgumentBooks"], HelpName = words["NameBooks"] };
        var output = new Option<string?>("--out") { Description = words["OptionOut"] };
        var command = new Command("demo", words["CommandDemo"]) { path, output, CommandLine.Actor };
        command.Run(words, async (session, cancellationToken) =>
        {
            var clock = Stopwatch.StartNew();
            var source = session.Parsed.GetRequiredValue(path);
            var books = await session.StepAsync(
                words["StepRead", source],
                () => Task.Run(() => ImportCommand.Read(session, source), cancellationToken),
                read => words["BooksRead", source, read.Department.Count + read.Year.Count]);
            var database = await InitCommand.OpenDatabaseAsync(session, cancellationToken);
            await InitCommand.MigrateAsync(session, database, books.Region, cancellationToken);
            await using var log = await RegionLog.OpenAsync(session, database, books.Region, cancellationToken);

            var imported = await session.StepAsync(
                words["StepImport"], () => ImportCommand.ImportAsync(session, log, books, cancellationToken), i => ImportCommand.Summary(books, i, words));
            var department = await log.ReadDepartmentAsync(books.DepartmentCode, cancellationToken);
            await session.StepAsync(
                words["StepClose"],
                () => CloseIfOpenAsync(log, department, books.FiscalYear, cancellationToken),
                closedNow => words[closedNow ? "ClosedShort" : "ClosedBefore", books.FiscalYear]);

            var folder = session.Parsed.GetValue(output) ?? Path.Combine("out", Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(source)));
            var reported = await session.StepAsync(
                words["StepReport"],
                () => ReportedYear.BuildAsync(session, log, department.Code.ToString(), books.FiscalYear, AsOf.Now, cancellationToken),
                r => words["ReportBuilt", r.Document.Figures.Count]);
            var files = await session.StepAsync(
                words["StepWrite"],
                () => Task.Run(() => WrittenFiles.Write(reported, log.Region, folder), cancellationToken),
                f => words["FilesWritten", f.Count, folder]);

            WriteSummary(session, reported, files, clock.Elapsed);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<bool> CloseIfOpenAsync(
        RegionLog log, Department department, Ledger.FiscalYear year, CancellationToken cancellationToken)
    {
        if ((await log.ReadYearAsync(department.Code, year, cancellationToken)).State.IsClosed)
        {
            return false;
        }

        await CloseCommand.CloseAsync(log, department, year, year.LastDay, cancellationToken);
        return true;
    }

    private static void WriteSummary(Session session, ReportedYear reported, IReadOnlyList<WrittenFile> files, TimeSpan elapsed)
    {
        var words = session.Words;
        var document = reported.Document;
        var table = new Table { Title = new TableTitle(Markup.Escape(document.Unit.Title)), ShowHeaders = false }
            .Border(TableBorder.Rounded).AddColumns("", "");
        Row(words["RowDepartment"], $"{document.Unit.Name} ({reported.Department.Code})");
        Row(words["RowTables"], Number(document.Tables.Count()));
        Row(words["RowBlocks"], Number(document.Parts.OfType<TextPart>().Sum(p => p.Blocks.Count)));
        Row(words["RowFigures"], Number(document.Figures.Count));
        foreach (var file in files)
        {
            Row(file.Path, words["Bytes", Number(file.Bytes)]);
        }

        Row(words["RowSeal"], $"{Number(reported.Seal.Position)} · {reported.Seal.Hash}");
        Row(words["RowTime"], $"{elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
        session.Terminal.Write(table);
        Session.WriteLine(words["DemoNext", reported.Department.Name, reported.Year, document.Figures.First(f => f.Unit.EndsWith('元') && f.Exact.Numerator != 0).Address]);

        void Row(string name, string value) => table.AddRow(new Text(name), new Text(value));

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
    }
}
