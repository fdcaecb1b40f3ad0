using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using FinalAccounts.Regions;
using FinalAccounts.Server.Books;
using NodaTime;

namespace FinalAccounts.Server.Projecting;

/// <summary>Keeps the tables of all regions up to date, one projector each. Of several servers on one database one works for a region.</summary>
public sealed partial class RegionProjectors(Database database, LiveRegions regions, IClock clock, ILogger<RegionProjectors> logger) : BackgroundService
{
    /// <summary>How often it is looked whether there is a new region.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Dictionary<RegionCode, Task> running = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look);
        try
        {
            do
            {
                foreach (var region in regions.All.Where(r => !running.ContainsKey(r.Region)))
                {
                    Projector projector = new(new(() => database.For(region.Region).Application, region.Log.Events, region.Region, clock, e => ProjectingFailed(region.Region, e)));
                    running.Add(region.Region, projector.RunAsync(stoppingToken));
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }

        await Task.WhenAll(running.Values);
    }

    [LoggerMessage(LogLevel.Error, "The tables of {Region} can't be brought further")]
    private partial void ProjectingFailed(RegionCode region, Exception exception);
}
