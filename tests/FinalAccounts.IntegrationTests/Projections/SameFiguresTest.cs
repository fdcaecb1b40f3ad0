using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.IntegrationTests.Projections;

/// <summary>On our own engine.</summary>
[Collection(LogServerCollection.Name)]
public sealed class SameFiguresTest(LogServer server) : SameFigures(server, histories: 30)
{
    protected override async Task<(IEventLog Log, RegionCode Region)> NewAsync()
    {
        var region = await Server.NewLogAsync();
        return (new PostgresEventLog(Server.Application, region, SystemClock.Instance), region);
    }
}
