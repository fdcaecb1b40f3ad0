using System.Diagnostics;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using NodaTime;

namespace FinalAccounts.Benchmarks;

/// <summary>The live fold of one department's year into its facts.</summary>
internal sealed class FoldBenchmark(Bench bench)
{
    /// <summary>In the stream.</summary>
    internal const int Events = 10_000;

    private const string Stream = "year-fold";
    private const string MessageDbRead = "Message DB, get_stream_messages, rows dropped";
    private const string Select = "select of the same rows, dropped";
    private static readonly RegionCode Region = new("999995");

    public async Task RunAsync()
    {
        await SimulatedEvents.RenewAsync(bench.DataSource, Region);
        var events = (await SimulatedEvents.YearAsync(bench.DataSource, Events)).Take(Events).ToList();
        var stream = events[0].Stream;
        await using var log = new PostgresEventLog(bench.DataSource, Region, SystemClock.Instance);
        List<NewEvent> appended = [.. events.Select(e => new NewEvent(e.Type, e.SchemaVersion, e.AccountingDate, e.Body))];
        await log.AppendAsync(new(CommandId.Next(), "benchmark", [new(stream, 0, appended)]), default);
        var plain = new PlainTable(bench.DataSource);
        await plain.CreateAsync();
        await plain.CopyInAsync(appended, Events);
        var copied = await FirstStreamAsync();
        if (bench.MessageDb is { } messageDb)
        {
            await messageDb.FillAsync(Stream, events);
        }

        var row = await bench.CompareAsync(
            "a stream of 10,000 events to its facts",
            Unit.Milliseconds,
            [
                new(Contestant.Ours, () => TimeAsync(() => FoldAsync(log, stream))),
                new(Select, () => TimeAsync(() => plain.SelectStreamAsync(copied))),
                bench.WithMessageDb(MessageDbRead, m => TimeAsync(() => m.ReadStreamAsync(Stream))),
                bench.WithMarten("Marten, AggregateStreamAsync", "into the same facts, by the facts function", MartenWork.Fold),
            ],
            [Goal.Reach(15, Unit.Milliseconds)]);
        bench.Note("a stream of 10,000 events to its facts, events a second", Unit.EventsPerSecond, Events * 1000 / row.Ours!.Value, null, Goal.Reach(800_000, Unit.EventsPerSecond));
        await SimulatedEvents.DropAsync(bench.DataSource, Region);
        if (bench.MessageDb is { } filled)
        {
            await filled.EmptyAsync();
        }
    }

    private static async Task<long> FoldAsync(PostgresEventLog log, string stream)
    {
        var tally = new FactTally();
        var count = await log.ScanStreamAsync(
            stream, 1, (in e) => tally.Take(e.Position, e.Stream, e.Type, e.SchemaVersion, e.RecordedMicroseconds, e.Actor, e.Body), default);

        return FactTally.Merge([tally]).Count == 1 ? count : throw new InvalidOperationException("The stream did not give one year.");
    }

    private Task<Measured> TimeAsync(Func<Task<long>> read) => TimeAsync(read, bench.Turn);

    /// <summary>The median of what goes into a turn: a process that serves has its code compiled and its connections open.</summary>
    internal static async Task<Measured> TimeAsync(Func<Task<long>> read, TimeSpan duration)
    {
        var times = new List<double>();
        for (var turn = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(turn) < duration;)
        {
            var start = Stopwatch.GetTimestamp();
            var count = await read();
            times.Add(
                count == Events
                    ? Stopwatch.GetElapsedTime(start).TotalMilliseconds
                    : throw new InvalidOperationException($"{count} events were read instead of {Events}."));
        }

        return Statistics.Median(times);
    }

    private async Task<string> FirstStreamAsync()
    {
        await using var ask = bench.DataSource.CreateCommand("select stream from plain limit 1");
        return (string)(await ask.ExecuteScalarAsync())!;
    }
}
