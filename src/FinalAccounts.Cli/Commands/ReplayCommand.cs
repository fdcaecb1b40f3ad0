using System.CommandLine;
using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Regions.Replays;
using FinalAccounts.Reporting.Forms;
using Spectre.Console;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa replay</c>: rebuilds a region's facts and documents from the log alone, and says what differs from what was published.</summary>
internal static class ReplayCommand
{
    /// <summary>Most moved things that are listed for a document; all are in its replay.json.</summary>
    private const int MovedShown = 40;

    private const int LongestText = 60;
    private const int ContextLength = 20;

    public static Command Build(Words words)
    {
        var region = new Argument<string?>("region") { Description = words["ArgumentRegionToReplay"], HelpName = words["NameRegion"], Arity = ArgumentArity.ZeroOrOne };
        var year = new Option<int?>("--year") { Description = words["OptionYearOnly"], HelpName = words["NameYear"] };
        var department = new Option<string?>("--department") { Description = words["OptionDepartmentOnly"], HelpName = words["NameDepartment"] };
        var output = new Option<string?>("--out") { Description = words["OptionOutReplay"] };
        var forms = new Option<string?>("--forms") { Description = words["OptionForms"] };
        var command = new Command("replay", words["CommandReplay"]) { region, year, department, output, forms, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var only = session.Parsed.GetValue(year);
            if (only is < FiscalYear.First or > FiscalYear.Last)
            {
                throw CommandFailedException.Usage(words["YearOutside", only, FiscalYear.First, FiscalYear.Last]);
            }

            var named = session.Parsed.GetValue(region) ?? session.NamedRegion;
            var packs = session.Parsed.GetValue(forms) is not { } folder ? FormPacks.OfProgram
                : Directory.Exists(folder) ? FormFolder.Read(folder)
                : throw CommandFailedException.Usage(words["FileMissing", folder]);
            await using var log = await RegionLog.OpenAsync(
                await Database.OpenAsync(session.DataDirectory, cancellationToken), named, session.Parsed.GetValue(department), session.Clock, cancellationToken);
            DepartmentCode? code = session.Parsed.GetValue(department) is { } one ? (await log.FindDepartmentAsync(one, cancellationToken)).Code : null;
            var target = session.Parsed.GetValue(output) ?? Path.Combine("out", "replay", log.Region.ToString());
            FiscalYear? onlyYear = only is { } value ? new(value) : null;
            var report = await WithProgressAsync(session, progress =>
                Replaying.RunAsync(log, onlyYear, code, target, packs, progress, cancellationToken));
            if (session.IsJson)
            {
                Console.Out.WriteLine(await File.ReadAllTextAsync(Path.Combine(target, ReplayReport.FileName), cancellationToken));
            }
            else
            {
                Write(report, target, words);
            }

            return report.IsFaithful ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static async Task<ReplayReport> WithProgressAsync(Session session, Func<IProgress<ReplayProgress>?, Task<ReplayReport>> replay)
    {
        if (session.IsJson || Console.IsOutputRedirected || !session.Terminal.Profile.Capabilities.Interactive)
        {
            return await replay(null);
        }

        return await session.Terminal.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var events = context.AddTask(Markup.Escape(session.Words["ReplayEventsStep"]));
                var documents = context.AddTask(Markup.Escape(session.Words["ReplayDocumentsStep"]));
                return replay(new Bars(events, documents));
            });
    }

    private static void Write(ReplayReport report, string folder, Words words)
    {
        Session.WriteLine(words["ReplayRead", report.Region, Number(report.Head.Position), report.Years]);
        foreach (var document in report.Documents)
        {
            Write(document, report.Program, words);
        }

        if (report.HasMembers)
        {
            Session.WriteLine(words["ReplayConsolidatedNot"]);
        }

        var published = report.Documents.Count(d => d.Verdict != ReplayVerdict.NotPublished);
        var drifted = report.Documents.Count(d => d.Verdict is ReplayVerdict.Drift or ReplayVerdict.Failed);
        Session.WriteLine(drifted == 0 ? words["ReplayFaithful", published] : words["ReplayDrift", published, drifted]);
        Session.WriteLine(words["ReplayFolder", folder]);
    }

    private static void Write(ReplayedDocument document, string program, Words words)
    {
        Session.WriteLine(words[document.Verdict == ReplayVerdict.Drift ? "ReplayDriftOf" : $"Replay{document.Verdict}", document.Department, document.Name, document.Year, document.Publication ?? 0]);
        if (document.Problem is { } problem)
        {
            Session.WriteLine($"    {problem.ReplaceLineEndings("\n    ")}");
        }

        if (document is { Verdict: ReplayVerdict.Drift, IsKept: false })
        {
            Session.WriteLine("    " + words["ReplayNotKept", document.Published ?? ""]);
        }

        foreach (var moved in document.Moved.Take(MovedShown))
        {
            var (was, now) = Short(moved.Published, moved.Now);
            Session.WriteLine("    " + words[$"ReplayMoved{moved.Kind}", moved.Where, was, now]);
        }

        if (document.Moved.Count > MovedShown)
        {
            Session.WriteLine("    " + words["ReplayMore", document.Moved.Count - MovedShown]);
        }

        if (document.Form is { } form)
        {
            Session.WriteLine("    " + words["ReplayForm", form.Name, form.Then[..12], form.Now[..12], form.Files.Count == 0 ? "?" : string.Join(", ", form.Files)]);
        }

        if (document.Program is { } then)
        {
            Session.WriteLine("    " + words["ReplayProgram", then, program]);
        }

        if (document.Cause is { } cause)
        {
            Session.WriteLine("    " + words[$"ReplayCause{cause}"]);
        }
    }

    /// <summary>Two texts from shortly before the place where they differ.</summary>
    private static (string Was, string Now) Short(string? was, string? now)
    {
        var same = (was ?? "").AsSpan().CommonPrefixLength(now ?? "");
        var from = was is null || now is null || same <= ContextLength ? 0 : same - ContextLength;
        return (Cut(was), Cut(now));

        string Cut(string? text) => text is null
            ? "∅"
            : (from > 0 ? "…" : "") + text[from..Math.Min(text.Length, from + LongestText)].Trim() + (text.Length > from + LongestText ? "…" : "");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class Bars(ProgressTask events, ProgressTask documents) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value)
        {
            events.MaxValue(Math.Max(value.EventsInAll, 1)).Value = value.Events;
            if (value.DocumentsInAll > 0)
            {
                documents.MaxValue(value.DocumentsInAll).Value = value.Documents;
            }
        }
    }
}
