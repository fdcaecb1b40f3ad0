using System.Collections.Concurrent;
using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Projections;

/// <summary>What a projector stands on.</summary>
/// <param name="Source">Connections with the application's role. Asked for each time, so that the region can move to another server.</param>
/// <param name="Log">The region's log, of the same database.</param>
/// <param name="Failed">Told what went wrong, for the program's own log.</param>
/// <param name="Progress">Told how far a rebuild of this process has come.</param>
/// <param name="FarBehind">See <see cref="ProjectionLimits.FarBehind"/>.</param>
public sealed record ProjectorGround(
    Func<NpgsqlDataSource> Source,
    IEventLog Log,
    RegionCode Region,
    IClock Clock,
    Action<Exception>? Failed = null,
    IProgress<BuildProgress>? Progress = null,
    long FarBehind = ProjectionLimits.FarBehind)
{
    internal NpgsqlDataSource DataSource => Source();

    internal Instant Now => Clock.GetCurrentInstant();
}

/// <summary>
/// Keeps a region's tables up to date with its log (docs/projections.md). Any number of processes may run one each; one of them leads
/// and works, and when it dies another takes over. Leading is by a lock of the database's session and only saves double work: that each event
/// is taken once follows from the checkpoint, which moves in the same transaction as the tables and only from where it was read.
/// </summary>
public sealed class Projector(ProjectorGround ground)
{
    /// <summary>Tells the locks of projectors from other locks of the database: "FA" and a number.</summary>
    internal const int LockClass = 0x4641_0001;

    private readonly Generations generations = new(ground.Region);

    /// <summary>Where generations stood when this process could not go on with them.</summary>
    private readonly ConcurrentDictionary<int, long> stopped = [];

    /// <summary>Works until cancelled; ends without an exception then. Survives the loss of the database.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await ground.DataSource.OpenConnectionAsync(cancellationToken);
                await RunAsync(connection, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, the next attempt begins from what stands in the database.
                ground.Failed?.Invoke(e);
            }

            await Task.Delay(ProjectionLimits.PauseAfterFailure, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Has the tables built anew beside those that are read, and waits until they are switched to and the old ones are removed. It is done by whichever process leads;
    /// this one is ready to lead. When one is under way already, waits for that one.
    /// </summary>
    /// <exception cref="ProjectionStoppedException">An event can't be taken; the tables that were read are still read.</exception>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        int number;
        await using (var connection = await ground.DataSource.OpenConnectionAsync(cancellationToken))
        {
            await generations.BeginAsync(connection, ground.Now, cancellationToken);
            await generations.RetireStoppedAsync(connection, ground.Now, cancellationToken);
            await generations.RequestAsync(connection, ground.Now, cancellationToken);
            number = (await generations.ReadAsync(connection, cancellationToken)).Last(g => g.State == GenerationState.Building || g.IsLive).Number;
        }

        // Or the next one, when it was given up for that (RequestRebuildAsync).
        await RunUntilAsync(
            all => all.FirstOrDefault(g => g.Number >= number && g.State != GenerationState.Retired), (built, all) => built.IsLive && !all.Any(g => g.State == GenerationState.Retired), cancellationToken);
    }

    /// <summary>
    /// Asks, in the caller's transaction, for the tables to be built anew from the log as that transaction leaves it. Whichever process leads
    /// does it as soon as it is committed, or the next that starts. Without tables nothing happens.
    /// </summary>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public static Task RequestRebuildAsync(NpgsqlConnection connection, RegionCode region, Instant now, CancellationToken cancellationToken) =>
        new Generations(region).RequestAnewAsync(connection, now, cancellationToken);

    /// <summary>Brings the tables to where the log stands now, by this process or another that leads. When they are being built anew, waits for that too.</summary>
    /// <exception cref="ProjectionStoppedException">An event can't be taken.</exception>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var head = (await ground.Log.ReadHeadAsync(cancellationToken)).Position;
        await RunUntilAsync(all => all.FirstOrDefault(g => g.IsLive), (live, all) => live.Position >= head && !all.Any(IsBuilt), cancellationToken);
    }

    private async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await NoticeLostConnectionsAsync(connection, cancellationToken);
        while (true)
        {
            if (CanWork(await generations.ReadAsync(connection, cancellationToken)) && await TryLeadAsync(connection, cancellationToken))
            {
                try
                {
                    await using var leadership = new Leadership(ground, connection, stopped);
                    await leadership.RunAsync(cancellationToken);
                }
                finally
                {
                    await ResignAsync(connection);
                }
            }

            await Task.Delay(ProjectionLimits.LookInterval, cancellationToken);
        }
    }

    /// <summary>False when all that there is to do is what this process could not do, or belongs to a newer program.</summary>
    private bool CanWork(IReadOnlyList<Generation> all) =>
        !all.Any(g => g.IsLive && g.Definition > Generations.Definition)
        && (all.Count == 0 || all.Any(g => g.State != GenerationState.Stopped || !Leadership.HasStopped(g, stopped)));

    /// <summary>False also for what only a newer program can build.</summary>
    private static bool IsBuilt(Generation generation) => generation is { State: GenerationState.Building, Definition: <= Generations.Definition };

    /// <summary>Runs, as far as this process leads, until a generation is as it is wanted.</summary>
    private async Task RunUntilAsync(
        Func<IReadOnlyList<Generation>, Generation?> wanted, Func<Generation, IReadOnlyList<Generation>, bool> isDone,
        CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = RunAsync(enough.Token);
        try
        {
            await using var connection = await ground.DataSource.OpenConnectionAsync(cancellationToken);
            while (true)
            {
                var all = await generations.ReadAsync(connection, cancellationToken);
                var generation = wanted(all);
                if (generation is not null && isDone(generation, all))
                {
                    return;
                }

                if (generation is { State: GenerationState.Stopped } && Leadership.HasStopped(generation, stopped))
                {
                    throw new ProjectionStoppedException(ground.Region, generation);
                }

                await Task.Delay(ProjectionLimits.WaitInterval, cancellationToken);
            }
        }
        finally
        {
            await enough.CancelAsync();
            await running;
        }
    }

    private async Task<bool> TryLeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1, $2)", connection)
        {
            Parameters =
            {
                new() { Value = LockClass },
                new() { Value = int.Parse(ground.Region.ToString(), CultureInfo.InvariantCulture) },
            },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A connection that goes back to the pool keeps its locks for a while.</summary>
    private static async Task ResignAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock_all(); unlisten *", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and its locks with it.
        }
    }

    /// <summary>A leader whose machine vanishes says no goodbye: the server is to notice within seconds. No effect on a local socket.</summary>
    private static async Task NoticeLostConnectionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 2", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>The tables can't be brought further: an event can't be taken. It stays so until the program can take it.</summary>
public sealed class ProjectionStoppedException(RegionCode region, Generation generation)
    : Exception($"The projection of {region} has stopped at {generation.Position}: {generation.Error}")
{
    /// <summary>Where it stands, and why.</summary>
    public Generation Generation { get; } = generation;
}
