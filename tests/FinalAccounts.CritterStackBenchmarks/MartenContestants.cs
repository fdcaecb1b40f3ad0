using FinalAccounts.Benchmarks;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.CritterStack;
using FinalAccounts.CritterStack.Projecting;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.CritterStackBenchmarks;

/// <summary>All that is measured with Marten. What a turn needs is made in its first turn, which warms up.</summary>
internal sealed class MartenContestants(NpgsqlDataSource dataSource) : IAsyncDisposable
{
    private static readonly RegionCode Region = new("999990");

    private readonly List<IAsyncDisposable> opened = [];
    private IReadOnlyList<NewEvent>? postings;
    private IReadOnlyList<LedgerEvent>? decoded;
    private PlainMarten? appended;
    private PlainMarten? inserted;
    private MartenEventLog? log;
    private MartenFold? fold;
    private MartenRebuild? rebuild;
    private int stream;

    /// <summary>Does one turn.</summary>
    public async Task<Measured> MeasureAsync(MartenTurn turn) => turn.Work switch
    {
        MartenWork.Append => await (appended ??= await OpenAsync("plain_marten")).AppendAsync(turn, await DecodedAsync()),
        MartenWork.AppendThroughOurLog => await AppendAsync(turn),
        MartenWork.Bulk => await (inserted ??= await OpenAsync("plain_marten_bulk")).InsertAsync(turn.Size, await DecodedAsync()),
        MartenWork.Fold => await (fold ??= await MartenFold.CreateAsync(dataSource, await OpenAsync("plain_marten_fold"))).MeasureAsync(turn.Seconds),
        MartenWork.Rebuild => await (rebuild ??= await MartenRebuild.CreateAsync(dataSource, await OpenAsync("plain_marten_rebuild", new()))).MeasureAsync(),
        MartenWork.StoredSingly => await (await OpenAsync("plain_marten_single")).StoreSinglyAsync(turn, await DecodedAsync()),
        MartenWork.StoredInBulk => await (await OpenAsync("plain_marten_stored")).StoreInBulkAsync(turn, await DecodedAsync()),
        _ => throw new ArgumentOutOfRangeException(nameof(turn)),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var one in opened)
        {
            await one.DisposeAsync();
        }
    }

    /// <summary>Callers that append through our log one after the other, each to a department's year of its own.</summary>
    private async Task<Measured> AppendAsync(MartenTurn turn)
    {
        postings ??= await SimulatedEvents.PostingsAsync(dataSource, LogBenchmark.Postings);
        if (log is null)
        {
            await RegionStore.MigrateAsync(dataSource, Region, null, default);
            log = new(dataSource, Region, SystemClock.Instance);
            opened.Add(log);
        }

        return await Load.RunAsync(turn.Callers, TimeSpan.FromSeconds(turn.Seconds), async caller =>
        {
            var year = Streams.Year(new($"{100_000_000 + Interlocked.Increment(ref stream)}"), SimulatedEvents.Year);
            while (caller.Goes)
            {
                NewEvent[] batch = [.. PlainTable.Batch(postings, caller.Next, turn.Size)];
                await log.AppendAsync(new(CommandId.Next(), "benchmark", [new(year, caller.Count, batch)]), default);
                caller.Done(turn.Size);
            }
        });
    }

    private async Task<PlainMarten> OpenAsync(string schema, DepartmentYearProjection? kept = null)
    {
        var made = await PlainMarten.CreateAsync(dataSource, schema, kept);
        opened.Add(made);
        return made;
    }

    private async Task<IReadOnlyList<LedgerEvent>> DecodedAsync()
    {
        postings ??= await SimulatedEvents.PostingsAsync(dataSource, LogBenchmark.Postings);
        return decoded ??= [.. postings.Select(p => EventCodec.Decode(p.Type, p.SchemaVersion, p.Body))];
    }
}
