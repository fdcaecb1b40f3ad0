using System.Diagnostics;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.Projections.Rollups;

/// <summary>
/// What all departments of a region come to, read from the tables that the projection keeps. They may be behind the log; how far is
/// said with every answer (<see cref="RollupReader.Standing"/>).
/// </summary>
/// <param name="dataSource">Connections with the application's role; stays the caller's.</param>
public sealed class RegionRollups(NpgsqlDataSource dataSource, RegionCode region)
{
    /// <summary>Opens a reader on one state of the tables.</summary>
    /// <exception cref="RollupsNotBuiltException">There is nothing to read yet.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public Task<RollupReader> OpenAsync(CancellationToken cancellationToken) => RollupReader.OpenAsync(dataSource, LogSchema.NameOf(region), cancellationToken);

    /// <summary>Opens a reader that has seen a position, so that who has recorded something reads it.</summary>
    /// <param name="timeout">How long is waited at most; then the state is as it is.</param>
    /// <inheritdoc cref="OpenAsync(CancellationToken)" path="/exception"/>
    public async Task<RollupReader> OpenAsync(long position, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var isLast = Stopwatch.GetElapsedTime(began) >= timeout;
            try
            {
                var reader = await OpenAsync(cancellationToken);
                if (reader.Standing.Position >= position || isLast)
                {
                    return reader;
                }

                await reader.DisposeAsync();
            }
            catch (RollupsNotBuiltException) when (!isLast)
            {
                // They may be soon.
            }

            await Task.Delay(ProjectionLimits.WaitInterval, cancellationToken);
        }
    }
}
