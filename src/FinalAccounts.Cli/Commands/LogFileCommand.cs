using System.CommandLine;
using System.Globalization;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa export log</c> and <c>fa import log</c>: a region's whole log into a file, and from there into another database.</summary>
internal static class LogFileCommand
{
    public static Command BuildExport(Words words, LogEngine engine)
    {
        var output = new Option<string>("--out") { Description = words["OptionOutLog"], HelpName = words["NameFile"], Required = true };
        var archives = new Option<string?>("--archives") { Description = words["OptionArchivesExport"] };
        var documents = new Option<string?>("--documents") { Description = words["OptionDocumentsExport"] };
        var log = new Command("log", words["CommandExportLog"]) { output, archives, documents, CommandLine.Region, CommandLine.Json };
        log.Run(words, async (session, cancellationToken) =>
        {
            var path = session.Parsed.GetRequiredValue(output);
            var files = VerifyCommand.ArchiveFiles(session.Parsed.GetValue(archives), words);
            await using var found = await session.OpenRegionAsync(null, cancellationToken);
            await using var region = engine.Open(found.Database, found.Region, session.Clock);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var contents = await WriteAsync(session, region, files, path, cancellationToken);
            var folder = session.Parsed.GetValue(documents);
            int? written = folder is null ? null : await DocumentFiles.WriteAsync(region.Documents, folder, cancellationToken);
            var left = folder is null ? (await region.Documents.ListAsync(cancellationToken)).Count : 0;
            var last = contents.Runs[^1].Last;
            if (session.IsJson)
            {
                session.WriteJson(new { Region = region.Region.ToString(), contents.Events, Seal = last, File = path, Documents = written });
                return ExitCodes.Done;
            }

            Session.WriteLine(words["ExportLogDone", region.Region, Number(contents.Events), path]);
            Session.WriteLine(words["SealIs", last.Position, last.Hash]);
            if (written is { } count)
            {
                Session.WriteLine(words["ExportDocumentsDone", count, folder]);
            }
            else if (left > 0)
            {
                Session.WriteLine(words["ExportDocumentsLeft", left]);
            }

            return ExitCodes.Done;
        });
        return new Command("export", words["CommandExport"]) { log };
    }

    public static Command BuildImport(Words words, LogEngine engine)
    {
        var file = new Argument<string>("file") { Description = words["ArgumentLogFile"], HelpName = words["NameFile"] };
        var documents = new Option<string?>("--documents") { Description = words["OptionDocumentsImport"] };
        var command = new Command("log", words["CommandImportLog"]) { file, documents, CommandLine.Region, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var path = session.Parsed.GetRequiredValue(file);
            var folder = session.Parsed.GetValue(documents);
            if (!File.Exists(path) || (folder is not null && !File.Exists(Path.Combine(folder, DocumentFiles.ListName))))
            {
                throw CommandFailedException.Usage(words["FileMissing", File.Exists(path) ? Path.Combine(folder!, DocumentFiles.ListName) : path]);
            }

            var contents = await OfFileAsync(path, words, () => ImportDisplay.RunAsync(
                session, (IProgress<LogFileProgress> progress) => LogImport.CheckAsync(path, progress, cancellationToken)));
            var region = contents.Header.Region;
            if (session.NamedRegion is { Length: > 0 } named && named != region.ToString())
            {
                throw CommandFailedException.Refused($"{path}: {words["ImportLogOtherRegion", region, named]}");
            }

            await using var database = await InitCommand.OpenDatabaseAsync(session, cancellationToken);
            await InitCommand.MigrateAsync(session, database, region, cancellationToken);
            await engine.MigrateAsync(database, region, cancellationToken);
            await using var log = engine.Open(database, region, session.Clock);

            // Before the events that name them.
            int? stored = folder is null ? null : await StoreDocumentsAsync(log, folder, words, cancellationToken);
            var history = engine.History(database.For(region).Owner, region);
            await using var opened = history as IAsyncDisposable;
            var import = new LogImport(log.Events, history);
            var imported = await OfFileAsync(path, words, () => ImportDisplay.RunAsync(
                session, (IProgress<LogFileProgress> progress) => import.RunAsync(path, progress, cancellationToken)));
            Write(session, region, imported, stored);
            if (folder is null && !session.IsJson && (await log.Documents.ListAsync(cancellationToken)).Count == 0)
            {
                Session.WriteLine(words["ImportDocumentsLeft"]);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<LogFileContents> WriteAsync(
        Session session, RegionLog region, IReadOnlyList<string> archives, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await ImportDisplay.RunAsync(
                session, (IProgress<LogFileProgress> progress) => LogExport.WriteAsync(region.Events, region.Region, archives, path, progress, cancellationToken));
        }
        catch (EventsAwayException e)
        {
            var away = await YearArchive.ListAsync(region.Database.For(region.Region).Application, region.Region, cancellationToken);
            var comma = session.Words["ListComma"];
            throw CommandFailedException.Refused(session.Words[
                "ExportArchived", string.Join(comma, away.Select(y => y.Year)), e.Position, string.Join(comma, away.Select(y => y.FileName))]);
        }
    }

    private static async Task<int> StoreDocumentsAsync(RegionLog log, string folder, Words words, CancellationToken cancellationToken)
    {
        try
        {
            return await DocumentFiles.StoreAsync(log.Documents, folder, cancellationToken);
        }
        catch (DocumentFileException e)
        {
            throw CommandFailedException.Refused(words["DocumentFileWrong", Path.Combine(folder, e.File), e.Line]);
        }
    }

    /// <summary>Says of which file it is what is wrong.</summary>
    private static async Task<T> OfFileAsync<T>(string path, Words words, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (LogFileException e)
        {
            throw CommandFailedException.Refused($"{path}: {ArchiveCommand.Describe(e, words)}");
        }
        catch (LogImportException e)
        {
            throw CommandFailedException.Refused($"{path}: {words[$"ImportLog{e.Problem}", e.Line, e.Position]}");
        }
    }

    private static void Write(Session session, RegionCode region, LogImported imported, int? documents)
    {
        if (session.IsJson)
        {
            session.WriteJson(new { Region = region.ToString(), imported.NewEvents, Seal = imported.Last, Documents = documents });
            return;
        }

        Session.WriteLine(session.Words[imported.NewEvents == 0 ? "ImportLogNothingNew" : "ImportLogDone", region, Number(imported.NewEvents)]);
        Session.WriteLine(session.Words["SealIs", imported.Last.Position, imported.Last.Hash]);
        if (documents is { } count)
        {
            Session.WriteLine(session.Words["ImportDocumentsDone", count]);
        }
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
