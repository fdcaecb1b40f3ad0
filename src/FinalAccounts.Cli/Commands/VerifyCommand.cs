using System.CommandLine;
using System.Text.Json;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger.Closing;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa verify</c>: proves that a region's log is what was written.</summary>
internal static class VerifyCommand
{
    public static Command Build(Words words)
    {
        var seal = new Option<string[]>("--seal") { Description = words["OptionSeal"] };
        var command = new Command("verify", words["CommandVerify"]) { seal, CommandLine.Region, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var seals = (session.Parsed.GetValue(seal) ?? []).Select(path => ReadSeal(path, words)).ToList();
            await using var log = await RegionLog.OpenAsync(session, cancellationToken);
            var verification = await LogVerifier.VerifyAsync(log.Database.Application, log.Region, seals, verified: null, cancellationToken);
            if (session.IsJson)
            {
                session.WriteJson(new
                {
                    Region = log.Region.ToString(),
                    Intact = verification.IsIntact,
                    verification.Events,
                    Seal = verification.Head,
                    verification.Seals,
                    verification.FirstBadPosition,
                    verification.FindingsCount,
                    Findings = verification.Findings.Select(f => new { Rule = f.Rule.ToString(), f.Position, f.Arguments, Text = Describe(f, words) }),
                });
            }
            else
            {
                Write(log, verification, words);
            }

            return verification.IsIntact ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static void Write(RegionLog log, LogVerification verification, Words words)
    {
        if (verification.IsIntact)
        {
            Session.WriteLine(words["VerifyIntact", log.Region, verification.Events, verification.Seals]);
            Session.WriteLine(words["SealIs", verification.Head.Position, verification.Head.Hash]);
            return;
        }

        Session.WriteLine(words["VerifyDamaged", log.Region, verification.FindingsCount, verification.FirstBadPosition ?? 0]);
        foreach (var finding in verification.Findings)
        {
            Session.WriteLine($"  {Describe(finding, words)}");
        }

        if (verification.FindingsCount > verification.Findings.Count)
        {
            Session.WriteLine(words["VerifyMore", verification.FindingsCount - verification.Findings.Count]);
        }
    }

    private static string Describe(LogFinding finding, Words words) =>
        words[$"Log{finding.Rule}", [finding.Position, .. finding.Arguments]];

    private static Seal ReadSeal(string path, Words words)
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
