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
    string? Grade,
    IReadOnlyList<IndicatorScore> Scores,
    int? ExecutionScoreHundredths = null) : YearCommand(Date)
{
    /// <summary>What the forms call the row in which spent money is held against the budget.</summary>
    private const string ExecutionRate = "预算执行率";

    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        checks.OptionalName(Project, Place.Of(nameof(Project)));
        if (Funds is { } funds)
        {
            checks.AmountNotBelowZero(funds, Place.Of(nameof(Funds)));
        }

        checks.Score(ScoreHundredths, Place.Of(nameof(ScoreHundredths)));
        checks.OptionalName(Grade, Place.Of(nameof(Grade)));
        CheckExecutionScore(checks, year);
        if (checks.LineCount(Scores.Count, nameof(Scores), required: false))
        {
            var indicators = checks.Indicators([.. Scores.Select(s => s.Reference())], nameof(Scores), Project, year);
            for (var i = 0; i < Scores.Count; i++)
            {
                var score = Scores[i].ScoreHundredths;
                var place = Place.In(nameof(Scores), i).At(nameof(IndicatorScore.ScoreHundredths));
                checks.Score(score, place);
                if (indicators[i] is { } indicator)
                {
                    CheckScore(checks, place, Scores[i].Reference().ToString(), score, indicator.WeightHundredths);
                }
            }
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.SelfEvaluations.TryGetValue(new(Project, Fund), out var found) && EventCodec.SameContent(found with { Date = Date }, Event());

    private void CheckExecutionScore(Checklist checks, YearState year)
    {
        if (ExecutionScoreHundredths is { } score)
        {
            var place = Place.Of(nameof(ExecutionScoreHundredths));
            var weight = year.Targets.TryGetValue(new(Project, null), out var targets) ? targets.ExecutionWeightHundredths : null;
            checks.Score(score, place);
            CheckScore(checks, place, ExecutionRate, score, weight ?? 0);
        }
    }

    private static void CheckScore(Checklist checks, Place place, string indicator, int score, int weight)
    {
        // One that is out of range altogether is told once.
        if (score > weight && score <= Limits.ScoreHundredths)
        {
            checks.Refuse(LedgerRules.ScoreAboveWeight, place, indicator, new Money(score).ToYuan(), new Money(weight).ToYuan());
        }
    }

    private SelfEvaluationReported Event() => new(Date, Project, Fund, Funds, ScoreHundredths, Grade, Scores, ExecutionScoreHundredths);
}

/// <summary>A self-evaluation was reported (绩效自评). The score is reported; what the rules compute is another matter.</summary>
/// <param name="Project">The project; null for the department's spending as a whole (整体支出).</param>
/// <param name="Fund">The budget that the project is paid from; null for the spending as a whole.</param>
/// <param name="Funds">The money that the evaluated project has; null for the spending as a whole.</param>
/// <param name="ScoreHundredths">自评得分 in hundredths of a point, 0 to 10000.</param>
/// <param name="Grade">评价等级: 优秀, 良好, 合格, 不合格 or as the region words it; left out where the form asks for none.</param>
/// <param name="Scores">What each indicator got.</param>
/// <param name="ExecutionScoreHundredths">得分 of the budget's execution rate in hundredths of a point; left out where it has no score.</param>
public sealed record SelfEvaluationReported(
    LocalDate Date,
    string? Project,
    Fund? Fund,
    Money? Funds,
    int ScoreHundredths,
    string? Grade,
    IReadOnlyList<IndicatorScore> Scores,
    int? ExecutionScoreHundredths = null) : LedgerEvent(Date);

/// <summary>The score of an indicator as the department gives it to itself.</summary>
/// <param name="Name">The indicator (三级指标).</param>
/// <param name="ScoreHundredths">得分 in hundredths of a point, 0 to 10000.</param>
/// <param name="Level1">一级指标; left out when the name alone says which indicator it is.</param>
/// <param name="Level2">二级指标; left out like the one above.</param>
/// <param name="Number">Which of the indicators that agree in name and levels, from 1; left out when there is one.</param>
public sealed record IndicatorScore(string Name, int ScoreHundredths, string? Level1 = null, string? Level2 = null, int? Number = null)
{
    /// <summary>Which indicator it is the score of.</summary>
    public IndicatorReference Reference() => new(Name, Level1, Level2, Number);
}
