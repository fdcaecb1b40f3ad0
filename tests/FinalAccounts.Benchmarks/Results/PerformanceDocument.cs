using System.Globalization;

namespace FinalAccounts.Benchmarks.Results;

/// <summary>docs/performance.md, from what was measured.</summary>
public static class PerformanceDocument
{
    private const string Start = """
        # What it reaches

        Generated from [performance.json](performance.json) (`make docs`, `make bench`); do not edit. What follows from it for a province and the
        country stands in [scaling.md](scaling.md).

        Each figure of ours stands beside the figures of others that took turns with it in the same run, on the same server: other load on the
        machine hits all of them, so the ratio says more than the figure. Figures are medians of the turns; the ratio is the median
        of the rounds' ratios, and says how many times better ours was. fsync and synchronous_commit are on for all.

        ## How to run it

        ```
        make bench                          # all but what takes long; writes performance.json, performance.md and scaling.md
        make bench PARTS="log batch"        # some parts; the others stay as they were measured
        make bench OPTIONS=--long           # also the city, a log of 10,000,000 events, and five minutes of projecting
        make bench OPTIONS="--turn 0.2"     # short turns, to see that all of it runs
        make bench FEED=<folder>            # Marten beside the others, from a further package feed: a folder or an address
        ```

        Message DB comes from npm (`@eventide/message-db`, pinned in tests/FinalAccounts.Benchmarks/message-db), and is installed into a
        database of its own on the same server. Where it can't be had, its rows say so. Marten is measured in a process of its own
        (tests/FinalAccounts.CritterStackBenchmarks), where a package feed has it: plain, as its documentation shows it and with quick
        appends, and below our own log ([engines.md](engines.md)). Nothing else may run on the machine.

        """;

    /// <summary>The document.</summary>
    public static string Render(PerformanceResults results)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.WriteLine(Start.ReplaceLineEndings("\n"));
        WriteGoals(text, results);
        WriteMachines(text, results);
        foreach (var part in results.Parts)
        {
            text.WriteLine($"\n## {Parts.Title(part.Name)}");
            foreach (var row in part.Rows)
            {
                WriteRow(text, row);
            }
        }

        return text.ToString();
    }

    /// <summary>A figure in its unit's usual form.</summary>
    internal static string Number(double value) => value switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    internal static string Verdict(GoalResult goal) => goal.IsReached switch
    {
        true => "reached",
        false => "**missed**",
        _ => "not measured",
    };

    private static void WriteGoals(TextWriter text, PerformanceResults results)
    {
        var goals = results.Parts.SelectMany(p => p.Rows).SelectMany(r => r.Goals, (Row, Goal) => (Row, Goal)).ToList();
        text.WriteLine("## The goals");
        text.WriteLine();
        text.WriteLine($"{goals.Count(g => g.Goal.IsReached == true)} of {goals.Count} reached.");
        text.WriteLine();
        text.WriteLine("| measured | goal | got | |\n|---|---|--:|---|");
        foreach (var (row, goal) in goals)
        {
            text.WriteLine($"| {row.Title} | {goal.Text} | {(goal.Got is { } got ? Number(got) : "–")} | {Verdict(goal)} |");
        }
    }

    private static void WriteMachines(TextWriter text, PerformanceResults results)
    {
        text.WriteLine("\n## Where and when");
        text.WriteLine();
        foreach (var same in results.Parts.GroupBy(p => (p.On.Processor, p.On.Cores, p.On.MemoryMegabytes, p.On.Kernel, p.On.Runtime, p.On.Server, Text(p.On))))
        {
            var (processor, cores, memory, kernel, runtime, server, settings) = same.Key;
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"- {processor}, {cores} cores, {memory:#,0} MB, Linux {kernel}, .NET {runtime}, PostgreSQL {server} ({settings})"));
            foreach (var run in same.GroupBy(p => (p.On.Version, p.On.Commit, p.On.TurnSeconds, p.On.Rounds)))
            {
                var (version, commit, turn, rounds) = run.Key;
                text.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  - {string.Join(", ", run.Select(p => p.Name))}: FinalAccounts {version} ({commit}), {rounds} rounds with turns of {turn} s, {run.Min(p => p.On.At)} to {run.Max(p => p.On.At)}"));
            }
        }

        static string Text(MeasuredOn on) => string.Join(", ", on.Settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}"));
    }

    private static void WriteRow(TextWriter text, RowResult row)
    {
        text.WriteLine($"\n### {row.Title}");
        text.WriteLine();
        text.WriteLine($"| | {row.Unit.Name()} | ours is better by | turns |\n|---|--:|--:|---|");
        foreach (var entry in row.Entries)
        {
            var turns = entry.Turns.Count == 0 ? entry.Note : string.Join(" · ", entry.Turns.Select(Number)) + (entry.Note is null ? "" : $" ({entry.Note})");
            text.WriteLine(
                $"| {entry.Name} | {(entry.Median is { } median ? Number(median) : "–")} | {(entry.Ratio is { } ratio ? $"{Number(ratio)} ×" : "")} | {turns} |");
        }

        foreach (var goal in row.Goals)
        {
            text.WriteLine($"\nGoal {goal.Text}: {(goal.Got is { } got ? Number(got) : "–")}, {Verdict(goal)}.");
        }
    }
}
