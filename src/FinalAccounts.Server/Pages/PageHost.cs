using System.Text.Encodings.Web;
using System.Text.Unicode;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Pages.Published;
using FinalAccounts.Server.Pages.Reading;
using FinalAccounts.Server.Pages.Recording;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FinalAccounts.Server.Pages;

/// <summary>Puts the pages into the server.</summary>
public static class PageHost
{
    private const string Year = "/{region}/departments/{department}/years/{year}";

    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();

        // Chinese stays Chinese in the pages' text: a third of the bytes, and readable. What HTML needs escaped stays escaped.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddSingleton<ImportDesk>();
    }

    /// <summary>What can't be shown is answered with a page that says why. Stands before everything that pages are refused by.</summary>
    public static void UsePageProblems(this IApplicationBuilder app) => app.UseMiddleware<PageProblems>();

    /// <summary>The pages are rendered on the server, each by one request; no connection stays open.</summary>
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapWebFiles();
        routes.MapLanguage();
        routes.MapFragment<FigureFragment>("/regions" + Year + "/panel").Needs(Right.ReadBooks);
        routes.MapFragment<PublishedFragment>("/public" + Year + "/panel").Needs(Right.ReadPublished);
        routes.MapPdf("/regions" + Year + "/disclosure.pdf", isPublished: false).Needs(Right.ReadBooks);
        routes.MapPdf("/public" + Year + "/disclosure.pdf", isPublished: true).Needs(Right.ReadPublished);
        routes.MapRazorComponents<App>().Add(endpoint =>
        {
            // The framework's own route beside the pages: it follows a redirect that it has signed itself.
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: "/_framework/opaque-redirect" })
            {
                endpoint.Metadata.Add(new NeedsAttribute(Right.Anything));
            }
        });
    }

    /// <summary>A part of a page by itself; its parameters are those of the route and the query.</summary>
    private static RouteHandlerBuilder MapFragment<T>(this IEndpointRouteBuilder routes, string pattern)
        where T : IComponent =>
        routes.MapGet(pattern, (string region, string department, string year) =>
            new RazorComponentResult<T>(new Dictionary<string, object?>
            {
                [nameof(YearPage.Region)] = region,
                [nameof(YearPage.Department)] = department,
                [nameof(YearPage.Year)] = year,
            })).ExcludeFromDescription();
}
