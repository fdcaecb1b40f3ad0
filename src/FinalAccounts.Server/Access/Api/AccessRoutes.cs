using FinalAccounts.Ledger;

namespace FinalAccounts.Server.Access.Api;

/// <summary>The routes about accounts.</summary>
public static class AccessRoutes
{
    public static void MapAccess(this WebApplication app)
    {
        app.MapGet("/api/v1/session", Session).Needs(Right.OwnAccount).WithSummary("Who is signed in, and what they may do");
        TokenRoutes.Map(app);
        UserRoutes.Map(app);
        app.MapGet("/api/v1/access-audit", ReadAuditAsync).Needs(Right.Administer).WithSummary("Who changed which account");
        app.MapGet("/api/v1/regions/{region}/access-audit", ReadRegionAuditAsync)
            .Needs(Right.ReadAccessAudit).WithSummary("Who changed which account, as far as it concerns the region");
    }

    private static SessionBody Session(Account account) =>
        new(account.Actor, account.Means.ToString(), account.MustChangePassword, [.. account.Assignments.Select(AssignmentBody.Of)]);

    private static async Task<AuditBody> ReadAuditAsync(AccessAudit audit, long? before, CancellationToken cancellationToken) =>
        AuditBody.Of(await audit.ReadAsync(null, before, cancellationToken));

    private static async Task<AuditBody> ReadRegionAuditAsync(
        AccessAudit audit, string region, long? before, CancellationToken cancellationToken) =>
        AuditBody.Of(await audit.ReadAsync(new RegionCode(region), before, cancellationToken));
}

/// <summary>Who is signed in.</summary>
internal sealed record SessionBody(string Name, string Means, bool MustChangePassword, IReadOnlyList<AssignmentBody> Roles);

/// <summary>A role and where.</summary>
internal sealed record AssignmentBody(string Role, string? Region, string? Department)
{
    public static AssignmentBody Of(Assignment assignment) =>
        new(assignment.Role.ToString(), assignment.Region?.ToString(), assignment.Department?.ToString());

    /// <exception cref="AccessException">The role is unknown, or region or department are no codes.</exception>
    public Assignment ToAssignment() =>
        Enum.TryParse<Role>(Role, out var role) && Enum.IsDefined(role) && role.ToString() == Role
        && (Region is null || RegionCode.IsValid(Region)) && (Department is null || DepartmentCode.IsValid(Department))
            ? new(role, Region is null ? null : new RegionCode(Region), Department is null ? null : new DepartmentCode(Department))
            : throw new AccessException(AccessProblem.AssignmentIncomplete);
}

/// <summary>A page of the access audit, latest first.</summary>
/// <param name="Before">What to ask for the next page with; null on the last.</param>
internal sealed record AuditBody(IReadOnlyList<AuditEntryBody> Entries, long? Before)
{
    public static AuditBody Of(IReadOnlyList<AuditEntry> entries) => new(
        [.. entries.Select(e => new AuditEntryBody(
            e.Position, e.At.ToString(), e.Actor, e.Action.ToString(), e.Subject, e.Assignment is { } a ? AssignmentBody.Of(a) : null, e.Detail))],
        entries.Count == AccessLimits.PageSize ? entries[^1].Position : null);
}

internal sealed record AuditEntryBody(
    long Position, string At, string Actor, string Action, string Subject, AssignmentBody? Role, string Detail);
