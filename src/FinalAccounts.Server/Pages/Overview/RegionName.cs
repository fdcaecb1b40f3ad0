using FinalAccounts.Server.Books;

namespace FinalAccounts.Server.Pages.Overview;

/// <summary>What a region is called: in the words of its departments' registration, else its code.</summary>
internal static class RegionName
{
    public static string Of(LiveRegion region) =>
        region.Departments.Select(d => d.State.Registration?.RegionName).FirstOrDefault(name => name is not null) ?? region.Region.ToString();
}
