namespace FinalAccounts.Server.Access;

/// <summary>
/// Headers that tell browsers to keep to this host and to what the program sent. Set just before an answer starts, so that also
/// errors have them. A handler that has set one of them keeps its own.
/// </summary>
internal static class SecureHeaders
{
    /// <summary>Nothing from elsewhere, no script or style in the page itself, no frame around it.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly (string Name, string Value)[] Always =
    [
        ("Content-Security-Policy", ContentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),

        // Books are not for the caches between; a browser asks again before it shows them. Pages with a secret say no-store.
        ("Cache-Control", "private, no-cache"),
    ];

    public static Task SetAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            foreach (var (name, value) in Always)
            {
                headers.TryAdd(name, value);
            }

            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}
