using FinalAccounts.Projections;
using FinalAccounts.Regions;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;

namespace FinalAccounts.Server.Projecting;

/// <summary>How far a region's tables have come, for who watches over the server.</summary>
/// <param name="State">running, stopped, or none as long as there are no tables.</param>
/// <param name="Head">The last position of the log.</param>
/// <param name="Position">The last position that is in the tables.</param>
/// <param name="ErrorPosition">The event that the tables have stopped before; absent while they have not.</param>
internal sealed record RegionLag(
    string Region, string State, long Head, long Position, long EventsBehind, long MillisecondsBehind, bool IsBuilding, long? ErrorPosition);

/// <summary><c>/health/projections</c>: 503 when the tables of a region have stopped.</summary>
internal static class ProjectionHealth
{
    public static void MapProjectionHealth(this WebApplication app) => app.MapGet("/health/projections", ReadAsync).Needs(Right.Anything);

    private static async Task<IResult> ReadAsync(Database database, LiveRegions regions, CancellationToken cancellationToken)
    {
        List<RegionLag> lags = [];
        foreach (var region in regions.All)
        {
            lags.Add(Lag(region.Region.ToString(), await new ProjectionReader(database.For(region.Region).Application, region.Region).ReadStatusAsync(region.Log.Events, cancellationToken)));
        }

        return Results.Json(
            lags, statusCode: lags.Exists(l => l.State == "stopped") ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static RegionLag Lag(string region, ProjectionStatus status) => new(
        region,
        status.Live is not { } live ? "none" : live.State == GenerationState.Stopped ? "stopped" : "running",
        status.Head.Position,
        status.Position,
        status.EventsBehind,
        (long)status.TimeBehind.TotalMilliseconds,
        status.Beside.Any(g => g.State == GenerationState.Building),
        status.Live?.ErrorPosition);
}
