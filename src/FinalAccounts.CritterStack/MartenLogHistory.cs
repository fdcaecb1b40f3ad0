using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using JasperFx;
using Marten;
using Marten.Services;
using NodaTime;
using Npgsql;
using DocumentStore = Marten.DocumentStore;

namespace FinalAccounts.CritterStack;

/// <summary>Takes the history of a region into its log on Marten, as <see cref="RegionStore"/> has made it. The head is locked meanwhile.</summary>
/// <param name="owner">Connections with the owner's role, as whatever is done to a log beside appending; stays the caller's.</param>
public sealed class MartenLogHistory(NpgsqlDataSource owner, RegionCode region) : ILogHistory, IAsyncDisposable
{
    /// <summary>Events that go to the server at a time.</summary>
    private const int EventsPerBatch = 1_000;

    private readonly string schema = RegionStore.SchemaOf(region);
    private readonly DocumentStore store = RegionStore.ForBodies(owner, region, AutoCreate.None);
    private readonly RegionChain chain = new(owner, RegionStore.SchemaOf(region));

    /// <inheritdoc/>
    public async Task AppendAsync(IAsyncEnumerable<StoredEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        var piece = new Piece(this);
        try
        {
            await using var connection = await owner.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await piece.StoreAsync(transaction, events, cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (e != piece.CallersOwn && StoreFailure.Passes(e))
        {
            throw StoreFailure.IsKnown(e) && await piece.FindKnownAsync(owner) is { } position
                ? new LogHistoryException(LogFileProblem.CommandRepeated, position)
                : new LogUnavailableException($"The history can't be written to {schema}: {e.Message}", e);
        }
        catch (Exception e) when (e != piece.CallersOwn && StoreFailure.IsUnavailable(e))
        {
            throw new LogUnavailableException($"The history can't be written to {schema}: {e.Message}", e);
        }
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    /// <summary>The events of one call, in one transaction.</summary>
    private sealed class Piece(MartenLogHistory history)
    {
        private readonly string schema = history.schema;
        private readonly Dictionary<string, (long Version, bool IsArchived)> streams = new(StringComparer.Ordinal);
        private readonly Dictionary<Guid, long> commands = [];
        private readonly List<StoredEvent> batch = [];
        private long position;
        private byte[] hash = [];
        private Instant recordedAt;

        /// <summary>What went wrong where the events come from: it goes back as it is.</summary>
        public Exception? CallersOwn { get; private set; }

        public async Task StoreAsync(NpgsqlTransaction transaction, IAsyncEnumerable<StoredEvent> events, CancellationToken cancellationToken)
        {
            var connection = transaction.Connection!;

            // The application's role can't: history is the owner's matter.
            await using (var own = Command(connection, $"lock table {schema}.log_chain in share row exclusive mode"))
            {
                await own.ExecuteNonQueryAsync(cancellationToken);
            }

            await history.chain.MoveAsync(connection);
            await ReadHeadAsync(connection);
            await ReadStreamsAsync(connection, cancellationToken);
            Guid? command = null;
            await using var enumerator = events.GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(enumerator))
            {
                var e = enumerator.Current;
                Take(e);
                if (e.CommandId != command && !commands.TryAdd(e.CommandId, e.Position))
                {
                    throw new LogHistoryException(LogFileProblem.CommandRepeated, e.Position);
                }

                command = e.CommandId;
                if (batch.Count == EventsPerBatch)
                {
                    await SendAsync(transaction, cancellationToken);
                }

                batch.Add(e);
            }

            await SendAsync(transaction, cancellationToken);
            await RequireSameChainAsync(connection);
        }

        /// <summary>The first event of a command that was stored before; null when there is none.</summary>
        public async Task<long?> FindKnownAsync(NpgsqlDataSource owner)
        {
            await using var command = RegionStore.Command(
                owner, $"select id from {schema}.mt_doc_recordedcommand where id = any($1)", (object)commands.Keys.ToArray());
            await using var reader = await command.ExecuteReaderAsync();
            long? first = null;
            while (await reader.ReadAsync())
            {
                first = Math.Min(first ?? long.MaxValue, commands[reader.GetGuid(0)]);
            }

            return first;
        }

        /// <summary>Checks that an event goes on where the log and its stream stand.</summary>
        private void Take(StoredEvent e)
        {
            if (e.Position != position + 1)
            {
                throw new LogHistoryException(LogFileProblem.PositionMissing, e.Position);
            }

            var (version, isArchived) = streams.GetValueOrDefault(e.Stream);
            if (HistoryCheck.Find(e, version, recordedAt) is { } problem)
            {
                throw new LogHistoryException(problem, e.Position);
            }

            if (isArchived)
            {
                throw new YearArchivedException(LogCatalog.FiscalYearOf(e.Stream));
            }

            hash = EventHash.Of(hash, e);
            if (!hash.AsSpan().SequenceEqual(e.Hash))
            {
                throw new LogHistoryException(LogFileProblem.HashMismatch, e.Position);
            }

            (position, recordedAt, streams[e.Stream]) = (e.Position, e.RecordedAt, (e.Version, false));
        }

        /// <summary>Hands what has come to Marten, in the order in which it has come.</summary>
        private async Task SendAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
        {
            await MartenBulk.RecordAsync(
                history.store, transaction, batch.Where(e => commands[e.CommandId] == e.Position).Select(e => e.CommandId), cancellationToken);
            var (from, inSession) = (0, new HashSet<string>(StringComparer.Ordinal));
            var session = Session();
            try
            {
                while (from < batch.Count)
                {
                    var first = batch[from];
                    var run = batch.Skip(from).TakeWhile(e => e.Stream == first.Stream && e.CommandId == first.CommandId && e.RecordedAt == first.RecordedAt).ToList();
                    if (!inSession.Add(first.Stream))
                    {
                        // Marten would put the events of a stream together.
                        await session.SaveChangesAsync(cancellationToken);
                        await session.DisposeAsync();
                        session = Session();
                        inSession = [first.Stream];
                    }

                    var events = run.ConvertAll(e => new NewEvent(e.Type, e.SchemaVersion, e.AccountingDate, e.Body));
                    MartenEventLog.Add(session, first.CommandId, first.Actor, [new(first.Stream, first.Version - 1, events)], first.RecordedAt);
                    from += run.Count;
                }

                await session.SaveChangesAsync(cancellationToken);
                batch.Clear();
            }
            finally
            {
                await session.DisposeAsync();
            }

            IDocumentSession Session() => history.store.LightweightSession(SessionOptions.ForTransaction(transaction));
        }

        /// <summary>The events have the positions and hashes that they came with, unless somebody has appended meanwhile.</summary>
        private async Task RequireSameChainAsync(NpgsqlConnection connection)
        {
            var (wanted, wantedHash) = (position, hash);
            await history.chain.MoveAsync(connection);
            await ReadHeadAsync(connection);
            if (position != wanted || !hash.AsSpan().SequenceEqual(wantedHash))
            {
                throw new LogHistoryException(LogFileProblem.PositionMissing, wanted);
            }
        }

        private async Task ReadHeadAsync(NpgsqlConnection connection)
        {
            await using var command = Command(connection, $"select position, hash, recorded_at from {schema}.log_head for update");
            await using var reader = await command.ExecuteReaderAsync();
            if (!await reader.ReadAsync())
            {
                throw new LogDamagedException(0, $"{schema} has no head.");
            }

            (position, hash, recordedAt) = (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), ChainedRow.InstantOf(reader.GetInt64(2)));
        }

        private async Task ReadStreamsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
        {
            await using var command = Command(connection, $"select id, version, is_archived from {schema}.mt_streams");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                streams.Add(reader.GetString(0), (reader.GetInt64(1), reader.GetBoolean(2)));
            }
        }

        private async ValueTask<bool> NextAsync(IAsyncEnumerator<StoredEvent> events)
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (Exception e)
            {
                CallersOwn = e;
                throw;
            }
        }

        [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
        private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);
    }
}
