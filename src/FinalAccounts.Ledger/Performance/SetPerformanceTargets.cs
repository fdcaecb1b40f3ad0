using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Performance;

/// <summary>Set performance targets (绩效目标). The fields are those of <see cref="PerformanceTargetsSet"/>.</summary>
public sealed record SetPerformanceTargets(
    LocalDate Date, string? Project, string Goal, IReadOnlyList<Indicator> Indicators) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        checks.OptionalName(Project, Place.Of(nameof(Project)));
        checks.Text(Goal, Place.Of(nameof(Goal)));
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

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.Targets.TryGetValue(new(Project, null), out var found) && EventCodec.SameContent(found with { Date = Date }, Event());

    private PerformanceTargetsSet Event() => new(Date, Project, Goal, Indicators);
}

/// <summary>Performance targets were set (绩效目标).</summary>
/// <param name="Project">The project; null for the department's spending as a whole (整体支出).</param>
/// <param name="Goal">The goal in sentences.</param>
/// <param name="Indicators">What it is measured by.</param>
public sealed record PerformanceTargetsSet(
    LocalDate Date, string? Project, string Goal, IReadOnlyList<Indicator> Indicators) : LedgerEvent(Date);

/// <summary>An indicator of a target declaration (绩效指标): 一级, 二级, 三级指标 and what is to be reached.</summary>
/// <param name="Level1">一级指标.</param>
/// <param name="Level2">二级指标.</param>
/// <param name="Name">三级指标.</param>
/// <param name="Target">指标值: what is to be reached, in words or numbers.</param>
/// <param name="Unit">The unit of the target; null for words.</param>
/// <param name="WeightHundredths">分值 in hundredths of a point.</param>
public sealed record Indicator(string Level1, string Level2, string Name, string Target, string? Unit, int WeightHundredths);
