using System.Globalization;
using System.Text;
using FinalAccounts.Ledger;

namespace FinalAccounts.Server.Access;

/// <summary>A route that can be asked for: a method and a pattern.</summary>
/// <param name="Right">Null when it names none, so that it is refused to everybody.</param>
public sealed record AccessRoute(string Method, string Pattern, Right? Right)
{
    public bool HasRegion => Pattern.Contains($"{{{NeedsAttribute.RegionValue}", StringComparison.Ordinal);

    public bool HasDepartment => Pattern.Contains($"{{{NeedsAttribute.DepartmentValue}", StringComparison.Ordinal);

    /// <summary>All routes of the application, in order.</summary>
    public static IReadOnlyList<AccessRoute> Of(IEndpointRouteBuilder app) =>
    [
        .. app.DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().SelectMany(Of).Distinct()
            .OrderBy(r => r.Pattern, StringComparer.Ordinal).ThenBy(r => r.Method, StringComparer.Ordinal),
    ];

    private static IEnumerable<AccessRoute> Of(RouteEndpoint endpoint)
    {
        var pattern = "/" + endpoint.RoutePattern.RawText?.Trim('/');
        var right = endpoint.Metadata.GetMetadata<NeedsAttribute>()?.Right;
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named ? named : ["GET"];
        return methods.Select(m => new AccessRoute(m, pattern, right));
    }
}

/// <summary>Whose data a request is about, seen from who asks.</summary>
public enum Whose
{
    Own,

    /// <summary>Another department of the same region.</summary>
    OtherDepartment,
    OtherRegion,
}

/// <summary>
/// The tables of docs/access.md: which role has which right, and what becomes of every request. They are written between marks into a page
/// that people write, and a test holds every route of the running server against them.
/// </summary>
public static class AccessDocument
{
    private const string Begin = "<!-- generated: {0} -->";
    private const string End = "<!-- end -->";

    private static readonly RegionCode OwnRegion = new("000001");
    private static readonly RegionCode OtherRegion = new("000002");
    private static readonly DepartmentCode OwnDepartment = new("001");
    private static readonly DepartmentCode OtherDepartment = new("002");

    /// <summary>How a decision stands in the table.</summary>
    public static string Mark(AccessDecision decision) => decision switch
    {
        AccessDecision.Allowed => "✓",
        AccessDecision.NotSignedIn => "401",
        AccessDecision.NotFound => "404",
        _ => "403",
    };

    /// <summary>Whose data a request on the route can be about; one entry when it names no region.</summary>
    public static IReadOnlyList<Whose> Scopes(AccessRoute route) =>
        route.HasDepartment ? [Whose.Own, Whose.OtherDepartment, Whose.OtherRegion]
        : route.HasRegion ? [Whose.Own, Whose.OtherRegion]
        : [Whose.Own];

    /// <summary>The page with its tables as the code has them.</summary>
    /// <exception cref="FormatException">A mark is missing.</exception>
    public static string Update(string page, IReadOnlyList<AccessRoute> routes) =>
        Replace(Replace(page, "roles", Roles()), "routes", Routes(routes));

    private static string Roles()
    {
        var text = Head(["权限 Right"]);
        foreach (var right in Enum.GetValues<Right>())
        {
            Row(text, [right.ToString(), .. Enum.GetValues<Role>().Select(role => RoleRights.Has(role, right) ? "✓" : "")]);
        }

        return text.ToString();
    }

    private static string Routes(IReadOnlyList<AccessRoute> routes)
    {
        var text = Head(["方法", "路径", "权限"]);
        foreach (var route in routes)
        {
            Row(text, [
                route.Method, $"`{route.Pattern}`", route.Right?.ToString() ?? "",
                .. Enum.GetValues<Role>().Select(role => string.Join(" · ", Scopes(route).Select(whose => Mark(Decide(route, role, whose))))),
            ]);
        }

        return text.ToString();
    }

    private static AccessDecision Decide(AccessRoute route, Role role, Whose whose)
    {
        var account = role == Role.Public ? Account.Nobody : new(Guid.NewGuid(), "-", [Assign(role, OwnRegion, OwnDepartment)], SignInMeans.Cookie);
        return route.Right is not { } right ? AccessDecision.Forbidden : AccessMiddleware.Decide(
            account,
            right,
            !route.HasRegion ? null : whose == Whose.OtherRegion ? OtherRegion : OwnRegion,
            !route.HasDepartment ? null : whose == Whose.OtherDepartment ? OtherDepartment : OwnDepartment);
    }

    /// <summary>A role with as much of region and department as it takes.</summary>
    public static Assignment Assign(Role role, RegionCode region, DepartmentCode department) => RoleRights.ReachOf(role) switch
    {
        Reach.Installation => new(role, null, null),
        Reach.Region => new(role, region, null),
        _ => new(role, region, department),
    };

    private static StringBuilder Head(IReadOnlyList<string> columns)
    {
        var text = new StringBuilder();
        string[] all = [.. columns, .. Enum.GetValues<Role>().Select(r => $"{AccessTexts.Chinese["Role" + r]} {r}")];
        Row(text, all);
        Row(text, [.. all.Select(_ => "---")]);
        return text;
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |\n");

    private static string Replace(string page, string name, string table)
    {
        var begin = string.Format(CultureInfo.InvariantCulture, Begin, name);
        var from = page.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : page.IndexOf(End, from, StringComparison.Ordinal);
        return to < 0
            ? throw new FormatException($"The page has no '{begin}' with '{End}' after it.")
            : $"{page[..from]}{begin}\n\n{table}\n{page[to..]}";
    }
}
