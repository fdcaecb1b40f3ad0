using System.Diagnostics;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.Benchmarks;

/// <summary>A run: the server, how long turns are, and what was measured so far.</summary>
internal sealed class Bench(BenchmarkServer server, BenchmarkOptions options, References references)
{
    private const string MartenMissing = "not measured: no package feed with it";

    private readonly List<RowResult> rows = [];

    public string ConnectionString => server.ConnectionString;

    public NpgsqlDataSource DataSource => server.DataSource;

    public TimeSpan Turn => options.Turn;

    /// <summary>True when what takes long is wanted too.</summary>
    public bool IsLong => options.IsLong;

    /// <summary>Message DB; null when it can't be had.</summary>
    public MessageDb? MessageDb => references.MessageDb;

    /// <summary>One that is measured with Marten, or a row that says why it is not.</summary>
    /// <param name="how">How Marten is used.</param>
    public Contestant WithMarten(string name, string how, MartenWork work, int callers = 1, int size = 1) => references.Marten is { } marten
        ? new(name, () => marten.MeasureAsync(new(work, callers, size, Turn.TotalSeconds)), $"{marten.Version}, {how}")
        : new(name, null, MartenMissing);

    /// <summary>One that is measured with Message DB, or a row that says why it is not.</summary>
    public Contestant WithMessageDb(string name, Func<MessageDb, Task<Measured>> measure) =>
        references.MessageDb is { } messageDb ? new(name, () => measure(messageDb)) : new(name, null, references.MessageDbMissing);

    /// <summary>Takes what was measured since the last call.</summary>
    public IReadOnlyList<RowResult> TakeRows()
    {
        IReadOnlyList<RowResult> taken = [.. rows];
        rows.Clear();
        return taken;
    }

    /// <summary>
    /// Lets all take turns, and prints and keeps what came of it: a row for the value and one for each of the metrics that are asked for.
    /// The first turn of each warms up: connections, plans, compiled code. Every second round goes backwards.
    /// </summary>
    /// <param name="contestants">Ours first.</param>
    /// <returns>The row for the value.</returns>
    public async Task<RowResult> CompareAsync(
        string title, Unit unit, IReadOnlyList<Contestant> contestants, IReadOnlyList<Goal> goals, params Metric[] latencies)
    {
        var able = contestants.Where(c => c.Measure is not null).ToList();
        foreach (var contestant in able)
        {
            await contestant.Measure!();
        }

        var turns = able.ToDictionary(c => c.Name, _ => new List<Measured>());
        for (var round = 0; round < options.Rounds; round++)
        {
            await server.CheckpointAsync();
            foreach (var contestant in round % 2 == 0 ? able : able.AsEnumerable().Reverse())
            {
                turns[contestant.Name].Add(await contestant.Measure!());
            }
        }

        var row = Add(title, unit, contestants, Turns(Metric.Value), [.. goals.Where(g => g.Metric == Metric.Value)]);
        foreach (var metric in latencies)
        {
            Add($"{title}, {metric.ToString().ToLowerInvariant()}", Unit.Milliseconds, contestants, Turns(metric), [.. goals.Where(g => g.Metric == metric)]);
        }

        return row;

        Dictionary<string, IReadOnlyList<double>> Turns(Metric metric) =>
            turns.ToDictionary(t => t.Key, IReadOnlyList<double> (t) => [.. t.Value.Select(m => m.Get(metric))]);
    }

    /// <summary>Keeps and prints one value that has nothing beside it.</summary>
    /// <param name="note">What is to be known beside the value; null for nothing.</param>
    public RowResult Note(string title, Unit unit, double value, string? note = null, params Goal[] goals) => Add(
        title, unit, [new(Contestant.Ours, null, note)], new Dictionary<string, IReadOnlyList<double>> { [Contestant.Ours] = [value] }, goals);

    /// <summary>Keeps and prints values that were measured by the caller.</summary>
    /// <param name="turns">By name; who is missing was not measured.</param>
    public RowResult Add(
        string title, Unit unit, IReadOnlyList<Contestant> contestants, IReadOnlyDictionary<string, IReadOnlyList<double>> turns, IReadOnlyList<Goal> goals)
    {
        var ours = turns[contestants[0].Name];
        var entries = contestants.Select(c => turns.GetValueOrDefault(c.Name) is { } values
            ? new Entry(
                c.Name, values, Statistics.Median(values),
                c == contestants[0] ? null : Statistics.Median([.. ours.Select((v, i) => unit.TimesBetter(v, values[i]))]), c.Note)
            : new Entry(c.Name, [], null, null, c.Note)).ToList();
        var row = new RowResult(title, unit, entries, [.. goals.Select(g => g.Check(unit, turns))]);
        rows.Add(row);
        Print(row);
        return row;
    }

    /// <summary>Lets the server tidy up what was just filled, as it does by itself in time.</summary>
    public async Task SettleAsync(RegionCode region)
    {
        await using var settle = DataSource.CreateCommand($"vacuum (analyze) {LogSchema.NameOf(region)}.events");
        settle.CommandTimeout = 600;
        await settle.ExecuteNonQueryAsync();
    }

    /// <summary>How many a second.</summary>
    public static double PerSecond(long count, long since) => count / Stopwatch.GetElapsedTime(since).TotalSeconds;

    private static void Print(RowResult row)
    {
        Console.WriteLine($"{row.Title}, {row.Unit.Name()}");
        foreach (var entry in row.Entries)
        {
            var median = entry.Median is { } m ? PerformanceDocument.Number(m) : "–";
            Console.WriteLine($"  {entry.Name,-44}{median,14}{(entry.Ratio is { } r ? $"{PerformanceDocument.Number(r)} ×" : ""),12}   {entry.Note}");
        }

        foreach (var goal in row.Goals)
        {
            Console.WriteLine($"  {"goal " + goal.Text,-44}{(goal.Got is { } got ? PerformanceDocument.Number(got) : "–"),14}{"",12}   {PerformanceDocument.Verdict(goal)}");
        }
    }
}
