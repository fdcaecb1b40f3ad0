using System.Diagnostics;
using FinalAccounts.Benchmarks;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.CritterStack.Projecting;
using FinalAccounts.Ledger;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace FinalAccounts.CritterStackBenchmarks;

/// <summary>The rebuild of a projection by Marten's daemon.</summary>
internal sealed class MartenRebuild
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private readonly PlainMarten marten;
    private readonly int years;
    private readonly int events;

    private MartenRebuild(PlainMarten marten, int years, int events) => (this.marten, this.years, this.events) = (marten, years, events);

    /// <summary>Stores the years of departments.</summary>
    public static async Task<MartenRebuild> CreateAsync(NpgsqlDataSource dataSource, PlainMarten marten)
    {
        var year = await SimulatedEvents.YearAsync(dataSource, LogBenchmark.EventsPerStream);
        LedgerEvent[] decoded = [.. year.Select(e => EventCodec.Decode(e.Type, e.SchemaVersion, e.Body))];
        var streams = new List<StreamAction>();
        for (var count = 0; count < ProjectionBenchmark.Messages; count += decoded.Length)
        {
            streams.Add(marten.Start(decoded));
        }

        await marten.Store.BulkInsertEventsAsync(streams);
        return new(marten, streams.Count, streams.Count * decoded.Length);
    }

    /// <summary>Events per second.</summary>
    public async Task<Measured> MeasureAsync()
    {
        using var daemon = await marten.Store.BuildProjectionDaemonAsync();
        var start = Stopwatch.GetTimestamp();
        await daemon.RebuildProjectionAsync<DepartmentYear>(Longest, CancellationToken.None);
        var rate = Bench.PerSecond(events, start);
        await using var session = marten.Store.QuerySession();
        return await session.Query<DepartmentYear>().CountAsync() == years
            ? rate
            : throw new InvalidOperationException("The rebuild did not give each year once.");
    }
}
