using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Files;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Cli;

/// <summary>What a region's log runs on, as far as the commands about whole logs go by it. What was published lies in the region's own schema on each.</summary>
/// <param name="Events">The log of a region that is there.</param>
/// <param name="MigrateAsync">Makes what the log needs beside the region's own schema.</param>
/// <param name="History">Takes events as they are; with connections of the owner's role.</param>
internal sealed record LogEngine(
    Func<Database, RegionCode, IClock, IEventLog> Events,
    Func<Database, RegionCode, CancellationToken, Task> MigrateAsync,
    Func<NpgsqlDataSource, RegionCode, ILogHistory> History)
{
    /// <summary>Our own, which needs nothing else.</summary>
    public static LogEngine Own { get; } = new(
        (database, region, clock) => new PostgresEventLog(() => database.For(region).Application, region, clock),
        (_, _, _) => Task.CompletedTask,
        (owner, region) => new PostgresLogHistory(owner, region));

    /// <summary>A region's log on the engine.</summary>
    /// <param name="database">Stays the caller's.</param>
    public RegionLog Open(Database database, RegionCode region, IClock clock) => new(Events(database, region, clock), database, region, clock);
}
