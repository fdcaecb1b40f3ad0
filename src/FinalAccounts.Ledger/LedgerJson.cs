using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FinalAccounts.Ledger.Performance;
using NodaTime;
using NodaTime.Text;

namespace FinalAccounts.Ledger;

/// <summary>How the ledger's events and commands are written as JSON: amounts as whole fen, dates as ISO, terms as the forms have them.</summary>
public static class LedgerJson
{
    private const int MaxDepth = 8;

    /// <summary>The converters of the ledger's value types and terms.</summary>
    public static IReadOnlyList<JsonConverter> Converters { get; } =
    [
        new MoneyConverter(), new FunctionCodeConverter(), new EconomicCodeConverter(), new FiscalYearConverter(),
        new DepartmentCodeConverter(), new LocalDateConverter(), new TermConverter<Fund>(), new TermConverter<SpendingKind>(),
        new TermConverter<IncomeSource>(), new TermConverter<OverspendingPolicy>(), new TermConverter<IndicatorScoring>(),
    ];

    internal static JsonSerializerOptions Options(IJsonTypeInfoResolver types)
    {
        JsonSerializerOptions options = new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            AllowDuplicateProperties = false,
            MaxDepth = MaxDepth,

            // Bodies are read by auditors in the database: Chinese stays Chinese. They are never embedded in HTML as they are.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = types.WithAddedModifier(RequireWhatIsNotNullable).WithAddedModifier(OrderByDeclaration),
        };
        foreach (var converter in Converters)
        {
            options.Converters.Add(converter);
        }

        return options;
    }

    /// <summary>Members that may be null are left out, so null is never written, nor is it an element of a list.</summary>
    internal static void RefuseNulls(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                throw new JsonException($"There is a null at byte {reader.TokenStartIndex}.");
            }
        }
    }

    private static void RequireWhatIsNotNullable(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.IsRequired = property.PropertyType.IsValueType
                ? Nullable.GetUnderlyingType(property.PropertyType) is null
                : !property.IsGetNullable;
        }
    }

    private static void OrderByDeclaration(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.Order = property.AssociatedParameter?.Position ?? throw new InvalidOperationException($"{type.Type.Name}.{property.Name} is no parameter.");
        }
    }

    private abstract class TextConverter<T>(Func<string, T> parse, Func<T, string> format) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.GetString() ?? throw new JsonException($"null is not a {typeof(T).Name}.");
            try
            {
                return parse(text);
            }
            catch (FormatException e)
            {
                throw new JsonException(e.Message, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(format(value));
    }

    private sealed class FunctionCodeConverter() : TextConverter<FunctionCode>(t => new(t), c => c.ToString());

    private sealed class EconomicCodeConverter() : TextConverter<EconomicCode>(t => new(t), c => c.ToString());

    private sealed class DepartmentCodeConverter() : TextConverter<DepartmentCode>(t => new(t), c => c.ToString());

    private sealed class LocalDateConverter() : TextConverter<LocalDate>(t => LocalDatePattern.Iso.Parse(t).GetValueOrThrow(), LocalDatePattern.Iso.Format);

    /// <summary>A value of an enumeration is stored as its term; numbers and other spellings are refused.</summary>
    private sealed class TermConverter<T>() : TextConverter<T>(
        text => Terms.TryParse<T>(text, out var value) ? value : throw new FormatException($"'{text}' is not a {typeof(T).Name}."),
        value => value.Term())
        where T : struct, Enum;

    /// <summary>Money is stored as a JSON integer of fen.</summary>
    private sealed class MoneyConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Fen);
    }

    private sealed class FiscalYearConverter : JsonConverter<FiscalYear>
    {
        public override FiscalYear Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var value = reader.GetInt32();
            return value is >= FiscalYear.First and <= FiscalYear.Last ? new(value) : throw new JsonException($"{value} is not a fiscal year.");
        }

        public override void Write(Utf8JsonWriter writer, FiscalYear value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }
}
