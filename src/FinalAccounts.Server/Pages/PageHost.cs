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
        routes.MapRazorComponents<App>();
    }
}
