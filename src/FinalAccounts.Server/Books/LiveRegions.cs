using System.Collections.Concurrent;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Regions;

namespace FinalAccounts.Server.Books;

/// <summary>The regions of the database, each followed.</summary>
public sealed partial class LiveRegions(Database database, RegionSource source, BooksCache cache, ILogger<LiveRegions> logger) : BackgroundService
{
    /// <summary>How often it is looked whether there is a new region.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>How long a log that could not be followed is left alone.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RegionCode, LiveRegion> regions = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RegionException? seenProblem;

    /// <summary>The regions by code.</summary>
    public IReadOnlyList<LiveRegion> All => [.. regions.Values.OrderBy(r => r.Region.ToString(), StringComparer.Ordinal)];

    /// <summary>True when all regions are seen up to where their logs stood at the start.</summary>
    public bool IsReady => ready.Task.IsCompletedSuccessfully;

    /// <summary>Ends when all regions are seen up to where their logs stood at the start.</summary>
    public Task WhenReadyAsync(CancellationToken cancellationToken) => ready.Task.WaitAsync(cancellationToken);

    /// <returns>Null when there is no such region.</returns>
    public LiveRegion? Find(RegionCode code) => regions.GetValueOrDefault(code);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var following = new List<Task>();
        using var timer = new PeriodicTimer(Look);
        try
        {
            do
            {
                try
                {
                    following.AddRange(await OpenNewAsync(stoppingToken));
                }
                catch (Exception e) when (e is Npgsql.NpgsqlException or LogUnavailableException)
                {
                    DatabaseUnavailable(e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            ready.TrySetCanceled(stoppingToken);
        }

        await Task.WhenAll(following);
        foreach (var region in regions.Values)
        {
            await region.Log.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<Task>> OpenNewAsync(CancellationToken cancellationToken)
    {
        if (database.PlacementProblem is { } problem && problem != seenProblem)
        {
            seenProblem = problem;
            PlacementIgnored(problem);
        }

        var opened = new List<Task>();
        var standing = new List<(LiveRegion Region, long Position)>();
        foreach (var code in await source.ListAsync(cancellationToken))
        {
            if (!regions.ContainsKey(code))
            {
                var log = await source.OpenAsync(code, cancellationToken);
                var region = new LiveRegion(log, new Seal(0, Convert.ToHexStringLower(EventHash.Genesis(code))), cache);
                standing.Add((region, (await log.ReadHeadAsync(cancellationToken)).Position));
                regions[code] = region;
                opened.Add(FollowAsync(region, cancellationToken));
            }
        }

        foreach (var (region, position) in standing)
        {
            await region.WaitForAsync(position, cancellationToken);
        }

        ready.TrySetResult();
        return opened;
    }

    private async Task FollowAsync(LiveRegion region, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await region.FollowAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // It goes on from where it stood; an event that can't be read stops the region there, visibly, and is not skipped.
                FollowingFailed(region.Region, region.Head.Position, e);
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The log of {Region} can't be followed behind position {Position}")]
    private partial void FollowingFailed(RegionCode region, long position, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The change of the file that says where regions lie can't be understood; regions stay where they were")]
    private partial void PlacementIgnored(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The regions can't be listed")]
    private partial void DatabaseUnavailable(Exception exception);
}
