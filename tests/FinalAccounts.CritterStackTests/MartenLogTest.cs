using System.Text;
using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger.Disclosure;
using JasperFx.Events;
using NodaTime;
using Npgsql;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.CritterStackTests;

/// <summary>What is promised on Marten in its own ways.</summary>
[Collection(LogServerCollection.Name)]
public sealed class MartenLogTest(LogServer server)
{
    private static readonly Instant Noon = Instant.FromUtc(2024, 12, 31, 4, 0);

    [Fact]
    public async Task The_same_appends_give_the_same_log_as_on_our_engine()
    {
        var region = await server.NewMartenLogAsync();
        await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, CancellationToken.None);
        await using var ours = new PostgresEventLog(server.Application, region, new SetClock(Noon));
        await using var marten = new MartenEventLog(server.Application, region, new SetClock(Noon));
        var commandId = Guid.NewGuid();
        foreach (var log in new IEventLog[] { ours, marten })
        {
            await log.AppendAsync(new(commandId, "张三", [new("b", 0, [Event("1"), Event("2")]), new("a", 0, [Event("3")])]), default);
            await log.AppendBulkAsync(
                new("00000000-0000-0000-0000-000000000001"), "李四",
                Pieces(new("a", 1, [Event("[ 4 ]")]), new("year/1/2024", 0, [.. Enumerable.Repeat(Event(), 2_500)]), new("a", 2, [Event("5", "other")])), default);
        }

        (await marten.ReadHeadAsync(default)).ShouldBe(await ours.ReadHeadAsync(default));
        (await marten.ReadAllAsync()).Select(e => e with { Body = [], Hash = [] }).ShouldBe((await ours.ReadAllAsync()).Select(e => e with { Body = [], Hash = [] }));
    }

    [Theory]
    [InlineData(EventAppendMode.Quick)]
    [InlineData(EventAppendMode.Rich)]
    public async Task The_recorded_time_is_right_in_every_zone_and_mode(EventAppendMode mode)
    {
        var region = await server.NewMartenLogAsync();
        await using var source = NpgsqlDataSource.Create(server.ApplicationConnectionString + ";Timezone=Asia/Shanghai");
        await using var log = new MartenEventLog(source, region, new SetClock(Noon), mode);
        await log.AppendAsync(Request("a", 0));
        await log.AppendAsync(Request("a", 1));

        (await log.ReadAllAsync()).Select(e => e.RecordedAt).ShouldBe([Noon, Noon]);
    }

    [Fact]
    public async Task What_commits_late_is_not_left_out()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await using var other = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await using var subscription = other.SubscribeAsync(0, CancellationToken.None).GetAsyncEnumerator();
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());

        // It has its numbers, and commits behind one that has a greater one.
        var late = log.AppendBulkAsync(Guid.NewGuid(), "会计", HeldUp(), default);
        await reached.Task;
        (await other.AppendAsync(Request("b", 0))).FirstPosition.ShouldBe(1);
        (await subscription.MoveNextAsync()).ShouldBeTrue();
        subscription.Current.Stream.ShouldBe("b");
        goOn.SetResult();

        (await late).ShouldBe(new AppendResult(2, 4, Repeated: false));
        for (var version = 1; version <= 3; version++)
        {
            (await subscription.MoveNextAsync()).ShouldBeTrue();
            (subscription.Current.Stream, subscription.Current.Version).ShouldBe(("a", (long)version));
        }

        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();

        async IAsyncEnumerable<StreamAppend> HeldUp()
        {
            yield return new("a", 0, [Event()]);
            yield return new("a", 1, [Event()]);
            reached.SetResult();
            await goOn.Task;
            yield return new("a", 2, [Event()]);
        }
    }

    [Fact]
    public async Task Many_writers_of_two_processes_get_positions_without_gaps()
    {
        var region = await server.NewMartenLogAsync();
        await using var one = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await using var two = new MartenEventLog(server.Application, region, SystemClock.Instance, EventAppendMode.Rich);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            var appended = new List<AppendResult>();
            for (var n = 0; n < 20; n++)
            {
                // Some of them conflict, and leave numbers behind that no event has.
                var log = (writer + n) % 2 == 0 ? one : two;
                var stream = n % 5 == 0 ? "contended" : $"writer/{writer}";
                for (var done = false; !done;)
                {
                    var stands = (await log.ListStreamsAsync(stream, default)).FirstOrDefault()?.Version ?? 0;
                    try
                    {
                        appended.Add(await log.AppendAsync(Request(stream, stands, Event(), Event())));
                        done = true;
                    }
                    catch (VersionConflictException)
                    {
                    }
                }
            }

            return appended;
        }));

        results.SelectMany(r => r).ShouldAllBe(r => r.LastPosition == r.FirstPosition + 1 && !r.Repeated);
        results.SelectMany(r => r).Select(r => r.FirstPosition).Order().ShouldBe(Enumerable.Range(0, 160).Select(n => (2L * n) + 1));
        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_knows_the_ledgers_events_reads_what_the_log_has_stored_and_the_log_what_the_store_has()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, new SetClock(Noon));
        await using var store = Marten.DocumentStore.For(options =>
        {
            options.Connection(server.ApplicationConnectionString);
            options.AutoCreateSchemaObjects = JasperFx.AutoCreate.None;
            RegionStore.Configure(options, region);
        });
        var (first, second) = (new ExplanationWritten(Date, "五（三）2", "人员经费增加。", "张三"), new ExplanationWritten(Date, "五（三）2", "会议费减少。", "李四"));
        var encoded = Ledger.EventCodec.Encode(first);
        await log.AppendAsync(Request("year/117005/2024", 0, new NewEvent(encoded.Type, encoded.SchemaVersion, Date, encoded.Body)));
        await using (var session = store.LightweightSession())
        {
            var appended = new Event<ExplanationWritten>(second);
            EventHeaders.Stamp(appended, Guid.NewGuid(), "李四", Date, 1, Noon);
            session.Events.Append("year/117005/2024", 2, appended);
            await session.SaveChangesAsync();
        }

        await using (var query = store.QuerySession())
        {
            (await query.Events.FetchStreamAsync("year/117005/2024")).Select(e => e.Data).ShouldBe([first, second]);
        }

        var stored = await log.ReadStreamAsync("year/117005/2024");
        stored.Select(e => (e.Position, e.Type, e.Actor, Encoding.UTF8.GetString(e.Body))).ShouldBe(
            [(1L, "explanation-written", "张三", Encoding.UTF8.GetString(encoded.Body)),
             (2, "explanation-written", "李四", Encoding.UTF8.GetString(Ledger.EventCodec.Encode(second).Body))]);
        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("update {0}.mt_events set bdata = 'null' where seq_id = 2", LogRule.HashMismatch, 2)]
    [InlineData("update {0}.mt_events set bdata = null where seq_id = 2", LogRule.HashMismatch, 2)]
    [InlineData("update {0}.mt_events set type = 'other' where seq_id = 3", LogRule.HashMismatch, 3)]
    [InlineData("update {0}.mt_events set headers = jsonb_set(headers, '{{actor}}', '\"李四\"') where seq_id = 1", LogRule.HashMismatch, 1)]
    [InlineData("update {0}.mt_events set headers = headers - 'date' where seq_id = 1", LogRule.HashMismatch, 1)]
    [InlineData("update {0}.mt_events set headers = headers || '{{\"schema\":\"x\"}}' where seq_id = 1", LogRule.HashMismatch, 1)]
    [InlineData("update {0}.mt_events set headers = headers || '{{\"command\":\"x\"}}' where seq_id = 3", LogRule.HashMismatch, 3)]
    [InlineData("update {0}.mt_events set headers = null where seq_id = 3", LogRule.HashMismatch, 3)]
    [InlineData("update {0}.mt_events set version = 5 where seq_id = 2", LogRule.StreamVersionMismatch, 2)]
    [InlineData("update {0}.log_chain set recorded_at = recorded_at + 1 where position = 3", LogRule.HashMismatch, 3)]
    [InlineData("update {0}.log_chain set recorded_at = 1 where position = 2", LogRule.RecordedTimeRunsBack, 2)]
    [InlineData("update {0}.log_chain set hash = substr(hash, 2) where position = 2", LogRule.HashMismatch, 2)]
    [InlineData("update {0}.log_chain set seq_id = -seq_id where position = 2", LogRule.PositionMissing, 2)]
    [InlineData("update {0}.log_chain set position = -1 where position = 1", LogRule.PositionOutOfRange, -1)]
    [InlineData("update {0}.log_chain set command_id = gen_random_uuid() where position = 2", LogRule.CommandMismatch, 2)]
    [InlineData("update {0}.log_chain set command_id = (select c.command_id from {0}.log_chain c where position = 3) where position = 1", LogRule.CommandMismatch, 3)]
    [InlineData("delete from {0}.mt_events where seq_id = 2", LogRule.PositionMissing, 2)]
    [InlineData("delete from {0}.mt_events where seq_id = 3", LogRule.HeadMismatch, 3)]
    [InlineData("delete from {0}.log_chain where position = 1", LogRule.PositionMissing, 1)]
    [InlineData("delete from {0}.log_chain where position = 3", LogRule.HeadMismatch, 3)]
    [InlineData("update {0}.log_head set position = 2", LogRule.HeadMismatch, 3)]
    [InlineData("update {0}.log_head set hash = ''", LogRule.HeadMismatch, 3)]
    [InlineData("update {0}.log_head set recorded_at = 0", LogRule.HeadMismatch, 3)]
    [InlineData("delete from {0}.log_head", LogRule.HeadMismatch, 0)]
    [InlineData("update {0}.mt_streams set version = 7 where id = 'b'", LogRule.StreamTableMismatch, 0)]
    [InlineData("delete from {0}.mt_streams where id = 'b'", LogRule.HeadMismatch, 3)]
    public async Task What_is_changed_is_found_with_its_position(string change, LogRule rule, long position)
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0, Event("1"), Event("2")));
        await log.AppendAsync(Request("b", 0));
        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();

        await server.Superuser.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, change, RegionStore.SchemaOf(region)));

        (await server.VerifyMartenAsync(region)).Findings.Select(f => (f.Rule, f.Position)).ShouldContain((rule, position));
    }

    [Fact]
    public async Task What_no_position_will_ever_be_given_to_is_found()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));
        var schema = RegionStore.SchemaOf(region);

        // Below all numbers that the chain looks for, and the stream moved with it.
        await server.Superuser.ExecuteAsync(
            $"""
            insert into {schema}.mt_events (seq_id, id, stream_id, version, data, bdata, type, headers, mt_dotnet_type)
            select -5, gen_random_uuid(), stream_id, 2, data, bdata, type, headers, mt_dotnet_type from {schema}.mt_events;
            update {schema}.mt_streams set version = 2 where id = 'a'
            """);

        (await log.ReadHeadAsync(default)).Position.ShouldBe(1);
        (await server.VerifyMartenAsync(region)).Findings.ShouldHaveSingleItem().Arguments.ShouldBe(["a", "2", "1"]);
    }

    [Theory]
    [InlineData("update {0}.mt_events set bdata = null")]
    [InlineData("delete from {0}.mt_events")]
    [InlineData("truncate {0}.mt_events")]
    [InlineData("update {0}.log_chain set hash = ''")]
    [InlineData("delete from {0}.log_chain")]
    [InlineData("delete from {0}.mt_doc_recordedcommand")]
    public async Task The_applications_role_can_not_change_what_is_stored(string change)
    {
        var region = await server.NewMartenLogAsync();
        var refused = await Should.ThrowAsync<PostgresException>(
            () => server.Application.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, change, RegionStore.SchemaOf(region))));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_log_that_can_not_be_reached_says_so()
    {
        await using var nowhere = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ApplicationConnectionString) { Database = "nowhere" }.ConnectionString);
        await using var log = new MartenEventLog(nowhere, server.NewRegion(), SystemClock.Instance);

        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendAsync(Request("a", 0)));
        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendBulkAsync(Guid.NewGuid(), "会计", Pieces(new StreamAppend("a", 0, [Event()])), default));
        await Should.ThrowAsync<LogUnavailableException>(() => log.ReadHeadAsync(default));
        await Should.ThrowAsync<LogUnavailableException>(() => log.ReadStreamAsync("a"));
        await Should.ThrowAsync<LogUnavailableException>(() => log.ListStreamsAsync("", default));
    }
}
