using System.Data;
using System.Diagnostics;
using System.Threading.Channels;
using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// The writing side of a region's log in this process: collects the appends that come while a group is being committed, and
/// commits them together with one call of <c>append_events</c> (<c>append_event</c> for one alone) on its own connection. The database decides: the call goes
/// through only if the head, the streams and the command ids stand as assumed. If not, the second way is taken: lock the head,
/// look up streams and command ids, decide each append on its own, call, commit.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    private const string HeadMoved = PostgresErrorCodes.SerializationFailure;
    private const string StreamMoved = "FA001";

    private static readonly HashSet<short> NoYears = [];

    private static readonly TimeSpan[] PauseBeforeAttempt = [TimeSpan.Zero, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250)];

    private readonly Func<NpgsqlDataSource> dataSource;
    private readonly string schema;
    private readonly LogCatalog catalog;
    private readonly IClock clock;
    private readonly Action<long> committed;
    private readonly Channel<PendingAppend> queue = Channel.CreateBounded<PendingAppend>(
        new BoundedChannelOptions(LogLimits.QueuedAppends) { SingleReader = false, FullMode = BoundedChannelFullMode.Wait });

    // Who holds it commits groups; there is no thread or task that waits for work.
    private readonly SemaphoreSlim lead = new(1, 1);
    private readonly EventHash.Chain chain = new();
    private LogSession? session;
    private NpgsqlDataSource? connectedTo;
    private LogHead? head;

    /// <param name="committed">Called with the new head's position after each commit; must not block or throw.</param>
    public GroupWriter(Func<NpgsqlDataSource> dataSource, string schema, LogCatalog catalog, IClock clock, Action<long> committed)
    {
        this.dataSource = dataSource;
        this.schema = schema;
        this.catalog = catalog;
        this.clock = clock;
        this.committed = committed;
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

        // A lone caller commits by itself, without another thread that would have to be woken. Not awaited: whoever gives up
        // waiting for the answer does not wait for the commit.
        if (lead.Wait(0, CancellationToken.None))
        {
            _ = LeadAsync();
        }

        return await append.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes no more appends, and ends when all that wait are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await lead.WaitAsync();
        await LeadAsync();
        await lead.WaitAsync();
        await DisconnectAsync();
        lead.Dispose();
    }

    /// <summary>Commits groups until none waits, then gives the lead back.</summary>
    private async Task LeadAsync()
    {
        var group = new List<PendingAppend>();
        do
        {
            for (TakeGroup(group); group.Count > 0; TakeGroup(group))
            {
                await CommitOrFailAsync(group);
                var more = group.Count > 1;
                group.Clear();
                if (more)
                {
                    // Behind the callers just answered: those that append again make it into the next group. Without it, groups
                    // come out half full, and every second caller waits for two commits.
                    await Task.Yield();
                }
            }

            lead.Release();
        }
        while (queue.Reader.Count > 0 && lead.Wait(0));
    }

    private async Task CommitOrFailAsync(List<PendingAppend> group)
    {
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
        var (lockHead, lookUp, failures) = (false, false, 0);
        var waitingSince = Stopwatch.GetTimestamp();
        while (waiting.Count > 0)
        {
            try
            {
                await ConnectAsync();
                lookUp |= (await PrepareAsync(waiting)).Count > 0;
                waiting = head is null || lockHead || lookUp ? await CommitLockedAsync(waiting, lookUp) : await CommitAtKnownHeadAsync(waiting);

                // What is left stands behind an append of the same group, that is stored now, or on a stream not known before.
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
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable && Stopwatch.GetElapsedTime(waitingSince) < LogLimits.HeadWait)
            {
                // A bulk append holds the head. The server is there, and nothing of the group is stored.
                lockHead = true;
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

    private async Task ConnectAsync()
    {
        // Where the log lies is asked for each time, because it may have moved.
        var source = dataSource();

        // A connection may also break right behind an answer that still came through, such as a refusal that is tried again.
        if (session is null || source != connectedTo || session.Connection.State != ConnectionState.Open)
        {
            await DisconnectAsync();
            session = await LogSession.OpenAsync(source, schema, catalog, CancellationToken.None);
            connectedTo = source;
        }
    }

    private async Task DisconnectAsync()
    {
        var old = session;
        (session, head) = (null, null);
        if (old is not null)
        {
            await old.DisposeAsync();
        }
    }

    /// <summary>Sees to it that names have numbers and years are ready.</summary>
    /// <returns>The group's years that are archived.</returns>
    private async ValueTask<IReadOnlySet<short>> PrepareAsync(List<PendingAppend> group)
    {
        UnknownTexts? unknown = null;
        HashSet<short>? archived = null;
        foreach (var append in group)
        {
            catalog.Note(append.Request.Actor, ref unknown);
            foreach (var stream in append.Request.Streams)
            {
                var year = LogCatalog.FiscalYearOf(stream.Stream);
                if (!await session!.IsOpenAsync(year, CancellationToken.None))
                {
                    (archived ??= []).Add(year);
                }

                catalog.Note(stream.Events, ref unknown);
            }
        }

        if (unknown is not null)
        {
            await catalog.NumberAsync(session!.Connection, unknown, CancellationToken.None);
        }

        return archived ?? NoYears;
    }

    /// <summary>The fast way: one statement, one round trip.</summary>
    private async Task<List<PendingAppend>> CommitAtKnownHeadAsync(List<PendingAppend> group)
    {
        var plan = new GroupPlan(group, catalog, head!.Value.Streams, known: null);
        if (plan.Accepted.Count > 0)
        {
            var (append, next) = Fill(plan, head!.Value, isLookedUp: false);
            await append.ExecuteNonQueryAsync();
            AnswerStored(plan, next);
        }

        plan.AnswerDecided();
        return plan.Deferred;
    }

    /// <summary>The sure way: nobody else can append between the decision and the commit.</summary>
    private async Task<List<PendingAppend>> CommitLockedAsync(List<PendingAppend> group, bool lookUp)
    {
        await using var transaction = await session!.Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
        var locked = await session.LockHeadAsync(CancellationToken.None);

        // Once more, because years may have been archived or restored before the head was locked.
        var archived = await PrepareAsync(group);
        var known = lookUp || archived.Count > 0 ? await new GroupLookUp(session, schema, catalog).RunAsync(group, archived) : null;
        var plan = new GroupPlan(group, catalog, locked.Streams, known);
        if (plan.Accepted.Count == 0)
        {
            await transaction.RollbackAsync();
            head = locked;
        }
        else
        {
            var (append, next) = Fill(plan, locked, isLookedUp: known is not null);
            await append.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            AnswerStored(plan, next);
        }

        plan.AnswerDecided();
        return plan.Deferred;
    }

    private void AnswerStored(GroupPlan plan, LogHead next)
    {
        head = next;
        foreach (var stream in plan.Moves.Created)
        {
            catalog.AddStream(stream);
        }

        committed(next.Position);
        foreach (var append in plan.Accepted)
        {
            append.Answer.TrySetResult(new(append.FirstPosition, append.FirstPosition + append.Events - 1, Repeated: false));
        }
    }

    /// <summary>Gives the events their positions, time and hashes, and puts them into the parameters of the statement that appends them.</summary>
    /// <param name="isLookedUp">True when the database was asked for the command ids already.</param>
    /// <returns>The statement, and where the head stands when it has gone through.</returns>
    private (NpgsqlCommand Append, LogHead Next) Fill(GroupPlan plan, LogHead at, bool isLookedUp)
    {
        var recordedAt = Math.Max(EventHash.Microseconds(clock.GetCurrentInstant()), at.RecordedMicroseconds);
        var rows = new AppendStatement.Group(plan.Accepted.Count, plan.Accepted.Sum(a => a.Events), plan.Moves);
        var (position, hash, lastCommand) = (at.Position, (byte[])at.Hash.Clone(), at.LastCommand);
        foreach (var append in plan.Accepted)
        {
            var commandId = append.Request.CommandId;
            append.FirstPosition = position + 1;
            rows.AddCommand(commandId);
            lastCommand = LogHead.Greatest(lastCommand, commandId);
            if (!isLookedUp && !at.IsNew(commandId))
            {
                rows.Doubtful.Add(commandId);
            }

            var last = position + append.Events;
            var actor = catalog.Actor(append.Request.Actor);
            for (var s = 0; s < append.Targets.Length; s++)
            {
                var (stream, target) = (append.Request.Streams[s], append.Targets[s]);
                var version = (int)stream.ExpectedVersion;
                NumberedText? type = null;
                foreach (var e in stream.Events)
                {
                    if (!ReferenceEquals(type?.Text, e.Type))
                    {
                        type = catalog.Type(e.Type);
                    }

                    var days = EventHash.Days(e.AccountingDate);
                    chain.Next(
                        hash, ++position, target.Canonical, ++version, type.Canonical, e.SchemaVersion, recordedAt, days,
                        commandId, actor.Canonical, e.Body);
                    rows.AddEvent(target, version, days, actor, position == last ? append.Events : 0, type, e.SchemaVersion, e.Body, hash);
                }
            }
        }

        var next = new LogHead(position, hash, recordedAt, at.Streams + plan.Moves.Created.Count, at.YearChanges, lastCommand);
        if (rows.IsSingle)
        {
            session!.Single.Fill(at, next, rows);
            return (session.Single.Command, next);
        }

        AppendStatement.Fill(session!.Append, at, next, rows);
        return (session.Append, next);
    }
}
