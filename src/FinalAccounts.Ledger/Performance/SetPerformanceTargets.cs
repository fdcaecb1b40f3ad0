using NodaTime;

namespace FinalAccounts.Ledger.Performance;

/// <summary>Set performance targets (绩效目标). The fields are those of <see cref="PerformanceTargetsSet"/>.</summary>
public sealed record SetPerformanceTargets(
    LocalDate Date, string? Project, string Goal, IReadOnlyList<Indicator> Indicators) : YearCommand(Date);

/// <summary>Performance targets were set (绩效目标).</summary>
/// <param name="Project">The project; null for the department's spending as a whole (整体支出).</param>
public sealed record PerformanceTargetsSet(
    LocalDate Date, string? Project, string Goal, IReadOnlyList<Indicator> Indicators) : LedgerEvent(Date);

/// <summary>An indicator of a target declaration (绩效指标): 一级, 二级, 三级指标 and what is to be reached.</summary>
/// <param name="WeightHundredths">分值 in hundredths of a point.</param>
public sealed record Indicator(string Level1, string Level2, string Name, string Target, string? Unit, int WeightHundredths);
