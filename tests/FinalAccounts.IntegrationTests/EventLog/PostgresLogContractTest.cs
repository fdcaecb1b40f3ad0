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
}
