using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using NodaTime;

namespace FinalAccounts.Server.Books;

/// <summary>Where the server finds the logs of its regions.</summary>
/// <param name="ListAsync">The regions that there are; asked again and again, because regions come.</param>
/// <param name="OpenAsync">Opens the log of a region; the server disposes of it.</param>
public sealed record RegionSource(
    Func<CancellationToken, Task<IReadOnlyList<RegionCode>>> ListAsync, Func<RegionCode, CancellationToken, Task<RegionLog>> OpenAsync)
{
    /// <summary>The logs of a database.</summary>
    public static RegionSource Of(Database database, IClock clock) =>
        new(database.ListRegionsAsync, (region, cancellationToken) => RegionLog.OpenAsync(database, region, clock, cancellationToken));
}
