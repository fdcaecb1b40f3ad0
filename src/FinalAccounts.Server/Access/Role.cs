namespace FinalAccounts.Server.Access;

/// <summary>What somebody is in the installation, in a region or in a department.</summary>
public enum Role
{
    /// <summary>Nobody is signed in.</summary>
    Public,

    /// <summary>经办 of one department.</summary>
    Clerk,

    /// <summary>负责人 of one department.</summary>
    Head,

    /// <summary>财政局 of one region.</summary>
    Bureau,

    /// <summary>审计 of one region: reads everything, changes nothing.</summary>
    Auditor,

    /// <summary>系统管理员 of the installation: users and regions, no books.</summary>
    Administrator,
}

/// <summary>How far a role reaches.</summary>
public enum Reach
{
    Installation,
    Region,
    Department,
}

/// <summary>The table of who may do what: the only place where it stands.</summary>
public static class RoleRights
{
    private static readonly Dictionary<Role, (Reach Reach, IReadOnlySet<Right> Rights)> Table = new()
    {
        [Role.Public] = (Reach.Installation, Set(Right.Anything, Right.ReadPublished)),
        [Role.Clerk] = (Reach.Department, Set(Right.ReadBooks, Right.Record)),
        [Role.Head] = (Reach.Department, Set(Right.ReadBooks, Right.Record, Right.Submit, Right.Close)),
        [Role.Bureau] = (Reach.Region, Set(
            Right.ReadBooks, Right.ReadRegion, Right.Record, Right.Submit, Right.Close, Right.Reopen, Right.Publish, Right.Verify,
            Right.ReadAccessAudit)),
        [Role.Auditor] = (Reach.Region, Set(Right.ReadBooks, Right.ReadRegion, Right.Verify, Right.ReadAccessAudit)),
        [Role.Administrator] = (Reach.Installation, Set(Right.ReadAccessAudit, Right.Administer)),
    };

    /// <summary>The roles that an account can be given.</summary>
    public static IReadOnlyList<Role> Assignable { get; } = [.. Enum.GetValues<Role>().Where(r => r != Role.Public)];

    public static Reach ReachOf(Role role) => Table[role].Reach;

    /// <summary>True when the role has the right. Whoever has an account also has what everybody has, and the own account.</summary>
    public static bool Has(Role role, Right right) =>
        Table[role].Rights.Contains(right) || Table[Role.Public].Rights.Contains(right) || (role != Role.Public && right == Right.OwnAccount);

    private static HashSet<Right> Set(params Right[] rights) => [.. rights];
}
