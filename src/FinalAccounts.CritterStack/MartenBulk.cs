using FinalAccounts.EventLog;
using Marten.Services;
using NodaTime;
using Npgsql;
using DocumentStore = Marten.DocumentStore;

namespace FinalAccounts.CritterStack;

/// <summary>A bulk append on its way: in one transaction, some pieces in memory.</summary>
internal sealed class MartenBulk(DocumentStore store, Instant recordedAt, Guid commandId, string actor)
{
    /// <summary>Events that go to the server at a time.</summary>
    private const int EventsPerBatch = 1_000;

    private readonly Dictionary<string, long> versions = new(StringComparer.Ordinal);
    private readonly List<StreamAppend> batch = [];
    private bool isFirst = true;

    /// <summary>What went wrong where the pieces are made: it goes back as it is.</summary>
    public Exception? CallersOwn { get; private set; }

    /// <summary>The first piece of each stream, without its events.</summary>
    public List<StreamAppend> FirstOfStreams { get; } = [];

    public async Task StoreAsync(NpgsqlTransaction transaction, IAsyncEnumerable<StreamAppend> pieces, CancellationToken cancellationToken)
    {
        var (inBatch, total) = (0, 0L);
        await using var enumerator = pieces.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(enumerator))
        {
            var piece = enumerator.Current;
            LogLimits.Check(piece);
            total += piece.Events.Count;
            if (total > LogLimits.EventsPerBulk)
            {
                throw new ArgumentException($"A bulk append has more than {LogLimits.EventsPerBulk} events.");
            }

            // In the order in which they come: Marten would put the events of a stream together.
            if (inBatch >= EventsPerBatch || batch.Any(b => b.Stream == piece.Stream))
            {
                await SendAsync(transaction, cancellationToken);
                inBatch = 0;
            }

            if (versions.TryGetValue(piece.Stream, out var stands) && stands != piece.ExpectedVersion)
            {
                throw new VersionConflictException(piece.Stream, piece.ExpectedVersion, stands);
            }

            if (!versions.ContainsKey(piece.Stream))
            {
                FirstOfStreams.Add(piece with { Events = [] });
            }

            versions[piece.Stream] = piece.ExpectedVersion + piece.Events.Count;
            batch.Add(piece);
            inBatch += piece.Events.Count;
        }

        if (batch.Count == 0)
        {
            throw new ArgumentException("A bulk append has no events.");
        }

        await SendAsync(transaction, cancellationToken);
    }

    /// <summary>
    /// Records commands in a transaction, before their events and apart from them: where Marten finds one that is there already, it would
    /// put tombstones in the place of the events of the same session, on another connection, and wait there for this transaction.
    /// </summary>
    internal static async Task RecordAsync(
        DocumentStore store, NpgsqlTransaction transaction, IEnumerable<Guid> commandIds, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        session.Insert(commandIds.Select(id => new RecordedCommand { Id = id }).ToArray());
        await session.SaveChangesAsync(cancellationToken);
    }

    private async Task SendAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (isFirst)
        {
            await RecordAsync(store, transaction, [commandId], cancellationToken);
            isFirst = false;
        }

        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        MartenEventLog.Add(session, commandId, actor, batch, recordedAt);
        await session.SaveChangesAsync(cancellationToken);
        batch.Clear();
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<StreamAppend> pieces)
    {
        try
        {
            return await pieces.MoveNextAsync();
        }
        catch (Exception e)
        {
            CallersOwn = e;
            throw;
        }
    }
}
