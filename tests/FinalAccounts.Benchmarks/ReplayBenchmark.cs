using System.Diagnostics;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Benchmarks;

/// <summary>The replay of a whole region-year into facts: 1,000 departments with 2,000 postings each.</summary>
internal sealed class ReplayBenchmark : IAsyncDisposable
{
    private const string Copy = "COPY … TO STDOUT of the same rows, dropped";
    private const int Departments = 1_000;
    private const int Postings = 2_000;
    private static readonly RegionCode Region = new("999998");

    private readonly NpgsqlDataSource dataSource;
    private readonly PostgresEventLog log;
    private Seal head = new(0, "");

    private ReplayBenchmark(NpgsqlDataSource dataSource)
    {
        this.dataSource = dataSource;
        log = new(dataSource, Region, SystemClock.Instance);
    }

    /// <summary>Fills a region with books that are made up.</summary>
    public static async Task<ReplayBenchmark> CreateAsync(NpgsqlDataSource dataSource)
    {
        await LogSchema.MigrateAsync(dataSource, Region, null, default);
        var bench = new ReplayBenchmark(dataSource);
        var simulation = new Simulation(new(2024), FormPack.Load("hunan-2024")!, [.. Enumerable.Repeat(Postings, Departments)], seed: 1);
        bench.head = await simulation.AppendAsync(bench.log, progress: null, default);
        await using var settle = dataSource.CreateCommand($"vacuum (analyze) {LogSchema.NameOf(Region)}.events");
        settle.CommandTimeout = 600;
        await settle.ExecuteNonQueryAsync();
        return bench;
    }

    public async ValueTask DisposeAsync()
    {
        await log.DisposeAsync();
        await SimulatedEvents.DropAsync(dataSource, Region);
    }

    public async Task RunAsync(Bench bench)
    {
        await bench.CompareAsync(
            $"{Departments * Postings:#,0} postings into facts, chain checked", Unit.EventsPerSecond,
            [new(Contestant.Ours, async () => await FactsAsync()), new(Copy, async () => await CopyAsync())], []);
        await bench.CompareAsync(
            $"{Departments * Postings:#,0} postings, chain checked only", Unit.EventsPerSecond,
            [new(Contestant.Ours, async () => await ScanAsync()), new(Copy, async () => await CopyAsync())], []);
    }

    /// <summary>From the log to the totals of every department-year, with the chain of hashes checked. Events per second.</summary>
    private async Task<double> FactsAsync()
    {
        var clock = Stopwatch.StartNew();
        var tallies = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new FactTally()).ToList();
        await log.ScanAllAsync(head, [.. tallies.Select(Handler)], scanned: null, default);
        var totals = FactTally.Merge(tallies);
        return totals.Count == Departments
            ? head.Position / clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"{totals.Count} years were replayed.");
    }

    /// <summary>The chain of hashes alone.</summary>
    private async Task<double> ScanAsync()
    {
        var clock = Stopwatch.StartNew();
        await log.ScanAllAsync(
            head, [.. Enumerable.Repeat<ScannedEventHandler>((in _) => { }, Environment.ProcessorCount)], scanned: null, default);
        return head.Position / clock.Elapsed.TotalSeconds;
    }

    /// <summary>The same rows as they come, over one connection, thrown away.</summary>
    private async Task<double> CopyAsync()
    {
        var clock = Stopwatch.StartNew();
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"""
            copy (select * from {LogSchema.NameOf(Region)}.events order by position) to stdout (format binary)
            """);
        var buffer = new byte[1 << 20];
        while (await copy.ReadAsync(buffer, default) > 0)
        {
        }

        return head.Position / clock.Elapsed.TotalSeconds;
    }

    private static ScannedEventHandler Handler(FactTally tally) => (in e) =>
        tally.Take(e.Position, e.Stream, e.Type, e.SchemaVersion, e.RecordedMicroseconds, e.Actor, e.Body);
}
