namespace FinalAccounts.Server.Access.Api;

/// <summary>The own bearer tokens.</summary>
internal static class TokenRoutes
{
    public static void Map(WebApplication app)
    {
        var group = app.MapGroup("/api/v1/tokens").Needs(Right.OwnAccount);
        group.MapGet("", ListAsync).WithSummary("The own tokens");
        group.MapPost("", CreateAsync).WithSummary("Makes a token; its text is in this answer only");
        group.MapDelete("{id:guid}", RevokeAsync).WithSummary("Revokes an own token");
    }

    private static async Task<IReadOnlyList<TokenBody>> ListAsync(Tokens tokens, Account account, CancellationToken cancellationToken) =>
        [.. (await tokens.ListAsync(account, cancellationToken)).Select(t => TokenBody.Of(t, null))];

    private static async Task<IResult> CreateAsync(
        NewToken wanted, Tokens tokens, Account account, HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            var (token, text) = await tokens.CreateAsync(account, wanted.Label ?? "", wanted.Days ?? AccessLimits.DefaultTokenDays, cancellationToken);
            context.Response.Headers.CacheControl = "no-store";
            return Results.Json(TokenBody.Of(token, text), statusCode: StatusCodes.Status201Created);
        }
        catch (AccessException e)
        {
            return Refusal.Result(e);
        }
    }

    private static async Task<IResult> RevokeAsync(Guid id, Tokens tokens, Account account, CancellationToken cancellationToken) =>
        await tokens.RevokeAsync(account, id, cancellationToken) ? Results.NoContent() : Refusal.NotFound();
}

/// <param name="Label">What it is for.</param>
/// <param name="Days">How long it is valid.</param>
internal sealed record NewToken(string? Label, int? Days);

/// <param name="Text">The token itself; only in the answer to its making.</param>
internal sealed record TokenBody(
    Guid Id, string Label, string Prefix, string CreatedAt, string ExpiresAt, string? RevokedAt, string? LastUsedOn, string? Text)
{
    public static TokenBody Of(Token token, string? text) => new(
        token.Id, token.Label, token.Prefix, token.CreatedAt.ToString(), token.ExpiresAt.ToString(), token.RevokedAt?.ToString(),
        token.LastUsedOn is { } day ? NodaTime.Text.LocalDatePattern.Iso.Format(day) : null, text);
}
