using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Performance;

/// <summary>Set performance targets (绩效目标). The fields are those of <see cref="PerformanceTargetsSet"/>.</summary>
public sealed record SetPerformanceTargets(
    LocalDate Date,
    string? Project,
    string Goal,
    IReadOnlyList<Indicator> Indicators,
    int? ExecutionWeightHundredths = null,
    string? ResponsibleDepartment = null,
    string? ImplementingUnit = null,
    IReadOnlyList<string>? CoveredProjects = null) : YearCommand(Date)
{
    /// <summary>What the weights of a declaration add up to, in hundredths of a point. Source: 财预〔2020〕10号 第十四条.</summary>
    private const int AllPoints = 10_000;

    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        checks.OptionalName(Project, Place.Of(nameof(Project)));
        checks.Text(Goal, Place.Of(nameof(Goal)));
        checks.OptionalName(ResponsibleDepartment, Place.Of(nameof(ResponsibleDepartment)));
        checks.OptionalName(ImplementingUnit, Place.Of(nameof(ImplementingUnit)));
        checks.Names(CoveredProjects ?? [], nameof(CoveredProjects));
        checks.Score(ExecutionWeightHundredths ?? 0, Place.Of(nameof(ExecutionWeightHundredths)));
        if (checks.LineCount(Indicators.Count, nameof(Indicators), required: false))
        {
            for (var i = 0; i < Indicators.Count; i++)
            {
                var indicator = Indicators[i];
                var place = Place.In(nameof(Indicators), i);
                checks.Name(indicator.Level1, place.At(nameof(indicator.Level1)));
                checks.Name(indicator.Level2, place.At(nameof(indicator.Level2)));
                checks.Name(indicator.Name, place.At(nameof(indicator.Name)));
                checks.Phrase(indicator.Target, place.At(nameof(indicator.Target)));
                checks.OptionalName(indicator.Unit, place.At(nameof(indicator.Unit)));
                checks.Score(indicator.WeightHundredths, place.At(nameof(indicator.WeightHundredths)));
            }
        }

        CheckWeights(checks);
        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.Targets.TryGetValue(new(Project, null), out var found) && EventCodec.SameContent(found with { Date = Date }, Event());

    private void CheckWeights(Checklist checks)
    {
        var sum = Indicators.Sum(i => (long)i.WeightHundredths) + (ExecutionWeightHundredths ?? 0);
        var areWeighed = Indicators.Count > 0 || ExecutionWeightHundredths is not null;
        if (checks.IsClean && areWeighed && sum != AllPoints)
        {
            // Points have two decimals as yuan have.
            checks.Refuse(LedgerRules.WeightsNotAHundred, Place.Of(nameof(Indicators)), new Money(sum).ToYuan());
        }
    }

    private PerformanceTargetsSet Event() =>
        new(Date, Project, Goal, Indicators, ExecutionWeightHundredths, ResponsibleDepartment, ImplementingUnit, CoveredProjects);
}

/// <summary>Performance targets were set (绩效目标).</summary>
/// <param name="Project">The project; null for the department's spending as a whole (整体支出).</param>
/// <param name="Goal">The goal in sentences.</param>
/// <param name="Indicators">What it is measured by.</param>
/// <param name="ExecutionWeightHundredths">分值 of the budget's execution rate (预算执行率) in hundredths of a point; left out where
/// the rate is an indicator itself, or is not scored.</param>
/// <param name="ResponsibleDepartment">主管部门.</param>
/// <param name="ImplementingUnit">实施单位; left out when it is the department itself.</param>
/// <param name="CoveredProjects">The projects of the budget whose money is evaluated; left out when it is the project of that name.</param>
public sealed record PerformanceTargetsSet(
    LocalDate Date,
    string? Project,
    string Goal,
    IReadOnlyList<Indicator> Indicators,
    int? ExecutionWeightHundredths = null,
    string? ResponsibleDepartment = null,
    string? ImplementingUnit = null,
    IReadOnlyList<string>? CoveredProjects = null) : LedgerEvent(Date);
