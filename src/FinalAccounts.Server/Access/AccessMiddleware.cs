using System.Diagnostics.CodeAnalysis;
using FinalAccounts.Ledger;

namespace FinalAccounts.Server.Access;

/// <summary>What becomes of a request.</summary>
public enum AccessDecision
{
    Allowed,

    /// <summary>401, or the sign-in page: nobody is signed in, and the public may not.</summary>
    NotSignedIn,

    /// <summary>403, or the page for it: the password must be replaced first.</summary>
    PasswordDue,

    /// <summary>403: the region or department may be read, but this may not be done.</summary>
    Forbidden,

    /// <summary>404: what may not be read is answered like what is not there.</summary>
    NotFound,
}

/// <summary>
/// The one place where a request is allowed or refused: after routing, by the right that the route names over the region and
/// department in its route values. A route that names none is refused to everybody.
/// </summary>
internal sealed partial class AccessMiddleware(RequestDelegate next, ILogger<AccessMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var decision = Decide(context, out var route, out var right);
        if (decision == AccessDecision.Allowed)
        {
            Allowed(log, context.Request.Method, route, right);
            await next(context);
            return;
        }

        Refused(log, decision, context.Request.Method, route, right, context.Account() is { IsSignedIn: true } account ? account.Actor : "-");
        await Refusal.WriteAsync(context, decision);
    }

    /// <summary>What an account may do on a route; the table of routes in docs/access.md comes from here too.</summary>
    public static AccessDecision Decide(Account account, Right right, RegionCode? region, DepartmentCode? department)
    {
        // A list is open to whoever may read a part of it.
        var isAllowed = right == Right.ReadBooks && department is null
            ? account.HasSome(right, region, null)
            : account.Can(right, region, department);
        if (account.MustChangePassword && right is not (Right.Anything or Right.OwnAccount))
        {
            return AccessDecision.PasswordDue;
        }

        if (isAllowed)
        {
            return AccessDecision.Allowed;
        }

        return !account.IsSignedIn ? AccessDecision.NotSignedIn
            : region is null || account.HasSome(Right.ReadBooks, region, department) ? AccessDecision.Forbidden
            : AccessDecision.NotFound;
    }

    private static AccessDecision Decide(HttpContext context, out string route, out Right? right)
    {
        (route, right) = ("-", null);
        switch (context.GetEndpoint())
        {
            case null:
                // No such route. That is no secret.
                return AccessDecision.NotFound;

            case RouteEndpoint endpoint:
                route = endpoint.RoutePattern.RawText ?? "";
                if (endpoint.Metadata.GetMetadata<NeedsAttribute>() is not { } needs)
                {
                    return AccessDecision.Forbidden;
                }

                right = needs.Right;
                if (!context.Account().IsSignedIn && TokenAuthentication.TokenOf(context.Request) is not null)
                {
                    // A program is to learn that its token has ended, and not to read what the public may as if nothing had happened.
                    return AccessDecision.NotSignedIn;
                }

                return TryScope(context.Request.RouteValues, out var region, out var department)
                    ? Decide(context.Account(), needs.Right, region, department)
                    : context.Account().IsSignedIn || needs.Right is Right.Anything or Right.ReadPublished ? AccessDecision.NotFound : AccessDecision.NotSignedIn;

            default:
                // The router's own answers: 405 and 415.
                return AccessDecision.Allowed;
        }
    }

    /// <summary>False when a value can't be a code, so that nothing of that name exists.</summary>
    private static bool TryScope(RouteValueDictionary values, out RegionCode? region, out DepartmentCode? department)
    {
        (region, department) = (null, null);
        if (TryText(values, NeedsAttribute.RegionValue, out var regionText))
        {
            if (!RegionCode.IsValid(regionText))
            {
                return false;
            }

            region = new(regionText);
        }

        if (TryText(values, NeedsAttribute.DepartmentValue, out var departmentText))
        {
            if (region is null || !DepartmentCode.IsValid(departmentText))
            {
                return false;
            }

            department = new(departmentText);
        }

        return true;
    }

    private static bool TryText(RouteValueDictionary values, string name, [NotNullWhen(true)] out string? text)
    {
        text = values.TryGetValue(name, out var value) ? value as string ?? "" : null;
        return text is not null;
    }

    [LoggerMessage(1, LogLevel.Debug, "Allowed {Method} {Route}: {Right}")]
    private static partial void Allowed(ILogger log, string method, string route, Right? right);

    [LoggerMessage(2, LogLevel.Information, "{Decision}: {Method} {Route} needs {Right}, asked by {Account}")]
    private static partial void Refused(ILogger log, AccessDecision decision, string method, string route, Right? right, string account);
}
