using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using FinalAccounts.EventLog;
using Npgsql;

namespace FinalAccounts.Projections;

/// <summary>
/// A projector's work while it leads: follows the log with the live generation, builds others beside it, switches over and removes what is
/// no longer read. All of it goes on from what stands in the database, so that another process can take over at any moment.
/// </summary>
[SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
internal sealed class Leadership(ProjectorGround ground, NpgsqlConnection connection, ConcurrentDictionary<int, long> stopped) : IAsyncDisposable
{
    private readonly Generations generations = new(ground.Region);
    private readonly CancellationTokenSource ending = new();
    private GenerationWriter? live;
    private int? built;
    private Task<GenerationWriter>? building;
    private Task removing = Task.CompletedTask;

    /// <summary>Works until there is nothing that this process can do.</summary>
    /// <exception cref="NpgsqlException">The connection is lost, and with it the lead.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await generations.BeginAsync(connection, ground.Now, cancellationToken);
        await ResumeAsync(cancellationToken);
        await ExecuteAsync($"listen {generations.Schema}", cancellationToken);
        while (await LookAsync(cancellationToken))
        {
            for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < ProjectionLimits.LookInterval;)
            {
                if (building is { IsCompleted: true })
                {
                    await FinishBuildingAsync(cancellationToken);
                    break;
                }

                await StepAsync(cancellationToken);
            }
        }
    }

    /// <summary>Stops what goes on beside, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await removing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (building is not null)
        {
            await building.ContinueWith(_ => { }, TaskScheduler.Default);
            await (building.IsCompletedSuccessfully ? building.Result.DisposeAsync() : default);
        }

        await (live?.DisposeAsync() ?? default);
        ending.Dispose();
    }

    /// <summary>What stopped tries again, once in a process: the program may be another one now.</summary>
    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var generation in await generations.ReadAsync(connection, cancellationToken))
        {
            if (generation.State == GenerationState.Stopped && !HasStopped(generation, stopped))
            {
                await generations.ResumeAsync(connection, generation.Number, ground.Now, cancellationToken);
            }
        }
    }

    /// <summary>True when this process has tried and failed where the generation stands.</summary>
    internal static bool HasStopped(Generation generation, ConcurrentDictionary<int, long> stopped) =>
        stopped.TryGetValue(generation.Number, out var at) && at == generation.Position;

    /// <summary>Reads what there is to do.</summary>
    /// <returns>False when there is nothing.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var all = await generations.ReadAsync(connection, cancellationToken);
        var read = all.Single(g => g.IsLive);
        if (read.Definition > Generations.Definition)
        {
            // A newer program has filled the tables; what this one would add is not the same.
            return false;
        }

        var head = await ground.Log.ReadHeadAsync(cancellationToken);
        if (head.Position < read.Position || (head.Position == 0 && all.Count == 1))
        {
            // There is nothing to do; or it is the log of another engine that fills these tables, and who has that one is to lead.
            return false;
        }

        var isFarBehind = head.Position - read.Position > Math.Max(ground.FarBehind, head.Position / 2);
        if (await WantsBuildingAsync(all, read, isFarBehind, cancellationToken))
        {
            all = await generations.ReadAsync(connection, cancellationToken);
        }

        var wanted = all.FirstOrDefault(g => g.State == GenerationState.Building);
        if (building is null && wanted is not null)
        {
            (built, building) = (wanted.Number, Task.Run(() => BuildAsync(wanted, ending.Token), cancellationToken));
        }

        if (removing.IsCompleted && all.Any(g => g.State == GenerationState.Retired))
        {
            removing = Task.Run(() => RemoveAsync([.. all.Where(g => g.State == GenerationState.Retired)], ending.Token), cancellationToken);
        }

        // What is soon switched away from, and far behind or made by an older program, is left as it is.
        var follows = read.State == GenerationState.Running && read.Definition == Generations.Definition && !(isFarBehind && wanted is not null);
        await FollowAsync(follows ? read : null);
        return follows || building is not null || !removing.IsCompleted;
    }

    private async Task<bool> WantsBuildingAsync(IReadOnlyList<Generation> all, Generation read, bool isFarBehind, CancellationToken cancellationToken)
    {
        if (all.Any(g => !g.IsLive && g.State is GenerationState.Building or GenerationState.Stopped)
            || !(read.Definition < Generations.Definition || (isFarBehind && read.State == GenerationState.Running)))
        {
            return false;
        }

        await generations.RequestAsync(connection, ground.Now, cancellationToken);
        return true;
    }

    private async Task FollowAsync(Generation? generation)
    {
        if (live?.Generation != generation?.Number)
        {
            await (live?.DisposeAsync() ?? default);
            live = generation is null ? null : Writer(generation.Number, generation.Position);
        }
    }

    /// <summary>One batch, or a wait for one.</summary>
    private async Task StepAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var head = (await ground.Log.ReadHeadAsync(cancellationToken)).Position;
        if (live is null || live.Position >= head)
        {
            // A notice that has come since the head was looked at ends this at once.
            await connection.WaitAsync(ProjectionLimits.PollInterval, cancellationToken);
            return;
        }

        try
        {
            if (!await live.TakeAsync(connection, head, cancellationToken)
                && ProjectionLimits.BatchInterval - Stopwatch.GetElapsedTime(began) is var rest && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, cancellationToken);
            }
        }
        catch (PoisonException e)
        {
            await StopAsync(live.Generation, live.Position, e, cancellationToken);
            await FollowAsync(null);
        }
    }

    /// <summary>Fills a generation, unless it is filled already, and lets it catch up.</summary>
    private async Task<GenerationWriter> BuildAsync(Generation generation, CancellationToken cancellationToken)
    {
        var position = generation.Position > 0
            ? generation.Position
            : await new Building(ground.DataSource, ground.Log, ground.Region, ground.Clock).FillAsync(generation.Number, ground.Progress, cancellationToken);
        var writer = Writer(generation.Number, position);
        try
        {
            await using var own = await ground.DataSource.OpenConnectionAsync(cancellationToken);
            await CatchUpAsync(writer, own, cancellationToken);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    private async Task CatchUpAsync(GenerationWriter writer, NpgsqlConnection own, CancellationToken cancellationToken)
    {
        while ((await ground.Log.ReadHeadAsync(cancellationToken)).Position is var head && writer.Position < head)
        {
            await writer.TakeAsync(own, head, cancellationToken);
        }
    }

    /// <summary>Switches over to what was built; what came while it caught up is taken first, with nobody else writing.</summary>
    private async Task FinishBuildingAsync(CancellationToken cancellationToken)
    {
        var (number, finished) = (built!.Value, building!);
        (built, building) = (null, null);
        try
        {
            var writer = await finished;
            await CatchUpAsync(writer, connection, cancellationToken);
            await FollowAsync(null);
            live = writer;
            if (!await generations.SwitchAsync(connection, number, ground.Now, cancellationToken))
            {
                // Looked at anew: another process may have been here.
                await FollowAsync(null);
            }
        }
        catch (Exception e) when (!Failures.IsUnavailable(e))
        {
            await StopAsync(number, null, e, cancellationToken);
        }
    }

    /// <param name="at">Where the generation stands; null when that is to be read.</param>
    private async Task StopAsync(int number, long? at, Exception e, CancellationToken cancellationToken)
    {
        ground.Failed?.Invoke(e);
        stopped[number] = at ?? (await generations.ReadAsync(connection, cancellationToken)).FirstOrDefault(g => g.Number == number)?.Position ?? 0;
        var position = e switch { PoisonException poison => poison.Position, LogDamagedException damage => damage.Position, _ => (long?)null };
        await generations.StopAsync(connection, number, (e as PoisonException)?.InnerException?.Message ?? e.Message, position, ground.Now, cancellationToken);
    }

    private async Task RemoveAsync(IReadOnlyList<Generation> retired, CancellationToken cancellationToken)
    {
        try
        {
            await using var own = await ground.DataSource.OpenConnectionAsync(cancellationToken);
            foreach (var generation in retired)
            {
                await generations.RemoveAsync(own, generation.Number, cancellationToken);
            }
        }
        catch (Exception e) when (Failures.IsUnavailable(e))
        {
            // It is tried again at the next look.
        }
    }

    private GenerationWriter Writer(int number, long position) => new(ground.Log, ground.Region, ground.Clock, number, position);

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
