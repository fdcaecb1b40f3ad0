using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>Our own engine keeps every point.</summary>
[Collection(LogServerCollection.Name)]
public sealed class PostgresLogContractTest(LogServer server) : LogContract
{
    protected override RegionCode NewRegion() => server.NewRegion();

    protected override Task<RegionCode> NewLogAsync() => server.NewLogAsync();

    protected override IEventLog OpenLog(RegionCode region, IClock clock) => new PostgresEventLog(server.Application, region, clock);

    protected override async Task RequireIntactAsync(RegionCode region) => (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();

    protected override Task ChangeAsync(RegionCode region, long position) =>
        server.Superuser.ExecuteAsync($$"""update {{LogSchema.NameOf(region)}}.events set body = '{"amount":1}' where position = {{position}}""");

    protected override Task RemoveAsync(RegionCode region, long position) =>
        server.Superuser.ExecuteAsync($"delete from {LogSchema.NameOf(region)}.events where position = {position}");
}
