using System.Buffers;
using System.Data;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// The writing side of a region's log in this process: collects the appends that come while a group is being committed, and
/// commits them together with one call of <c>append_events</c> on its own connection. The database decides: the call goes
/// through only if the head, the streams and the command ids stand as assumed. If not, the second way is taken: lock the head,
/// look up streams and command ids, decide each append on its own, call, commit.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    private const string HeadMoved = PostgresErrorCodes.SerializationFailure;
    private const string StreamMoved = "FA001";

    private static readonly TimeSpan[] PauseBeforeAttempt = [TimeSpan.Zero, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250)];

    private readonly NpgsqlDataSource dataSource;
    private readonly string schema;
    private readonly IClock clock;
    private readonly Action<long> committed;
    private readonly Channel<PendingAppend> queue = Channel.CreateBounded<PendingAppend>(
        new BoundedChannelOptions(LogLimits.QueuedAppends) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ArrayBufferWriter<byte> hashBuffer = new(4096);
    private readonly Task loop;
    private NpgsqlConnection? connection;
    private NpgsqlCommand? appendCommand;
    private Head? head;

    /// <param name="committed">Called with the new head's position after each commit; must not block or throw.</param>
    public GroupWriter(NpgsqlDataSource dataSource, RegionCode region, IClock clock, Action<long> committed)
    {
        this.dataSource = dataSource;
        schema = LogSchema.NameOf(region);
        this.clock = clock;
        this.committed = committed;
        loop = Task.Run(RunAsync);
    }

    /// <summary>Puts an append into the queue, waiting while it is full, and waits for its answer.</summary>
    public async Task<AppendResult> AppendAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        if (!queue.Writer.TryWrite(append))
        {
            try
            {
                await queue.Writer.WriteAsync(append, cancellationToken);
            }
            catch (ChannelClosedException)
            {
                throw new ObjectDisposedException(nameof(PostgresEventLog));
            }
        }

        return await append.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes no more appends, and ends when all that wait are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        await DisconnectAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<PendingAppend>();
        while (await queue.Reader.WaitToReadAsync())
        {
            TakeGroup(group);
            try
            {
                await CommitAsync(group);
            }
            catch (Exception e)
            {
                // Nothing but a defect comes here. The callers must hear of it, and the next group starts afresh.
                FailAll(group, e);
                await DisconnectAsync();
            }

            group.Clear();

            // Behind the callers just answered: those that append again make it into the next group. Without it, groups come
            // out half full, and every second caller waits for two commits.
            await Task.Yield();
        }
    }

    private void TakeGroup(List<PendingAppend> group)
    {
        var (events, bytes) = (0, 0);
        while (events < LogLimits.EventsPerGroup && bytes < LogLimits.BytesPerGroup && queue.Reader.TryRead(out var append))
        {
            // Given up while it waited: it was never sent, so it is certain not to be stored.
            if (append.CancellationToken.IsCancellationRequested)
            {
                append.Answer.TrySetCanceled(append.CancellationToken);
                continue;
            }

            group.Add(append);
            events += append.Events;
            bytes += append.Bytes;
        }
    }

    /// <summary>Answers every append of the group: stored, refused, or not known.</summary>
    private async Task CommitAsync(List<PendingAppend> group)
    {
        var waiting = group;
        var (lockHead, lookUp, failures) = (head is null, false, 0);
        while (waiting.Count > 0)
        {
            try
            {
                await ConnectAsync();
                waiting = lockHead || lookUp ? await CommitLockedAsync(waiting, lookUp) : await CommitAtKnownHeadAsync(waiting);

                // What is left stands behind an append of the same group; that one is stored now.
                (lockHead, lookUp) = (true, true);
            }
            catch (PostgresException e) when (e.SqlState == HeadMoved && !(lockHead || lookUp))
            {
                lockHead = true;
            }
            catch (PostgresException e) when (e.SqlState is StreamMoved or PostgresErrorCodes.UniqueViolation && !lookUp)
            {
                lookUp = true;
            }
            catch (PostgresException e) when (IsRequestsFault(e) && waiting.Count > 1)
            {
                await CommitOneByOneAsync(waiting);
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or LogUnavailableException)
            {
                // Whether the group was stored is not known: look it up on a new connection, and send again what is not there.
                // If the lost call still commits later, the head's position and the command ids keep the two apart.
                await DisconnectAsync();
                lookUp = true;
                if (++failures == LogLimits.AttemptsPerGroup || IsRequestsFault(e))
                {
                    FailAll(waiting, e as LogUnavailableException ?? new LogUnavailableException($"The log of {schema} can't be written: {e.Message}", e));
                    return;
                }

                await Task.Delay(PauseBeforeAttempt[failures]);
            }
        }
    }

    /// <summary>A value that the server refuses must not fail the neighbours.</summary>
    private async Task CommitOneByOneAsync(List<PendingAppend> group)
    {
        foreach (var append in group)
        {
            await CommitAsync([append]);
        }
    }

    /// <summary>Class 22: data; 23: constraints; 54: limits of the server.</summary>
    private static bool IsRequestsFault(Exception e) => e is PostgresException p && p.SqlState[..2] is "22" or "23" or "54";

    private static void FailAll(List<PendingAppend> group, Exception e)
    {
        foreach (var append in group)
        {
            append.Answer.TrySetException(e);
        }
    }

    /// <summary>The fast way: one statement, one round trip.</summary>
    private async Task<List<PendingAppend>> CommitAtKnownHeadAsync(List<PendingAppend> group)
    {
        var plan = new Plan(group, known: null);
        var next = Fill(plan.Accepted, head!.Value);
        await appendCommand!.ExecuteNonQueryAsync();
        AnswerStored(plan.Accepted, next);
        return plan.Deferred;
    }

    /// <summary>The sure way: nobody else can append between the decision and the commit.</summary>
    private async Task<List<PendingAppend>> CommitLockedAsync(List<PendingAppend> group, bool lookUp)
    {
        await using var transaction = await connection!.BeginTransactionAsync(IsolationLevel.ReadCommitted);
        var locked = await LockHeadAsync();
        var plan = new Plan(group, lookUp ? await LookUpAsync(group) : null);
        if (plan.Accepted.Count == 0)
        {
            await transaction.RollbackAsync();
            head = locked;
        }
        else
        {
            var next = Fill(plan.Accepted, locked);
            await appendCommand!.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            AnswerStored(plan.Accepted, next);
        }

        plan.AnswerDecided();
        return plan.Deferred;
    }

    private void AnswerStored(List<PendingAppend> stored, Head next)
    {
        head = next;
        foreach (var append in stored)
        {
            append.Answer.TrySetResult(new(append.FirstPosition, append.FirstPosition + append.Events - 1, Repeated: false));
        }

        committed(next.Position);
    }

    private async Task ConnectAsync()
    {
        if (connection is not null)
        {
            return;
        }

        head = null;
        var opened = await dataSource.OpenConnectionAsync();
        connection = opened;
        var version = await LogSchema.ReadVersionAsync(opened, schema, CancellationToken.None);
        if (version != LogSchema.Version)
        {
            throw new LogUnavailableException($"Schema {schema} has version {version}; this program needs {LogSchema.Version}.", null);
        }

        // An answer promises that the events are on disk, whatever the role's default; and a process that stops while it holds
        // the head must not stop the others for long.
        await using var settings = new NpgsqlCommand(
            """
            select set_config('synchronous_commit', case when current_setting('synchronous_commit') in ('off', 'local')
                   then 'on' else current_setting('synchronous_commit') end, false),
                   set_config('default_transaction_isolation', 'read committed', false),
                   set_config('idle_in_transaction_session_timeout', '10s', false)
            """,
            opened);
        await settings.ExecuteNonQueryAsync();
        appendCommand = AppendStatement.Create(opened, schema);
        await appendCommand.PrepareAsync();
    }

    private async Task DisconnectAsync()
    {
        var (oldCommand, oldConnection) = (appendCommand, connection);
        (appendCommand, connection, head) = (null, null, null);
        if (oldCommand is not null)
        {
            await oldCommand.DisposeAsync();
        }

        if (oldConnection is not null)
        {
            try
            {
                await oldConnection.DisposeAsync();
            }
            catch (NpgsqlException)
            {
                // A broken connection may say so once more when it is put away.
            }
        }
    }

    private async Task<Head> LockHeadAsync()
    {
        await using var command = Command($"select position, hash, recorded_at from {schema}.lock_head()");
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() && !await reader.IsDBNullAsync(0)
            ? new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), PgTime.ReadMicroseconds(reader, 2))
            : throw new LogUnavailableException($"The head of {schema} is missing.", null);
    }

    private async Task<Known> LookUpAsync(List<PendingAppend> group)
    {
        var known = new Known([], new(StringComparer.Ordinal));
        await using (var command = Command($"select command_id, request_hash, first_position, last_position from {schema}.commands where command_id = any($1)"))
        {
            command.Parameters.Add(new() { Value = group.Select(a => a.Request.CommandId).ToArray() });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                known.Commands[reader.GetGuid(0)] = new(reader.GetFieldValue<byte[]>(1), reader.GetInt64(2), reader.GetInt64(3));
            }
        }

        await using (var command = Command($"select stream, version from {schema}.streams where stream = any($1)"))
        {
            command.Parameters.Add(new() { Value = group.SelectMany(a => a.Request.Streams, (_, s) => s.Stream).Distinct().ToArray() });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                known.Streams[reader.GetString(0)] = reader.GetInt64(1);
            }
        }

        return known;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private NpgsqlCommand Command(string sql) => new(sql, connection);

    /// <summary>Gives the events their positions, time and hashes, and puts them into the statement's parameters.</summary>
    /// <returns>Where the head stands when they are stored.</returns>
    private Head Fill(List<PendingAppend> accepted, Head at)
    {
        var recordedAt = Math.Max(EventHash.Microseconds(clock.GetCurrentInstant()), at.RecordedMicroseconds);
        var arrays = new AppendStatement.Arrays(accepted.Count, accepted.Sum(a => a.Events));
        var (position, hash, i) = (at.Position, at.Hash, 0);
        for (var c = 0; c < accepted.Count; c++)
        {
            var append = accepted[c];
            append.FirstPosition = position + 1;
            arrays.Command[c] = append.Request.CommandId;
            arrays.RequestHash[c] = append.RequestHash;
            arrays.First[c] = position + 1;
            arrays.Last[c] = position + append.Events;
            foreach (var stream in append.Request.Streams)
            {
                arrays.Move(stream.Stream, stream.ExpectedVersion, stream.ExpectedVersion + stream.Events.Count);
                for (var n = 0; n < stream.Events.Count; n++, i++)
                {
                    var e = stream.Events[n];
                    var days = EventHash.Days(e.AccountingDate);
                    position++;
                    hash = EventHash.Of(
                        hashBuffer, hash, position, stream.Stream, stream.ExpectedVersion + n + 1, e.Type, e.SchemaVersion, recordedAt, days,
                        append.Request.CommandId, append.Request.Actor, e.Body);
                    arrays.Stream[i] = stream.Stream;
                    arrays.StreamVersion[i] = stream.ExpectedVersion + n + 1;
                    arrays.Type[i] = e.Type;
                    arrays.SchemaVersion[i] = e.SchemaVersion;
                    arrays.AccountingDate[i] = days - PgTime.EpochDays;
                    arrays.CommandId[i] = append.Request.CommandId;
                    arrays.Actor[i] = append.Request.Actor;
                    arrays.Body[i] = e.Body;
                    arrays.EventHash[i] = hash;
                }
            }
        }

        var next = new Head(position, hash, recordedAt);
        AppendStatement.Fill(appendCommand!, at, next, arrays);
        return next;
    }

    /// <summary>Where the log stands.</summary>
    internal readonly record struct Head(long Position, byte[] Hash, long RecordedMicroseconds);

    internal sealed record KnownCommand(byte[] RequestHash, long First, long Last);

    /// <summary>What the database has on the command ids and streams of a group.</summary>
    private sealed record Known(Dictionary<Guid, KnownCommand> Commands, Dictionary<string, long> Streams);

    /// <summary>
    /// Decides each append of a group by itself. Without knowledge from the database an append's own expectation is taken for
    /// the truth (the database will object if it isn't). An append that stands behind another of the group on the same stream
    /// or command id, and does not follow from it, is deferred until that one is stored.
    /// </summary>
    private sealed class Plan
    {
        private readonly List<(PendingAppend Append, AppendResult? Result, Exception? Refusal)> decided = [];

        public Plan(List<PendingAppend> group, Known? known)
        {
            var moved = new Dictionary<string, long>(StringComparer.Ordinal);
            var ids = new HashSet<Guid>();
            foreach (var append in group)
            {
                if (known is not null && known.Commands.TryGetValue(append.Request.CommandId, out var command))
                {
                    Repeat(append, command);
                }
                else if (ids.Contains(append.Request.CommandId))
                {
                    Deferred.Add(append);
                }
                else
                {
                    Decide(append, known, moved, ids);
                }
            }
        }

        public List<PendingAppend> Accepted { get; } = [];

        public List<PendingAppend> Deferred { get; } = [];

        /// <summary>Gives the answers that need no commit; called when the transaction has ended.</summary>
        public void AnswerDecided()
        {
            foreach (var (append, result, refusal) in decided)
            {
                _ = refusal is null ? append.Answer.TrySetResult(result!) : append.Answer.TrySetException(refusal);
            }
        }

        private void Repeat(PendingAppend append, KnownCommand command)
        {
            if (!command.RequestHash.AsSpan().SequenceEqual(append.RequestHash))
            {
                decided.Add((append, null, new CommandIdReusedException(append.Request.CommandId)));
                return;
            }

            // The same positions as in an attempt of this very call whose answer was lost: then it is this call's own append.
            decided.Add((append, new(command.First, command.Last, Repeated: append.FirstPosition != command.First), null));
        }

        private void Decide(PendingAppend append, Known? known, Dictionary<string, long> moved, HashSet<Guid> ids)
        {
            foreach (var stream in append.Request.Streams)
            {
                if (moved.TryGetValue(stream.Stream, out var version))
                {
                    if (version != stream.ExpectedVersion)
                    {
                        Deferred.Add(append);
                        return;
                    }
                }
                else if (known is not null && known.Streams.GetValueOrDefault(stream.Stream) != stream.ExpectedVersion)
                {
                    decided.Add((append, null, new VersionConflictException(stream.Stream, stream.ExpectedVersion, known.Streams.GetValueOrDefault(stream.Stream))));
                    return;
                }
            }

            foreach (var stream in append.Request.Streams)
            {
                moved[stream.Stream] = stream.ExpectedVersion + stream.Events.Count;
            }

            ids.Add(append.Request.CommandId);
            Accepted.Add(append);
        }
    }
}

/// <summary>An append on its way.</summary>
internal sealed class PendingAppend(AppendRequest request, int events, int bytes, CancellationToken cancellationToken)
{
    public AppendRequest Request { get; } = request;

    public byte[] RequestHash { get; } = EventHash.OfRequest(request);

    public int Events { get; } = events;

    public int Bytes { get; } = bytes;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Where the last attempt put its first event; 0 before the first.</summary>
    public long FirstPosition { get; set; }

    public TaskCompletionSource<AppendResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
