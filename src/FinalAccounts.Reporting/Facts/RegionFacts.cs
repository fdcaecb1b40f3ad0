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

    /// <summary>The month of the year that an accounting date counts for: days before the year count as January, days after it as December.</summary>
    public static int MonthOf(LocalDate date, FiscalYear year) => Math.Clamp(((date.Year - year.Value) * 12) + date.Month, 1, 12);
}
