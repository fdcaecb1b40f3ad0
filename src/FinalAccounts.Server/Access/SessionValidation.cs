using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace FinalAccounts.Server.Access;

/// <summary>Holds a session's cookie against the database at each request: a changed password or a lock ends it at once.</summary>
internal static class SessionValidation
{
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var accounts = context.HttpContext.RequestServices.GetRequiredService<Accounts>();
        var principal = context.Principal;
        if (Guid.TryParse(principal?.FindFirstValue(SignIn.IdClaim), out var id)
            && principal.FindFirstValue(SignIn.StampClaim) is { } stamp
            && await accounts.FindAsync(id, stamp, context.HttpContext.RequestAborted) is { } account)
        {
            context.HttpContext.SetAccount(account);
        }
        else
        {
            context.RejectPrincipal();
        }
    }
}
