using FinalAccounts.EventLog;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class ReadTest(LogServer server)
{
    [Fact]
    public async Task A_subscription_is_woken_by_appends_of_other_processes()
    {
        var region = await server.NewLogAsync();
        await using var writer = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await using var other = new PostgresEventLog(server.Application, region, SystemClock.Instance);

        // It would look by itself only when the test has long failed.
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance) { PollInterval = TimeSpan.FromHours(1) };
        await using var events = log.SubscribeAsync(0, CancellationToken.None).GetAsyncEnumerator();
        for (var n = 0; n < 20; n++)
        {
            var next = events.MoveNextAsync();
            await (n % 2 == 0 ? writer : other).AppendAsync(Request("a", n));
            (await next).ShouldBeTrue();
            events.Current.Version.ShouldBe(n + 1);
        }

        await writer.AppendBulkAsync(Guid.NewGuid(), "张三", Pieces(new StreamAppend("a", 20, [Event()])), default);
        (await events.MoveNextAsync()).ShouldBeTrue();

        // Also when the listening connection was lost.
        await server.Superuser.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{LogServer.ApplicationRole}' and query like 'listen%'");
        await writer.AppendAsync(Request("a", 21));
        (await events.MoveNextAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_subscription_goes_on_after_its_connections_are_lost()
    {
        var region = await server.NewLogAsync();
        await using var writing = new PostgresEventLog(server.Superuser, region, SystemClock.Instance);
        await using var reading = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await writing.AppendAsync(Request("a", 0));
        await using var subscription = reading.SubscribeAsync(0, CancellationToken.None).GetAsyncEnumerator();
        for (var version = 1; version <= 3; version++)
        {
            (await subscription.MoveNextAsync()).ShouldBeTrue();
            subscription.Current.Position.ShouldBe(version);
            await server.Superuser.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{LogServer.ApplicationRole}'");
            await writing.AppendAsync(Request("a", version));
        }
    }
}
