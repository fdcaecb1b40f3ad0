using FinalAccounts.CritterStack;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;

namespace FinalAccounts.CritterStackTests;

internal static class MartenTesting
{
    /// <summary>A new region with an empty log on Marten, its schema made by the owner.</summary>
    public static async Task<RegionCode> NewMartenLogAsync(this LogServer server)
    {
        var region = server.NewRegion();
        await RegionStore.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, CancellationToken.None);
        return region;
    }
}
