using FinalAccounts.Server.Access;
using FinalAccounts.Server.Pages;

namespace FinalAccounts.Server;

/// <summary>The server: the HTTP API and the pages, put together.</summary>
public static class ServerApplication
{
    /// <summary>Where it listens unless <c>--urls</c> or ASPNETCORE_URLS says otherwise: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.Services.AddPages();
        var app = builder.Build();
        app.UseAntiforgery();
        app.MapGet("/health/live", () => Results.Text("ok")).Needs(Right.Anything);
        app.MapPages();
        return app;
    }
}
