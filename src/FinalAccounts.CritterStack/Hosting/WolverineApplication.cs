using FinalAccounts.CritterStack.Announcing;
using FinalAccounts.CritterStack.Projecting;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Server;
using FinalAccounts.Server.Access.Api;
using FinalAccounts.Server.Api;
using FinalAccounts.Server.Books;
using FinalAccounts.Server.Pages;
using JasperFx;
using JasperFx.CodeGeneration;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Http;
using Wolverine.Marten;

namespace FinalAccounts.CritterStack.Hosting;

/// <summary>
/// The HTTP API and the pages of one region on Marten and Wolverine. What the server has (access, problems, reading, documents, pages) is the server's own;
/// what records goes through Wolverine's routes and its aggregate workflow.
/// </summary>
public static partial class WolverineApplication
{
    /// <summary>The durable queue of <see cref="Announcing"/>.</summary>
    public const string Queue = "announcements";

    /// <summary>The host's parts before they are put together.</summary>
    /// <param name="ground">Its owner's connection is used for what Wolverine and the projections keep.</param>
    /// <param name="region">Its log is there: <see cref="RegionStore.MigrateAsync"/>.</param>
    public static WebApplicationBuilder CreateBuilder(string[] arguments, ServerGround ground, RegionCode region)
    {
        ArgumentNullException.ThrowIfNull(ground);
        var builder = ServerApplication.CreateBuilder(arguments, ground);
        builder.Services.AddSingleton(services => Source(services, ground, region));
        builder.Services.AddSingleton<Announcer>(services => LoggingTo(services.GetRequiredService<ILogger<Announcer>>()));
        builder.Services
            .AddMarten(options =>
            {
                options.Connection(ground.Database.For(region).Owner);
                RegionStore.Configure(options, region);

                // As the log itself: the other ways have functions of another shape in the same schema.
                options.Events.AppendMode = EventAppendMode.Quick;
                options.Projections.Add(new YearFold(), ProjectionLifecycle.Live);
                options.Projections.Add(new DepartmentYearProjection(), ProjectionLifecycle.Async);
            })
            .IntegrateWithWolverine(integration => integration.MessageStorageSchemaName = RegionStore.SchemaOf(region) + "_messages")
            .AddAsyncDaemon(DaemonMode.Solo)
            .UseLightweightSessions();
        builder.Host.UseWolverine(Configure);
        builder.Services.AddWolverineHttp();
        RouteDescription.AddTo(builder.Services);
        return builder;
    }

    /// <summary>What stands before the routes, and the routes.</summary>
    public static void Map(WebApplication app)
    {
        ServerApplication.Use(app);
        ServerApplication.MapHealth(app);
        app.MapAccess();
        ApiModule.MapShared(app.MapGroup(ApiModule.Prefix));
        app.MapWolverineEndpoints(options =>
        {
            options.RejectUnparseableQueryValues = true;
            options.ConfigureEndpoints(chain => RouteDescription.Apply(chain, app.Services));
        });
        ApiDescription.Map(app);
        app.MapPages();
    }

    private static void Configure(WolverineOptions options)
    {
        options.ApplicationAssembly = typeof(WolverineApplication).Assembly;
        options.Durability.Mode = DurabilityMode.Solo;
        options.UseRuntimeCompilation();
        options.CodeGeneration.TypeLoadMode = TypeLoadMode.Dynamic;
        options.Policies.AutoApplyTransactions();
        options.PublishMessage<YearRecorded>().ToLocalQueue(Queue);
        options.PublishMessage<YearClosed>().ToLocalQueue(Queue);
        options.PublishMessage<DisclosurePublished>().ToLocalQueue(Queue);
        options.PublishMessage<FigureChanged>().ToLocalQueue(Queue);
        options.LocalQueue(Queue).UseDurableInbox();
    }

    /// <summary>The region's log on Marten, whose decisions Wolverine takes to the ledger.</summary>
    private static RegionSource Source(IServiceProvider services, ServerGround ground, RegionCode region) => new(
        _ => Task.FromResult<IReadOnlyList<RegionCode>>([region]),
        (_, _) => Task.FromResult(Open(services, ground, region)));

    private static RegionLog Open(IServiceProvider services, ServerGround ground, RegionCode region)
    {
        var log = new MartenEventLog(ground.Database.For(region).Application, region, ground.Clock);
        return new(log, ground.Database, region, ground.Clock)
        {
            Decider = (request, cancellationToken) => DecideAsync(services, request, cancellationToken),
        };
    }

    private static async Task<Decision> DecideAsync(IServiceProvider services, DecisionRequest request, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        try
        {
            return (await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync<Decided>(new DecideOnYear(request), cancellationToken)).Decision;
        }
        catch (Exception e) when (e is ConcurrencyException or Marten.Exceptions.ExistingStreamIdCollisionException)
        {
            var found = await request.Log.ReadYearAsync(request.Department.Code, request.Year, cancellationToken);
            throw new VersionConflictException(request.Stream, request.Recording.ExpectedVersion ?? 0, found.Version);
        }
    }

    /// <summary>Nobody to tell but the log.</summary>
    private static Announcer LoggingTo(ILogger<Announcer> logger) => (message, _) =>
    {
        Announced(logger, message);
        return Task.CompletedTask;
    };

    [LoggerMessage(LogLevel.Information, "{Message}")]
    private static partial void Announced(ILogger logger, object message);
}
