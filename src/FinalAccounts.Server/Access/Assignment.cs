using FinalAccounts.Ledger;

namespace FinalAccounts.Server.Access;

/// <summary>A role of an account, and where it has it.</summary>
/// <param name="Region">Null for a role of the whole installation.</param>
/// <param name="Department">Null unless the role is that of a department.</param>
public sealed record Assignment(Role Role, RegionCode? Region, DepartmentCode? Department)
{
    /// <summary>True when region and department are given exactly as far as the role reaches.</summary>
    public bool IsComplete => Role != Role.Public && RoleRights.ReachOf(Role) switch
    {
        Reach.Installation => Region is null && Department is null,
        Reach.Region => Region is not null && Department is null,
        _ => Region is not null && Department is not null,
    };

    /// <summary>True when the role has the right over all of what is named: a department, a region, or (neither) the installation.</summary>
    public bool Gives(Right right, RegionCode? region, DepartmentCode? department) => RoleRights.Has(Role, right) && RoleRights.ReachOf(Role) switch
    {
        Reach.Installation => true,
        Reach.Region => region is not null && Region == region,
        _ => region is not null && department is not null && Region == region && Department == department,
    };

    /// <summary>True when the role has the right over something in what is named.</summary>
    public bool GivesSome(Right right, RegionCode? region, DepartmentCode? department) =>
        RoleRights.Has(Role, right)
        && (Region is null || region is null || Region == region)
        && (Department is null || department is null || Department == department);
}
