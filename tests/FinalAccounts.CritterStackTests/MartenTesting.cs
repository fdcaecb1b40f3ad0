using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;

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

    /// <summary>The same with the region's own schema, where its tables and published documents are.</summary>
    public static async Task<RegionCode> NewMartenRegionAsync(this LogServer server)
    {
        var region = await server.NewLogAsync();
        await RegionStore.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, CancellationToken.None);
        return region;
    }

    /// <summary>Verifies what is stored.</summary>
    /// <param name="seals">Seals kept elsewhere.</param>
    public static Task<LogVerification> VerifyMartenAsync(this LogServer server, RegionCode region, params Seal[] seals) =>
        MartenVerifier.VerifyAsync(server.Superuser, region, seals, verified: null, CancellationToken.None);
}
