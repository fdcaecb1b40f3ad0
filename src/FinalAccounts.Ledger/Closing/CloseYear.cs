using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Close the year (年终结账). The totals are computed from the books.</summary>
/// <param name="Seal">The log's head now.</param>
public sealed record CloseYear(LocalDate Date, Seal Seal) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        checks.Seal(Seal);

        var income = year.Totals.TotalIncome;
        var expenditure = year.Totals.TotalExpenditure;
        if (income != expenditure)
        {
            checks.Refuse(
                LedgerRules.TotalsDiffer, Place.Whole, income.ToYuan(), expenditure.ToYuan(), (income - expenditure).ToYuan());
        }

        // 公开04 has a balance of each fiscal fund; with the totals that makes 其他资金 balance too.
        foreach (var fund in Enum.GetValues<Fund>().Where(f => f.IsFiscal()))
        {
            var position = year.Position(fund);
            var (into, outOf) = (position.Opening + position.Income, position.Spent + position.CarryOver);
            if (into != outOf)
            {
                checks.Refuse(
                    LedgerRules.FundDoesNotBalance, Place.Whole, fund.Term(), into.ToYuan(), outOf.ToYuan(), (into - outOf).ToYuan());
            }
        }

        return checks.Decide(new YearClosed(Date, income, expenditure, Seal));
    }

    internal override bool IsIn(YearState year) => year.Closing is { } found && found.Date == Date;
}

/// <summary>The year was closed (年终结账).</summary>
/// <param name="TotalIncome">收入总计 at the close.</param>
/// <param name="TotalExpenditure">支出总计 at the close; equal to the income.</param>
/// <param name="Seal">The log's head when the close was decided.</param>
public sealed record YearClosed(LocalDate Date, Money TotalIncome, Money TotalExpenditure, Seal Seal) : LedgerEvent(Date);
