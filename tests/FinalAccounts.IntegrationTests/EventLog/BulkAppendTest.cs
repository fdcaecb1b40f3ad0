using FinalAccounts.EventLog;
using NodaTime;
using Npgsql;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class BulkAppendTest(LogServer server)
{
    [Fact]
    public async Task Of_a_command_sent_twice_at_once_one_is_stored()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await using var other = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var commandId = Guid.NewGuid();
        var holder = await server.HoldHeadAsync(region);
        var both = new[] { log, other }.Select(l => l.AppendBulkAsync(commandId, "会计", Pieces(new StreamAppend("a", 0, [Event()])), default)).ToList();
        await holder.ReleaseAsync();

        (await Task.WhenAll(both)).Order(Comparer<AppendResult>.Create((x, y) => x.Repeated.CompareTo(y.Repeated))).ShouldBe([new(1, 1, false), new(1, 1, true)]);
    }

    [Fact]
    public async Task Others_wait_until_it_is_stored_and_readers_see_nothing_of_it_before()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await using var other = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));
        await other.AppendAsync(Request("b", 0));
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());

        var bulk = log.AppendBulkAsync(Guid.NewGuid(), "会计", HeldUp(), default);
        await reached.Task;
        var waiting = new[] { log.AppendAsync(Request("a", 1)), other.AppendAsync(Request("b", 1)), other.AppendAsync(Request("year/1/2030", 0)) };
        (await log.ReadAllAsync()).Count.ShouldBe(2);
        await WaitForLocksAsync(2);
        waiting.ShouldAllBe(w => !w.IsCompleted);
        goOn.SetResult();

        (await bulk).ShouldBe(new AppendResult(3, 4, Repeated: false));
        (await Task.WhenAll(waiting)).Select(w => w.FirstPosition).Order().ShouldBe([5L, 6, 7]);
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();

        async IAsyncEnumerable<StreamAppend> HeldUp()
        {
            yield return new("year/1/2025", 0, [Event()]);
            reached.SetResult();
            await goOn.Task;
            yield return new("year/1/2025", 1, [Event()]);
        }
    }

    [Fact]
    public async Task A_connection_lost_on_the_way_stores_nothing_and_the_same_may_come_again()
    {
        var region = await server.NewLogAsync();
        await using var connections = server.NewCuttable();
        await using var log = new PostgresEventLog(connections.Source, region, SystemClock.Instance);
        var commandId = Guid.NewGuid();

        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendBulkAsync(commandId, "会计", Cut(), default));

        (await log.ReadHeadAsync(default)).Position.ShouldBe(0);
        (await log.AppendBulkAsync(commandId, "会计", Pieces(new StreamAppend("a", 0, [Event()])), default)).ShouldBe(new AppendResult(1, 1, Repeated: false));
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();

        async IAsyncEnumerable<StreamAppend> Cut()
        {
            yield return new("a", 0, [Event()]);
            (await connections.CutAsync("query like 'copy %'")).ShouldBe(1);
            yield return new("a", 1, [.. Enumerable.Repeat(Event(), 20_000)]);
        }
    }

    [Fact]
    public async Task Cancelled_while_the_server_takes_no_more_it_is_cancelled_and_not_unavailable()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("year/1/2025", 0));
        await using var holder = await server.Superuser.OpenConnectionAsync();
        await using var held = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"lock table {LogSchema.NameOf(region)}.events_2025 in share mode", holder))
        {
            await hold.ExecuteNonQueryAsync();
        }

        using var stop = new CancellationTokenSource();
        var taken = 0L;
        var bulk = Task.Run(() => log.AppendBulkAsync(Guid.NewGuid(), "会计", Endless(), stop.Token));
        await WaitForLocksAsync(1);

        // What lies between here and the server is full when, of many looks, none sees another piece.
        for (var (looks, last) = (0, 0L); looks < 200; looks = Interlocked.Read(ref taken) == last ? looks + 1 : 0)
        {
            last = Interlocked.Read(ref taken);
            await server.Superuser.QueryAsync<int>("select 1");
        }

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => bulk);
        await held.RollbackAsync();
        (await log.ReadHeadAsync(default)).Position.ShouldBe(1);
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();

        async IAsyncEnumerable<StreamAppend> Endless()
        {
            var events = Enumerable.Repeat(Event(), 1_000).ToList();
            for (var version = 1; ; version += events.Count)
            {
                await Task.Yield();
                yield return new("year/1/2025", version, events);
                Interlocked.Increment(ref taken);
            }
        }
    }

    [Fact]
    public async Task The_server_waits_for_a_bulk_append_as_long_as_a_new_year_may_take_on_a_busy_disk()
    {
        var region = await server.NewLogAsync();
        var schema = LogSchema.NameOf(region);
        await using var session = await LogSession.OpenAsync(server.Application, schema, new(schema), default);
        (await SettingAsync()).ShouldBe("10s");

        var (transaction, _) = await session.BeginAsync(default);
        (await SettingAsync()).ShouldBe("2min");
        await transaction.DisposeAsync();
        (await SettingAsync()).ShouldBe("10s");

        async Task<string> SettingAsync()
        {
            await using var command = session.Command("show idle_in_transaction_session_timeout");
            return (string)(await command.ExecuteScalarAsync())!;
        }
    }

    private async Task WaitForLocksAsync(long count)
    {
        while (await server.Superuser.QueryAsync<long>($"select count(*) from pg_stat_activity where usename = '{LogServer.ApplicationRole}' and wait_event_type = 'Lock'") < count)
        {
            await Task.Yield();
        }
    }
}
