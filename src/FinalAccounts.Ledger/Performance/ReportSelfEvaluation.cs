using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
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
    IReadOnlyList<IndicatorScore> Scores) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        checks.OptionalName(Project, Place.Of(nameof(Project)));
        if (Funds is { } funds)
        {
            checks.AmountNotBelowZero(funds, Place.Of(nameof(Funds)));
        }

        checks.Score(ScoreHundredths, Place.Of(nameof(ScoreHundredths)));
        checks.Name(Grade, Place.Of(nameof(Grade)));
        if (checks.LineCount(Scores.Count, nameof(Scores), required: false))
        {
            for (var i = 0; i < Scores.Count; i++)
            {
                var place = Place.In(nameof(Scores), i);
                checks.Name(Scores[i].Name, place.At(nameof(IndicatorScore.Name)));
                checks.Score(Scores[i].ScoreHundredths, place.At(nameof(IndicatorScore.ScoreHundredths)));
            }
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.SelfEvaluations.TryGetValue(new(Project, Fund), out var found) && EventCodec.SameContent(found with { Date = Date }, Event());

    private SelfEvaluationReported Event() => new(Date, Project, Fund, Funds, ScoreHundredths, Grade, Scores);
}

/// <summary>A self-evaluation was reported (绩效自评). The score is reported; what the rules compute is another matter.</summary>
/// <param name="Project">The project; null for the department's spending as a whole (整体支出).</param>
/// <param name="Fund">The budget that the project is paid from; null for the spending as a whole.</param>
/// <param name="Funds">The money that the evaluated project has; null for the spending as a whole.</param>
/// <param name="ScoreHundredths">自评得分 in hundredths of a point, 0 to 10000.</param>
/// <param name="Grade">评价等级: 优秀, 良好, 合格, 不合格 or as the region words it.</param>
/// <param name="Scores">What each indicator got.</param>
public sealed record SelfEvaluationReported(
    LocalDate Date,
    string? Project,
    Fund? Fund,
    Money? Funds,
    int ScoreHundredths,
    string Grade,
    IReadOnlyList<IndicatorScore> Scores) : LedgerEvent(Date);

/// <summary>The score of an indicator as the department gives it to itself.</summary>
/// <param name="Name">The indicator (三级指标).</param>
/// <param name="ScoreHundredths">得分 in hundredths of a point, 0 to 10000.</param>
public sealed record IndicatorScore(string Name, int ScoreHundredths);
