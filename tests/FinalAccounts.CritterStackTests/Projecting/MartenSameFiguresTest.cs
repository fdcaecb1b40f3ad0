using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.Projections;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.CritterStackTests.Projecting;

/// <summary>On Marten.</summary>
[Collection(LogServerCollection.Name)]
public sealed class MartenSameFiguresTest(LogServer server) : SameFigures(server, histories: 8)
{
    protected override async Task<(IEventLog Log, RegionCode Region)> NewAsync()
    {
        var region = await Server.NewMartenRegionAsync();
        return (new MartenEventLog(Server.Application, region, SystemClock.Instance), region);
    }
}
