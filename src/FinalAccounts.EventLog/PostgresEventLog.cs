using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// The log of one region on PostgreSQL, in the schema that <see cref="LogSchema"/> makes. One instance per process and region
/// is meant: its concurrent appends are committed together. Several instances and processes may append to the same log.
/// </summary>
public sealed class PostgresEventLog : IEventLog, IAsyncDisposable
{
    private const string Columns =
        "position, stream_id, version, type_id, schema_version, recorded_at, accounting_date, command_id, actor_id, body, hash";

    private static readonly LocalDate Epoch = new(1970, 1, 1);

    private readonly Func<NpgsqlDataSource> dataSource;
    private readonly RegionCode region;
    private readonly string schema;
    private readonly LogCatalog catalog;
    private readonly IClock clock;
    private readonly GroupWriter writer;
    private readonly LogBell bell;
    private LogReader? idle;
    private TaskCompletionSource wakeUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="dataSource">Connections with the application's role; stays the caller's.</param>
    /// <param name="clock">Where the recorded times come from.</param>
    public PostgresEventLog(NpgsqlDataSource dataSource, RegionCode region, IClock clock)
        : this(() => dataSource, region, clock)
    {
    }

    /// <param name="dataSource">Connections with the application's role; stays the caller's. Asked for each time, so that the log can move to
    /// another server: what was under way is then looked up there by its command id.</param>
    /// <param name="clock">Where the recorded times come from.</param>
    public PostgresEventLog(Func<NpgsqlDataSource> dataSource, RegionCode region, IClock clock)
    {
        this.dataSource = dataSource;
        this.region = region;
        schema = LogSchema.NameOf(region);
        this.clock = clock;
        catalog = new(schema);
        bell = new(dataSource, schema, WakeSubscribers);
        writer = new(dataSource, schema, catalog, clock, Appended);
    }

    /// <summary>How long a subscription waits at most before it looks at the head again.</summary>
    internal TimeSpan PollInterval { get; init; } = LogLimits.PollInterval;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The request is beyond one of the <see cref="LogLimits"/>; nothing was sent.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up. What was already sent may be stored or not; the same
    /// request may be sent again.</exception>
    public Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        var (events, bytes) = LogLimits.Check(request);
        return writer.AppendAsync(new(request, events, bytes, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<AppendResult> AppendBulkAsync(
        Guid commandId, string actor, IAsyncEnumerable<StreamAppend> pieces, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var result = await new BulkAppend(dataSource(), schema, catalog, clock).RunAsync(commandId, actor, pieces, cancellationToken);
        Appended(result.LastPosition);
        return result;
    }

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="LogDamagedException">A version is missing.</exception>
    public async IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        string stream, long fromVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (await FindStreamAsync(stream, cancellationToken) is not { } found)
        {
            yield break;
        }

        var next = Math.Max(fromVersion, 1);
        for (var (version, more) = (0, true); more;)
        {
            var before = next;
            await using var page = await Page.OpenAsync(
                this,
                $"select {Columns} from {schema}.events where fiscal_year = $1 and stream_id = $2 and version >= $3 and version < $4 order by version",
                [found.FiscalYear, found.Number, next, next + LogLimits.RowsPerPage],
                cancellationToken);
            for (; await page.ReadAsync(cancellationToken) is { } e; next++)
            {
                if (e.Version != next)
                {
                    throw new LogDamagedException(e.Position, $"Stream '{stream}' of {schema} has version {e.Version} where {next} must be.");
                }

                yield return e;
            }

            if (next == before)
            {
                await RequireThereAsync(found, cancellationToken);
                if (next <= version)
                {
                    throw new LogDamagedException(0, $"Stream '{stream}' of {schema} ends before version {next}, but stands at {version}.");
                }
            }

            if (next < before + LogLimits.RowsPerPage)
            {
                version = await ReadVersionAsync(found, cancellationToken);
                more = next <= version;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="YearArchivedException">The stream's events stand in the file of an archived year.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="LogDamagedException">A version is missing, or an event names a type or actor that is not stored.</exception>
    public async Task<long> ScanStreamAsync(string stream, long fromVersion, ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(handler);
        if (await FindStreamAsync(stream, cancellationToken) is not { } found)
        {
            return 0;
        }

        try
        {
            await using var connection = await dataSource().OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var inOrder = new NpgsqlCommand("set local enable_sort = off", connection))
            {
                // Read by the index, the first event comes at once; sorted, it would come after the last.
                await inOrder.ExecuteNonQueryAsync(cancellationToken);
            }

            var count = await new StreamScan(connection, catalog, found, Math.Max(fromVersion, 1)).RunAsync(handler, cancellationToken);
            if (count == 0)
            {
                await RequireThereAsync(found, cancellationToken);
            }

            return count;
        }
        catch (Exception e) when (Page.IsUnavailable(e))
        {
            throw Unreadable(schema, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="LogDamagedException">A position is missing.</exception>
    public async IAsyncEnumerable<StoredEvent> ReadAllAsync(
        long afterPosition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = (await ReadHeadAsync(cancellationToken)).Position;
        var away = ArchivedRuns.None;
        for (var position = Math.Max(afterPosition, 0); position < head;)
        {
            var before = position;
            await using var page = await Page.OpenAsync(
                this,
                $"select {Columns} from {schema}.events where position > $1 and position <= $2 order by position",
                [position, Math.Min(head, position + LogLimits.RowsPerPage)],
                cancellationToken);
            while (await page.ReadAsync(cancellationToken) is { } e)
            {
                if (e.Position != position + 1)
                {
                    (position, away) = await StepOverAsync(position, away, cancellationToken);
                }

                if (e.Position != position + 1)
                {
                    throw new LogDamagedException(position + 1, $"{schema} has position {e.Position} where {position + 1} must be.");
                }

                position = e.Position;
                yield return e;
            }

            if (position == before)
            {
                (position, away) = await StepOverAsync(position, away, cancellationToken);
            }

            if (position == before)
            {
                throw new LogDamagedException(position + 1, $"{schema} ends at {position}, but its head stands at {head}.");
            }
        }
    }

    /// <inheritdoc/>
    public Task ScanAllAsync(
        Seal upTo, IReadOnlyList<ScannedEventHandler> handlers, IProgress<long>? scanned, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upTo);
        ArgumentNullException.ThrowIfNull(handlers);
        return LogScan.RunAsync(
            region, upTo, handlers, scanned,
            async (scan, handler, stop) =>
            {
                await using var connection = await dataSource().OpenConnectionAsync(stop);
                var reader = new LogReader(region, catalog);
                await scan.ReadRangesAsync((after, last) => reader.ReadAsync(connection, after, last, handler, stop));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ScanAsync(long afterPosition, long lastPosition, ScannedEventHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var reader = Interlocked.Exchange(ref idle, null) ?? new(region, catalog);
        try
        {
            await using var connection = await dataSource().OpenConnectionAsync(cancellationToken);
            await reader.ReadAsync(connection, afterPosition, lastPosition, handler, cancellationToken);
        }
        catch (Exception e) when (Page.IsUnavailable(e))
        {
            throw Unreadable(schema, e);
        }

        // With its buffers, for who follows the log; one that has failed is not used again.
        Volatile.Write(ref idle, reader);
    }

    /// <inheritdoc/>
    /// <remarks>Survives the loss of the database: it goes on when the database is back. An append of this process wakes it at
    /// once, one of another process as soon as its notice comes, and without one within <see cref="LogLimits.PollInterval"/>.</remarks>
    /// <exception cref="LogDamagedException">A position is missing.</exception>
    public async IAsyncEnumerable<StoredEvent> SubscribeAsync(
        long afterPosition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = Math.Max(afterPosition, 0);
        await bell.ListenAsync().WaitAsync(cancellationToken);
        while (true)
        {
            // Taken before the look at the log, so that an append in between is not slept over.
            var wake = Volatile.Read(ref wakeUp).Task;
            var before = position;
            await using (var events = ReadAllAsync(position, cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                while (await MoveNextUnlessUnavailableAsync(events))
                {
                    position = events.Current.Position;
                    yield return events.Current;
                }
            }

            if (position == before)
            {
                await WaitAsync(wake, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Of archived years only that the chain goes on behind them; with their files they are verified by <see cref="LogVerifier"/>.</remarks>
    public Task<LogVerification> VerifyAsync(IReadOnlyCollection<Seal> seals, IProgress<long>? verified, CancellationToken cancellationToken) =>
        LogVerifier.VerifyAsync(dataSource(), region, seals, archives: [], verified, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public async Task<Seal> ReadHeadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command($"select position, hash from {schema}.head where id = 1");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken)
                ? new(reader.GetInt64(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1)))
                : throw new LogDamagedException(0, $"{schema} has no head.");
        }
        catch (Exception e) when (Page.IsUnavailable(e))
        {
            throw Unreadable(schema, e);
        }
    }

    /// <inheritdoc/>
    public async Task<LogPoint> ReadPointAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command($"select position, recorded_at from {schema}.head where id = 1");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken)
                ? new(reader.GetInt64(0), Instant.FromUnixTimeTicks(PgTime.ReadMicroseconds(reader, 1) * 10))
                : throw new LogDamagedException(0, $"{schema} has no head.");
        }
        catch (Exception e) when (Page.IsUnavailable(e))
        {
            throw Unreadable(schema, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public async Task<AppendResult?> FindCommandAsync(Guid commandId, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command(
                $"""
                select position - command_events + 1, position from {schema}.events where command_id = $1 and command_events > 0
                union all select last_position - events + 1, last_position from {schema}.archived_commands where command_id = $1
                """);
            command.Parameters.Add(new() { Value = commandId });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? new(reader.GetInt64(0), reader.GetInt64(1), Repeated: true) : null;
        }
        catch (Exception e) when (Page.IsUnavailable(e))
        {
            throw Unreadable(schema, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public async Task<IReadOnlyList<StreamVersion>> ListStreamsAsync(string prefix, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        try
        {
            await using var command = Command($"select stream, version from {schema}.streams where starts_with(stream, $1) order by stream");
            command.Parameters.Add(new() { Value = prefix });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var streams = new List<StreamVersion>();
            while (await reader.ReadAsync(cancellationToken))
            {
                streams.Add(new(reader.GetString(0), reader.GetInt32(1)));
            }

            return streams;
        }
        catch (Exception e) when (Page.IsUnavailable(e))
        {
            throw Unreadable(schema, e);
        }
    }

    /// <summary>Takes no more appends, and ends when all that wait are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        await bell.DisposeAsync();
    }

    private static LogUnavailableException Unreadable(string what, Exception e) => new($"{what} can't be read: {e.Message}", e);

    private static async Task<bool> MoveNextUnlessUnavailableAsync(IAsyncEnumerator<StoredEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (LogUnavailableException)
        {
            return false;
        }
    }

    private async Task WaitAsync(Task wake, CancellationToken cancellationToken)
    {
        try
        {
            await wake.WaitAsync(PollInterval, cancellationToken);
        }
        catch (TimeoutException)
        {
        }
    }

    private void Appended(long position)
    {
        WakeSubscribers();
        bell.Ring(position);
    }

    private void WakeSubscribers() =>
        Interlocked.Exchange(ref wakeUp, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Goes on behind the events that stand in the files of archived years.</summary>
    /// <param name="away">What is known to be away; asked for again when that does not explain it.</param>
    private async Task<(long Position, ArchivedRuns Away)> StepOverAsync(long position, ArchivedRuns away, CancellationToken cancellationToken)
    {
        if (away.Find(position + 1) is null)
        {
            try
            {
                away = await ArchivedRuns.ReadAsync(dataSource(), schema, cancellationToken);
            }
            catch (Exception e) when (Page.IsUnavailable(e))
            {
                throw Unreadable(schema, e);
            }
        }

        return (away.Behind(position), away);
    }

    /// <exception cref="YearArchivedException">The stream's events stand in the file of an archived year.</exception>
    private async Task RequireThereAsync(NumberedText stream, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command($"select state = 'archived' from {schema}.years where fiscal_year = $1");
            command.Parameters.Add(new() { Value = stream.FiscalYear });
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                throw new YearArchivedException(stream.FiscalYear);
            }
        }
        catch (Exception e) when (Page.IsUnavailable(e))
        {
            throw Unreadable(schema, e);
        }
    }

    private async Task<int> ReadVersionAsync(NumberedText stream, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command($"select version from {schema}.streams where stream_id = $1");
            command.Parameters.Add(new() { Value = stream.Number });
            return await command.ExecuteScalarAsync(cancellationToken) is int version ? version : 0;
        }
        catch (Exception e) when (Page.IsUnavailable(e))
        {
            throw Unreadable(schema, e);
        }
    }

    private async Task<NumberedText?> FindStreamAsync(string stream, CancellationToken cancellationToken)
    {
        if (!catalog.TryStream(stream, out var found))
        {
            await ReadCatalogAsync(cancellationToken);
            catalog.TryStream(stream, out found);
        }

        return found;
    }

    private async Task ReadCatalogAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource().OpenConnectionAsync(cancellationToken);
            await catalog.ReadAsync(connection, cancellationToken);
        }
        catch (Exception e) when (Page.IsUnavailable(e))
        {
            throw Unreadable(schema, e);
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private NpgsqlCommand Command(string sql) => dataSource().CreateCommand(sql);

    /// <summary>Rows of events, read one by one as they come from the server.</summary>
    private sealed class Page(PostgresEventLog log, NpgsqlCommand command, NpgsqlDataReader reader) : IAsyncDisposable
    {
        [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
        public static async Task<Page> OpenAsync(
            PostgresEventLog log, string sql, object[] parameters, CancellationToken cancellationToken)
        {
            var command = log.dataSource().CreateCommand(sql);
            try
            {
                foreach (var parameter in parameters)
                {
                    command.Parameters.Add(new() { Value = parameter });
                }

                return new(log, command, await command.ExecuteReaderAsync(cancellationToken));
            }
            catch (Exception e)
            {
                await command.DisposeAsync();
                if (IsUnavailable(e))
                {
                    throw Unreadable("The log", e);
                }

                throw;
            }
        }

        public static bool IsUnavailable(Exception e) => e is NpgsqlException or TimeoutException or IOException;

        /// <summary>The next event; null at the end of the page.</summary>
        public async ValueTask<StoredEvent?> ReadAsync(CancellationToken cancellationToken)
        {
            try
            {
                if (!await reader.ReadAsync(cancellationToken))
                {
                    return null;
                }

                if (ReadRow() is { } known)
                {
                    return known;
                }

                // The event names something that has come since it was last asked for.
                await log.ReadCatalogAsync(cancellationToken);
                var position = reader.GetInt64(0);
                return ReadRow() ?? throw new LogDamagedException(position, $"Position {position} names a stream, type or actor that is not stored.");
            }
            catch (Exception e) when (IsUnavailable(e))
            {
                throw Unreadable("The log", e);
            }
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                await reader.DisposeAsync();
                await command.DisposeAsync();
            }
            catch (NpgsqlException)
            {
                // A broken connection may say so once more when it is put away.
            }
        }

        /// <returns>Null when the event names what is not known.</returns>
        private StoredEvent? ReadRow()
        {
            if (!log.catalog.TryStream(reader.GetInt32(1), out var stream) || !log.catalog.TryType(reader.GetInt16(3), out var type)
                || !log.catalog.TryActor(reader.GetInt32(8), out var actor))
            {
                return null;
            }

            var position = reader.GetInt64(0);
            try
            {
                return new(
                    position,
                    stream.Text,
                    reader.GetInt32(2),
                    type.Text,
                    reader.GetInt16(4),
                    Instant.FromUnixTimeTicks(checked(PgTime.ReadMicroseconds(reader, 5) * 10)),
                    Epoch.PlusDays(PgTime.ReadDays(reader, 6)),
                    reader.GetGuid(7),
                    actor.Text,
                    reader.GetFieldValue<byte[]>(9),
                    reader.GetFieldValue<byte[]>(10));
            }
            catch (Exception e) when (e is OverflowException or ArgumentException)
            {
                throw new LogDamagedException(position, $"Position {position} has a time or date that the log never wrote.");
            }
        }
    }
}

/// <summary>The stored log does not hold what it promises; <c>verify</c> says more.</summary>
/// <param name="position">The first position at which it was noticed.</param>
public sealed class LogDamagedException(long position, string message) : Exception(message)
{
    public long Position { get; } = position;
}
