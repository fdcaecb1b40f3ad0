using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using FinalAccounts.Documents;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa report</c>: writes a department's disclosure, as of now or of an earlier point, and publishes it on demand.</summary>
internal static class ReportCommand
{
    public static Command Build(Words words)
    {
        var year = new YearArguments(words);
        var output = new Option<string?>("--out") { Description = words["OptionOut"] };
        var position = new Option<long?>("--as-of-position") { Description = words["OptionAsOfPosition"], HelpName = "N" };
        var recorded = new Option<string?>("--as-of-recorded") { Description = words["OptionAsOfRecorded"], HelpName = "yyyy-MM-ddThh:mm:ssZ" };
        var date = new Option<string?>("--as-of-date") { Description = words["OptionAsOfDate"], HelpName = "yyyy-MM-dd" };
        var publish = new Option<bool>("--publish") { Description = words["OptionPublish"] };
        var command = new Command("report", words["CommandReport"]) { output, position, recorded, date, publish, CommandLine.Consolidated, CommandLine.Actor, CommandLine.Json };
        year.AddTo(command);
        command.Run(words, async (session, cancellationToken) =>
        {
            var asOf = new AsOf(session.Parsed.GetValue(position), session.Instant(recorded), session.Date(date));
            var fiscalYear = year.Year(session);
            var publishing = session.Parsed.GetValue(publish);
            if (publishing && session.IsConsolidated)
            {
                throw CommandFailedException.Usage(words["PublishSingleOnly"]);
            }

            if (publishing && asOf != AsOf.Now)
            {
                throw CommandFailedException.Usage(words["PublishNowOnly"]);
            }

            await using var log = await session.OpenRegionAsync(year.Department(session), cancellationToken);
            var reported = await session.ReportAsync(log, year.Department(session), fiscalYear, asOf, cancellationToken);
            if (publishing && !Publishing.IsPublishable(reported.Document))
            {
                // Before a file is written.
                throw new UnpublishableException(reported.Document);
            }

            var folder = session.Parsed.GetValue(output)
                ?? Path.Combine("out", string.Create(CultureInfo.InvariantCulture, $"{reported.Department.Code}-{fiscalYear}{(session.IsConsolidated ? "-consolidated" : "")}"));
            var files = WrittenFiles.Write(reported, log.Region, folder);
            long? published = publishing ? await Publishing.PublishAsync(log, reported, new(session.Actor), session.Today, cancellationToken) : null;
            if (session.IsJson)
            {
                session.WriteJson(new
                {
                    reported.Seal,
                    Figures = reported.Document.Figures.Count,
                    Files = files,
                    Published = published,
                    Consolidation = reported.Consolidation?.Describe(words),
                    Notes = DocumentNotes.Json(reported.Document, words),
                });
                return ExitCodes.Done;
            }

            foreach (var line in reported.Consolidation?.Lines(words) ?? [])
            {
                Session.WriteLine(line);
            }

            foreach (var file in files)
            {
                Session.WriteLine($"{file.Path}  {file.Bytes.ToString("N0", CultureInfo.InvariantCulture)} B");
            }

            DocumentNotes.Write(session, reported.Document);
            Session.WriteLine(words["SealIs", reported.Seal.Position, reported.Seal.Hash]);
            if (published is { } at)
            {
                Session.WriteLine(words["Published", at]);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}

/// <summary>A file of a disclosure as it was written.</summary>
internal sealed record WrittenFile(string Path, long Bytes, string Sha256);

/// <summary>Writes the files of a disclosure.</summary>
internal static class WrittenFiles
{
    /// <summary>
    /// Writes all forms of the document, and beside them the seal with their hashes. Each file is complete under another
    /// name before it gets its own, so that a reader or a full disk never leaves half a file.
    /// </summary>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static IReadOnlyList<WrittenFile> Write(ReportedYear reported, RegionCode region, string folder)
    {
        Directory.CreateDirectory(folder);
        (string Name, byte[] Content)[] contents =
        [
            ("disclosure.html", HtmlWriter.Write(reported.Document)),
            ("disclosure.docx", DocxWriter.Write(reported.Document)),
            ("disclosure.xlsx", XlsxWriter.Write(reported.Document)),
            ("disclosure.json", JsonWriter.Write(reported.Document)),
            .. reported.Consolidation is { } consolidation ? [(Consolidation.FileName, consolidation.ToJson())] : Array.Empty<(string, byte[])>(),
        ];
        var files = contents
            .Select(c => new WrittenFile(Path.Combine(folder, c.Name), c.Content.LongLength, Convert.ToHexStringLower(SHA256.HashData(c.Content))))
            .ToList();

        // The sidecar, so that the documents themselves depend on the books only and not on what else the log holds.
        var seal = SealFile.Write(new(region, reported.Seal, files.ToDictionary(f => Path.GetFileName(f.Path), f => f.Sha256)));
        Replace([.. contents.Select(c => (Path.Combine(folder, c.Name), c.Content)), (Path.Combine(folder, SealFile.Name), seal)]);
        return [.. files, new(Path.Combine(folder, SealFile.Name), seal.LongLength, Convert.ToHexStringLower(SHA256.HashData(seal)))];
    }

    private static void Replace(IReadOnlyList<(string Path, byte[] Content)> files)
    {
        try
        {
            foreach (var (path, content) in files)
            {
                File.WriteAllBytes(Unfinished(path), content);
            }
        }
        catch
        {
            foreach (var (path, _) in files)
            {
                File.Delete(Unfinished(path));
            }

            throw;
        }

        foreach (var (path, _) in files)
        {
            File.Move(Unfinished(path), path, overwrite: true);
        }
    }

    private static string Unfinished(string path) => path + ".new";
}
