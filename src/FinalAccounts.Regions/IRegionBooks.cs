using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Reporting;

namespace FinalAccounts.Regions;

/// <summary>Where reports take a region's books from: its log, or what a server keeps of it in memory.</summary>
public interface IRegionBooks
{
    /// <summary>Finds a department by its code or its full name.</summary>
    /// <exception cref="RegionException">There is none.</exception>
    Task<Department> FindDepartmentAsync(string codeOrName, CancellationToken cancellationToken);

    /// <summary>The last event that could count.</summary>
    /// <exception cref="RegionException">The log does not reach that far.</exception>
    Task<Seal> SealAsync(AsOf asOf, CancellationToken cancellationToken);

    /// <summary>A department's books of a year up to the seal; not opened when there is nothing of it.</summary>
    Task<YearBooks> ReadAsync(DepartmentCode code, FiscalYear year, AsOf asOf, Seal seal, CancellationToken cancellationToken);

    /// <summary>Who belongs to whom in a year, over the whole region.</summary>
    /// <param name="asOf">Later lists do not count.</param>
    Task<MemberLists> ReadMemberListsAsync(FiscalYear year, AsOf asOf, CancellationToken cancellationToken);
}
