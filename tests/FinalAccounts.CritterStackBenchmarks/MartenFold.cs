using FinalAccounts.Benchmarks;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using JasperFx.Events;
using Marten.Events.Aggregation;
using Npgsql;

namespace FinalAccounts.CritterStackBenchmarks;

/// <summary>The facts of a department's year, summed up.</summary>
public sealed class YearFacts
{
    /// <summary>The stream.</summary>
    public required string Id { get; set; }

    public long Events { get; set; }

    public Dictionary<FactKey, Int128> Totals { get; } = [];
}

/// <summary>Sums the facts of each event up, by the function that says what an event means.</summary>
public sealed partial class YearFactsFold : SingleStreamProjection<YearFacts, string>
{
    /// <inheritdoc/>
    public override YearFacts Evolve(YearFacts? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var facts = snapshot ?? new() { Id = id };
        facts.Events++;
        foreach (var fact in EventFacts.Of((LedgerEvent)e.Data))
        {
            facts.Totals[fact.Key] = facts.Totals.GetValueOrDefault(fact.Key) + fact.Value;
        }

        return facts;
    }
}

/// <summary>The live aggregation of one department's year.</summary>
internal sealed class MartenFold
{
    private readonly PlainMarten marten;
    private readonly string stream;

    private MartenFold(PlainMarten marten, string stream) => (this.marten, this.stream) = (marten, stream);

    /// <summary>Stores the events that the others fold.</summary>
    public static async Task<MartenFold> CreateAsync(NpgsqlDataSource dataSource, PlainMarten marten)
    {
        var year = (await SimulatedEvents.YearAsync(dataSource, FoldBenchmark.Events)).Take(FoldBenchmark.Events);
        var started = marten.Start(year.Select(e => EventCodec.Decode(e.Type, e.SchemaVersion, e.Body)));
        await marten.Store.BulkInsertEventsAsync([started]);
        return new(marten, started.Key!);
    }

    public Task<Measured> MeasureAsync(double seconds) => FoldBenchmark.TimeAsync(
        async () =>
        {
            await using var session = marten.Store.QuerySession();
            return (await session.Events.AggregateStreamAsync<YearFacts>(stream))!.Events;
        },
        TimeSpan.FromSeconds(seconds));
}
