using FinalAccounts.EventLog;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class AppendTest(LogServer server)
{
    [Fact]
    public async Task Each_append_of_a_group_is_decided_by_itself()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var known = Request("known", 0);
        await log.AppendAsync(known);

        var holder = await server.HoldHeadAsync(region);
        var waiting = log.AppendAsync(Request("first", 0));
        var twice = Request("twice", 0);
        var good = Enumerable.Range(0, 20).Select(i => log.AppendAsync(Request($"good/{i}", 0))).ToList();
        var chain = Enumerable.Range(0, 5).Select(i => log.AppendAsync(Request("chain", i))).ToList();
        var conflicting = new[] { log.AppendAsync(Request("known", 0)), log.AppendAsync(Request("chain", 3)), log.AppendAsync(Request("good/1", 9)) };
        var repeated = log.AppendAsync(known);
        var reused = log.AppendAsync(known with { Actor = "李四" });
        var (original, copy) = (log.AppendAsync(twice), log.AppendAsync(twice));
        var reusedInGroup = log.AppendAsync(twice with { Actor = "李四" });
        await holder.ReleaseAsync();

        (await waiting).FirstPosition.ShouldBe(2);
        foreach (var append in good.Concat(chain))
        {
            (await append).Repeated.ShouldBeFalse();
        }

        var found = new List<long>();
        foreach (var append in conflicting)
        {
            found.Add((await Should.ThrowAsync<VersionConflictException>(() => append)).Found);
        }

        found.ShouldBe([1, 5, 1]);
        (await repeated).ShouldBe(new AppendResult(1, 1, Repeated: true));
        await Should.ThrowAsync<CommandIdReusedException>(() => reused);
        (await original).Repeated.ShouldBeFalse();
        (await copy).ShouldBe(await original with { Repeated = true });
        await Should.ThrowAsync<CommandIdReusedException>(() => reusedInGroup);
        (await log.ReadAllAsync()).Count.ShouldBe(28);
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task More_callers_than_the_queue_holds_wait_and_are_all_served()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var callers = (2 * LogLimits.QueuedAppends) + 10;
        var holder = await server.HoldHeadAsync(region);
        var appends = Enumerable.Range(0, callers).Select(i => log.AppendAsync(Request($"caller/{i}", 0))).ToList();
        appends.ShouldAllBe(a => !a.IsCompleted);
        await holder.ReleaseAsync();
        var results = await Task.WhenAll(appends);

        results.Select(r => r.FirstPosition).Order().ShouldBe(Enumerable.Range(1, callers).Select(n => (long)n));
    }

    [Fact]
    public async Task A_stream_that_is_full_takes_no_more()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));
        await server.Superuser.ExecuteAsync($"update {LogSchema.NameOf(region)}.streams set version = {LogLimits.EventsPerStream}");

        (await Should.ThrowAsync<ArgumentException>(() => log.AppendAsync(Request("a", LogLimits.EventsPerStream)).WaitAsync(TimeSpan.FromMinutes(1))))
            .Message.ShouldContain("'a'");
        (await log.AppendAsync(Request("b", 0))).FirstPosition.ShouldBe(2);
    }

    [Fact]
    public async Task An_append_given_up_in_the_queue_is_not_stored()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));
        using var cancellation = new CancellationTokenSource();
        var holder = await server.HoldHeadAsync(region);
        var underWay = log.AppendAsync(Request("a", 1));
        while (await server.Superuser.QueryAsync<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") == 0)
        {
            await Task.Yield();
        }

        var givenUp = log.AppendAsync(Request("b", 0), cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => givenUp);
        await holder.ReleaseAsync();
        await underWay;
        await log.AppendAsync(Request("a", 2));

        (await log.ReadStreamAsync("b")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_closed_log_answers_what_waits_and_takes_no_more()
    {
        var region = await server.NewLogAsync();
        var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var appends = Enumerable.Range(0, 50).Select(i => log.AppendAsync(Request($"a/{i}", 0))).ToList();
        await log.DisposeAsync();

        appends.ShouldAllBe(a => a.IsCompletedSuccessfully);
        await Should.ThrowAsync<ObjectDisposedException>(() => log.AppendAsync(Request("b", 0)));
    }
}
