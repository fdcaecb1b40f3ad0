using System.Diagnostics;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.Benchmarks;

/// <summary>Appends, bulk imports and reads of the log, beside the same rows in a plain table, beside Message DB and beside Marten.</summary>
internal sealed class LogBenchmark : IAsyncDisposable
{
    /// <summary>Different events that are appended again and again.</summary>
    internal const int Postings = 20_000;

    private const int BatchSize = 100;
    private const int BatchCallers = 4;

    /// <summary>Of a bulk import.</summary>
    internal const int EventsPerStream = 2_000;

    private const int Imported = 200_000;
    private const int FewImported = 20_000;
    private const int ManyCategories = 64;
    private const string Inserts = "one-row INSERTs";
    private const string OneCategory = "Message DB, 1 category";
    private const string Categories = "Message DB, 64 categories";
    private const string Marten = "Marten";
    private const string OnMarten = "FinalAccounts on Marten";
    private const string Plain = "plain, quick appends with expected versions";
    private const string Adapter = "the whole contract, hashes and command ids included";

    private static readonly RegionCode Region = new("999999");

    private readonly Bench bench;
    private readonly IReadOnlyList<NewEvent> events;
    private readonly PostgresEventLog log;
    private readonly PlainTable plain;
    private int department;

    private LogBenchmark(Bench bench, IReadOnlyList<NewEvent> events)
    {
        (this.bench, this.events) = (bench, events);
        log = new(bench.DataSource, Region, SystemClock.Instance);
        plain = new(bench.DataSource);
    }

    public static async Task<LogBenchmark> StartAsync(Bench bench)
    {
        await SimulatedEvents.RenewAsync(bench.DataSource, Region);
        var started = new LogBenchmark(bench, await SimulatedEvents.PostingsAsync(bench.DataSource, Postings));
        await started.plain.CreateAsync();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await log.DisposeAsync();
        await SimulatedEvents.DropAsync(bench.DataSource, Region);
        if (bench.MessageDb is { } messageDb)
        {
            await messageDb.EmptyAsync();
        }
    }

    /// <summary>Single events, by the number of callers.</summary>
    public async Task SinglesAsync()
    {
        foreach (var callers in new[] { 1, 8, 32, 128 })
        {
            Goal[] goals = callers switch
            {
                1 => [Goal.Times(1, "Message DB", OneCategory, Categories)],
                32 =>
                [
                    Goal.Times(3, "Message DB at its best", OneCategory, Categories), Goal.Times(8, Marten, Marten), Goal.Times(2, Inserts, Inserts),
                    Goal.Reach(5, Unit.Milliseconds, Metric.P99),
                ],
                _ => [],
            };
            await bench.CompareAsync(
                Titles.Singles(callers),
                Unit.EventsPerSecond,
                [
                    new(Contestant.Ours, () => AppendAsync(callers, 1)),
                    new(Inserts, () => plain.InsertRowsAsync(callers, events, bench.Turn)),
                    bench.WithMessageDb(OneCategory, m => m.WriteAsync(callers, 1, events, bench.Turn)),
                    bench.WithMessageDb(Categories, m => m.WriteAsync(callers, ManyCategories, events, bench.Turn)),
                    .. callers is 1 or 32
                        ?
                        [
                            bench.WithMarten(Marten, Plain, MartenWork.Append, callers),
                            bench.WithMarten(OnMarten, Adapter, MartenWork.AppendThroughOurLog, callers),
                        ]
                        : Array.Empty<Contestant>(),
                ],
                goals,
                Metric.P50,
                Metric.P99);
        }
    }

    /// <summary>Batches, each one append.</summary>
    public async Task BatchesAsync()
    {
        const string unnest = "INSERT … SELECT … FROM unnest";
        await bench.CompareAsync(
            $"batches of {BatchSize} events, {BatchCallers} callers",
            Unit.EventsPerSecond,
            [
                new(Contestant.Ours, () => AppendAsync(BatchCallers, BatchSize)),
                new(unnest, () => plain.InsertBatchesAsync(BatchCallers, BatchSize, events, bench.Turn)),
                bench.WithMarten(Marten, Plain, MartenWork.Append, BatchCallers, BatchSize),
                bench.WithMarten(OnMarten, Adapter, MartenWork.AppendThroughOurLog, BatchCallers, BatchSize),
            ],
            [Goal.Times(0.8, unnest, unnest)],
            Metric.P50,
            Metric.P99);
    }

    /// <summary>A whole import in one transaction.</summary>
    public async Task BulkAsync()
    {
        const string copy = "binary COPY into a table with the same two indexes";
        List<NewEvent> imported = [.. PlainTable.Batch(events, 0, bench.Turn < TimeSpan.FromSeconds(1) ? FewImported : Imported)];
        await bench.CompareAsync(
            Titles.Bulk,
            Unit.EventsPerSecond,
            [
                new(Contestant.Ours, ImportAsync, $"{imported.Count:#,0} events"),
                new(copy, () => plain.CopyInAsync(imported, EventsPerStream)),
                bench.WithMarten(Marten, "its own bulk insert: no versions checked", MartenWork.Bulk, size: imported.Count),
            ],
            [Goal.Times(0.75, "COPY into the same indexes", copy)]);

        async Task<Measured> ImportAsync()
        {
            var start = Stopwatch.GetTimestamp();
            await log.AppendBulkAsync(CommandId.Next(), "benchmark", PiecesAsync(), default);
            return Bench.PerSecond(imported.Count, start);
        }

        async IAsyncEnumerable<StreamAppend> PiecesAsync()
        {
            for (var i = 0; i < imported.Count; i += EventsPerStream)
            {
                yield return new(NextStream(), 0, imported.GetRange(i, Math.Min(EventsPerStream, imported.Count - i)));
            }

            await Task.CompletedTask;
        }
    }

    public async Task ReadsAsync()
    {
        const string select = "select of the same columns, rows dropped";
        await AppendAsync(BatchCallers, BatchSize);
        var head = (await log.ReadHeadAsync(default)).Position;
        Contestant[] reading = [new(Contestant.Ours, ReadAllAsync), new(select, async () => await SelectAllAsync())];
        await bench.CompareAsync("reading all events", Unit.EventsPerSecond, reading, []);
        await bench.CompareAsync(Titles.Verify, Unit.EventsPerSecond, [reading[0] with { Measure = VerifyAsync }, reading[1]], []);

        async Task<Measured> ReadAllAsync()
        {
            var start = Stopwatch.GetTimestamp();
            await foreach (var e in log.ReadAllAsync(0, default))
            {
                _ = e.Position;
            }

            return Bench.PerSecond(head, start);
        }

        async Task<Measured> SelectAllAsync()
        {
            var start = Stopwatch.GetTimestamp();
            await using var all = bench.DataSource.CreateCommand($"select * from {LogSchema.NameOf(Region)}.events order by position");
            await MessageDb.DropAsync(all);
            return Bench.PerSecond(head, start);
        }
    }

    private async Task<Measured> VerifyAsync()
    {
        var start = Stopwatch.GetTimestamp();
        var result = await LogVerifier.VerifyAsync(bench.DataSource, Region, [], [], null, default);
        return result.IsIntact
            ? Bench.PerSecond(result.Events, start)
            : throw new InvalidOperationException($"The log is not intact: {result.Findings[0]}");
    }

    /// <summary>Callers that append one after the other, each to a department's year of its own.</summary>
    private Task<Measured> AppendAsync(int callers, int size) => Load.RunAsync(callers, bench.Turn, async caller =>
    {
        var stream = NextStream();
        while (caller.Goes)
        {
            NewEvent[] batch = [.. PlainTable.Batch(events, caller.Next, size)];
            await log.AppendAsync(new(CommandId.Next(), "benchmark", [new(stream, caller.Count, batch)]), default);
            caller.Done(size);
        }
    });

    private string NextStream() => Streams.Year(new($"{100_000_000 + Interlocked.Increment(ref department)}"), SimulatedEvents.Year);
}
