using System.CommandLine;
using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using FinalAccounts.Regions;
using Npgsql;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa archive</c> and <c>fa restore</c>: move the events of a closed year into a file, and back.</summary>
internal static class ArchiveCommand
{
    private static readonly TimeSpan CatchUpAtMost = TimeSpan.FromMinutes(30);

    public static Command BuildArchive(Words words)
    {
        var year = new Argument<int?>("year") { Description = words["ArgumentYearToArchive"], HelpName = words["NameYear"], Arity = ArgumentArity.ZeroOrOne };
        var folder = new Option<string?>("--out") { Description = words["OptionOutArchive"] };
        var command = new Command("archive", words["CommandArchive"]) { year, folder, CommandLine.Region, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            await using var database = await Database.OpenAsync(session.DataDirectory, cancellationToken);
            var region = await RegionAsync(database, session, cancellationToken);
            if (session.Parsed.GetValue(year) is not { } given)
            {
                Write(session, region, await YearArchive.ListAsync(database.For(region).Application, region, cancellationToken));
                return ExitCodes.Done;
            }

            if (given is < FiscalYear.First or > FiscalYear.Last)
            {
                throw CommandFailedException.Usage(words["YearOutside", given, FiscalYear.First, FiscalYear.Last]);
            }

            await CatchUpAsync(database.For(region), region, session, cancellationToken);
            var target = session.Parsed.GetValue(folder) ?? Path.Combine("out", "archive");
            var archived = await WithProgressAsync(session, words["ArchiveStep", region, given], progress =>
                YearArchive.ArchiveAsync(database.For(region).Owner, region, new(given), target, session.Clock, progress, cancellationToken));
            if (session.IsJson)
            {
                session.WriteJson(Shape(region, archived));
            }
            else
            {
                Session.WriteLine(words["ArchiveDone", region, given, Number(archived.Events), Path.Combine(target, archived.FileName)]);
                Session.WriteLine(words["ArchiveHash", archived.Sha256]);
                Session.WriteLine(words["ArchiveAdvice", Path.Combine(target, archived.FileName)]);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    public static Command BuildRestore(Words words)
    {
        var file = new Argument<string>("file") { Description = words["ArgumentArchiveFile"], HelpName = words["NameFile"] };
        var command = new Command("restore", words["CommandRestore"]) { file, CommandLine.Region, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var path = session.Parsed.GetRequiredValue(file);
            if (!File.Exists(path))
            {
                throw CommandFailedException.Usage(words["FileMissing", path]);
            }

            await using var database = await Database.OpenAsync(session.DataDirectory, cancellationToken);
            var region = await RegionAsync(database, session, cancellationToken);
            var restored = await WithProgressAsync(session, words["RestoreStep", path], async progress =>
            {
                // Asked for with the year itself: killed before it is done, the next projector does it.
                var back = await YearArchive.RestoreAsync(
                    database.For(region).Owner, region, path,
                    (connection, cancel) => Projector.RequestRebuildAsync(connection, region, session.Clock.GetCurrentInstant(), cancel),
                    progress, cancellationToken);
                await RebuildAsync(database, region, session, cancellationToken);
                return back;
            });
            if (session.IsJson)
            {
                session.WriteJson(Shape(region, restored));
            }
            else
            {
                Session.WriteLine(words["RestoreDone", region, restored.Year, Number(restored.Events)]);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What is wrong, in the user's words.</summary>
    public static string Describe(ArchiveException e, Words words) =>
        words[$"Archive{e.Problem}", e.Problem == ArchiveProblem.OtherFile ? [.. e.Arguments] : [string.Join(words["ListComma"], e.Arguments)]];

    /// <summary>What is wrong with a file, in the user's words.</summary>
    public static string Describe(LogFileException e, Words words) => words["LogFileWrong", e.Line, words[$"LogFile{e.Problem}", e.Position ?? 0]];

    private static async Task<RegionCode> RegionAsync(Database database, Session session, CancellationToken cancellationToken) =>
        await RegionLog.RegionsAsync(database, session.NamedRegion, cancellationToken) is [var only]
            ? only
            : throw CommandFailedException.Usage(session.Words["RegionsSeveral", string.Join(", ", await RegionLog.RegionsAsync(database, null, cancellationToken))]);

    /// <summary>What is archived is not read again: the tables that are derived from the log must have it by then.</summary>
    private static async Task CatchUpAsync(Database database, RegionCode region, Session session, CancellationToken cancellationToken)
    {
        NpgsqlDataSource Source() => database.For(region).Application;
        await using var log = new PostgresEventLog(Source, region, session.Clock);
        var head = await log.ReadHeadAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var projecting = new Projector(new(Source, log, region, session.Clock)).RunAsync(stop.Token);
        try
        {
            if (!await new ProjectionReader(Source(), region).WaitForAsync(head.Position, CatchUpAtMost, cancellationToken))
            {
                throw new CommandFailedException(ExitCodes.Infrastructure, session.Words["ArchiveTablesBehind", region]);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await projecting;
        }
    }

    /// <summary>Profiles that were revised since are part of the figures of the year that is back.</summary>
    private static async Task RebuildAsync(Database database, RegionCode region, Session session, CancellationToken cancellationToken)
    {
        NpgsqlDataSource Source() => database.For(region).Application;
        await using var log = new PostgresEventLog(Source, region, session.Clock);
        await new Projector(new(Source, log, region, session.Clock)).RebuildAsync(cancellationToken);
    }

    private static async Task<ArchivedYear> WithProgressAsync(Session session, string step, Func<IProgress<long>?, Task<ArchivedYear>> work)
    {
        if (session.IsJson || Console.IsOutputRedirected || !session.Terminal.Profile.Capabilities.Interactive)
        {
            return await work(null);
        }

        return await session.Terminal.Status().StartAsync(Markup.Escape(step), context => work(
            new Progress<long>(events => context.Status(Markup.Escape($"{step}  {Number(events)}")))));
    }

    private static void Write(Session session, RegionCode region, IReadOnlyList<ArchivedYear> years)
    {
        if (session.IsJson)
        {
            session.WriteJson(years.Select(y => Shape(region, y)));
            return;
        }

        if (years.Count == 0)
        {
            Session.WriteLine(session.Words["ArchiveNone", region]);
        }

        foreach (var year in years)
        {
            Session.WriteLine(session.Words["ArchiveLine", year.Year, Number(year.Events), year.FileName, year.Sha256]);
        }
    }

    private static object Shape(RegionCode region, ArchivedYear archived) => new
    {
        Region = region.ToString(),
        Year = archived.Year.Value,
        ArchivedAt = archived.ArchivedAt.ToString(),
        archived.Events,
        archived.FileName,
        archived.Sha256,
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
