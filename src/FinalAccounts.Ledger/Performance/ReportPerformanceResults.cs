using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Performance;

/// <summary>Report what the targets came to (绩效目标完成情况). The fields are those of <see cref="PerformanceResultsReported"/>.</summary>
public sealed record ReportPerformanceResults(
    LocalDate Date,
    string? Project,
    string Achievements,
    string Problems,
    string Improvements,
    string? Application,
    IReadOnlyList<IndicatorResult> Results,
    string? GoalCompletion = null) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        checks.OptionalName(Project, Place.Of(nameof(Project)));
        checks.Text(Achievements, Place.Of(nameof(Achievements)));
        checks.OptionalText(Problems, Place.Of(nameof(Problems)));
        checks.OptionalText(Improvements, Place.Of(nameof(Improvements)));
        checks.OptionalText(Application, Place.Of(nameof(Application)));
        checks.OptionalText(GoalCompletion, Place.Of(nameof(GoalCompletion)));
        if (checks.LineCount(Results.Count, nameof(Results), required: false))
        {
            checks.Indicators([.. Results.Select(r => r.Reference())], nameof(Results), Project, year);
            for (var i = 0; i < Results.Count; i++)
            {
                var place = Place.In(nameof(Results), i);
                checks.Phrase(Results[i].Actual, place.At(nameof(IndicatorResult.Actual)));
                if (Results[i].Deviation is { } deviation)
                {
                    checks.Phrase(deviation, place.At(nameof(IndicatorResult.Deviation)));
                }
            }
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.Results.TryGetValue(new(Project, null), out var found) && EventCodec.SameContent(found with { Date = Date }, Event());

    private PerformanceResultsReported Event() => new(Date, Project, Achievements, Problems, Improvements, Application, Results, GoalCompletion);
}

/// <summary>Results were reported (绩效目标完成情况).</summary>
/// <param name="Project">The project; null for the department's spending as a whole (整体支出).</param>
/// <param name="Achievements">In sentences. <c>{名称}</c> stands for the reported statistic of that name.</param>
/// <param name="Problems">发现的主要问题及原因; empty when none are reported.</param>
/// <param name="Improvements">下一步改进措施; empty when none are reported.</param>
/// <param name="Application">评价结果应用情况.</param>
/// <param name="Results">What each indicator reached.</param>
/// <param name="GoalCompletion">年度总体目标的实际完成情况 as the self-evaluation form has it; left out when it is what the achievements say.</param>
public sealed record PerformanceResultsReported(
    LocalDate Date,
    string? Project,
    string Achievements,
    string Problems,
    string Improvements,
    string? Application,
    IReadOnlyList<IndicatorResult> Results,
    string? GoalCompletion = null) : LedgerEvent(Date);

/// <summary>What an indicator reached, in words or numbers as reported.</summary>
/// <param name="Name">The indicator (三级指标).</param>
/// <param name="Actual">实际完成值.</param>
/// <param name="Level1">一级指标; left out when the name alone says which indicator it is.</param>
/// <param name="Level2">二级指标; left out like the one above.</param>
/// <param name="Number">Which of the indicators that agree in name and levels, from 1; left out when there is one.</param>
/// <param name="Deviation">偏差原因分析及改进措施.</param>
public sealed record IndicatorResult(
    string Name, string Actual, string? Level1 = null, string? Level2 = null, int? Number = null, string? Deviation = null)
{
    /// <summary>Which indicator it is a result of.</summary>
    public IndicatorReference Reference() => new(Name, Level1, Level2, Number);
}
