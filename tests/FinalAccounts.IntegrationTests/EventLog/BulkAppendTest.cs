using System.Text;
using FinalAccounts.EventLog;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class BulkAppendTest(LogServer server)
{
    [Fact]
    public async Task What_was_appended_in_bulk_is_what_single_appends_would_have_stored()
    {
        var region = await server.NewLogAsync();
        var clock = new SetClock(Instant.FromUtc(2025, 4, 1, 8, 30, 0));
        await using var log = new PostgresEventLog(server.Application, region, clock);
        await log.AppendAsync(Request("year/401001/2024", 0, Event("1"), Event("2")));
        var commandId = Guid.NewGuid();
        StreamAppend[] pieces =
        [
            new("department/401002", 0, [Event("""{"name":"市财政局 𠮷"}""", "department-registered")]),
            new("year/401001/2024", 2, [Event(), Event("""{"amount":-1}""")]),
            new("year/401002/2019", 0, [Event("[]", "other")]),
            new("year/401002/2024", 0, [.. Enumerable.Range(0, 5_000).Select(n => Event($$"""{"amount":{{n}},"摘要":"办公费"}"""))]),
            new("year/401001/2024", 4, [Event("null")]),
            new("year/401002/2019", 1, [Event(new string(' ', 700_000) + "1")]),
        ];

        (await log.AppendBulkAsync(commandId, "会计", Pieces(pieces), default)).ShouldBe(new AppendResult(3, 5_008, Repeated: false));

        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();
        var stored = await log.ReadAllAsync(2);
        stored.Select(e => (e.Stream, e.Type, e.AccountingDate, Encoding.UTF8.GetString(e.Body))).ShouldBe(
            pieces.SelectMany(p => p.Events, (p, e) => (p.Stream, e.Type, e.AccountingDate, Encoding.UTF8.GetString(e.Body))));
        stored.ShouldAllBe(e => e.CommandId == commandId && e.Actor == "会计" && e.RecordedAt == clock.Now && e.SchemaVersion == 1);
        (await log.ReadStreamAsync("year/401001/2024")).Select(e => (e.Version, e.Position)).ShouldBe([(1L, 1L), (2, 2), (3, 4), (4, 5), (5, 5_007)]);

        // What was created is known to who appends next, here and elsewhere.
        (await log.AppendAsync(Request("department/401002", 1))).FirstPosition.ShouldBe(5_009);
        await using var other = new PostgresEventLog(server.Application, region, clock);
        (await other.AppendAsync(Request("year/401002/2024", 5_000))).FirstPosition.ShouldBe(5_010);
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_known_is_answered_without_asking_for_the_pieces()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var commandId = Guid.NewGuid();
        var first = await log.AppendBulkAsync(commandId, "会计", Pieces(new StreamAppend("a", 0, [Event(), Event()])), default);

        (await log.AppendBulkAsync(commandId, "会计", Failing(new InvalidOperationException()), default)).ShouldBe(first with { Repeated = true });
        (await log.FindCommandAsync(commandId, default)).ShouldBe(first with { Repeated = true });
        (await log.AppendAsync(new(commandId, "会计", [new("a", 2, [Event(), Event()])]))).ShouldBe(first with { Repeated = true });
        (await log.ReadHeadAsync(default)).Position.ShouldBe(2);
    }

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
    public async Task A_piece_that_can_not_be_stored_leaves_nothing_of_the_others()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("year/401001/2024", 0));
        var good = new StreamAppend("year/401001/2024", 1, [.. Enumerable.Repeat(Event(), 3_000)]);

        var conflict = await Should.ThrowAsync<VersionConflictException>(() => BulkAsync(good, good with { ExpectedVersion = 2 }));
        (conflict.Expected, conflict.Found).ShouldBe((2, 3_001));
        (await Should.ThrowAsync<VersionConflictException>(() => BulkAsync(good with { ExpectedVersion = 0 }))).Found.ShouldBe(1);
        (await Should.ThrowAsync<VersionConflictException>(() => BulkAsync(new StreamAppend("new", 1, [Event()])))).Found.ShouldBe(0);
        await Should.ThrowAsync<ArgumentException>(() => BulkAsync(good, new StreamAppend("a", 0, [Event("{")])));
        await Should.ThrowAsync<ArgumentException>(() => BulkAsync(good, new StreamAppend("no name", 0, [Event()])));
        await Should.ThrowAsync<ArgumentException>(() => BulkAsync());
        await Should.ThrowAsync<ArgumentException>(() => log.AppendBulkAsync(Guid.Empty, "会计", Pieces(good), default));
        await Should.ThrowAsync<ArgumentException>(() => log.AppendBulkAsync(Guid.NewGuid(), "", Pieces(good), default));

        // What goes wrong where the pieces are made comes back as it is.
        var own = new IOException("the file");
        (await Should.ThrowAsync<IOException>(() => log.AppendBulkAsync(Guid.NewGuid(), "会计", Failing(own, good), default))).ShouldBeSameAs(own);
        using var given = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => log.AppendBulkAsync(Guid.NewGuid(), "会计", GivenUp(given, good), given.Token));

        (await log.ReadHeadAsync(default)).Position.ShouldBe(1);
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();
        (await log.AppendAsync(Request("year/401001/2024", 1))).FirstPosition.ShouldBe(2);

        Task<AppendResult> BulkAsync(params StreamAppend[] pieces) => log.AppendBulkAsync(Guid.NewGuid(), "会计", Pieces(pieces), default);
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
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var commandId = Guid.NewGuid();

        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendBulkAsync(commandId, "会计", Cut(), default));

        (await log.ReadHeadAsync(default)).Position.ShouldBe(0);
        (await log.AppendBulkAsync(commandId, "会计", Pieces(new StreamAppend("a", 0, [Event()])), default)).ShouldBe(new AppendResult(1, 1, Repeated: false));
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();

        async IAsyncEnumerable<StreamAppend> Cut()
        {
            yield return new("a", 0, [Event()]);
            await server.Superuser.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{LogServer.ApplicationRole}' and query like 'copy %'");
            yield return new("a", 1, [.. Enumerable.Repeat(Event(), 20_000)]);
        }
    }

    internal static async IAsyncEnumerable<StreamAppend> Pieces(params StreamAppend[] pieces)
    {
        foreach (var piece in pieces)
        {
            await Task.Yield();
            yield return piece;
        }
    }

    private static async IAsyncEnumerable<StreamAppend> Failing(Exception failure, params StreamAppend[] pieces)
    {
        await foreach (var piece in Pieces(pieces))
        {
            yield return piece;
        }

        throw failure;
    }

    private static async IAsyncEnumerable<StreamAppend> GivenUp(CancellationTokenSource given, StreamAppend piece)
    {
        yield return piece;
        await given.CancelAsync();
        yield return piece with { ExpectedVersion = piece.ExpectedVersion + piece.Events.Count };
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
