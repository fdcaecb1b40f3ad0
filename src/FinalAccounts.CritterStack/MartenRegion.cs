using FinalAccounts.Cli;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;

namespace FinalAccounts.CritterStack;

/// <summary>A region whose log is on Marten, and whose published documents are in its own schema.</summary>
internal static class MartenRegion
{
    /// <summary>For the commands about whole logs.</summary>
    public static LogEngine Engine { get; } = new(
        (database, region, clock) => new MartenEventLog(database.For(region).Application, region, clock),
        MigrateAsync,
        (owner, region) => new MartenLogHistory(owner, region));

    /// <summary>Makes what is missing of the log and of the region's own schema.</summary>
    public static async Task MigrateAsync(Database database, RegionCode region, CancellationToken cancellationToken)
    {
        var placed = database.For(region);
        await LogSchema.MigrateAsync(placed.Owner, region, placed.ApplicationRole, cancellationToken);
        await RegionStore.MigrateAsync(placed.Owner, region, placed.ApplicationRole, cancellationToken);
    }
}
