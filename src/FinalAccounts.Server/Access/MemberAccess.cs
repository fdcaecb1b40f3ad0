using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Books;

namespace FinalAccounts.Server.Access;

/// <summary>
/// Whoever determines the units of a department sees their books in its totals. So only units whose books the account may read can be
/// added; the ones that the list has already may stay in it.
/// </summary>
public static class MemberAccess
{
    /// <summary>To be called before commands of the account are decided.</summary>
    /// <exception cref="AccessException">A unit that would be added is not one that the account may read.</exception>
    public static async Task CheckMembersAsync(
        this Account account, LiveRegion region, DepartmentCode department, FiscalYear year, IEnumerable<YearCommand> commands,
        CancellationToken cancellationToken)
    {
        var closed = commands.OfType<DetermineMembers>().SelectMany(c => c.Members).Where(m => !account.CanRead(region.Region, m)).ToList();
        if (closed.Count == 0)
        {
            return;
        }

        var members = (await region.ReadMemberListsAsync(year, AsOf.Now, cancellationToken)).Of(department);
        foreach (var added in closed.Except(members))
        {
            throw new AccessException(AccessProblem.MemberClosed, added);
        }
    }
}
