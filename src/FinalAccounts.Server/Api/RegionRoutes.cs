using FinalAccounts.Regions;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FinalAccounts.Server.Api;

/// <summary>A region with a log of its own.</summary>
/// <param name="Code">Administrative division code, 6 digits.</param>
/// <param name="Name">Its name, as its departments were registered with; absent while there are none.</param>
/// <param name="Departments">How many departments the asker may read.</param>
/// <param name="Position">The last position of the log.</param>
public sealed record RegionItem(string Code, string? Name, int Departments, long Position);

/// <summary>A department in a region's register.</summary>
/// <param name="Code">Budget code.</param>
/// <param name="Years">The fiscal years of which something is recorded.</param>
public sealed record DepartmentItem(string Code, string Name, IReadOnlyList<int> Years);

/// <summary>The regions and their departments.</summary>
internal static class RegionRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/regions", Regions).Needs(Right.ReadBooks);
        api.MapGet("/regions/{region}", Region).Needs(Right.ReadBooks);
        api.MapGet("/regions/{region}/departments", Departments).Needs(Right.ReadBooks);
        api.MapGet("/regions/{region}/departments/{department}", Department).Needs(Right.ReadBooks);
    }

    /// <summary>The regions that the asker may read something of, by code.</summary>
    internal static Ok<Page<RegionItem>> Regions(LiveRegions regions, Account account, [AsParameters] PageRequest page) =>
        TypedResults.Ok(Page<RegionItem>.Of([.. regions.All.Where(r => account.CanReadSome(r.Region))], page, "", r => Item(r, account)));

    /// <summary>A region.</summary>
    internal static Ok<RegionItem> Region(LiveRegions regions, Account account, string region) =>
        TypedResults.Ok(Item(Route.Region(regions, region), account));

    /// <summary>The departments of a region that the asker may read, by code.</summary>
    /// <param name="q">A part of the code or the name.</param>
    internal static Ok<Page<DepartmentItem>> Departments(
        LiveRegions regions, Account account, string region, [AsParameters] PageRequest page, string? q = null)
    {
        var live = Route.Region(regions, region);
        var filter = Filter.Text(q);
        return TypedResults.Ok(Page<DepartmentItem>.Of(
            [.. Readable(live, account).Where(d => filter is null || Filter.Finds(filter, d.Code.ToString(), d.Name))], page, filter ?? "", d => Item(live, d)));
    }

    /// <summary>A department.</summary>
    internal static Ok<DepartmentItem> Department(LiveRegions regions, string region, string department)
    {
        var live = Route.Region(regions, region);
        return TypedResults.Ok(Item(live, Route.Registered(live, department)));
    }

    private static IEnumerable<Department> Readable(LiveRegion region, Account account) =>
        region.Departments.Where(d => account.CanRead(region.Region, d.Code));

    private static RegionItem Item(LiveRegion region, Account account) => new(
        region.Region.ToString(),
        region.Departments.Select(d => d.State.Registration?.RegionName).FirstOrDefault(name => name is not null),
        Readable(region, account).Count(),
        region.Head.Position);

    private static DepartmentItem Item(LiveRegion region, Department department) => new(
        department.Code.ToString(), department.Name, [.. region.Years.Where(y => y.Department == department.Code).Select(y => y.Year.Value)]);
}

/// <summary>What lists are filtered by.</summary>
internal static class Filter
{
    /// <exception cref="ApiException">It is longer than <see cref="ApiLimits.FilterCharacters"/>.</exception>
    public static string? Text(string? text) => text is null or ""
        ? null
        : text.Length <= ApiLimits.FilterCharacters ? text : throw ApiException.BadRequest("FilterTooLong", ApiLimits.FilterCharacters);

    /// <summary>True when one of the texts has the filter in it.</summary>
    public static bool Finds(string filter, params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text?.Contains(filter, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }
}
