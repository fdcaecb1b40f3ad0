using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>
/// The scoring rules of a form pack. Pure and in whole numbers: a share of the points is a quotient, and a score is rounded once,
/// half-up, to the pack's decimals and never above the points.
/// </summary>
public sealed class ScoringRules(ScoringFile file)
{
    /// <summary>Hundredths of a point in the last digit of a score.</summary>
    private readonly int step = file.Decimals switch { 0 => 100, 1 => 10, _ => 1 };

    /// <summary>The quantities whose quotient scores the execution rate: spent, and budget; null where the pack does not score it.</summary>
    public (string Executed, string Budget)? Execution => file.Execution is { Executed: { } executed, Budget: { } budget } ? (executed, budget) : null;

    /// <summary>The score for a share of the points, in hundredths of a point.</summary>
    /// <param name="weight">The points in hundredths.</param>
    /// <param name="share">From 0 to 1; what is beyond counts as the end.</param>
    public long Score(long weight, Ratio share)
    {
        var exact = new Ratio(weight * Int128.Clamp(share.Numerator, 0, share.Denominator), share.Denominator * step);
        return Math.Min(weight, (long)exact.Round(0) * step);
    }

    /// <summary>The share of its points that an indicator earns.</summary>
    /// <param name="actual">What it came to; null when nobody has reported it, which is not zero.</param>
    public IndicatorShare Share(Indicator indicator, string? actual)
    {
        if (string.IsNullOrWhiteSpace(actual))
        {
            return IndicatorShare.Unknown("ScoreNotReported");
        }

        if (indicator.Scoring == IndicatorScoring.Graded)
        {
            return Graded(indicator, actual);
        }

        var target = IndicatorValue.Parse(indicator.Target, indicator.Unit);
        if (target is { } wanted && IndicatorValue.Parse(actual, indicator.Unit) is { Sign: null or TargetSign.Exactly } reached)
        {
            return Numeric(indicator, wanted, reached, indicator.Scoring ?? Default);
        }

        return Same(indicator.Target, actual) ? IndicatorShare.Of(new(1, 1), new(1, 1), "ScoreSameWords")
            : target is not null || indicator.Scoring is not null ? GradedOr(indicator, actual, "ScoreNotComparable")
            : Graded(indicator, actual);
    }

    /// <summary>The word for the grade that a total score earns; null below the lowest grade or where the pack has none.</summary>
    public string? Grade(long hundredths) => Earned(hundredths)?.Words![0];

    /// <summary>True when a reported grade is the one that the total score earns, by any of its words, or the pack has no grades.</summary>
    public bool IsGradeOf(string grade, long hundredths) => file.Grades is not { Count: > 0 } || Earned(hundredths)?.Words!.Contains(grade) is true;

    private IndicatorScoring Default => file.Numeric is { } term && Terms.TryParse<IndicatorScoring>(term, out var value) ? value : IndicatorScoring.Proportional;

    private GradeFile? Earned(long hundredths) => file.Grades?.Where(g => hundredths >= g.From * 100).MaxBy(g => g.From);

    /// <summary>A number against a number: all points when the target is reached, else in proportion or none.</summary>
    private IndicatorShare Numeric(Indicator indicator, IndicatorValue target, IndicatorValue actual, IndicatorScoring scoring)
    {
        if (target.Unit != actual.Unit)
        {
            return IndicatorShare.Unknown("ScoreOtherUnit", target.Unit, actual.Unit);
        }

        var sign = target.Sign ?? (file.Comparisons?.GetValueOrDefault(indicator.Level1) == "≤" ? TargetSign.AtMost : TargetSign.AtLeast);
        var (wanted, reached) = (target.Millionths, actual.Millionths);
        var isReached = sign switch
        {
            TargetSign.AtLeast => reached >= wanted,
            TargetSign.AtMost => reached <= wanted,
            TargetSign.Above => reached > wanted,
            TargetSign.Below => reached < wanted,
            _ => reached == wanted,
        };
        if (isReached || scoring == IndicatorScoring.Threshold)
        {
            Ratio allOrNothing = new(isReached ? 1 : 0, 1);
            return IndicatorShare.Of(allOrNothing, allOrNothing, scoring == IndicatorScoring.Threshold ? "ScoreThreshold" : "ScoreReached");
        }

        // Whichever way the target is meant, what misses it is as near to it as the smaller number is to the larger.
        var (less, more) = (Math.Min(wanted, reached), Math.Max(wanted, reached));
        Ratio proportion = more == 0 ? new(0, 1) : new(less, more);
        return IndicatorShare.Of(proportion, proportion, "ScoreProportional");
    }

    private IndicatorShare Graded(Indicator indicator, string actual) => GradedOr(indicator, actual, "ScoreWordsUnknown");

    private IndicatorShare GradedOr(Indicator indicator, string actual, string otherwise)
    {
        var said = Squeezed(actual);
        if (file.Graded?.Find(g => g.Words!.Contains(said)) is not { } band)
        {
            return Same(indicator.Target, actual) ? IndicatorShare.Of(new(1, 1), new(1, 1), "ScoreSameWords") : IndicatorShare.Unknown(otherwise);
        }

        return IndicatorShare.Of(new(band.Share!.Value, 100), new(band.Least ?? band.Share.Value, 100), "ScoreGraded", said, band.Least ?? band.Share.Value, band.Share.Value);
    }

    private static bool Same(string target, string actual) => Squeezed(target) == Squeezed(actual);

    /// <summary>The words without white space and the stops at their end.</summary>
    private static string Squeezed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c))).TrimEnd('。', '；', '.');
}

/// <summary>The share of its points that an indicator earns by a rule.</summary>
/// <param name="Share">What the program gives; null when the rule can't tell.</param>
/// <param name="Least">The least that the rule allows; null like the one above.</param>
/// <param name="Rule">The rule in words, or why it can't tell.</param>
public sealed record IndicatorShare(Ratio? Share, Ratio? Least, string Rule)
{
    internal static IndicatorShare Of(Ratio share, Ratio least, string rule, params object[] arguments) => new(share, least, Messages.Text(rule, arguments));

    internal static IndicatorShare Unknown(string why, params object[] arguments) => new(null, null, Messages.Text(why, arguments));
}
