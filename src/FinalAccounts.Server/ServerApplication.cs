using System.Globalization;
using FinalAccounts.Regions;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Access.Api;
using FinalAccounts.Server.Api;
using FinalAccounts.Server.Books;
using FinalAccounts.Server.Imports;
using FinalAccounts.Server.Pages;
using FinalAccounts.Server.Projecting;
using NodaTime;
using Serilog;
using Serilog.Events;

namespace FinalAccounts.Server;

/// <summary>What the server stands on.</summary>
/// <param name="Database">Stays the caller's.</param>
/// <param name="DataDirectory">Where log files, keys and uploads are kept.</param>
public sealed record ServerGround(Database Database, string DataDirectory, IClock Clock);

/// <summary>The server: the HTTP API and the pages, put together.</summary>
public static class ServerApplication
{
    /// <summary>Where it listens unless <c>--urls</c> or ASPNETCORE_URLS says otherwise: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>How much may be kept of what was read and built, unless <c>Cache:Megabytes</c> says otherwise.</summary>
    private const int DefaultCacheMegabytes = 1024;

    /// <param name="configure">What the caller wants otherwise, before the application is built.</param>
    public static WebApplication Build(string[] arguments, ServerGround ground, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = CreateBuilder(arguments, ground);
        configure?.Invoke(builder);
        var app = builder.Build();
        Use(app);
        Map(app);
        return app;
    }

    /// <summary>The server's parts before they are put together, for who adds to them.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] arguments, ServerGround ground)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = arguments, ContentRootPath = AppContext.BaseDirectory });
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        AddLogs(builder, ground.DataDirectory);
        AddBooks(builder, ground);
        builder.Services.AddApi();
        builder.Services.AddPages();
        builder.AddAccess(Path.Combine(ground.DataDirectory, "keys"));
        return builder;
    }

    /// <summary>What stands before every route.</summary>
    public static void Use(WebApplication app)
    {
        app.UseSecureHeaders();
        app.UsePageProblems();
        app.UseApi();
        app.UseRouting();
        app.UseAccess();
    }

    /// <summary>All routes.</summary>
    public static void Map(WebApplication app)
    {
        MapHealth(app);
        app.MapAccess();
        app.MapApi();
        app.MapPages();
    }

    /// <summary>What must be there before the first request: the schema of the accounts, an administrator.</summary>
    /// <param name="terminal">Takes what is shown once and kept nowhere.</param>
    public static Task PrepareAsync(WebApplication app, TextWriter terminal, CancellationToken cancellationToken) =>
        app.PrepareAccessAsync(terminal, cancellationToken);

    private static void AddLogs(WebApplicationBuilder builder, string dataDirectory)
    {
        var log = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)

            // It warns at every start that the keys are not encrypted: their directory is closed to others.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            .WriteTo.File(
                Path.Combine(dataDirectory, "logs", "server-.log"),
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: 30,
                fileSizeLimitBytes: 50 << 20,
                formatProvider: CultureInfo.InvariantCulture,
                shared: true)
            .WriteTo.Console(restrictedToMinimumLevel: LogEventLevel.Warning, formatProvider: CultureInfo.InvariantCulture)
            .CreateLogger();
        builder.Logging.ClearProviders().AddSerilog(log, dispose: true);
    }

    private static void AddBooks(WebApplicationBuilder builder, ServerGround ground)
    {
        builder.Services
            .AddSingleton(ground.Database)
            .AddSingleton(ground.Clock)
            .AddSingleton(RegionSource.Of(ground.Database, ground.Clock))
            .AddSingleton(new BooksCache(builder.Configuration.GetValue("Cache:Megabytes", DefaultCacheMegabytes)))
            .AddSingleton<LiveRegions>()
            .AddHostedService(services => services.GetRequiredService<LiveRegions>())
            .AddHostedService<RegionProjectors>()
            .AddHostedService<FindingsWatch>()
            .AddSingleton(new UploadStore(Path.Combine(ground.DataDirectory, "uploads"), ground.Clock))
            .AddSingleton<ImportJobs>()
            .AddHostedService(services => services.GetRequiredService<ImportJobs>());
    }

    /// <summary>Alive as soon as it answers; ready when the logs have been read up to where they stood at the start.</summary>
    internal static void MapHealth(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("ok")).Needs(Right.Anything);
        app.MapGet("/health/ready", (LiveRegions regions) =>
            regions.IsReady ? Results.Text("ok") : Results.Text("starting", statusCode: StatusCodes.Status503ServiceUnavailable)).Needs(Right.Anything);
        app.MapProjectionHealth();
    }
}
