using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace FinalAccounts.Server.Access;

/// <summary>Takes <c>Authorization: Bearer fa_…</c> for the account whose token it is.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, Accounts accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string SchemeName = "Bearer";

    /// <summary>The token of a request, which may be anything; null when it brings none.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization.ToString().Trim().Split(' ', 2) is [var scheme, .. var rest] && scheme.Equals(SchemeName, StringComparison.OrdinalIgnoreCase)
            ? string.Concat(rest).Trim()
            : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        if (await accounts.FindByTokenAsync(token, Context.RequestAborted) is not { } account)
        {
            return AuthenticateResult.Fail("The token is unknown, revoked or expired.");
        }

        Context.SetAccount(account);
        var identity = new ClaimsIdentity([new(SignIn.IdClaim, account.Id.ToString())], SchemeName);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName));
    }
}
