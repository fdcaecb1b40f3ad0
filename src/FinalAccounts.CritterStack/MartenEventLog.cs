using System.Runtime.CompilerServices;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using JasperFx;
using JasperFx.Events;
using Marten;
using NodaTime;
using Npgsql;
using DocumentStore = Marten.DocumentStore;

namespace FinalAccounts.CritterStack;

/// <summary>
/// The log of one region on Marten's event store, in the schema that <see cref="RegionStore.MigrateAsync"/> makes. Marten stores streams
/// and events and refuses wrong versions; the positions and the chain of hashes come right behind (<see cref="RegionChain"/>). What differs from
/// our own engine stands in docs/engines.md.
/// </summary>
public sealed class MartenEventLog : IEventLog, IAsyncDisposable
{
    /// <summary>How often an append is tried that the server refused for a reason that passes.</summary>
    private const int Attempts = 5;

    private readonly NpgsqlDataSource dataSource;
    private readonly RegionCode region;
    private readonly string schema;
    private readonly IClock clock;
    private readonly DocumentStore store;
    private readonly RegionChain chain;
    private TaskCompletionSource wakeUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="dataSource">Connections with the application's role; stays the caller's.</param>
    /// <param name="clock">Where the recorded times come from.</param>
    /// <param name="mode">How Marten stores events, quick or rich; the log is the same in both.</param>
    public MartenEventLog(NpgsqlDataSource dataSource, RegionCode region, IClock clock, EventAppendMode mode = EventAppendMode.Quick)
    {
        this.dataSource = dataSource;
        this.clock = clock;
        this.region = region;
        schema = RegionStore.SchemaOf(region);
        store = RegionStore.ForBodies(dataSource, region, AutoCreate.None, mode);
        chain = new(dataSource, schema);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The request is beyond one of the <see cref="LogLimits"/>; nothing was sent.</exception>
    public async Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        LogLimits.Check(request);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var session = store.LightweightSession();
                Add(session, request.CommandId, request.Actor, request.Streams, clock.GetCurrentInstant());
                session.Insert(new RecordedCommand { Id = request.CommandId });
                await session.SaveChangesAsync(cancellationToken);
                return await AnswerAsync(request.CommandId, isRepeated: false, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                if (await FindAsync(request.CommandId, e) is { } known)
                {
                    await RequireSameAsync(known, request, cancellationToken);
                    return known with { Repeated = !StoreFailure.IsUnavailable(e) };
                }

                await ThrowIfConflictAsync(request.Streams, e, cancellationToken);
                if (attempt == Attempts || !StoreFailure.Passes(e))
                {
                    throw Failed(e);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async Task<AppendResult> AppendBulkAsync(
        Guid commandId, string actor, IAsyncEnumerable<StreamAppend> pieces, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        LogLimits.CheckCommand(commandId, actor);
        if (await FindCommandAsync(commandId, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        var bulk = new MartenBulk(store, clock.GetCurrentInstant(), commandId, actor);
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await bulk.StoreAsync(transaction, pieces, cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            return await AnswerAsync(commandId, isRepeated: false, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException && e != bulk.CallersOwn)
        {
            if (await FindAsync(commandId, e) is { } known)
            {
                return known with { Repeated = !StoreFailure.IsUnavailable(e) };
            }

            await ThrowIfConflictAsync(bulk.FirstOfStreams, e, cancellationToken);
            throw Failed(e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public Task<AppendResult?> FindCommandAsync(Guid commandId, CancellationToken cancellationToken) =>
        StoreFailure.GuardAsync(schema, async () =>
        {
            await chain.AdvanceAsync(cancellationToken);
            return await ReadCommandAsync(commandId, cancellationToken);
        });

    /// <inheritdoc/>
    /// <remarks>A stream of an archived year is read like any other: Marten leaves its events where they are.</remarks>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="LogDamagedException">A version is missing.</exception>
    public async IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        string stream, long fromVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await StoreFailure.GuardAsync(schema, () => chain.AdvanceAsync(cancellationToken));
        var next = Math.Max(fromVersion, 1);
        for (var page = LogLimits.RowsPerPage; page == LogLimits.RowsPerPage;)
        {
            var events = await ReadPageAsync("e.stream_id = $1 and e.version >= $2", "e.version", cancellationToken, stream, next);
            page = events.Count;
            foreach (var e in events)
            {
                yield return e.Version == next
                    ? e
                    : throw new LogDamagedException(e.Position, $"Stream '{stream}' of {schema} has version {e.Version} where {next} must be.");
                next++;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Reads as <see cref="ReadStreamAsync"/> does: Marten's way to the rows makes an object of each.</remarks>
    public async Task<long> ScanStreamAsync(string stream, long fromVersion, ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var count = 0L;
        await foreach (var e in ReadStreamAsync(stream, fromVersion, cancellationToken))
        {
            HandOver(e, handler);
            count++;
        }

        return count;
    }

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="LogDamagedException">A position is missing.</exception>
    public async IAsyncEnumerable<StoredEvent> ReadAllAsync(
        long afterPosition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = (await ReadHeadAsync(cancellationToken)).Position;
        for (var position = Math.Max(afterPosition, 0); position < head;)
        {
            var events = await ReadPageAsync("c.position > $1 and c.position <= $2", "c.position", cancellationToken, position, head);
            if (events.Count == 0)
            {
                throw new LogDamagedException(position + 1, $"{schema} ends at {position}, but its head stands at {head}.");
            }

            foreach (var e in events)
            {
                RequireNext(e, ++position);
                yield return e;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Events of archived years are handed over like any others: Marten leaves them where they are.</remarks>
    public Task ScanAllAsync(
        Seal upTo, IReadOnlyList<ScannedEventHandler> handlers, IProgress<long>? scanned, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upTo);
        ArgumentNullException.ThrowIfNull(handlers);
        return LogScan.RunAsync(
            region, upTo, handlers, scanned,
            (scan, handler, stop) => scan.ReadRangesAsync((after, last) => ReadRangeAsync(after, last, handler, stop)),
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Events of archived years are handed over like any others.</remarks>
    public Task ScanAsync(long afterPosition, long lastPosition, ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return StoreFailure.GuardAsync(schema, () => ReadRangeAsync(afterPosition, lastPosition, handler, cancellationToken));
    }

    /// <inheritdoc/>
    /// <remarks>An append of this process wakes it at once, any other is seen within <see cref="LogLimits.PollInterval"/>.</remarks>
    /// <exception cref="LogDamagedException">A position is missing.</exception>
    public async IAsyncEnumerable<StoredEvent> SubscribeAsync(
        long afterPosition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = Math.Max(afterPosition, 0);
        while (true)
        {
            // Taken before the look at the log, so that an append in between is not slept over.
            var wake = Volatile.Read(ref wakeUp).Task;
            var before = position;
            await using (var events = ReadAllAsync(position, cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                while (await StoreFailure.UnlessUnavailableAsync(() => events.MoveNextAsync()))
                {
                    position = events.Current.Position;
                    yield return events.Current;
                }
            }

            if (position == before)
            {
                await Task.WhenAny(wake, Task.Delay(LogLimits.PollInterval, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>As far as the chain goes: what has no position yet is left aside.</remarks>
    public Task<LogVerification> VerifyAsync(IReadOnlyCollection<Seal> seals, IProgress<long>? verified, CancellationToken cancellationToken) =>
        MartenVerifier.VerifyAsync(dataSource, region, seals, verified, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>How far the chain goes, which is taken up to what is stored before.</remarks>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public Task<Seal> ReadHeadAsync(CancellationToken cancellationToken) => StoreFailure.GuardAsync(schema, async () =>
    {
        await chain.AdvanceAsync(cancellationToken);
        await using var command = RegionStore.Command(dataSource, $"select position, hash from {schema}.log_head");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Seal(reader.GetInt64(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1)))
            : throw new LogDamagedException(0, $"{schema} has no head.");
    });

    /// <inheritdoc/>
    /// <remarks>How far the chain goes, as <see cref="ReadHeadAsync"/> has it.</remarks>
    public Task<LogPoint> ReadPointAsync(CancellationToken cancellationToken) => StoreFailure.GuardAsync(schema, async () =>
    {
        await chain.AdvanceAsync(cancellationToken);
        await using var command = RegionStore.Command(dataSource, $"select position, recorded_at from {schema}.log_head");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new LogPoint(reader.GetInt64(0), Instant.FromUnixTimeTicks(reader.GetInt64(1) * 10))
            : throw new LogDamagedException(0, $"{schema} has no head.");
    });

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public Task<IReadOnlyList<StreamVersion>> ListStreamsAsync(string prefix, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return StoreFailure.GuardAsync(schema, async () =>
        {
            await using var command = RegionStore.Command(
                dataSource,
                $"""
                select id, version from {schema}.mt_streams where starts_with(id, $1) and id <> '{RegionStore.TombstoneStream}' order by id collate "C"
                """,
                prefix);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var streams = new List<StreamVersion>();
            while (await reader.ReadAsync(cancellationToken))
            {
                streams.Add(new(reader.GetString(0), reader.GetInt64(1)));
            }

            return (IReadOnlyList<StreamVersion>)streams;
        });
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    /// <summary>Puts events into a session, as the log's.</summary>
    internal static void Add(IDocumentSession session, Guid commandId, string actor, IEnumerable<StreamAppend> streams, Instant recordedAt)
    {
        foreach (var stream in streams)
        {
            var events = new object[stream.Events.Count];
            for (var i = 0; i < events.Length; i++)
            {
                var e = stream.Events[i];
                var wrapped = new Event<StoredBody>(new(e.Body)) { Timestamp = recordedAt.ToDateTimeOffset() };
                EventHeaders.Stamp(wrapped, commandId, actor, e.AccountingDate, e.SchemaVersion, recordedAt);
                events[i] = wrapped;
            }

            // Marten wants the version that the stream is to stand at afterwards.
            session.Events.Append(stream.Stream, stream.ExpectedVersion + events.Length, events);
            for (var i = 0; i < events.Length; i++)
            {
                // Only now: Append sets it to that of the CLR type.
                ((IEvent)events[i]).EventTypeName = stream.Events[i].Type;
            }
        }
    }

    /// <summary>The answer to a command that is stored.</summary>
    private async Task<AppendResult> AnswerAsync(Guid commandId, bool isRepeated, CancellationToken cancellationToken)
    {
        var answer = await FindCommandAsync(commandId, cancellationToken) ?? throw new LogDamagedException(0, $"Command {commandId} is not in the chain.");
        Interlocked.Exchange(ref wakeUp, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return answer with { Repeated = isRepeated };
    }

    /// <summary>Whether a command is stored that has failed.</summary>
    private async Task<AppendResult?> FindAsync(Guid commandId, Exception failure)
    {
        try
        {
            return await FindCommandAsync(commandId, CancellationToken.None);
        }
        catch (LogUnavailableException)
        {
            throw Failed(failure);
        }
    }

    private async Task<AppendResult?> ReadCommandAsync(Guid commandId, CancellationToken cancellationToken)
    {
        await using var command = RegionStore.Command(
            dataSource, $"select min(position), max(position) from {schema}.log_chain where command_id = $1", commandId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(0) ? new(reader.GetInt64(0), reader.GetInt64(1), Repeated: true) : null;
    }

    private async Task RequireSameAsync(AppendResult known, AppendRequest request, CancellationToken cancellationToken)
    {
        var sent = request.Streams.SelectMany(s => s.Events, (s, e) => (s.Stream, Event: e)).ToList();
        var isSame = sent.Count == known.LastPosition - known.FirstPosition + 1;
        var i = 0;
        await foreach (var stored in ReadAllAsync(known.FirstPosition - 1, cancellationToken))
        {
            if (!isSame || stored.Position > known.LastPosition)
            {
                break;
            }

            var (stream, e) = sent[i++];
            isSame = stored.Actor == request.Actor && stored.Stream == stream && stored.Type == e.Type && stored.SchemaVersion == e.SchemaVersion
                && stored.AccountingDate == e.AccountingDate && stored.Body.AsSpan().SequenceEqual(e.Body);
        }

        if (!isSame)
        {
            throw new CommandIdReusedException(request.CommandId);
        }
    }

    /// <summary>Finds out whether a refused append did not fit where its streams stand.</summary>
    private Task ThrowIfConflictAsync(IReadOnlyCollection<StreamAppend> streams, Exception failure, CancellationToken cancellationToken) =>
        StoreFailure.GuardAsync(schema, async () =>
        {
            var expected = streams.DistinctBy(s => s.Stream).ToList();
            await using var command = RegionStore.Command(
                dataSource, $"select id, version, is_archived from {schema}.mt_streams where id = any($1)", (object)expected.Select(s => s.Stream).ToArray());
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var found = new Dictionary<string, (long Version, bool IsArchived)>(StringComparer.Ordinal);
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add(reader.GetString(0), (reader.GetInt64(1), reader.GetBoolean(2)));
            }

            foreach (var stream in expected)
            {
                var (version, isArchived) = found.GetValueOrDefault(stream.Stream);
                if (isArchived)
                {
                    throw new YearArchivedException(LogCatalog.FiscalYearOf(stream.Stream));
                }

                if (version != stream.ExpectedVersion && !StoreFailure.IsUnavailable(failure))
                {
                    throw new VersionConflictException(stream.Stream, stream.ExpectedVersion, version);
                }
            }

            return true;
        });

    /// <summary>Hands over the events behind a position up to another one, their hashes checked from the one before.</summary>
    /// <returns>The last one's hash.</returns>
    private async Task<byte[]?> ReadRangeAsync(long after, long last, ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        var chain = new EventHash.Chain();
        var hash = await ReadHashAsync(after, cancellationToken) ?? throw new LogDamagedException(after, $"{schema} has no position {after}.");
        for (var position = after; position < last;)
        {
            var events = await ReadPageAsync("c.position > $1 and c.position <= $2", "c.position", cancellationToken, position, last);
            foreach (var e in events)
            {
                RequireNext(e, ++position);
                chain.Next(hash, e);
                if (!e.Hash.AsSpan().SequenceEqual(hash))
                {
                    throw new LogDamagedException(position, $"Position {position} of {schema} does not have the hash of its content.");
                }

                HandOver(e, handler);
            }

            if (events.Count == 0)
            {
                throw new LogDamagedException(position + 1, $"{schema} has no position {position + 1}.");
            }
        }

        return hash;
    }

    /// <summary>The stored hash of a position; null when there is no such position.</summary>
    private async Task<byte[]?> ReadHashAsync(long position, CancellationToken cancellationToken)
    {
        if (position == 0)
        {
            return EventHash.Genesis(region);
        }

        await using var command = RegionStore.Command(dataSource, $"select hash from {schema}.log_chain where position = $1", position);
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private void RequireNext(StoredEvent e, long position)
    {
        if (e.Position != position)
        {
            throw new LogDamagedException(position, $"{schema} has position {e.Position} where {position} must be.");
        }
    }

    private static void HandOver(StoredEvent e, ScannedEventHandler handler) =>
        handler(new(e.Position, e.Stream, e.Type, e.SchemaVersion, EventHash.Microseconds(e.RecordedAt), e.Actor, e.Body));

    private Task<List<StoredEvent>> ReadPageAsync(string where, string order, CancellationToken cancellationToken, params object[] parameters) =>
        StoreFailure.GuardAsync(schema, async () =>
        {
            await using var command = RegionStore.Command(
                dataSource,
                $"""
                select {ChainedRow.MartenColumns}, c.position, c.recorded_at, c.hash from {schema}.log_chain c join {schema}.mt_events e using (seq_id)
                where {where} order by {order} limit {LogLimits.RowsPerPage}
                """,
                parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var events = new List<StoredEvent>();
            while (await reader.ReadAsync(cancellationToken))
            {
                events.Add(ChainedRow.Read(reader).At(
                    reader.GetInt64(ChainedRow.Columns), reader.GetInt64(ChainedRow.Columns + 1), reader.GetFieldValue<byte[]>(ChainedRow.Columns + 2)));
            }

            return events;
        });

    private Exception Failed(Exception e) =>
        e is ArgumentException or VersionConflictException or YearArchivedException or LogDamagedException or ObjectDisposedException
            ? e
            : new LogUnavailableException($"The log of {schema} can't be written: {e.Message}", e);
}
