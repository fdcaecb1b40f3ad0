using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Statistics;
using NodaTime;

namespace FinalAccounts.Ledger.FiscalYears;

/// <summary>Open the books of a year (建账). The fields are those of <see cref="FiscalYearOpened"/>.</summary>
public sealed record OpenFiscalYear(
    LocalDate Date,
    DepartmentCode Department,
    FiscalYear Year,
    string FormPack,
    OverspendingPolicy Overspending,
    IReadOnlyList<BalanceLine> OpeningBalances,
    IReadOnlyList<Statistic> Standards) : YearCommand(Date);

/// <summary>
/// The books of a year were opened (建账). What the year is reported with is fixed here, so that a replay in ten years
/// does not depend on what is current then.
/// </summary>
/// <param name="FormPack">The form pack (报表格式) of the year's disclosure.</param>
/// <param name="Overspending">What happens to spending beyond the budget of an item and fund.</param>
/// <param name="OpeningBalances">年初结转和结余.</param>
/// <param name="Standards">Amounts that the form itself fixes and prints (单价100万元以上设备), as statistics.</param>
public sealed record FiscalYearOpened(
    LocalDate Date,
    DepartmentCode Department,
    FiscalYear Year,
    string FormPack,
    OverspendingPolicy Overspending,
    IReadOnlyList<BalanceLine> OpeningBalances,
    IReadOnlyList<Statistic> Standards) : LedgerEvent(Date);
