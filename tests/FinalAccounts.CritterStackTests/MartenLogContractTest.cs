using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Shouldly;

namespace FinalAccounts.CritterStackTests;

[Collection(LogServerCollection.Name)]
public sealed class MartenLogContractTest(LogServer server) : LogContract
{
    protected override RegionCode NewRegion() => server.NewRegion();

    protected override Task<RegionCode> NewLogAsync() => server.NewMartenLogAsync();

    protected override IEventLog OpenLog(RegionCode region, IClock clock) => new MartenEventLog(server.Application, region, clock);

    protected override async Task RequireIntactAsync(RegionCode region) =>
        (await MartenVerifier.VerifyAsync(server.Superuser, region, CancellationToken.None)).ShouldBeNull();
}
