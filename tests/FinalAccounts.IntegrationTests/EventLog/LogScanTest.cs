using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>Nothing that was changed in our own tables passes the quick ways through the log. What they hand over stands in <see cref="LogContract"/>.</summary>
[Collection(LogServerCollection.Name)]
public sealed class LogScanTest(LogServer server)
{
    // More than two ranges, so that workers share the log and ranges are checked from the one before.
    private const int Events = (2 * LogScan.EventsPerRange) + 1_234;

    [Theory]
    [InlineData("update {0} set body = '{{\"amount\":1}}' where position = 7", 7)]
    [InlineData("update {0} set actor_id = 99 where position = 50000", 50_000)]
    [InlineData("update {0} set recorded_at = recorded_at + interval '1 microsecond' where position = 50001", 50_001)]
    [InlineData("update {0} set accounting_date = accounting_date + 1 where position = 60000", 60_000)]
    [InlineData("update {0} set version = 9999999 where position = 101234", 101_234)]
    [InlineData("update {0} set schema_version = 2 where position = 1", 1)]
    [InlineData("delete from {0} where position = 50000", 50_000)]
    [InlineData("delete from {0} where position = 1", 1)]
    [InlineData("delete from {0} where position = 101234", 101_234)]
    public async Task What_was_changed_is_found_also_where_ranges_meet(string change, long at)
    {
        var (region, head) = await NewLogAsync(Events);
        await server.Superuser.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, change, LogSchema.NameOf(region) + ".events"));

        var found = await Should.ThrowAsync<LogDamagedException>(() => ScanAsync(region, head));

        // A stored predecessor that is gone may be noticed by the range behind it first.
        found.Position.ShouldBe(at);
    }

    [Fact]
    public async Task A_stream_names_what_came_by_another_process()
    {
        var (region, _) = await NewLogAsync(2);
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        (await log.ScanStreamAsync("year/401001/2024", 1, (in _) => { }, default)).ShouldBe(2);
        await using var other = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await other.AppendAsync(Request("year/401001/2024", 2, Event(type: "another")) with { Actor = "另一人" });

        var names = new List<(string, string)>();
        await log.ScanStreamAsync("year/401001/2024", 3, (in e) => names.Add((e.Type, e.Actor)), default);

        names.ShouldBe([("another", "另一人")]);
    }

    [Fact]
    public async Task A_stream_with_a_gap_is_noticed()
    {
        var (region, _) = await NewLogAsync(10_000);
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await server.Superuser.ExecuteAsync($"delete from {LogSchema.NameOf(region)}.events where position = 5000");

        (await Should.ThrowAsync<LogDamagedException>(() => log.ScanStreamAsync("year/401001/2024", 1, (in _) => { }, default))).Position.ShouldBe(5_001);
    }

    private async Task ScanAsync(RegionCode region, Seal seal)
    {
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.ScanAllAsync(seal, [(in _) => { }, (in _) => { }], null, default);
    }

    private async Task<(RegionCode Region, Seal Head)> NewLogAsync(int events)
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var version = 0;
        while (version < events)
        {
            var count = Math.Min(9_000, events - version);
            await log.AppendAsync(Request("year/401001/2024", version, [.. Enumerable.Range(version, count).Select(n => Event($$"""{"amount":{{n}},"摘要":"办公费"}"""))]));
            version += count;
        }

        return (region, await log.ReadHeadAsync(default));
    }
}
