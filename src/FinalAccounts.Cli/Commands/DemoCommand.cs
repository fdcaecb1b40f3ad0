using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace FinalAccounts.Cli.Commands;

/// <summary>
/// <c>fa demo</c>: from folders of lists to the published documents, in one go. Each department goes to the log of its own
/// region. Run again, it changes nothing.
/// </summary>
internal static class DemoCommand
{
    public static Command Build(Words words)
    {
        var paths = new Argument<string[]>("path")
        {
            Description = words["ArgumentBooksSeveral"],
            HelpName = words["NameBooks"],
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--out") { Description = words["OptionOutDemo"] };
        var command = new Command("demo", words["CommandDemo"]) { paths, output, CommandLine.Actor };
        command.Run(words, async (session, cancellationToken) =>
        {
            var sources = session.Parsed.GetRequiredValue(paths);
            var read = new List<(Books Books, string Folder)>();
            foreach (var source in sources)
            {
                var name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(source));
                var folder = session.Parsed.GetValue(output) is not { } given ? Path.Combine("out", name)
                    : sources.Length == 1 ? given
                    : Path.Combine(given, name);
                read.Add((await ReadAsync(session, source, cancellationToken), folder));
            }

            // All are checked before anything is stored.
            await using var database = await InitCommand.OpenDatabaseAsync(session, cancellationToken);
            foreach (var region in read.Select(r => r.Books.Region).Distinct())
            {
                await InitCommand.MigrateAsync(session, database, region, cancellationToken);
            }

            var done = new List<Demonstrated>();
            foreach (var (books, folder) in read)
            {
                done.Add(await RunAsync(session, database, books, folder, cancellationToken));
            }

            // A department with units is reported with them as well, once all are there.
            foreach (var alone in done.ToList())
            {
                if (await ConsolidateAsync(session, database, alone, cancellationToken) is { } whole)
                {
                    done.Add(whole);
                }
            }

            WriteSummary(session, done);
            var wrong = done.SelectMany(d => DocumentTexts.Errors(d.Reported.Document).Select(f => $"{d.Folder}: {DocumentTexts.Describe(f, words)}")).ToList();
            return wrong.Count == 0 ? ExitCodes.Done : throw CommandFailedException.Refused(string.Join('\n', wrong));
        });
        return command;
    }

    private static Task<Books> ReadAsync(Session session, string source, CancellationToken cancellationToken) => session.StepAsync(
        session.Words["StepRead", source],
        () => Task.Run(() => ImportCommand.Read(session, source), cancellationToken),
        read => session.Words["BooksRead", source, read.Department.Count + read.Year.Count]);

    private static async Task<Demonstrated> RunAsync(
        Session session, Database database, Books books, string folder, CancellationToken cancellationToken)
    {
        var words = session.Words;
        var clock = Stopwatch.StartNew();
        await using var log = await RegionLog.OpenAsync(database, books.Region, session.Clock, cancellationToken);
        await session.StepAsync(
            words["StepImport"], () => Importing.ImportAsync(log, session.Actor, books, cancellationToken), i => ImportCommand.Summary(books, i, words));
        var department = await log.ReadDepartmentAsync(books.DepartmentCode, cancellationToken);
        await session.StepAsync(
            words["StepClose"],
            () => CloseIfOpenAsync(session, log, department, books.FiscalYear, cancellationToken),
            closedNow => words[closedNow ? "ClosedShort" : "ClosedBefore", books.FiscalYear]);
        return await ReportAsync(session, log, folder, clock, () =>
            ReportedYear.BuildAsync(log, department.Code.ToString(), books.FiscalYear, AsOf.Now, cancellationToken), cancellationToken);
    }

    /// <returns>Null when the department had no units in the year.</returns>
    private static async Task<Demonstrated?> ConsolidateAsync(
        Session session, Database database, Demonstrated alone, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var (code, year) = (alone.Reported.Department.Code, alone.Reported.Year);
        await using var log = await RegionLog.OpenAsync(database, alone.Region, session.Clock, cancellationToken);
        var members = await log.ReadMemberListsAsync(year, AsOf.Now, cancellationToken);
        return members.Scope(code).Count < 2 ? null : await ReportAsync(session, log, $"{alone.Folder}-consolidated", clock, () =>
            Consolidation.BuildAsync(log, code.ToString(), year, AsOf.Now, cancellationToken), cancellationToken);
    }

    private static async Task<Demonstrated> ReportAsync(
        Session session, RegionLog log, string folder, Stopwatch clock, Func<Task<ReportedYear>> build, CancellationToken cancellationToken)
    {
        var words = session.Words;
        var reported = await session.StepAsync(words["StepReport"], build, r => words["ReportBuilt", r.Document.Figures.Count]);
        if (reported.Consolidation is null && Publishing.IsPublishable(reported.Document))
        {
            reported = await session.StepAsync(
                words["StepPublish"],
                () => PublishAsync(session, log, reported, cancellationToken),
                r => words["PublishedSealed", r.Seal.Position]);
        }

        var files = await session.StepAsync(
            words["StepWrite"],
            () => Task.Run(() => WrittenFiles.Write(reported, log.Region, folder), cancellationToken),
            f => words["FilesWritten", f.Count, folder]);
        return new(reported, log.Region, folder, files, clock.Elapsed);
    }

    /// <summary>What is published already with the same content is not published again.</summary>
    /// <returns>The document with the seal that it is published with.</returns>
    private static async Task<ReportedYear> PublishAsync(Session session, RegionLog log, ReportedYear reported, CancellationToken cancellationToken)
    {
        if (await Publishing.FindAsync(log, reported, cancellationToken) is { } published)
        {
            return reported with { Seal = published.Seal };
        }

        await Publishing.PublishAsync(log, reported, new(session.Actor), session.Today, cancellationToken);
        return reported;
    }

    private static async Task<bool> CloseIfOpenAsync(Session session, RegionLog log, Department department, FiscalYear year, CancellationToken cancellationToken)
    {
        if ((await log.ReadYearAsync(department.Code, year, cancellationToken)).State.IsClosed)
        {
            return false;
        }

        await YearEnd.CloseAsync(log, new(session.Actor), department, year, year.LastDay, cancellationToken);
        return true;
    }

    private static void WriteSummary(Session session, IReadOnlyList<Demonstrated> done)
    {
        var words = session.Words;
        if (done is [var only])
        {
            WriteOne(session, only);
        }
        else
        {
            WriteAll(session, done);
        }

        var last = done[^1].Reported;
        if (last.Document.Figures.FirstOrDefault(f => f.IsMoney && f.Exact.Numerator != 0) is { } figure)
        {
            Session.WriteLine(words["DemoNext", last.Department.Name, last.Year, figure.Address]);
        }
    }

    /// <summary>A row per department.</summary>
    private static void WriteAll(Session session, IReadOnlyList<Demonstrated> done)
    {
        var words = session.Words;
        var table = new Table().Border(TableBorder.Rounded).AddColumns(words["RowDepartment"], words["ColumnRegion"]);
        foreach (var heading in (string[])["RowTables", "RowBlocks", "RowFigures"])
        {
            table.AddColumn(new TableColumn(words[heading]).RightAligned());
        }

        table.AddColumn(words["ColumnFolder"]).AddColumn(new TableColumn(words["RowTime"]).RightAligned());
        foreach (var (reported, region, folder, _, elapsed) in done)
        {
            table.AddRow(new[]
            {
                reported.Document.Unit.Title, region.ToString(), Number(reported.Document.Tables.Count()), Number(Blocks(reported.Document)),
                Number(reported.Document.Figures.Count), folder, Seconds(elapsed),
            }.Select(t => new Text(t)));
        }

        session.Terminal.Write(table);
    }

    /// <summary>One department with its files.</summary>
    private static void WriteOne(Session session, Demonstrated done)
    {
        var (words, (reported, _, _, files, elapsed)) = (session.Words, done);
        var document = reported.Document;
        var table = new Table { Title = new TableTitle(Markup.Escape(document.Unit.Title)), ShowHeaders = false }
            .Border(TableBorder.Rounded).AddColumns("", "");
        Row(words["RowDepartment"], $"{document.Unit.Name} ({reported.Department.Code})");
        Row(words["RowTables"], Number(document.Tables.Count()));
        Row(words["RowBlocks"], Number(Blocks(document)));
        Row(words["RowFigures"], Number(document.Figures.Count));
        foreach (var file in files)
        {
            Row(file.Path, words["Bytes", Number(file.Bytes)]);
        }

        Row(words["RowSeal"], $"{Number(reported.Seal.Position)} · {reported.Seal.Hash}");
        Row(words["RowTime"], Seconds(elapsed));
        session.Terminal.Write(table);

        void Row(string name, string value) => table.AddRow(new Text(name), new Text(value));
    }

    private static int Blocks(DisclosureDocument document) => document.Parts.OfType<TextPart>().Sum(p => p.Blocks.Count);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan elapsed) => $"{elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";

    /// <summary>A department that has been taken from its lists to its document.</summary>
    private sealed record Demonstrated(ReportedYear Reported, RegionCode Region, string Folder, IReadOnlyList<WrittenFile> Files, TimeSpan Elapsed);
}
