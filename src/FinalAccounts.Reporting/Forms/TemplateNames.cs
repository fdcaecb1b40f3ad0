using System.Text.RegularExpressions;

namespace FinalAccounts.Reporting.Forms;

/// <summary>
/// The names that the templates of a pack use as literals, with their places. A quantity that is given to a partial counts
/// when the partial uses that parameter as a quantity.
/// </summary>
internal sealed partial class TemplateNames
{
    /// <summary>Which of a helper's arguments are quantities: all from the first number to the last.</summary>
    private static readonly Dictionary<string, (int From, int To)> Helpers = new()
    {
        ["amount"] = (0, 0),
        ["count"] = (0, 0),
        ["score"] = (0, 0),
        ["share"] = (0, 1),
        ["rate"] = (0, 1),
        ["difference"] = (0, 1),
        ["known"] = (0, int.MaxValue),
        ["zero"] = (0, int.MaxValue),
        ["nonzero"] = (0, int.MaxValue),
        ["more"] = (0, 1),
        ["less"] = (0, 1),
        ["same"] = (0, 1),
        ["prior"] = (0, 0),
        ["economics"] = (0, int.MaxValue),
        ["functions"] = (1, int.MaxValue),
        ["projects"] = (0, int.MaxValue),
        ["present"] = (0, int.MaxValue),
    };

    /// <summary>By partial: the parameters that it uses as quantities.</summary>
    private readonly Dictionary<string, HashSet<string>> parameters = [];

    private TemplateNames()
    {
    }

    public List<(string Name, PackPlace Place)> Quantities { get; } = [];

    public List<(string Name, PackPlace Place)> Formats { get; } = [];

    public List<(string Name, PackPlace Place)> Funds { get; } = [];

    public List<(string Name, PackPlace Place)> Kinds { get; } = [];

    public List<(string Name, PackPlace Place)> Sources { get; } = [];

    public static TemplateNames Of(IReadOnlyDictionary<string, PackText> partials, IEnumerable<PackText> templates)
    {
        TemplateNames names = new();
        foreach (var name in partials.Keys)
        {
            names.parameters[name] = [];
        }

        // A partial may hand its parameters on to another one: repeat until nothing new is learnt.
        for (var known = -1; known != names.parameters.Values.Sum(p => p.Count);)
        {
            known = names.parameters.Values.Sum(p => p.Count);
            foreach (var (name, partial) in partials)
            {
                names.Visit(partial, names.parameters[name], collect: false);
            }
        }

        foreach (var template in templates)
        {
            names.Visit(template, [], collect: true);
        }

        return names;
    }

    /// <summary>Every text that stands in quotes in a template.</summary>
    public static IReadOnlySet<string> Literals(IEnumerable<PackText> templates) => templates
        .SelectMany(t => Mustache().Matches(t.Text))
        .SelectMany(m => Token().Matches(m.Groups[1].Value))
        .Select(t => t.Groups["key"].Success ? t.Groups["value"].Value : t.Value)
        .Where(t => t.StartsWith('"'))
        .Select(t => t.Trim('"'))
        .ToHashSet(StringComparer.Ordinal);

    private void Visit(PackText template, HashSet<string> own, bool collect)
    {
        foreach (Match mustache in Mustache().Matches(template.Text))
        {
            var tokens = Token().Matches(mustache.Groups[1].Value);
            for (var i = 0; i < tokens.Count;)
            {
                Expression(tokens, ref i, template, mustache.Groups[1].Index, own, collect);
            }
        }
    }

    /// <summary>Reads one call: a name, its arguments, calls in brackets among them.</summary>
    private void Expression(MatchCollection tokens, ref int i, PackText template, int offset, HashSet<string> own, bool collect)
    {
        var name = tokens[i++].Value.TrimStart('#', '^', '/');
        if (name == ">" && i < tokens.Count)
        {
            name = "> " + tokens[i++].Value;
        }

        var position = 0;
        for (; i < tokens.Count && tokens[i].Value != ")"; i++)
        {
            var token = tokens[i];
            if (token.Value == "(")
            {
                i++;
                Expression(tokens, ref i, template, offset, own, collect);
                position++;
            }
            else if (token.Groups["key"] is { Success: true } key)
            {
                var value = token.Groups["value"].Value;
                if (value == "(")
                {
                    i++;
                    Expression(tokens, ref i, template, offset, own, collect);
                }
                else
                {
                    Named(name, key.Value, value, template.At(offset + token.Index), own, collect);
                }
            }
            else
            {
                if (Helpers.TryGetValue(name, out var range) && position >= range.From && position <= range.To)
                {
                    Quantity(token.Value, template.At(offset + token.Index), own, collect);
                }

                position++;
            }
        }
    }

    private void Named(string call, string key, string value, PackPlace place, HashSet<string> own, bool collect)
    {
        if (call.StartsWith("> ", StringComparison.Ordinal))
        {
            if (parameters.TryGetValue(call[2..], out var asked) && asked.Contains(key))
            {
                Quantity(value, place, own, collect);
            }

            return;
        }

        var list = key switch { "format" => Formats, "fund" => Funds, "kind" => Kinds, "source" => Sources, _ => null };
        if (collect && list is not null && value.StartsWith('"'))
        {
            list.Add((value.Trim('"'), place));
        }
    }

    private void Quantity(string argument, PackPlace place, HashSet<string> own, bool collect)
    {
        if (!argument.StartsWith('"'))
        {
            own.Add(argument);
        }
        else if (collect)
        {
            Quantities.Add((argument.Trim('"'), place));
        }
    }

    [GeneratedRegex(@"\{\{(?!!)(.*?)\}\}", RegexOptions.Singleline)]
    private static partial Regex Mustache();

    [GeneratedRegex("""(?<key>\w+)=(?<value>"[^"]*"|\(|[^\s()]+)|"[^"]*"|[()]|[^\s()"]+""")]
    private static partial Regex Token();
}
