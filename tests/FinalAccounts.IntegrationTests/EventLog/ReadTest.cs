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
        await using var connections = server.NewCuttable();
        await using var log = new PostgresEventLog(connections.Source, region, SystemClock.Instance) { PollInterval = TimeSpan.FromHours(1) };
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
        (await connections.CutAsync("query like 'listen%'")).ShouldBe(1);
        await writer.AppendAsync(Request("a", 21));
        (await events.MoveNextAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_subscription_goes_on_after_its_connections_are_lost()
    {
        var region = await server.NewLogAsync();
        await using var writing = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await using var connections = server.NewCuttable();
        await using var reading = new PostgresEventLog(connections.Source, region, SystemClock.Instance);
        await writing.AppendAsync(Request("a", 0));
        await using var subscription = reading.SubscribeAsync(0, CancellationToken.None).GetAsyncEnumerator();
        for (var version = 1; version <= 3; version++)
        {
            (await subscription.MoveNextAsync()).ShouldBeTrue();
            subscription.Current.Position.ShouldBe(version);
            (await connections.CutAsync()).ShouldBeGreaterThan(0);
            await writing.AppendAsync(Request("a", version));
        }
    }
}
