namespace FinalAccounts.Server.Access.Api;

/// <summary>Users and their roles, for administrators.</summary>
internal static class UserRoutes
{
    public static void Map(WebApplication app)
    {
        var group = app.MapGroup("/api/v1/users").Needs(Right.Administer).AddEndpointFilter(RefuseAsync);
        group.MapGet("", ListAsync).WithSummary("All users in order of names");
        group.MapPost("", CreateAsync).WithSummary("Makes a user; the password is in this answer only");
        group.MapGet("{id:guid}", FindAsync).WithSummary("A user with the roles");
        group.MapPost("{id:guid}/roles", AssignAsync).WithSummary("Gives a role");
        group.MapDelete("{id:guid}/roles", WithdrawAsync).WithSummary("Takes a role");
        group.MapPost("{id:guid}/lock", LockAsync).WithSummary("Locks the account and ends its sessions");
        group.MapPost("{id:guid}/unlock", UnlockAsync).WithSummary("Unlocks the account");
        group.MapPost("{id:guid}/password", ResetAsync).WithSummary("Makes a new password, which is in this answer only");
    }

    private static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (AccessException e)
        {
            return Refusal.Result(e);
        }
    }

    private static async Task<UserListBody> ListAsync(Users users, string? after, CancellationToken cancellationToken)
    {
        var page = await users.ListAsync(after, cancellationToken);
        return new([.. page.Select(u => UserBody.Of(u, null))], page.Count == AccessLimits.PageSize ? page[^1].Name : null);
    }

    private static async Task<IResult> CreateAsync(NewUser wanted, Users users, Account account, HttpContext context)
    {
        var (user, password) = await users.CreateAsync(account.Actor, wanted.Name ?? "", mustChangePassword: true);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new NewPassword(user.Id, user.Name, password), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<UserBody> FindAsync(Guid id, Users users, CancellationToken cancellationToken)
    {
        var user = await users.FindAsync(id);
        return UserBody.Of(user, await users.AssignmentsOfAsync(user, cancellationToken));
    }

    private static async Task<IResult> AssignAsync(
        Guid id, AssignmentBody role, Users users, Account account, CancellationToken cancellationToken)
    {
        await users.AssignAsync(account.Actor, await users.FindAsync(id), role.ToAssignment(), cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> WithdrawAsync(
        Guid id, string role, string? region, string? department, Users users, Account account, CancellationToken cancellationToken)
    {
        await users.WithdrawAsync(
            account.Actor, await users.FindAsync(id), new AssignmentBody(role, region, department).ToAssignment(), cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> LockAsync(Guid id, Users users, Account account)
    {
        await users.LockAsync(account.Actor, await users.FindAsync(id));
        return Results.NoContent();
    }

    private static async Task<IResult> UnlockAsync(Guid id, Users users, Account account)
    {
        await users.UnlockAsync(account.Actor, await users.FindAsync(id));
        return Results.NoContent();
    }

    private static async Task<IResult> ResetAsync(Guid id, Users users, Account account, HttpContext context)
    {
        var user = await users.FindAsync(id);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new NewPassword(user.Id, user.Name, await users.ResetPasswordAsync(account.Actor, user)));
    }
}

internal sealed record NewUser(string? Name);

/// <summary>A password that was made up; it is shown once.</summary>
internal sealed record NewPassword(Guid Id, string Name, string Password);

/// <param name="After">What to ask for the next page with; null on the last.</param>
internal sealed record UserListBody(IReadOnlyList<UserBody> Users, string? After);

/// <param name="Roles">Null in lists.</param>
internal sealed record UserBody(Guid Id, string Name, bool Locked, bool LockedOut, bool MustChangePassword, IReadOnlyList<AssignmentBody>? Roles)
{
    public static UserBody Of(User user, IReadOnlyList<Assignment>? assignments) => new(
        user.Id, user.Name, user.IsLocked, user.LockedUntil > DateTimeOffset.UtcNow, user.MustChangePassword,
        assignments is null ? null : [.. assignments.Select(AssignmentBody.Of)]);
}
