using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.Projections.Rollups;

/// <summary>
/// What all departments of a region come to, read from the tables that the projection keeps. They may be behind the log; how far is
/// said with every answer (<see cref="RollupReader.Standing"/>).
/// </summary>
/// <param name="dataSource">Connections with the application's role; stays the caller's.</param>
/// <param name="log">The region's, of the same database.</param>
public sealed class RegionRollups(NpgsqlDataSource dataSource, IEventLog log, RegionCode region)
{
    /// <summary>Opens a reader on one state of the tables.</summary>
    /// <exception cref="RollupsNotBuiltException">There is nothing to read yet.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public async Task<RollupReader> OpenAsync(CancellationToken cancellationToken)
    {
        // Before the tables are held: who waits for a connection holds none.
        var head = await log.ReadHeadAsync(cancellationToken);
        return await RollupReader.OpenAsync(dataSource, LogSchema.NameOf(region), head.Position, cancellationToken);
    }

    /// <summary>Opens a reader that has seen a position, so that who has recorded something reads it.</summary>
    /// <param name="timeout">How long is waited at most; then the state is as it is.</param>
    /// <exception cref="ProjectionStoppedException">The tables stand before that position and do not go on.</exception>
    /// <inheritdoc cref="OpenAsync(CancellationToken)" path="/exception"/>
    public async Task<RollupReader> OpenAsync(long position, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await new ProjectionReader(dataSource, region).WaitForAsync(position, timeout, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw new LogUnavailableException($"The tables of {region} can't be read: {e.Message}", e);
        }

        return await OpenAsync(cancellationToken);
    }
}
