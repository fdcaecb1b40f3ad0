using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Rules;
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
    IReadOnlyList<Statistic> Standards) : YearCommand(Date)
{
    internal Decision Decide(DepartmentState department, YearState year, Checklist checks)
    {
        if (department.Registration?.Code != Department)
        {
            checks.Refuse(LedgerRules.UnknownDepartment, Place.Of(nameof(Department)), Department.ToString());
        }

        return Decide(year, checks);
    }

    internal override Decision Decide(YearState year, Checklist checks)
    {
        if (year.Opening is { } opening)
        {
            checks.Refuse(LedgerRules.YearOpenedTwice, Place.Whole, opening.Year.ToString());
            return checks.Refused();
        }

        checks.BookingDate(Date);
        checks.Name(FormPack, Place.Of(nameof(FormPack)));
        checks.Balances(OpeningBalances, nameof(OpeningBalances));
        checks.Statistics(Standards, nameof(Standards), year);
        if (checks.IsClean)
        {
            checks.Turnover(Money.Zero, OpeningBalances.Sum(l => l.Amount.Magnitude));
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) => year.Opening is { } found && EventCodec.SameContent(found, Event());

    private FiscalYearOpened Event() => new(Date, Department, Year, FormPack, Overspending, OpeningBalances, Standards);
}

/// <summary>
/// The books of a year were opened (建账). What the year is reported with is fixed here, so that a replay in ten years
/// does not depend on what is current then.
/// </summary>
/// <param name="Department">Whose books they are.</param>
/// <param name="Year">The budget year.</param>
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
