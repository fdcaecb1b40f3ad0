using System.Text;
using FinalAccounts.EventLog;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class ReadTest(LogServer server)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(LogLimits.RowsPerPage - 1)]
    [InlineData(LogLimits.RowsPerPage)]
    [InlineData(LogLimits.RowsPerPage + 1)]
    [InlineData((2 * LogLimits.RowsPerPage) + 1)]
    public async Task A_log_is_read_completely_over_the_borders_of_pages(int count)
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        if (count > 0)
        {
            await log.AppendAsync(Request("a", 0, [.. Enumerable.Range(1, count).Select(n => Event($"{n}"))]));
        }

        var all = Enumerable.Range(1, count).ToList();
        static int Number(StoredEvent e) => int.Parse(Encoding.UTF8.GetString(e.Body), System.Globalization.CultureInfo.InvariantCulture);
        (await log.ReadAllAsync()).Select(Number).ShouldBe(all);
        (await log.ReadStreamAsync("a")).Select(Number).ShouldBe(all);
        (await log.ReadAllAsync(count / 2)).Select(Number).ShouldBe(all.Skip(count / 2));
        (await log.ReadStreamAsync("a", (count / 2) + 1)).Select(Number).ShouldBe(all.Skip(count / 2));
        (await log.ReadAllAsync(count + 1)).ShouldBeEmpty();
        (await log.ReadStreamAsync("a", count + 1)).ShouldBeEmpty();
        (await log.ReadStreamAsync("unknown'; drop")).ShouldBeEmpty();
    }

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

        await writer.AppendBulkAsync(Guid.NewGuid(), "张三", BulkAppendTest.Pieces(new StreamAppend("a", 20, [Event()])), default);
        (await events.MoveNextAsync()).ShouldBeTrue();

        // Also when the listening connection was lost.
        await server.Superuser.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{LogServer.ApplicationRole}' and query like 'listen%'");
        await writer.AppendAsync(Request("a", 21));
        (await events.MoveNextAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task An_empty_log_stands_at_the_regions_genesis()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);

        (await log.ReadHeadAsync(default)).ShouldBe(new(0, Convert.ToHexStringLower(EventHash.Genesis(region))));
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task Streams_are_listed_by_their_prefix_in_ordinal_order()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(new(Guid.NewGuid(), "a", [.. new[] { "year/b", "year/B", "year_/a", "yearbook", "other" }.Select(s => new StreamAppend(s, 0, [Event()]))]));

        (await log.ListStreamsAsync("year/", default)).Select(s => s.Stream).ShouldBe(["year/B", "year/b"]);
        (await log.ListStreamsAsync("year_", default)).Select(s => s.Stream).ShouldBe(["year_/a"]);
        (await log.ListStreamsAsync("%", default)).ShouldBeEmpty();
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

    [Fact]
    public async Task A_subscription_that_waits_ends_when_it_is_cancelled()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        using var cancellation = new CancellationTokenSource();
        await using var subscription = log.SubscribeAsync(0, cancellation.Token).GetAsyncEnumerator();
        var next = subscription.MoveNextAsync();
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next.AsTask());
    }
}
