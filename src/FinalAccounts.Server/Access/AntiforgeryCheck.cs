using Microsoft.AspNetCore.Antiforgery;

namespace FinalAccounts.Server.Access;

/// <summary>
/// A request that changes something and comes with a session's cookie, or is a form of a page, brings a token that only our own pages know.
/// Programs with a bearer token need none: no browser sends that by itself.
/// </summary>
internal sealed class AntiforgeryCheck(RequestDelegate next, IAntiforgery antiforgery)
{
    /// <summary>The header in which scripts send it; forms have it in a hidden field.</summary>
    public const string Header = "RequestVerificationToken";

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isApi = Refusal.IsApi(request);
        if (IsSafe(request.Method) || context.GetEndpoint() is not RouteEndpoint || context.Account().Means == SignInMeans.Token || (isApi && !context.Account().IsSignedIn)
            || ((!isApi || request.Headers.ContainsKey(Header)) && await antiforgery.IsRequestValidAsync(context)))
        {
            await next(context);
            return;
        }

        await Refusal.WriteAsync(context, StatusCodes.Status400BadRequest, "NoAntiforgery");
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
