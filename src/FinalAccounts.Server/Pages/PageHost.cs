using FinalAccounts.Server.Access;

namespace FinalAccounts.Server.Pages;

/// <summary>Puts the pages into the server.</summary>
public static class PageHost
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
    }

    /// <summary>The pages are rendered on the server, each by one request; no connection stays open.</summary>
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapWebFiles();
        routes.MapLanguage();
        routes.MapRazorComponents<App>().Add(endpoint =>
        {
            // The framework's own route beside the pages: it follows a redirect that it has signed itself.
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: "/_framework/opaque-redirect" })
            {
                endpoint.Metadata.Add(new NeedsAttribute(Right.Anything));
            }
        });
    }
}
