using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Reporting;
using NodaTime;

namespace FinalAccounts.Projections;

/// <summary>What events change in the tables.</summary>
internal sealed class TableChanges
{
    /// <summary>What is added to the sums of years; each key of a year once.</summary>
    public List<FactChange> Facts { get; } = [];

    /// <summary>What is added to the region's sums.</summary>
    public Dictionary<MonthKey, Int128> Months { get; } = [];

    /// <summary>Departments as they are now.</summary>
    public List<DepartmentEntry> Departments { get; } = [];

    /// <summary>Years as they are now.</summary>
    public List<YearOverview> Years { get; } = [];

    public List<MemberList> Lists { get; } = [];

    public void AddMonth(FiscalYear year, int month, FactKey key, Int128 value)
    {
        if (RegionFacts.KeyOf(key) is { } regionKey)
        {
            AddMonth(new(year, month, regionKey), value);
        }
    }

    public void AddMonth(MonthKey key, Int128 value)
    {
        foreach (var part in RegionFacts.PartsOf(key.Key))
        {
            var kept = key with { Key = part };
            Months[kept] = checked(Months.GetValueOrDefault(kept) + value);
        }
    }
}

/// <summary>What is added to a sum.</summary>
internal readonly record struct FactChange(DepartmentCode Department, FiscalYear Year, FactKey Key, Int128 Change);

/// <summary>A department of the register.</summary>
/// <param name="State">Read from the tables, it knows of the profiles only the one with the latest date.</param>
/// <param name="Version">Of the department's stream.</param>
/// <param name="LastPosition">Of the last event of that stream.</param>
public sealed record DepartmentEntry(DepartmentCode Code, DepartmentState State, long Version, long LastPosition)
{
    /// <summary>As it was registered; its code until it is.</summary>
    public string Name => State.Registration?.Name ?? Code.ToString();
}

/// <summary>A list of a department's members that was determined.</summary>
/// <param name="Position">Of the event.</param>
/// <param name="Date">Its accounting date.</param>
public sealed record MemberList(
    DepartmentCode Department, FiscalYear Year, long Position, Instant RecordedAt, LocalDate Date, IReadOnlyList<DepartmentCode> Members);
