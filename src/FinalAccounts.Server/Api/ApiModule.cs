using System.IO.Compression;
using FinalAccounts.Ledger;
using FinalAccounts.Server.Jobs;
using Microsoft.AspNetCore.ResponseCompression;

namespace FinalAccounts.Server.Api;

/// <summary>The HTTP API: what it needs, and its routes under <c>/api/v1</c>.</summary>
public static class ApiModule
{
    public const string Prefix = "/api/v1";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options =>
        {
            ApiJson.Conventions(options.SerializerOptions);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, new ApiJson());
            options.SerializerOptions.TypeInfoResolverChain.Insert(1, CommandCodec.Shapes);
        });
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<Answers>();
        services.AddSingleton<JobRegistry>();
        services.AddResponseCompression(options =>
        {
            // Nothing that the API answers mixes a secret with what somebody else has chosen, so that compressed https tells nothing.
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, ApiProblem.MediaType, "application/x-ndjson"];
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.AddOpenApi(ApiDescription.Name, ApiDescription.Configure);
        return services;
    }

    /// <summary>What stands before all routes of the API: compression, and problems for whatever goes wrong.</summary>
    public static void UseApi(this WebApplication app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal),
        api =>
        {
            api.UseResponseCompression();
            api.UseMiddleware<ProblemWriter>();
        });

    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup(Prefix);
        MapShared(api);
        FigureRoutes.MapOne(api.MapGroup("").WithTags("figures"));
        EventRoutes.MapYear(api.MapGroup("").WithTags("events"));
        CommandRoutes.Map(api.MapGroup("").WithTags("records"));
        StepRoutes.Map(api.MapGroup("").WithTags("years"));
        ApiDescription.Map(app);
    }

    /// <summary>
    /// The routes that all hosts share. What records one thing, a figure and the events of a year another host has of its own.
    /// </summary>
    internal static void MapShared(RouteGroupBuilder api)
    {
        RegionRoutes.Map(api.MapGroup("").WithTags("regions"));
        YearRoutes.Map(api.MapGroup("").WithTags("years"));
        FigureRoutes.MapList(api.MapGroup("").WithTags("figures"));
        TableRoutes.Map(api.MapGroup("").WithTags("tables"));
        DocumentRoutes.Map(api.MapGroup("").WithTags("documents"));
        ProvenanceRoutes.Map(api.MapGroup("").WithTags("figures"));
        PublicRoutes.Map(api.MapGroup("").WithTags("public"));
        ComparisonRoutes.Map(api.MapGroup("").WithTags("comparisons"));
        ChangeRoutes.Map(api.MapGroup("").WithTags("comparisons"));
        TouchRoutes.Map(api.MapGroup("").WithTags("events"));
        ScoreRoutes.Map(api.MapGroup("").WithTags("scores"));
        EventRoutes.MapOthers(api.MapGroup("").WithTags("events"));
        CommandRoutes.MapReading(api.MapGroup("").WithTags("records"));
        ImportRoutes.Map(api.MapGroup("").WithTags("imports"));
        ReplayRoutes.Map(api.MapGroup("").WithTags("log"));
        VerificationRoutes.Map(api.MapGroup("").WithTags("log"));
        JobRoutes.Map(api.MapGroup("").WithTags("jobs"));
        RollupRoutes.Map(api.MapGroup("").WithTags("rollups"));
    }
}
