using System.Diagnostics;
using System.Globalization;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.Benchmarks;

/// <summary>
/// What an event costs when the log is ten and a hundred times as long. The logs are filled first, and then take turns, so that other load on
/// the machine hits them alike; a turn is short, so that they stay as long as they are said to be.
/// </summary>
internal sealed class GrowthBenchmark(Bench bench)
{
    private const int Callers = 32;
    private const int EventsPerTurn = 8_000;
    private const int EventsPerStream = 2_000;
    private const int Fillers = 32;
    private const int ImportedPerTurn = 20_000;
    private const int Postings = 20_000;
    private const double MostGrowth = 1.3;

    private readonly List<PostgresEventLog> logs = [];
    private IReadOnlyList<NewEvent> events = [];
    private int department;

    public async Task RunAsync()
    {
        events = await SimulatedEvents.PostingsAsync(bench.DataSource, Postings);
        List<int> sizes = [100_000, 1_000_000, .. bench.IsLong ? [10_000_000] : Array.Empty<int>()];
        foreach (var size in sizes)
        {
            await FillAsync(RegionOf(size), size);
        }

        for (var i = 1; i < sizes.Count; i++)
        {
            var (smaller, larger) = (sizes[i - 1], sizes[i]);
            await CompareAsync("single event", smaller, larger, log => AppendAsync(log));
            await CompareAsync("bulk import", smaller, larger, ImportAsync);
            await CompareAsync("read of a stream", smaller, larger, ReadAsync);
        }

        for (var i = 0; i < logs.Count; i++)
        {
            await logs[i].DisposeAsync();
            await SimulatedEvents.DropAsync(bench.DataSource, RegionOf(sizes[i]));
        }

        async Task CompareAsync(string what, int smaller, int larger, Func<PostgresEventLog, Task<Measured>> measure)
        {
            var (small, large) = (Name(smaller), Name(larger));
            var row = await bench.CompareAsync(
                $"{what}, {larger:#,0} events",
                Unit.EventsPerSecond,
                [new(large, () => measure(logs[sizes.IndexOf(larger)])), new(small, () => measure(logs[sizes.IndexOf(smaller)]))],
                []);
            bench.Note($"{what}, cost at {larger:#,0} ÷ cost at {smaller:#,0}", Unit.CostRatio, 1 / row.Entries[1].Ratio!.Value, null, Goal.Reach(MostGrowth, Unit.CostRatio));
        }

        static string Name(int size) => string.Create(CultureInfo.InvariantCulture, $"log of {size:#,0}");
    }

    private static RegionCode RegionOf(int size) => new(size switch { 100_000 => "999985", 1_000_000 => "999986", _ => "999987" });

    /// <summary>Every event is a command of its own: the heaviest way to fill a log, and what a year of single postings leaves behind.</summary>
    private async Task FillAsync(RegionCode region, int size)
    {
        await SimulatedEvents.RenewAsync(bench.DataSource, region);
        var log = new PostgresEventLog(bench.DataSource, region, SystemClock.Instance);
        logs.Add(log);
        var streams = size / EventsPerStream;
        await Task.WhenAll(Enumerable.Range(0, Fillers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref streams) >= 0)
            {
                var stream = NextStream();
                for (var version = 0; version < EventsPerStream; version++)
                {
                    await log.AppendAsync(new(CommandId.Next(), "benchmark", [new(stream, version, [events[version % events.Count]])]), default);
                }
            }
        })));

        await bench.SettleAsync(region);
    }

    /// <summary>Single events to streams that are new in each turn, by so many callers.</summary>
    private async Task<Measured> AppendAsync(PostgresEventLog log)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var stream = NextStream();
            for (var version = 0; version < EventsPerTurn / Callers; version++)
            {
                await log.AppendAsync(new(CommandId.Next(), "benchmark", [new(stream, version, [events[version]])]), default);
            }
        })));
        return Bench.PerSecond(EventsPerTurn, start);
    }

    private async Task<Measured> ImportAsync(PostgresEventLog log)
    {
        var start = Stopwatch.GetTimestamp();
        await log.AppendBulkAsync(CommandId.Next(), "benchmark", PiecesAsync(), default);
        return Bench.PerSecond(ImportedPerTurn, start);

        async IAsyncEnumerable<StreamAppend> PiecesAsync()
        {
            for (var i = 0; i < ImportedPerTurn; i += EventsPerStream)
            {
                yield return new(NextStream(), 0, [.. PlainTable.Batch(events, i, EventsPerStream)]);
            }

            await Task.CompletedTask;
        }
    }

    /// <summary>Some streams, from all over the log.</summary>
    private static async Task<Measured> ReadAsync(PostgresEventLog log)
    {
        const int streams = 10;
        var all = (await log.ListStreamsAsync("year/", default)).Where(s => s.Version == EventsPerStream).ToList();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < streams; i++)
        {
            await foreach (var e in log.ReadStreamAsync(all[(i + 1) * (all.Count - 1) / streams].Stream, 1, default))
            {
                _ = e.Position;
            }
        }

        return Bench.PerSecond(streams * EventsPerStream, start);
    }

    private string NextStream() => Streams.Year(new($"{100_000_000 + Interlocked.Increment(ref department)}"), SimulatedEvents.Year);
}
