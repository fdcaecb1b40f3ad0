using FinalAccounts.Server.Access;
using FinalAccounts.Server.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Wolverine.Http;

namespace FinalAccounts.CritterStack.Hosting;

/// <summary>What Wolverine's routes need and answer, and how they are described: as the server says it of the functions that answer them.</summary>
internal static class RouteDescription
{
    /// <summary>The routes beside those that record one event, by their paths.</summary>
    private static readonly Dictionary<string, (Delegate Method, string Tag, Func<RouteHandlerBuilder, RouteHandlerBuilder> Describe)> Own = new()
    {
        [StepRoutes.SubmitPath] = (StepRoutes.Submit, "years", r => r.Stepping<YearStep>(Right.Submit)),
        [StepRoutes.ClosePath] = (StepRoutes.Close, "years", r => r.Stepping<YearStep>(Right.Close)),
        [StepRoutes.ReopenPath] = (StepRoutes.Reopen, "years", r => r.Stepping<ReopenStep>(Right.Reopen)),
        [StepRoutes.PublishPath] = (StepRoutes.Publish, "years", r => r.Stepping<YearStep>(Right.Publish)),
        [FigureRoutes.OnePath] = (FigureRoutes.Figure, "figures", r => r.ReadingFigure()),
        [EventRoutes.YearPath] = (EventRoutes.OfYear, "events", r => r.ListingEvents()),
    };

    /// <summary>Leaves the description to the framework, as on the server; Wolverine's own knows nothing of the results.</summary>
    public static void AddTo(IServiceCollection services)
    {
        foreach (var own in services.Where(s => s.ServiceType == typeof(IApiDescriptionProvider) && IsWolverines(s.ImplementationType)).ToList())
        {
            services.Remove(own);
        }

        services.Configure<OpenApiOptions>(Server.Api.ApiDescription.Name, options => options.AddOperationTransformer((operation, _, _) =>
        {
            // The server's routes have no names.
            operation.OperationId = null;
            return Task.CompletedTask;
        }));
    }

    /// <param name="services">Tell what of a function is a service.</param>
    public static void Apply(HttpChain chain, IServiceProvider services)
    {
        var answering = Describe(chain.RoutePattern!.RawText![ApiModule.Prefix.Length..], chain.Metadata);
        chain.Metadata.WithDescription("").Finally(endpoint =>
        {
            // What Wolverine says of a result and of what is not found; the server has said it already.
            foreach (var own in endpoint.Metadata.Where(m => m is IProducesResponseTypeMetadata answer
                && (answer.Type == typeof(IResult) || (answer.StatusCode == StatusCodes.Status404NotFound && answer.Type != typeof(ApiProblem)))).ToList())
            {
                endpoint.Metadata.Remove(own);
            }

            var inferred = RequestDelegateFactory.InferMetadata(answering.Method, new()
            {
                ServiceProvider = services,
                RouteParameterNames = chain.RoutePattern.Parameters.Select(p => p.Name),
            });
            foreach (var metadata in inferred.EndpointMetadata)
            {
                endpoint.Metadata.Add(metadata);
            }

            endpoint.Metadata.Add(answering.Method);
        });
    }

    /// <returns>The server's function.</returns>
    private static Delegate Describe(string path, RouteHandlerBuilder route)
    {
        if (Own.TryGetValue(path, out var own))
        {
            own.Describe(route).WithTags(own.Tag);
            return own.Method;
        }

        var type = CommandRoutes.Types.Single(t => CommandRoutes.PathOf(t) == path);
        route.Recording(type).WithTags("records");
        return CommandRoutes.Record(type);
    }

    private static bool IsWolverines(Type? type) => type?.Assembly == typeof(HttpChain).Assembly;
}
