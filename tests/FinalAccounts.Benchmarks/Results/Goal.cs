using System.Globalization;

namespace FinalAccounts.Benchmarks.Results;

/// <summary>What is to be reached in a comparison.</summary>
/// <param name="Wanted">A ratio to the best of <paramref name="Against"/>, or a value of ours in the row's unit.</param>
/// <param name="Against">The names of those that ours is held against; empty when the value itself is the goal.</param>
internal sealed record Goal(string Text, double Wanted, Metric Metric, IReadOnlyList<string> Against)
{
    /// <summary>So many times as good as the best of some others.</summary>
    public static Goal Times(double wanted, string who, params string[] against) =>
        new(string.Create(CultureInfo.InvariantCulture, $"≥ {wanted:0.##} × {who}"), wanted, Metric.Value, against);

    /// <summary>A value that is to be reached whatever others do.</summary>
    public static Goal Reach(double wanted, Unit unit, Metric metric = Metric.Value) => new(
        string.Create(CultureInfo.InvariantCulture, $"{(unit.IsMoreBetter() ? "≥" : "≤")} {wanted:#,0.##} {unit.Name()}"), wanted, metric, []);

    /// <summary>Holds what was measured against the goal.</summary>
    /// <param name="turns">By name what each round gave; ours under <see cref="Contestant.Ours"/>.</param>
    public GoalResult Check(Unit unit, IReadOnlyDictionary<string, IReadOnlyList<double>> turns)
    {
        var ours = turns.GetValueOrDefault(Contestant.Ours) ?? [];
        var others = Against.Select(name => turns.GetValueOrDefault(name) ?? []).ToList();
        if (ours.Count == 0 || others.Any(o => o.Count == 0))
        {
            return new(Text, Wanted, null, null);
        }

        if (Against.Count == 0)
        {
            var got = Statistics.Median(ours);
            return new(Text, Wanted, got, unit.IsMoreBetter() ? got >= Wanted : got <= Wanted);
        }

        var ratio = Statistics.Median([.. ours.Select((value, round) => others.Min(o => unit.TimesBetter(value, o[round])))]);
        return new(Text, Wanted, ratio, ratio >= Wanted);
    }
}

/// <summary>Which of the figures of a turn.</summary>
internal enum Metric
{
    Value,

    /// <summary>The middle one of the latencies.</summary>
    P50,

    /// <summary>The latency that one in twenty exceeds.</summary>
    P95,

    /// <summary>The latency that one in a hundred exceeds.</summary>
    P99,
}

/// <summary>One of those that take turns.</summary>
/// <param name="Measure">One turn; null when it can't be measured.</param>
/// <param name="Note">Why it can't be measured.</param>
internal sealed record Contestant(string Name, Func<Task<Measured>>? Measure, string? Note = null)
{
    public const string Ours = "FinalAccounts";
}

/// <summary>What a turn gave.</summary>
/// <param name="Latencies">Milliseconds, in ascending order; null where there is no crowd of single times behind the value.</param>
internal sealed record Measured(double Value, IReadOnlyList<double>? Latencies = null)
{
    public static implicit operator Measured(double value) => new(value);

    public double Get(Metric metric) => metric switch
    {
        Metric.P50 => Statistics.Percentile(Latencies!, 50),
        Metric.P95 => Statistics.Percentile(Latencies!, 95),
        Metric.P99 => Statistics.Percentile(Latencies!, 99),
        _ => Value,
    };
}

/// <summary>Medians and percentiles.</summary>
internal static class Statistics
{
    public static double Median(IReadOnlyList<double> values) => Percentile([.. values.Order()], 50);

    /// <param name="ordered">Not empty.</param>
    public static double Percentile(IReadOnlyList<double> ordered, int percent) =>
        ordered[Math.Min(ordered.Count - 1, ordered.Count * percent / 100)];
}
