using System.Globalization;
using System.Text.Json.Serialization;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;

namespace FinalAccounts.Ledger.Performance;

/// <summary>An indicator of a target declaration (绩效指标): 一级, 二级, 三级指标 and what is to be reached.</summary>
/// <param name="Level1">一级指标.</param>
/// <param name="Level2">二级指标.</param>
/// <param name="Name">三级指标; forms may give the same name (指标1) to several indicators.</param>
/// <param name="Target">指标值: what is to be reached, in words or numbers.</param>
/// <param name="Unit">The unit of the target; null for words.</param>
/// <param name="WeightHundredths">分值 in hundredths of a point; 0 for an indicator that is reported but not scored.</param>
/// <param name="Scoring">How it is scored; null where the form pack's rule for its kind of target holds.</param>
public sealed record Indicator(
    string Level1, string Level2, string Name, string Target, string? Unit, int WeightHundredths, IndicatorScoring? Scoring = null);

/// <summary>How an indicator's score follows from what it reached (计分方式).</summary>
public enum IndicatorScoring
{
    /// <summary>All points when the target is reached, else in proportion.</summary>
    [JsonStringEnumMemberName("按比例")]
    Proportional,

    /// <summary>All points or none.</summary>
    [JsonStringEnumMemberName("达标")]
    Threshold,

    /// <summary>A share of the points for each word of the form pack's table.</summary>
    [JsonStringEnumMemberName("分档")]
    Graded,
}

/// <summary>
/// Names an indicator as far as it takes to tell it from the others of the same targets. A part that is null does not count;
/// what was stored before indicators could share a name has the name alone.
/// </summary>
/// <param name="Name">三级指标.</param>
/// <param name="Number">Which of those that agree in the other parts, from 1 in the order of the targets; null for the only one.</param>
public readonly record struct IndicatorReference(string Name, string? Level1, string? Level2, int? Number)
{
    /// <summary>The places, from 0, of the indicators that the reference fits: one when it is right.</summary>
    public IReadOnlyList<int> FindIn(IReadOnlyList<Indicator> indicators)
    {
        List<int> found = [];
        for (var i = 0; i < indicators.Count; i++)
        {
            var indicator = indicators[i];
            if (indicator.Name == Name && (Level1 ?? indicator.Level1) == indicator.Level1 && (Level2 ?? indicator.Level2) == indicator.Level2)
            {
                found.Add(i);
            }
        }

        return Number is not { } number ? found : number >= 1 && number <= found.Count ? [found[number - 1]] : [];
    }

    /// <summary>The shortest reference that names the indicator at a place of the targets, so that names that need no more stay as they are.</summary>
    public static IndicatorReference To(IReadOnlyList<Indicator> indicators, int place)
    {
        var own = indicators[place];
        IndicatorReference name = new(own.Name, null, null, null);
        var levels = name with { Level1 = own.Level1, Level2 = own.Level2 };
        return name.FindIn(indicators).Count == 1 ? name
            : levels.FindIn(indicators) is not { Count: > 1 } alike ? levels
            : levels with { Number = alike.ToList().IndexOf(place) + 1 };
    }

    /// <summary>As it is named in messages and in addresses of figures: 产出指标/数量指标/指标1（第2个）.</summary>
    public override string ToString() =>
        string.Join('/', new[] { Level1, Level2, Name }.OfType<string>()) + (Number is { } n ? $"（第{n.ToString(CultureInfo.InvariantCulture)}个）" : "");
}

/// <summary>The rules that results and scores share.</summary>
internal static class IndicatorRules
{
    /// <summary>Each reference names one indicator of the standing targets, and none of them twice.</summary>
    /// <returns>The indicator of each reference; null where it is refused.</returns>
    public static IReadOnlyList<Indicator?> Indicators(
        this Checklist checks, IReadOnlyList<IndicatorReference> references, string list, string? project, YearState year)
    {
        var targets = year.Targets.TryGetValue(new(project, null), out var set) ? set.Indicators : [];
        HashSet<int> named = [];
        return [.. references.Select((reference, i) =>
        {
            var place = Place.In(list, i).At(nameof(Indicator.Name));
            checks.OptionalName(reference.Level1, Place.In(list, i).At(nameof(Indicator.Level1)));
            checks.OptionalName(reference.Level2, Place.In(list, i).At(nameof(Indicator.Level2)));
            checks.Name(reference.Name, place);
            if (string.IsNullOrWhiteSpace(reference.Name))
            {
                return null;
            }

            var found = reference.FindIn(targets);
            if (found.Count == 0)
            {
                checks.Refuse(LedgerRules.IndicatorWithoutTarget, place, reference.ToString());
            }
            else if (found.Count > 1)
            {
                checks.Refuse(LedgerRules.IndicatorAmbiguous, place, reference.ToString(), found.Count.ToString(CultureInfo.InvariantCulture));
            }
            else if (!named.Add(found[0]))
            {
                checks.Refuse(LedgerRules.IndicatorTwice, place, reference.ToString());
            }

            return found.Count == 1 ? targets[found[0]] : null;
        })];
    }
}
