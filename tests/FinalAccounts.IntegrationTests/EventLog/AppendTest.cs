using System.Text;
using FinalAccounts.EventLog;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class AppendTest(LogServer server)
{
    [Fact]
    public async Task An_append_is_stored_once_and_read_back_byte_for_byte()
    {
        var region = server.NewRegion();
        await LogSchema.MigrateAsync(server.Owner, region, null, default);
        await LogSchema.MigrateAsync(server.Owner, region, null, default);
        await using var log = new PostgresEventLog(server.Owner, region, SystemClock.Instance);
        var r = new AppendRequest(Guid.NewGuid(), "财政局", [new("a/1", 0, [new("posted", 1, new(2024, 1, 2), Encoding.UTF8.GetBytes("{\"x\": \"中\"}"))])]);
        (await log.AppendAsync(r, default)).ShouldBe(new AppendResult(1, 1, false));
        (await log.AppendAsync(r, default)).ShouldBe(new AppendResult(1, 1, true));
        await Should.ThrowAsync<VersionConflictException>(() => log.AppendAsync(r with { CommandId = Guid.NewGuid() }, default));
        var all = new List<StoredEvent>();
        await foreach (var e in log.ReadAllAsync(0, default)) { all.Add(e); }
        all.Count.ShouldBe(1);
        EventHash.Of(EventHash.Genesis(region), all[0]).ShouldBe(all[0].Hash);
        all[0].Body.ShouldBe(r.Streams[0].Events[0].Body);
    }
}
