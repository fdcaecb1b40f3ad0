using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FinalAccounts.Ledger;
using NodaTime;
using NodaTime.Text;

namespace FinalAccounts.Server.Api;

/// <summary>The shapes of what the API sends and takes; the compiler writes their code, so that nothing is found out at run time.</summary>
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(Page<RegionItem>))]
[JsonSerializable(typeof(Page<DepartmentItem>))]
[JsonSerializable(typeof(RollupYearsItem))]
[JsonSerializable(typeof(RollupTableItem))]
[JsonSerializable(typeof(RollupDepartmentsItem))]
[JsonSerializable(typeof(RollupMoversItem))]
[JsonSerializable(typeof(RollupProgressItem))]
[JsonSerializable(typeof(Page<YearItem>))]
[JsonSerializable(typeof(YearDetail))]
[JsonSerializable(typeof(Page<FigureItem>))]
[JsonSerializable(typeof(TableItem))]
[JsonSerializable(typeof(IReadOnlyList<TableItem>))]
[JsonSerializable(typeof(Page<EventItem>))]
[JsonSerializable(typeof(EventDetail))]
[JsonSerializable(typeof(Recorded))]
[JsonSerializable(typeof(IReadOnlyList<ExplanationItem>))]
[JsonSerializable(typeof(YearStep))]
[JsonSerializable(typeof(ReopenStep))]
[JsonSerializable(typeof(ProvenanceItem))]
[JsonSerializable(typeof(Page<PublishedItem>))]
[JsonSerializable(typeof(IReadOnlyList<ScoreItem>))]
[JsonSerializable(typeof(ComparisonItem))]
[JsonSerializable(typeof(IReadOnlyList<TouchedDocumentItem>))]
[JsonSerializable(typeof(IReadOnlyList<MoverItem>))]
[JsonSerializable(typeof(TimelineItem))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(Page<JobItem>))]
[JsonSerializable(typeof(VerificationRequest))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The shapes with the API's own conventions: camel case, absent instead of null, Chinese as it is.</summary>
    public static ApiJson Own { get; } = new(Conventions(new()));

    /// <summary>Gives options the API's conventions and shapes.</summary>
    public static JsonSerializerOptions Conventions(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;

        // The ledger's own come with its commands; an enumeration of the API is its name in camel case.
        foreach (var converter in LedgerJson.Converters)
        {
            options.Converters.Add(converter);
        }

        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.NumberHandling = JsonNumberHandling.Strict;
        return options;
    }

    /// <summary>An instant in UTC, ISO.</summary>
    private sealed class InstantConverter : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            InstantPattern.ExtendedIso.Parse(reader.GetString() ?? "") is { Success: true } parsed ? parsed.Value : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
            writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
    }
}
