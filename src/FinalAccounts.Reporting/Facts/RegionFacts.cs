using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.Reporting;

/// <summary>What a region's facts are summed up by.</summary>
/// <param name="Month">From 1 to 12.</param>
/// <param name="Key">Without what belongs to one department: name, project, counterparty.</param>
public readonly record struct MonthKey(FiscalYear Year, int Month, FactKey Key);

/// <summary>What of a fact counts for a region as a whole.</summary>
public static class RegionFacts
{
    /// <summary>The key under which a fact is summed up over all departments; null for a fact with a name, which says something about its
    /// department only.</summary>
    public static FactKey? KeyOf(FactKey key) => key.Name is null ? key with { Project = null, Counterparty = null } : null;

    /// <summary>
    /// The keys under which it is kept: by function and by economic item apart, because both together are nearly as many as the departments'
    /// own. What has a function counts in one with it, and what can have an economic item once more in one without a function; so a table
    /// by function adds up the keys that have one, and a table by economic item those that have none.
    /// </summary>
    /// <param name="key">As <see cref="KeyOf"/> has it.</param>
    public static IEnumerable<FactKey> PartsOf(FactKey key)
    {
        yield return key with { Economic = null };
        if (key.Function is not null && key.Measure is Measure.InitialBudget or Measure.Supplement or Measure.Withdrawal or Measure.Reallocation or Measure.Expenditure)
        {
            yield return key with { Function = null };
        }
    }

    /// <summary>The month of the year that an accounting date counts for: days before the year count as January, days after it as December.</summary>
    public static int MonthOf(LocalDate date, FiscalYear year) => Math.Clamp(((date.Year - year.Value) * 12) + date.Month, 1, 12);
}
