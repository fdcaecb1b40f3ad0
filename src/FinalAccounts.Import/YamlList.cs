using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace FinalAccounts.Import;

/// <summary>
/// Reads the YAML files as lists, so that a file and a sheet of a workbook are checked by the same rules. Strict: a key that
/// the format does not know is an error with its line, since a misspelt key would otherwise be lost in silence.
/// </summary>
internal sealed class YamlList
{
    private const string WholeSpending = "整体支出";
    private const string Projects = "项目";
    private const string ProjectName = "项目名称";
    private const string IndicatorList = "指标";

    /// <summary>Stream, document, and three levels of lists and mappings, with some to spare.</summary>
    private const int DeepestNesting = 12;

    private readonly string file;
    private readonly ImportErrors errors;

    private YamlList(string file, ImportErrors errors)
    {
        this.file = file;
        this.errors = errors;
    }

    /// <summary>The lists that the file holds: one, or two for performance.yaml; none when an error was added.</summary>
    public static IReadOnlyList<Table> Read(string text, ListFormat format, string file, ImportErrors errors)
    {
        if (!IsWellFormed(text, file, errors))
        {
            return [];
        }

        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            // A key that occurs twice.
            errors.Add(ImportRule.YamlBroken, file, LineOf(e.Start), null, null, e.Message);
            return [];
        }

        if (stream.Documents is not [var document])
        {
            errors.Add(stream.Documents.Count == 0 ? ImportRule.FileEmpty : ImportRule.YamlShape, file);
            return [];
        }

        var reader = new YamlList(file, errors);
        return format switch
        {
            _ when format == BookFormats.Department => [new(format, file, reader.Department(document.RootNode))],
            _ when format == BookFormats.Explanations => [new(format, file, reader.Explanations(document.RootNode))],
            _ when format == BookFormats.Performance => reader.Performance(document.RootNode),
            _ => throw new ArgumentException($"The list {format.Name} is no YAML file.", nameof(format)),
        };
    }

    /// <summary>
    /// Goes through the text once without building anything. Nesting is limited because building is recursive, and aliases
    /// are refused because a few of them can unfold into millions of nodes.
    /// </summary>
    private static bool IsWellFormed(string text, string file, ImportErrors errors)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        try
        {
            while (parser.MoveNext())
            {
                depth += parser.Current!.NestingIncrease;
                if (depth > DeepestNesting || parser.Current is AnchorAlias)
                {
                    errors.Add(ImportRule.YamlShape, file, LineOf(parser.Current.Start));
                    return false;
                }
            }

            return true;
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            // The scanner gives up on some texts without saying where: then it is behind the last thing that it understood.
            var at = (e as YamlException)?.Start ?? parser.Current?.End ?? Mark.Empty;
            errors.Add(ImportRule.YamlBroken, file, LineOf(at), null, null, e.Message);
            return false;
        }
    }

    /// <summary>One row per value: a list gives a row for each of its elements.</summary>
    private List<TableRow> Department(YamlNode root)
    {
        var rows = new List<TableRow>();
        foreach (var (key, value) in Mapping(root, DepartmentBook.Keys))
        {
            rows.AddRange(Texts(value, key).Select(text => Row(BookFormats.Department, text.Line, key, text.Value)));
        }

        return rows;
    }

    private List<TableRow> Explanations(YamlNode root)
    {
        var format = BookFormats.Explanations;
        var known = format.Columns.Select(c => c.Name).ToList();
        return [.. Sequence(root, "").Select(item => MappedRow(format, item, Mapping(item, known)))];
    }

    private IReadOnlyList<Table> Performance(YamlNode root)
    {
        var rows = new List<TableRow>();
        var indicators = new List<TableRow>();
        foreach (var (key, value) in Mapping(root, [WholeSpending, Projects]))
        {
            foreach (var item in key == WholeSpending ? [value] : Sequence(value, key))
            {
                Evaluated(item, key == Projects, rows, indicators);
            }
        }

        return [new(BookFormats.Performance, file, rows), new(BookFormats.Indicators, file, indicators)];
    }

    /// <summary>The spending as a whole, or one project.</summary>
    private void Evaluated(YamlNode node, bool isProject, List<TableRow> rows, List<TableRow> indicators)
    {
        var known = (IEnumerable<string>)[.. PerformanceBook.Keys, IndicatorList, .. isProject ? [ProjectName] : Array.Empty<string>()];
        var entries = Mapping(node, [.. known]);
        var project = isProject ? entries.Where(e => e.Key == ProjectName).SelectMany(e => Texts(e.Value, e.Key)).FirstOrDefault().Value ?? "" : "";
        if (isProject && project.Length == 0)
        {
            errors.Add(ImportRule.ValueMissing, file, LineOf(node.Start), ProjectName);
            return;
        }

        var format = BookFormats.Indicators;
        var columns = format.Columns.Select(c => c.Name).Where(name => name != BookFormats.Project).ToList();
        foreach (var (key, value) in entries.Where(e => e.Key != ProjectName))
        {
            if (key == IndicatorList)
            {
                indicators.AddRange(Sequence(value, key).Select(item =>
                    MappedRow(format, item, [.. Mapping(item, columns), new(BookFormats.Project, new YamlScalarNode(project))])));
            }
            else
            {
                rows.AddRange(Texts(value, key).Select(text => Row(BookFormats.Performance, text.Line, project, key, text.Value)));
            }
        }
    }

    private TableRow MappedRow(ListFormat format, YamlNode node, IReadOnlyList<KeyValuePair<string, YamlNode>> entries) =>
        Row(format, LineOf(node.Start), [.. format.Columns.Select(column =>
            entries.Where(e => e.Key == column.Name).Select(e => Scalar(e.Value, e.Key)).FirstOrDefault() ?? "")]);

    private TableRow Row(ListFormat format, int line, params IReadOnlyList<string> cells) => new(format, file, line, cells);

    /// <summary>The entries of a mapping whose keys are known; others are errors.</summary>
    private List<KeyValuePair<string, YamlNode>> Mapping(YamlNode node, IReadOnlyList<string> known)
    {
        if (node is not YamlMappingNode mapping)
        {
            errors.Add(ImportRule.YamlShape, file, LineOf(node.Start), null, (node as YamlScalarNode)?.Value, string.Join("、", known));
            return [];
        }

        var entries = new List<KeyValuePair<string, YamlNode>>();
        foreach (var (keyNode, value) in mapping.Children)
        {
            var key = ((keyNode as YamlScalarNode)?.Value ?? "").Replace('（', '(').Replace('）', ')');
            if (known.Contains(key))
            {
                entries.Add(new(key, value));
            }
            else
            {
                errors.Add(ImportRule.YamlKeyUnknown, file, LineOf(keyNode.Start), key, null, string.Join("、", known));
            }
        }

        return entries;
    }

    private IEnumerable<YamlNode> Sequence(YamlNode node, string key)
    {
        if (node is YamlSequenceNode sequence)
        {
            return sequence.Children;
        }

        errors.Add(ImportRule.YamlShape, file, LineOf(node.Start), key, (node as YamlScalarNode)?.Value, "-");
        return [];
    }

    /// <summary>The text of a value, or the texts of a list of values.</summary>
    private IEnumerable<(int Line, string Value)> Texts(YamlNode node, string key)
    {
        foreach (var item in node is YamlSequenceNode sequence ? sequence.Children : (IEnumerable<YamlNode>)[node])
        {
            yield return (LineOf(item.Start), Scalar(item, key));
        }
    }

    private string Scalar(YamlNode node, string key)
    {
        if (node is not YamlScalarNode scalar)
        {
            errors.Add(ImportRule.YamlShape, file, LineOf(node.Start), key, null, "");
            return "";
        }

        var text = (scalar.Value ?? "").Trim();
        if (text.Length > ImportLimits.TextCharacters)
        {
            errors.Add(ImportRule.CellTooLong, file, LineOf(node.Start), key, $"{text[..20]}…",
                ImportLimits.TextCharacters.ToString(CultureInfo.InvariantCulture));
            return "";
        }

        return text;
    }

    private static int LineOf(Mark mark) => (int)Math.Max(1, mark.Line);
}
