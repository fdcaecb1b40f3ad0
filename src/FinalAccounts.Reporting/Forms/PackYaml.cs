using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace FinalAccounts.Reporting.Forms;

/// <summary>Where something stands in the files of a form pack.</summary>
/// <param name="File">The pack and the file: <c>pack/tables.yaml</c>.</param>
/// <param name="Line">From 1; 0 when the file as a whole is meant.</param>
public readonly record struct PackPlace(string File, int Line)
{
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}";
}

/// <summary>A part of a pack's file that knows where it stands.</summary>
public abstract class Placed
{
    [YamlIgnore]
    public PackPlace Place { get; internal set; }
}

/// <summary>A text of a pack's file: a template, or words as they are printed.</summary>
/// <param name="FirstLine">The line of the file that the text's first line stands on.</param>
public sealed record PackText(string Text, string File, int FirstLine)
{
    /// <summary>The place of a character of the text.</summary>
    public PackPlace At(int index) => new(File, FirstLine + Text.AsSpan(0, index).Count('\n'));

    public override string ToString() => Text;
}

/// <summary>Where a zero is printed as 0.00 instead of left blank: everywhere, nowhere, or in some columns (of a row).</summary>
/// <param name="Columns">Paths of columns; null when <paramref name="Everywhere"/> says it all.</param>
public sealed record ZeroRule(bool Everywhere, IReadOnlyList<string>? Columns)
{
    public bool Prints(string column) => Columns?.Contains(column) ?? Everywhere;
}

/// <summary>Reads the YAML of a form pack, remembering where each part stands.</summary>
internal static class PackYaml
{
    /// <exception cref="FormPackException">The text is not what the type asks for; the problem names file and line.</exception>
    public static T Read<T>(string file, string text)
    {
        try
        {
            return new DeserializerBuilder()
                .WithNamingConvention(CamelCaseNamingConvention.Instance)
                .WithDuplicateKeyChecking()
                .WithTypeConverter(new PackTextConverter(file))
                .WithTypeConverter(new ZeroRuleConverter())
                .WithNodeDeserializer(inner => new PlacingDeserializer(inner, file), s => s.InsteadOf<YamlDotNet.Serialization.NodeDeserializers.ObjectNodeDeserializer>())
                .Build()
                .Deserialize<T>(text) ?? throw new FormPackException(new FormPackProblem(PackRule.FileEmpty, new(file, 0)));
        }
        catch (YamlException e)
        {
            var cause = e.InnerException is { } inner and not YamlException ? inner.Message : e.Message;
            throw new FormPackException(new FormPackProblem(PackRule.NotReadable, new(file, (int)e.Start.Line), cause));
        }
    }

    private sealed class PlacingDeserializer(INodeDeserializer inner, string file) : INodeDeserializer
    {
        public bool Deserialize(
            IParser reader, Type expectedType, Func<IParser, Type, object?> nestedObjectDeserializer, out object? value, ObjectDeserializer rootDeserializer)
        {
            var line = (int)(reader.Current?.Start.Line ?? 0);
            if (!inner.Deserialize(reader, expectedType, nestedObjectDeserializer, out value, rootDeserializer))
            {
                return false;
            }

            if (value is Placed placed)
            {
                placed.Place = new(file, line);
            }

            return true;
        }
    }

    private sealed class PackTextConverter(string file) : IYamlTypeConverter
    {
        public bool Accepts(Type type) => type == typeof(PackText);

        public object ReadYaml(IParser parser, Type type, ObjectDeserializer rootDeserializer)
        {
            var scalar = parser.Consume<Scalar>();
            var isBlock = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;
            return new PackText(scalar.Value, file, (int)scalar.Start.Line + (isBlock ? 1 : 0));
        }

        public void WriteYaml(IEmitter emitter, object? value, Type type, ObjectSerializer serializer) => throw new NotSupportedException();
    }

    private sealed class ZeroRuleConverter : IYamlTypeConverter
    {
        public bool Accepts(Type type) => type == typeof(ZeroRule);

        public object ReadYaml(IParser parser, Type type, ObjectDeserializer rootDeserializer)
        {
            if (parser.TryConsume<Scalar>(out var scalar))
            {
                return scalar.Value switch
                {
                    "print" => new ZeroRule(true, null),
                    "blank" => new ZeroRule(false, null),
                    var other => throw new YamlException(scalar.Start, scalar.End, $"'{other}' is neither 'print' nor 'blank' nor a list of columns."),
                };
            }

            parser.Consume<SequenceStart>();
            List<string> columns = [];
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                columns.Add(parser.Consume<Scalar>().Value);
            }

            return new ZeroRule(false, columns);
        }

        public void WriteYaml(IEmitter emitter, object? value, Type type, ObjectSerializer serializer) => throw new NotSupportedException();
    }
}

/// <summary>What a pack does not say, it takes from the pack that it extends.</summary>
internal static class Inheritance
{
    /// <summary>Fills the properties that <paramref name="child"/> leaves out with its parent's.</summary>
    public static T From<T>(this T child, T parent) where T : Placed
    {
        foreach (var property in typeof(T).GetProperties().Where(p => p.CanWrite && p.Name != nameof(Placed.Place)))
        {
            if (property.GetValue(child) is null)
            {
                property.SetValue(child, property.GetValue(parent));
            }
        }

        return child;
    }

    /// <summary>The child's list: each entry whose key the parent has too takes from there what it does not say.</summary>
    public static List<T> From<T>(this List<T> child, List<T> parent, Func<T, string> key) where T : Placed
    {
        var inherited = parent.ToDictionary(key);
        return child.ConvertAll(entry => inherited.TryGetValue(key(entry), out var older) ? entry.From(older) : entry);
    }

    /// <summary>Both dictionaries; where a key is in both, the child's value counts.</summary>
    public static Dictionary<string, T> From<T>(this Dictionary<string, T> child, Dictionary<string, T> parent)
    {
        Dictionary<string, T> merged = new(parent);
        foreach (var (key, value) in child)
        {
            merged[key] = value;
        }

        return merged;
    }
}
