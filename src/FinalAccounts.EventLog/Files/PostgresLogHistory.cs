using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog.Files;

/// <summary>Takes the history of a region into its log on PostgreSQL, as <see cref="LogSchema"/> has made it. Its events are copied in while the
/// head is locked.</summary>
/// <param name="owner">Connections with the owner's role, as whatever is done to a log beside appending; stays the caller's.</param>
public sealed class PostgresLogHistory(NpgsqlDataSource owner, RegionCode region) : ILogHistory
{
    private readonly string schema = LogSchema.NameOf(region);
    private readonly LogCatalog catalog = new(LogSchema.NameOf(region));
    private readonly EventHash.Chain chain = new();

    /// <inheritdoc/>
    public async Task AppendAsync(IAsyncEnumerable<StoredEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        var source = new Source(events.GetAsyncEnumerator(cancellationToken));
        try
        {
            await using (source)
            {
                await using var session = await LogSession.OpenAsync(owner, schema, catalog, cancellationToken);

                // Years and names are made on a connection of their own, for they stay whatever becomes of the events.
                await using var beside = await LogSession.OpenAsync(owner, schema, catalog, cancellationToken);
                await new Piece(this, session, beside).StoreAsync(source, cancellationToken);
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException && e != source.Failure)
        {
            throw new LogUnavailableException($"The history can't be written to {schema}: {e.Message}", e);
        }
    }

    /// <summary>The events of one call, in one transaction.</summary>
    private sealed class Piece(PostgresLogHistory history, LogSession session, LogSession beside)
    {
        private readonly LogCatalog catalog = history.catalog;
        private readonly string schema = history.schema;
        private readonly HashSet<short> years = [];
        private readonly Dictionary<Guid, long> commands = [];
        private readonly List<Guid> doubtful = [];
        private LogHead at;
        private StreamMoves moves = null!;
        private int[] versions = [];

        public async Task StoreAsync(Source source, CancellationToken cancellationToken)
        {
            (var transaction, at) = await session.BeginAsync(cancellationToken);
            await using (transaction)
            {
                await RequireOwnerAsync(cancellationToken);
                moves = new(catalog, at.Streams);
                versions = await session.ReadVersionsAsync(at.Streams, cancellationToken);
                var next = await CopyAsync(source, cancellationToken);
                if (next.Position == at.Position)
                {
                    return;
                }

                AppendStatement.Fill(session.Append, at, next, new(0, 0, moves));
                await session.Append.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(CancellationToken.None);
                foreach (var stream in moves.Created)
                {
                    catalog.AddStream(stream);
                }
            }
        }

        /// <summary>The application's role can append and could set the times; that history is the owner's matter is said here.</summary>
        private async Task RequireOwnerAsync(CancellationToken cancellationToken)
        {
            await using var command = session.Command($"lock table {schema}.head in row exclusive mode");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        /// <returns>Where the head is to stand.</returns>
        private async Task<LogHead> CopyAsync(Source source, CancellationToken cancellationToken)
        {
            await using var copy = new EventCopy(session.Connection, $"{schema}.events");
            try
            {
                var next = await CopyAsync(source, copy, cancellationToken);
                await copy.EndAsync(cancellationToken);
                await RequireNewCommandsAsync();
                return next;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                await RequireNewCommandsAsync();
                throw;
            }
        }

        private async Task<LogHead> CopyAsync(Source source, EventCopy copy, CancellationToken cancellationToken)
        {
            var next = at with { Hash = (byte[])at.Hash.Clone() };
            var before = Instant.FromUnixTimeTicks(at.RecordedMicroseconds * 10);
            Guid? command = null;
            var commandEvents = 0;
            while (await source.NextAsync() is { } e)
            {
                var stream = Place(e, next, before);
                if (e.CommandId != command)
                {
                    if (command is not null)
                    {
                        copy.MarkLast(commandEvents);
                    }

                    (command, commandEvents) = (e.CommandId, 0);
                    Begin(e);
                }

                await MakeReadyAsync(e, stream, copy, cancellationToken);
                copy.Add(e, stream, catalog);
                (before, commandEvents) = (e.RecordedAt, commandEvents + 1);
                next = next with
                {
                    Position = e.Position,
                    Hash = e.Hash,
                    RecordedMicroseconds = EventHash.Microseconds(e.RecordedAt),
                    LastCommand = LogHead.Greatest(next.LastCommand, e.CommandId),
                };
            }

            if (command is not null)
            {
                copy.MarkLast(commandEvents);
            }

            return next;
        }

        /// <summary>Checks that an event goes on where the log and its stream stand.</summary>
        private NumberedText Place(StoredEvent e, LogHead head, Instant before)
        {
            if (e.Position != head.Position + 1)
            {
                throw new LogHistoryException(LogFileProblem.PositionMissing, e.Position);
            }

            var stands = moves.Find(e.Stream) ?? (catalog.TryStream(e.Stream, out var known) && known.Number < versions.Length ? versions[known.Number] : 0);
            if (HistoryCheck.Find(e, stands, before) is { } problem)
            {
                throw new LogHistoryException(problem, e.Position);
            }

            var stream = moves.Add(e.Stream, stands, 1);
            var hash = (byte[])head.Hash.Clone();
            history.chain.Next(hash, e);
            return hash.AsSpan().SequenceEqual(e.Hash) ? stream : throw new LogHistoryException(LogFileProblem.HashMismatch, e.Position);
        }

        /// <summary>The first event of a command.</summary>
        private void Begin(StoredEvent e)
        {
            if (!commands.TryAdd(e.CommandId, e.Position))
            {
                throw new LogHistoryException(LogFileProblem.CommandRepeated, e.Position);
            }

            if (!at.IsNew(e.CommandId))
            {
                doubtful.Add(e.CommandId);
            }
        }

        /// <summary>What an event needs beside its row: its year, and numbers for its type and actor.</summary>
        private async ValueTask MakeReadyAsync(StoredEvent e, NumberedText stream, EventCopy copy, CancellationToken cancellationToken)
        {
            UnknownTexts? unknown = null;
            catalog.Note(e.Actor, ref unknown);
            catalog.NoteType(e.Type, ref unknown);
            if (unknown is not null)
            {
                await catalog.NumberAsync(beside.Connection, unknown, cancellationToken);
            }

            if (years.Add(stream.FiscalYear))
            {
                // The running COPY knows only the partitions that were there when it began.
                await copy.EndAsync(cancellationToken);
                if (!await beside.IsOpenAsync(stream.FiscalYear, cancellationToken))
                {
                    throw new YearArchivedException(stream.FiscalYear);
                }
            }

            await copy.BeginAsync(cancellationToken);

            // Not behind the event: the last one of a command gets its mark while it is still here.
            if (copy.IsFull)
            {
                await copy.SendAsync(cancellationToken);
            }
        }

        /// <summary>What is committed does not have the commands yet.</summary>
        private async Task RequireNewCommandsAsync()
        {
            if (doubtful.Count > 0)
            {
                var known = await new GroupLookUp(beside, schema, catalog).FindCommandsAsync([.. doubtful]);
                if (known.Count > 0)
                {
                    throw new LogHistoryException(LogFileProblem.CommandRepeated, known.Keys.Min(c => commands[c]));
                }
            }
        }
    }

    /// <summary>Where the events come from: what goes wrong there is the caller's own and goes back as it is.</summary>
    private sealed class Source(IAsyncEnumerator<StoredEvent> events) : IAsyncDisposable
    {
        public Exception? Failure { get; private set; }

        public async ValueTask<StoredEvent?> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync() ? events.Current : null;
            }
            catch (Exception e)
            {
                Failure = e;
                throw;
            }
        }

        public ValueTask DisposeAsync() => events.DisposeAsync();
    }
}
