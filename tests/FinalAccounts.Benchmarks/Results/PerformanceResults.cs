using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FinalAccounts.Benchmarks.Results;

/// <summary>All that was measured, as it is kept in docs/performance.json.</summary>
/// <param name="Parts">In the order of the program's parts; each as it was measured last.</param>
public sealed record PerformanceResults(IReadOnlyList<PartResult> Parts)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new ShortNumberConverter() },
    };

    public static PerformanceResults Empty { get; } = new([]);

    /// <exception cref="JsonException">The text is not what <see cref="ToJson"/> writes.</exception>
    public static PerformanceResults FromJson(string json) => JsonSerializer.Deserialize<PerformanceResults>(json, Options)!;

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <summary>The same with some parts measured again.</summary>
    /// <param name="order">The names of all parts, in order.</param>
    public PerformanceResults With(IReadOnlyList<PartResult> measured, IReadOnlyList<string> order) => new(
        [.. order.Select(name => measured.LastOrDefault(p => p.Name == name) ?? Parts.LastOrDefault(p => p.Name == name)).OfType<PartResult>()]);

    /// <summary>A row by its title; null when it was not measured.</summary>
    public RowResult? Find(string title) => Parts.SelectMany(p => p.Rows).FirstOrDefault(r => r.Title == title);

    /// <summary>Whole numbers, or four digits, say all that a measurement says.</summary>
    private sealed class ShortNumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            const int digits = 4;
            var places = value == 0 || !double.IsFinite(value) ? 0 : digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
            writer.WriteNumberValue(places <= 0 ? Math.Round((decimal)value) : Math.Round((decimal)value, Math.Min(places, 15)));
        }
    }
}

/// <summary>A part of the program, and where and when it was measured.</summary>
public sealed record PartResult(string Name, MeasuredOn On, IReadOnlyList<RowResult> Rows);

/// <summary>Where and when something was measured.</summary>
/// <param name="At">UTC, to the second, as ISO 8601.</param>
/// <param name="MemoryMegabytes">Of the machine.</param>
/// <param name="Server">PostgreSQL's version.</param>
/// <param name="Settings">Those of PostgreSQL that matter to the figures.</param>
/// <param name="Commit">Of the program; ends in <c>+</c> when files were changed since. Empty outside a repository.</param>
/// <param name="TurnSeconds">How long a turn lasted where it goes by time.</param>
public sealed record MeasuredOn(
    string At, string Processor, int Cores, long MemoryMegabytes, string Kernel, string Runtime, string Server,
    IReadOnlyDictionary<string, string> Settings, string Version, string Commit, double TurnSeconds, int Rounds);

/// <summary>One thing that was measured: ours, and beside it what it is compared with.</summary>
/// <param name="Title">The same from run to run.</param>
/// <param name="Entries">Ours first.</param>
public sealed record RowResult(string Title, Unit Unit, IReadOnlyList<Entry> Entries, IReadOnlyList<GoalResult> Goals)
{
    /// <summary>The median of ours; null when it was not measured.</summary>
    [JsonIgnore]
    public double? Ours => Entries[0].Median;
}

/// <summary>One of those that took turns.</summary>
/// <param name="Turns">What each turn gave; empty when it was not measured.</param>
/// <param name="Median">Null when it was not measured.</param>
/// <param name="Ratio">The median of how many times better ours was in the same round; null for ours.</param>
/// <param name="Note">Why it was not measured, or what is special about it.</param>
public sealed record Entry(string Name, IReadOnlyList<double> Turns, double? Median, double? Ratio, string? Note);

/// <summary>A goal and what came of it.</summary>
/// <param name="Got">Null when it could not be measured.</param>
public sealed record GoalResult(string Text, double Wanted, double? Got, bool? IsReached);

/// <summary>What a figure counts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Unit>))]
public enum Unit
{
    EventsPerSecond,
    AnswersPerSecond,
    Milliseconds,
    Seconds,
    Bytes,
    Megabytes,

    /// <summary>A cost divided by another; less is better.</summary>
    CostRatio,
}

/// <summary>How figures of a unit are compared and written.</summary>
internal static class Units
{
    public static bool IsMoreBetter(this Unit unit) => unit is Unit.EventsPerSecond or Unit.AnswersPerSecond;

    /// <summary>How many times better one is than the other.</summary>
    public static double TimesBetter(this Unit unit, double one, double other) => unit.IsMoreBetter() ? one / other : other / one;

    public static string Name(this Unit unit) => unit switch
    {
        Unit.EventsPerSecond => "events/s",
        Unit.AnswersPerSecond => "answers/s",
        Unit.Milliseconds => "ms",
        Unit.Seconds => "s",
        Unit.Bytes => "bytes",
        Unit.Megabytes => "MB",
        Unit.CostRatio => "×",
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };
}
