using NodaTime;

namespace FinalAccounts.Ledger.Performance;

/// <summary>Report a self-evaluation (绩效自评). The fields are those of <see cref="SelfEvaluationReported"/>.</summary>
public sealed record ReportSelfEvaluation(
    LocalDate Date,
    string? Project,
    Fund? Fund,
    Money? Funds,
    int ScoreHundredths,
    string Grade,
    IReadOnlyList<IndicatorScore> Scores) : YearCommand(Date);

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

/// <summary>The score of an indicator as the department gives it to itself.</summary>
public sealed record IndicatorScore(string Name, int ScoreHundredths);
