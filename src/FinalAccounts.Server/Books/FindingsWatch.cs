using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Server.Books;

/// <summary>
/// Looks through the documents of all years that have changed, one at a time, so that a region's overview can say what stands open
/// in each. What was not looked at yet is not known, not zero.
/// </summary>
public sealed partial class FindingsWatch(LiveRegions regions, ILogger<FindingsWatch> logger) : BackgroundService
{
    /// <summary>How often it is looked whether something has changed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await regions.WhenReadyAsync(stoppingToken);
            using var timer = new PeriodicTimer(Look);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var region in regions.All)
                {
                    await LookThroughAsync(region, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task LookThroughAsync(LiveRegion region, CancellationToken cancellationToken)
    {
        foreach (var year in region.Years)
        {
            YearQuery query = new(year.Department, year.Year, AsOf.Now);
            var tag = region.TagOf(query);
            if (region.IsLookedThrough(query, tag))
            {
                continue;
            }

            YearFindings? found = null;
            try
            {
                // Past the cache: what nobody has asked for must not push out what people read.
                var reported = await ReportedYear.BuildAsync(region, year.Department.ToString(), year.Year, AsOf.Now, cancellationToken);
                found = YearFindings.Of(reported.Document);
            }
            catch (Exception e) when (e is RegionException or FormPackException)
            {
                // The document says it itself to who opens it.
                DocumentFailed(region.Region.ToString(), year.Department.ToString(), year.Year.Value, e);
            }

            region.LookedThrough(query, tag, found);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Region} {Department} {Year} has no document")]
    private partial void DocumentFailed(string region, string department, int year, Exception exception);
}
