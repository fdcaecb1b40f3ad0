using System.Diagnostics;
using FinalAccounts.Benchmarks;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.CritterStack.Projecting;
using FinalAccounts.Ledger;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Npgsql;
using DocumentStore = Marten.DocumentStore;

namespace FinalAccounts.CritterStackBenchmarks;

/// <summary>
/// Marten as its documentation shows it, with nothing of ours but the records of the events: string keys, System.Text.Json into jsonb, quick
/// appends, no metadata beyond its own columns.
/// </summary>
internal sealed class PlainMarten : IAsyncDisposable
{
    private readonly NpgsqlDataSource dataSource;
    private readonly string schema;
    private int stream;

    private PlainMarten(NpgsqlDataSource dataSource, string schema, DocumentStore store) => (this.dataSource, this.schema, Store) = (dataSource, schema, store);

    public DocumentStore Store { get; }

    /// <summary>An empty store in a schema of its own.</summary>
    /// <param name="kept">What the daemon keeps; null for nothing.</param>
    public static async Task<PlainMarten> CreateAsync(NpgsqlDataSource dataSource, string schema, DepartmentYearProjection? kept)
    {
        var store = DocumentStore.For(options =>
        {
            options.Connection(dataSource);
            options.DatabaseSchemaName = schema;
            options.DisableNpgsqlLogging = true;
            options.UseSystemTextJsonForSerialization(configure: json =>
            {
                foreach (var converter in LedgerJson.Converters)
                {
                    json.Converters.Add(converter);
                }
            });
            options.Events.StreamIdentity = StreamIdentity.AsString;
            options.Events.AppendMode = EventAppendMode.Quick;
            foreach (var type in EventCodec.Types)
            {
                options.Events.MapEventType(type.ClrType, type.Alias);
            }

            options.Projections.Add(new YearFactsFold(), ProjectionLifecycle.Live);
            if (kept is not null)
            {
                options.Projections.Add(kept, ProjectionLifecycle.Async);
            }

            options.AutoCreateSchemaObjects = AutoCreate.All;
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return new(dataSource, schema, store);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    /// <summary>Callers that append one after the other, each to a stream of its own, in a session of its own each time.</summary>
    public Task<Measured> AppendAsync(MartenTurn turn, IReadOnlyList<LedgerEvent> events) =>
        Load.RunAsync(turn.Callers, TimeSpan.FromSeconds(turn.Seconds), async caller =>
        {
            var year = NextStream();
            while (caller.Goes)
            {
                var from = caller.Next;
                await AppendAsync(year, caller.Count, Enumerable.Range(from, turn.Size).Select(n => events[n % events.Count]));
                caller.Done(turn.Size);
            }
        });

    /// <summary>All events by one bulk insert. Events per second.</summary>
    public async Task<Measured> InsertAsync(int count, IReadOnlyList<LedgerEvent> events)
    {
        var start = Stopwatch.GetTimestamp();
        var streams = new List<StreamAction>();
        for (var i = 0; i < count; i += LogBenchmark.EventsPerStream)
        {
            var first = i;
            streams.Add(Start(Enumerable.Range(first, Math.Min(LogBenchmark.EventsPerStream, count - first)).Select(n => events[n % events.Count])));
        }

        await Store.BulkInsertEventsAsync(streams);
        return Bench.PerSecond(count, start);
    }

    /// <summary>Bytes on disk of an event, when callers have appended all of them one by one.</summary>
    public async Task<Measured> StoreSinglyAsync(MartenTurn turn, IReadOnlyList<LedgerEvent> events)
    {
        await Task.WhenAll(Enumerable.Range(0, turn.Callers).Select(caller => Task.Run(async () =>
        {
            var (year, version) = (NextStream(), 0L);
            for (var i = caller; i < turn.Size; i += turn.Callers)
            {
                await AppendAsync(year, version++, [events[i % events.Count]]);
            }
        })));
        return await BytesAsync(turn.Size);
    }

    /// <summary>Bytes on disk of an event, when all were inserted in bulk.</summary>
    public async Task<Measured> StoreInBulkAsync(MartenTurn turn, IReadOnlyList<LedgerEvent> events)
    {
        await Store.BulkInsertEventsAsync(
            [.. Enumerable.Range(0, turn.Callers).Select(caller => Start(Enumerable.Range(0, turn.Size).Where(n => n % turn.Callers == caller).Select(n => events[n % events.Count])))]);
        return await BytesAsync(turn.Size);
    }

    /// <summary>A department's year, named as ours.</summary>
    public string NextStream() => Streams.Year(new($"{100_000_000 + Interlocked.Increment(ref stream)}"), SimulatedEvents.Year);

    public StreamAction Start(IEnumerable<LedgerEvent> events) => StreamAction.Start(Store.Events, NextStream(), [.. events]);

    private async Task AppendAsync(string year, long stands, IEnumerable<LedgerEvent> events)
    {
        object[] appended = [.. events];
        await using var session = Store.LightweightSession();

        // Marten wants the version that the stream is to stand at afterwards.
        session.Events.Append(year, stands + appended.Length, appended);
        await session.SaveChangesAsync();
    }

    private async Task<Measured> BytesAsync(int events)
    {
        await using var ask = dataSource.CreateCommand(
            "select sum(pg_total_relation_size(c.oid))::float8 from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'r' and c.relname in ('mt_events', 'mt_streams')");
        ask.Parameters.Add(new() { Value = schema });
        return (double)(await ask.ExecuteScalarAsync())! / events;
    }
}
