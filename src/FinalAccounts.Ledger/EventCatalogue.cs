using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using NodaTime;

namespace FinalAccounts.Ledger;

/// <summary>The list of events for those who read the log.</summary>
public static class EventCatalogue
{
    /// <summary>What the event is called in a language.</summary>
    public static string Name(EventType type, CultureInfo culture) => Messages.Get($"event.{type.Alias}", culture);

    /// <summary>The text of docs/events.md.</summary>
    /// <param name="documentation">The XML documentation of this assembly, which the compiler writes beside it.</param>
    /// <exception cref="ArgumentException">The documentation says nothing of an event, a part of one, or a member.</exception>
    public static string ToMarkdown(XDocument documentation)
    {
        var summaries = documentation.Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m);
        var parts = new List<Type>();
        var text = new StringBuilder();
        text.Append("# The events\n\n");
        text.Append("Generated from the code (`EventCatalogue.ToMarkdown`); do not edit.\n\n");
        text.Append("A body is JSON in UTF-8 with the members in the order given here. A member that is marked *optional* is left out when\n");
        text.Append("there is nothing to say; null never occurs. Amounts are whole numbers of fen (1/100 yuan). A stored event keeps its\n");
        text.Append("alias, version and meaning for ever; a new shape is a new version.\n\n");
        text.Append("| alias | version | name | stream |\n|---|---|---|---|\n");
        foreach (var type in EventCodec.Types)
        {
            text.Append(CultureInfo.InvariantCulture, $"| [`{type.Alias}`](#{type.Alias}) | {type.SchemaVersion} | {Name(type, CultureInfo.InvariantCulture)} | `{Stream(type)}` |\n");
        }

        foreach (var type in EventCodec.Types)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {type.Alias}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"{Name(type, CultureInfo.InvariantCulture)}, version {type.SchemaVersion}, stream `{Stream(type)}`.\n");
            AppendRecord(type.ClrType);
        }

        text.Append("\n# Parts of events\n");

        // Parts of parts are added while the list is gone through.
        for (var i = 0; i < parts.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {parts[i].Name}\n\n");
            AppendRecord(parts[i]);
        }

        return text.ToString();

        void AppendRecord(Type type)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Words(Documentation(type).Element("summary")!)}\n\n");
            text.Append("| member | type | meaning |\n|---|---|---|\n");
            foreach (var parameter in Members(type))
            {
                var meaning = ParameterDocumentation(type, parameter);
                text.Append(CultureInfo.InvariantCulture, $"| `{JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!)}` | {TypeWords(parameter)} | {meaning} |\n");
            }
        }

        XElement Documentation(Type type) =>
            summaries.GetValueOrDefault($"T:{type.FullName}") ?? throw new ArgumentException($"{type.Name} is not documented.");

        string ParameterDocumentation(Type type, ParameterInfo parameter)
        {
            var own = Documentation(type).Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == parameter.Name);
            var inherited = type.BaseType == typeof(LedgerEvent)
                ? Documentation(typeof(LedgerEvent)).Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == parameter.Name)
                : null;
            return Words(own ?? inherited ?? throw new ArgumentException($"{type.Name}.{parameter.Name} is not documented."));
        }

        string TypeWords(ParameterInfo parameter)
        {
            var optional = new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable;
            var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            return (type.IsGenericType ? $"list of {SingleWords(type.GetGenericArguments()[0])}" : SingleWords(type)) + (optional ? ", *optional*" : "");
        }

        string SingleWords(Type type)
        {
            if (type.IsEnum)
            {
                return string.Join(" / ", TermsOf(type));
            }

            var words = type.Name switch
            {
                nameof(Money) => "fen",
                nameof(LocalDate) => "date (`2024-12-31`)",
                nameof(FunctionCode) => "functional code",
                nameof(EconomicCode) => "economic code",
                nameof(DepartmentCode) => "department code",
                nameof(FiscalYear) => "year",
                nameof(String) => "text",
                nameof(Int32) or nameof(Int64) => "whole number",
                _ => null,
            };
            if (words is not null)
            {
                return words;
            }

            if (!parts.Contains(type))
            {
                parts.Add(type);
            }

            return $"[{type.Name}](#{type.Name.ToLowerInvariant()})";
        }
    }

    /// <summary>The parameters of the record's constructor: what is stored.</summary>
    private static ParameterInfo[] Members(Type type) => type.GetConstructors().MaxBy(c => c.GetParameters().Length)!.GetParameters();

    private static string Stream(EventType type) =>
        type.ClrType.Namespace == typeof(Departments.DepartmentRegistered).Namespace ? "department/<code>" : "year/<code>/<year>";

    private static IEnumerable<string> TermsOf(Type type) =>
        Enum.GetNames(type).Select(name => type.GetField(name)!.GetCustomAttribute<System.Text.Json.Serialization.JsonStringEnumMemberNameAttribute>()!.Name);

    /// <summary>A documentation element as one line of Markdown.</summary>
    private static string Words(XElement element)
    {
        var words = string.Concat(element.Nodes().Select(node => node switch
        {
            XText t => t.Value,
            XElement e when e.Attribute("cref") is { } reference => $"`{reference.Value[(reference.Value.LastIndexOf('.') + 1)..]}`",
            XElement e when e.Name == "c" => $"`{e.Value}`",
            XElement e => e.Value,
            _ => "",
        }));
        return string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal);
    }
}
