namespace FinalAccounts.Server.Api;

/// <summary>The route records something: it takes Idempotency-Key and If-Match.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RecordsAttribute : Attribute;

/// <summary>What the description of the API says of a route's answers.</summary>
internal static class ApiConventions
{
    /// <summary>Answers with JSON and an entity tag, or that nothing has changed.</summary>
    public static RouteHandlerBuilder Answering<T>(this RouteHandlerBuilder route) => route.Produces<T>().Produces(StatusCodes.Status304NotModified).AnsweringProblems();

    /// <summary>Records something and answers with it.</summary>
    public static RouteHandlerBuilder Recording(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RecordsAttribute()).Produces<Recorded>(StatusCodes.Status201Created).AnsweringProblems(409, 412, 413, 415, 422);

    /// <summary>The problems that every route may answer with.</summary>
    public static RouteHandlerBuilder AnsweringProblems(this RouteHandlerBuilder route, params ReadOnlySpan<int> more)
    {
        foreach (var status in (ReadOnlySpan<int>)[400, 401, 403, 404, 503, .. more])
        {
            route.Produces<ApiProblem>(status, ApiProblem.MediaType);
        }

        return route;
    }
}
