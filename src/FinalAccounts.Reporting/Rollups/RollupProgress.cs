using FinalAccounts.Ledger;

namespace FinalAccounts.Reporting.Rollups;

/// <summary>What a region's departments had spent by the end of a month.</summary>
/// <param name="Month">1 to 12, of the accounting date.</param>
/// <param name="Amounts">What was booked in the month.</param>
/// <param name="Expenditure">From January to this month, in fen.</param>
/// <param name="Progress">That as a share of the year's budget as it stands now; null where there is no budget.</param>
public sealed record RollupMonth(int Month, RollupAmounts Amounts, Int128 Expenditure, Ratio? Progress);

/// <summary>支出进度: how fast a region's departments spend their budget.</summary>
/// <param name="Budget">预算数 of the year as it stands now, in fen.</param>
/// <param name="Months">From January to the last month in which anything was booked; empty when nothing was.</param>
public sealed record RollupProgress(FiscalYear Year, Int128 Budget, IReadOnlyList<RollupMonth> Months)
{
    private const int MonthsOfYear = 12;

    /// <summary>Makes the progress from what was booked in each month.</summary>
    /// <param name="booked">By month from 1 to 12; a month may come more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such month.</exception>
    public static RollupProgress Of(FiscalYear year, IEnumerable<(int Month, Measure Measure, Int128 Value)> booked)
    {
        var byMonth = new RollupAmounts[MonthsOfYear];
        var last = 0;
        foreach (var (month, measure, value) in booked)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(month, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(month, MonthsOfYear);
            byMonth[month - 1] = byMonth[month - 1].With(measure, value);
            last = Math.Max(last, month);
        }

        return Of(year, byMonth, last);
    }

    /// <summary>The progress of several regions in one.</summary>
    /// <param name="parts">At least one, all of the same year.</param>
    public static RollupProgress Sum(IReadOnlyList<RollupProgress> parts)
    {
        if (parts.Any(p => p.Year != parts[0].Year))
        {
            throw new ArgumentException("The parts are not of the same year.", nameof(parts));
        }

        var byMonth = new RollupAmounts[MonthsOfYear];
        foreach (var month in parts.SelectMany(p => p.Months))
        {
            byMonth[month.Month - 1] += month.Amounts;
        }

        return Of(parts[0].Year, byMonth, parts.Max(p => p.Months.Count));
    }

    private static RollupProgress Of(FiscalYear year, RollupAmounts[] byMonth, int last)
    {
        var budget = byMonth.Aggregate(default(RollupAmounts), RollupAmounts.Add).Budget;
        var months = new RollupMonth[last];
        Int128 spent = 0;
        for (var m = 0; m < last; m++)
        {
            spent += byMonth[m].Expenditure;
            months[m] = new(m + 1, byMonth[m], spent, budget > 0 ? new Ratio(spent, budget) : null);
        }

        return new(year, budget, months);
    }
}
