using System.CommandLine;
using System.Text.Json;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa verify</c>: proves that a region's log is what was written; of all regions when none is named.</summary>
internal static class VerifyCommand
{
    public static Command Build(Words words)
    {
        var seal = new Option<string[]>("--seal") { Description = words["OptionSeal"] };
        var archives = new Option<string?>("--archives") { Description = words["OptionArchives"] };
        var command = new Command("verify", words["CommandVerify"]) { seal, archives, CommandLine.Region, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var seals = (session.Parsed.GetValue(seal) ?? []).Select(path => ReadSeal(path, words)).ToList();
            var files = ArchiveFiles(session.Parsed.GetValue(archives), words);
            await using var database = await Database.OpenAsync(session.DataDirectory, cancellationToken);
            var regions = await RegionLog.RegionsAsync(database, session.NamedRegion, cancellationToken);
            if (regions.Count > 1 && session.IsJson)
            {
                // One object, so that what is printed can be kept as a seal.
                throw CommandFailedException.Usage(words["RegionsSeveral", string.Join(", ", regions)]);
            }

            var areIntact = true;
            foreach (var region in regions)
            {
                List<Seal> own = [.. seals.Where(s => s.Region is not { } of || of == region).Select(s => s.Seal)];
                var verification = await LogVerifier.VerifyAsync(database.For(region).Application, region, own, files, verified: null, cancellationToken);
                Write(session, region, verification);
                areIntact &= verification.IsIntact;
            }

            return areIntact ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static void Write(Session session, RegionCode region, LogVerification verification)
    {
        var words = session.Words;
        if (!session.IsJson)
        {
            Write(region, verification, words);
            return;
        }

        session.WriteJson(new
        {
            Region = region.ToString(),
            Intact = verification.IsIntact,
            verification.Events,
            Seal = verification.Head,
            verification.Seals,
            ArchivedNotLookedAt = verification.Archived.Select(y => y.Value),
            verification.FirstBadPosition,
            verification.FindingsCount,
            Findings = verification.Findings.Select(f => new { Rule = f.Rule.ToString(), f.Position, f.Arguments, Text = Describe(f, words) }),
        });
    }

    private static void Write(RegionCode region, LogVerification verification, Words words)
    {
        if (verification.IsIntact)
        {
            Session.WriteLine(words["VerifyIntact", region, verification.Events, verification.Seals]);
            if (verification.Archived.Count > 0)
            {
                Session.WriteLine(words["VerifyArchived", string.Join(words["ListComma"], verification.Archived)]);
            }

            Session.WriteLine(words["SealIs", verification.Head.Position, verification.Head.Hash]);
            return;
        }

        Session.WriteLine(words["VerifyDamaged", region, verification.FindingsCount, verification.FirstBadPosition ?? 0]);
        foreach (var finding in verification.Findings)
        {
            Session.WriteLine($"  {Describe(finding, words)}");
        }

        if (verification.FindingsCount > verification.Findings.Count)
        {
            Session.WriteLine(words["VerifyMore", verification.FindingsCount - verification.Findings.Count]);
        }
    }

    /// <summary>The files of archived years in a folder; none without a folder.</summary>
    /// <exception cref="CommandFailedException">There is no such folder.</exception>
    public static IReadOnlyList<string> ArchiveFiles(string? folder, Words words) => folder is null ? []
        : Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, YearArchive.FilePattern).Order(StringComparer.Ordinal)]
        : throw CommandFailedException.Usage(words["FileMissing", folder]);

    private static string Describe(LogFinding finding, Words words) =>
        words[$"Log{finding.Rule}", [finding.Position, .. finding.Arguments]];

    private static (RegionCode? Region, Seal Seal) ReadSeal(string path, Words words)
    {
        try
        {
            return SealFile.Read(path);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw CommandFailedException.Usage(words["NotASeal", path]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandFailedException.Usage(words["FileMissing", path]);
        }
    }
}
