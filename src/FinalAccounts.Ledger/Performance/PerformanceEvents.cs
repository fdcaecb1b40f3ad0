using NodaTime;

namespace FinalAccounts.Ledger.Performance;

/// <summary>An indicator of a target declaration (绩效指标): 一级, 二级, 三级指标 and what is to be reached.</summary>
/// <param name="WeightHundredths">分值 in hundredths of a point.</param>
public sealed record Indicator(string Level1, string Level2, string Name, string Target, string? Unit, int WeightHundredths);

/// <summary>Performance targets were set (绩效目标).</summary>
/// <param name="Project">The project; null for the department's spending as a whole (整体支出).</param>
public sealed record PerformanceTargetsSet(
    LocalDate Date, string? Project, string Goal, IReadOnlyList<Indicator> Indicators) : LedgerEvent(Date);

/// <summary>What an indicator reached, in words or numbers as reported.</summary>
public sealed record IndicatorResult(string Name, string Actual);

/// <summary>Results were reported (绩效目标完成情况).</summary>
/// <param name="Achievements">In sentences. <c>{名称}</c> stands for the reported statistic of that name.</param>
/// <param name="Problems">发现的主要问题及原因.</param>
/// <param name="Improvements">下一步改进措施.</param>
/// <param name="Application">评价结果应用情况.</param>
public sealed record PerformanceResultsReported(
    LocalDate Date,
    string? Project,
    string Achievements,
    string Problems,
    string Improvements,
    string? Application,
    IReadOnlyList<IndicatorResult> Results) : LedgerEvent(Date);

/// <summary>The score of an indicator as the department gives it to itself.</summary>
public sealed record IndicatorScore(string Name, int ScoreHundredths);

/// <summary>A self-evaluation was reported (绩效自评). The score is reported; what the rules compute is another matter.</summary>
/// <param name="Fund">The budget that the project is paid from; null for the spending as a whole.</param>
/// <param name="Funds">The money that the evaluated project has; null for the spending as a whole.</param>
/// <param name="ScoreHundredths">自评得分 in hundredths of a point, 0 to 10000.</param>
/// <param name="Grade">评价等级: 优秀, 良好, 合格, 不合格 or as the region words it.</param>
public sealed record SelfEvaluationReported(
    LocalDate Date,
    string? Project,
    Fund? Fund,
    Money? Funds,
    int ScoreHundredths,
    string Grade,
    IReadOnlyList<IndicatorScore> Scores) : LedgerEvent(Date);
