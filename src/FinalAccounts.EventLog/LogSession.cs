using System.Data;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>Where a log stands.</summary>
/// <param name="Hash">Of the last event.</param>
/// <param name="RecordedMicroseconds">When that was recorded, in microseconds since 1970.</param>
/// <param name="Streams">How many streams there are.</param>
/// <param name="YearChanges">How often a year was archived or restored.</param>
/// <param name="LastCommand">The greatest command id of version 7.</param>
internal readonly record struct LogHead(
    long Position, byte[] Hash, long RecordedMicroseconds, int Streams, int YearChanges, Guid LastCommand)
{
    private const int TimeOrdered = 7;

    /// <summary>True when nothing can have been appended under the id: such ids grow with time, and it is greater than all.</summary>
    public bool IsNew(Guid commandId) => commandId.Version == TimeOrdered && commandId > LastCommand;

    /// <summary>The greatest command id when this one is appended too.</summary>
    public static Guid Greatest(Guid last, Guid commandId) => commandId.Version == TimeOrdered && commandId > last ? commandId : last;
}

/// <summary>A connection that appends: set up for it, with what it knows of the region's years.</summary>
internal sealed class LogSession : IAsyncDisposable
{
    private readonly string schema;
    private readonly LogCatalog catalog;
    private readonly Dictionary<short, bool> openYears = [];
    private int yearChanges;

    private LogSession(NpgsqlConnection connection, string schema, LogCatalog catalog)
    {
        Connection = connection;
        this.schema = schema;
        this.catalog = catalog;
        Append = AppendStatement.Create(connection, schema);
        Single = new(connection, schema);
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>The call of <c>append_events</c>, prepared.</summary>
    public NpgsqlCommand Append { get; }

    /// <summary>The call of <c>append_event</c>, prepared.</summary>
    public SingleAppend Single { get; }

    /// <exception cref="LogUnavailableException">The schema is not of this program's version.</exception>
    public static async Task<LogSession> OpenAsync(NpgsqlDataSource dataSource, string schema, LogCatalog catalog, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var session = new LogSession(connection, schema, catalog);
        try
        {
            var version = await LogSchema.ReadVersionAsync(connection, schema, cancellationToken);
            if (version != LogSchema.Version)
            {
                throw new LogUnavailableException($"Schema {schema} has version {version}; this program needs {LogSchema.Version}.", null);
            }

            await session.SetUpAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Locks the head until the transaction ends, and learns what streams and years there are by then.</summary>
    /// <exception cref="LogUnavailableException">There is no head.</exception>
    public async Task<LogHead> LockHeadAsync(CancellationToken cancellationToken)
    {
        var head = await ReadLockedHeadAsync(cancellationToken);
        if (head.Streams > catalog.LastStream)
        {
            await catalog.ReadAsync(Connection, cancellationToken);
        }

        if (head.YearChanges != yearChanges)
        {
            openYears.Clear();
            yearChanges = head.YearChanges;
        }

        return head;
    }

    /// <summary>Begins the transaction of a bulk append and locks the head, waiting for others as long as <see cref="LogLimits.HeadWait"/>. A year
    /// may be made ready beside it, which takes what a slow disk takes.</summary>
    /// <exception cref="LogUnavailableException">The connection was lost meanwhile, or there is no head.</exception>
    public async Task<(NpgsqlTransaction Transaction, LogHead Head)> BeginAsync(CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var transaction = await Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            try
            {
                var head = await LockHeadAsync(cancellationToken);
                await using var settings = Command("select set_config('idle_in_transaction_session_timeout', $1, true)");
                settings.Parameters.Add(new() { Value = $"{(int)LogLimits.BulkPause.TotalMilliseconds}ms" });
                await settings.ExecuteNonQueryAsync(cancellationToken);
                return (transaction, head);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable && Stopwatch.GetElapsedTime(since) < LogLimits.HeadWait)
            {
                // Does not say when the connection is lost on the way.
                await transaction.DisposeAsync();
                if (Connection.State != ConnectionState.Open)
                {
                    throw new LogUnavailableException("The connection was lost while waiting for the head.", e);
                }
            }
            catch
            {
                await transaction.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Where the streams stand, by their numbers. The head must be locked, so that it stays true.</summary>
    /// <param name="streams">How many there are.</param>
    public async Task<int[]> ReadVersionsAsync(int streams, CancellationToken cancellationToken)
    {
        var versions = new int[streams + 1];
        await using var select = Command($"select stream_id, version from {schema}.streams");
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            versions[reader.GetInt32(0)] = reader.GetInt32(1);
        }

        return versions;
    }

    /// <summary>True when events of the year may be appended, as far as is known; a year that nobody has used yet is made ready.</summary>
    public async ValueTask<bool> IsOpenAsync(short year, CancellationToken cancellationToken)
    {
        if (!openYears.TryGetValue(year, out var open))
        {
            await using var command = Command($"select {schema}.open_year($1)");
            command.Parameters.Add(new() { Value = year });
            open = (string?)await command.ExecuteScalarAsync(cancellationToken) == "open";
            openYears[year] = open;
        }

        return open;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    public NpgsqlCommand Command(string sql) => new(sql, Connection);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Append.DisposeAsync();
            await Single.Command.DisposeAsync();
            await Connection.DisposeAsync();
        }
        catch (NpgsqlException)
        {
            // A broken connection may say so once more when it is put away.
        }
    }

    private async Task SetUpAsync(CancellationToken cancellationToken)
    {
        // An answer promises that the events are on disk, whatever the role's default; a process that stops while it holds the head
        // must not stop the others for long; and who waits for the head looks up now and then whether the server is still there. One plan
        // serves all calls, and finds streams by their key: one kept from when they were few would read all of them.
        await using var settings = Command(
            """
            select set_config('synchronous_commit', case when current_setting('synchronous_commit') in ('off', 'local')
                   then 'on' else current_setting('synchronous_commit') end, false),
                   set_config('default_transaction_isolation', 'read committed', false),
                   set_config('idle_in_transaction_session_timeout', '10s', false),
                   set_config('lock_timeout', $1, false),
                   set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false)
            """);
        settings.Parameters.Add(new() { Value = $"{(int)LogLimits.HeadLookUp.TotalMilliseconds}ms" });
        await settings.ExecuteNonQueryAsync(cancellationToken);
        await Append.PrepareAsync(cancellationToken);
        await Single.Command.PrepareAsync(cancellationToken);
        await catalog.ReadAsync(Connection, cancellationToken);
    }

    private async Task<LogHead> ReadLockedHeadAsync(CancellationToken cancellationToken)
    {
        await using var command = Command($"select position, hash, recorded_at, streams, year_changes, last_command from {schema}.lock_head()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !await reader.IsDBNullAsync(0, cancellationToken)
            ? new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), PgTime.ReadMicroseconds(reader, 2), reader.GetInt32(3), reader.GetInt32(4), reader.GetGuid(5))
            : throw new LogUnavailableException($"The head of {schema} is missing.", null);
    }
}
