using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using Marten.Services;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.CritterStackTests;

/// <summary>Where Marten's log differs from ours. docs/engines.md has a line for each; a test holds the two together.</summary>
[Collection(LogServerCollection.Name)]
public sealed class MartenDeviationTest(LogServer server)
{
    [Fact]
    public async Task Positions_come_in_a_transaction_behind_the_append()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await using var store = RegionStore.ForBodies(server.Application, region, JasperFx.AutoCreate.None);
        var request = Request("a", 0, Event(), Event());

        // A process that ends here leaves events without positions.
        await using (var session = store.LightweightSession())
        {
            MartenEventLog.Add(session, request.CommandId, request.Actor, request.Streams, SystemClock.Instance.GetCurrentInstant());
            session.Insert(new RecordedCommand { Id = request.CommandId });
            await session.SaveChangesAsync();
        }

        var schema = RegionStore.SchemaOf(region);
        (await server.Superuser.QueryAsync<long>($"select position from {schema}.log_head")).ShouldBe(0);
        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();

        // Whoever comes next gives them theirs; the command is known.
        (await log.AppendAsync(request)).ShouldBe(new AppendResult(1, 2, Repeated: true));
        (await log.ReadHeadAsync(default)).Position.ShouldBe(2);
    }

    [Fact]
    public async Task Positions_are_not_Martens_numbers()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance, JasperFx.Events.EventAppendMode.Rich);
        await log.AppendAsync(Request("a", 0));
        await Should.ThrowAsync<VersionConflictException>(() => log.AppendAsync(Request("a", 0)));
        await log.AppendAsync(Request("a", 1));

        (await log.ReadAllAsync()).Select(e => e.Position).ShouldBe([1L, 2]);
        (await server.Superuser.QueryAsync<long>($"select max(seq_id) from {RegionStore.SchemaOf(region)}.mt_events where stream_id = 'a'")).ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task A_bulk_append_does_not_keep_others_waiting()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        AppendResult? meanwhile = null;

        (await log.AppendBulkAsync(Guid.NewGuid(), "会计", Interrupted(), default)).ShouldBe(new AppendResult(2, 3, Repeated: false));

        meanwhile.ShouldBe(new AppendResult(1, 1, Repeated: false));

        async IAsyncEnumerable<StreamAppend> Interrupted()
        {
            yield return new("a", 0, [Event()]);
            yield return new("a", 1, [Event()]);
            meanwhile = await log.AppendAsync(Request("b", 0));
        }
    }

    [Fact]
    public async Task An_archived_year_stays_readable_and_others_may_still_open_it()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("year/117005/2024", 0, Event(), Closed(region)));
        await log.AppendAsync(Request("year/117005/2025", 0, Closed(region)));

        (await MartenArchive.ArchiveAsync(server.Owner, region, new(2024), default)).ShouldBe(1);

        var refused = await Should.ThrowAsync<YearArchivedException>(() => log.AppendAsync(Request("year/117005/2024", 2)));
        refused.Year.ShouldBe(2024);
        await Should.ThrowAsync<YearArchivedException>(
            () => log.AppendBulkAsync(Guid.NewGuid(), "会计", Pieces(new StreamAppend("year/117005/2024", 2, [Event()])), default));
        (await log.ReadStreamAsync("year/117005/2024")).Count.ShouldBe(2);
        (await log.ReadAllAsync()).Count.ShouldBe(3);
        var scanned = 0;
        await log.ScanAllAsync(await log.ReadHeadAsync(default), [(in _) => scanned++], null, default);
        scanned.ShouldBe(3);
        await log.AppendAsync(Request("year/117005/2025", 1));
        await log.AppendAsync(Request("year/117006/2024", 0));
        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_put_in_by_hand_gets_a_position_like_any_other()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));
        var schema = RegionStore.SchemaOf(region);

        await server.Application.ExecuteAsync(
            $"""
            insert into {schema}.mt_events (seq_id, id, stream_id, version, data, bdata, type, headers, mt_dotnet_type)
            select nextval('{schema}.mt_events_sequence'), gen_random_uuid(), stream_id, 2, data, bdata, type,
              headers || jsonb_build_object('command', gen_random_uuid()), mt_dotnet_type
            from {schema}.mt_events
            """);

        (await log.ReadHeadAsync(default)).Position.ShouldBe(2);

        // That its stream was not moved with it is seen.
        var finding = (await server.VerifyMartenAsync(region)).Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Arguments[0]).ShouldBe((LogRule.StreamTableMismatch, "a"));
    }

    [Fact]
    public async Task What_has_no_position_yet_is_left_aside_by_a_verification()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));
        await using var store = RegionStore.ForBodies(server.Application, region, JasperFx.AutoCreate.None);
        await using var connection = await server.Application.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // Commits late, so that its numbers are a gap; what follows stands behind all numbers.
            await AppendAsync(SessionOptions.ForTransaction(transaction), new("a", 1, [Event()]), new("b", 0, [Event()]));
            await log.AppendAsync(Request("c", 0));
            await transaction.CommitAsync();
        }

        await AppendAsync(SessionOptions.ForConnection(connection), new("c", 1, [Event()]), new("d", 0, [Event()]));

        var before = await log.VerifyAsync([], null, default);
        var head = await log.ReadHeadAsync(default);
        var after = await log.VerifyAsync([head], null, default);

        (before.FindingsCount, before.Events, after.FindingsCount, after.Events).ShouldBe((0, 2, 0, 6));

        async Task AppendAsync(SessionOptions options, params StreamAppend[] streams)
        {
            await using var session = store.LightweightSession(options);
            MartenEventLog.Add(session, Guid.NewGuid(), "会计", streams, SystemClock.Instance.GetCurrentInstant());
            await session.SaveChangesAsync();
        }
    }

    [Fact]
    public async Task The_applications_role_can_move_the_head_and_it_is_found()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));

        await server.Application.ExecuteAsync($"update {RegionStore.SchemaOf(region)}.log_head set position = 9");

        (await server.VerifyMartenAsync(region)).Findings.ShouldHaveSingleItem().Rule.ShouldBe(LogRule.HeadMismatch);
    }

    [Fact]
    public async Task A_subscription_looks_for_what_other_processes_append()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await using var other = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await using var events = log.SubscribeAsync(0, CancellationToken.None).GetAsyncEnumerator();
        for (var n = 0; n < 3; n++)
        {
            var next = events.MoveNextAsync();
            await other.AppendAsync(Request("a", n));
            (await next).ShouldBeTrue();
            events.Current.Version.ShouldBe(n + 1);
        }
    }
}
