using System.Collections.Concurrent;
using System.Reflection;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Statistics;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace FinalAccounts.Reporting.Forms;

/// <summary>
/// A form pack (报表格式): which figures a region's disclosure has in a year, where they stand and how sentences read. Data
/// only, embedded from <c>Forms/&lt;name&gt;/*.yaml</c>; docs/forms.md describes the files.
/// </summary>
public sealed class FormPack
{
    private static readonly Assembly Assembly = typeof(FormPack).Assembly;
    private static readonly ConcurrentDictionary<string, FormPack> Loaded = new();

    private FormPack(string name, Func<string, string> read)
    {
        Name = name;
        var pack = Parse<PackFile>("pack.yaml");
        Title = pack.Title;
        Percent = pack.Percent;
        Parts = pack.Parts;
        Standards = [.. pack.Standards.Select(s => new Statistic(s.Name, s.Value, s.Unit))];
        Statistics = pack.Statistics.ToDictionary();
        Quantities = Parse<Dictionary<string, QuantityFile>>("quantities.yaml").ToDictionary(q => q.Key, q => q.Value.Build(name, q.Key));
        Sentences = new(Parse<Dictionary<string, string>>("partials.yaml"));
        Tables = Parse<List<TableFile>>("tables.yaml");
        Texts = pack.Parts.Where(p => p.Blocks is not null).ToDictionary(p => p.Key!, p => Parse<List<BlockFile>>(p.Blocks!));
        Glossary = [.. Parse<List<GlossaryFile>>("glossary.yaml").Select(g => new GlossaryEntry(g.Term, g.Definition))];
        QuantityNames.Check(this);

        T Parse<T>(string file)
        {
            try
            {
                return new DeserializerBuilder()
                    .WithNamingConvention(CamelCaseNamingConvention.Instance)
                    .WithDuplicateKeyChecking()
                    .WithEnforceRequiredMembers()
                    .Build()
                    .Deserialize<T>(read(file)) ?? throw new FormPackException(name, file, "The file is empty.", null);
            }
            catch (YamlException e)
            {
                throw new FormPackException(name, $"{file}:{e.Start.Line}:{e.Start.Column}", e.InnerException?.Message ?? e.Message, e);
            }
        }
    }

    public string Name { get; }

    /// <summary>Template of the document's title.</summary>
    public string Title { get; }

    public PercentFile Percent { get; }

    public IReadOnlyList<PartFile> Parts { get; }

    /// <summary>Amounts that the form itself fixes; recorded when a year is opened.</summary>
    public IReadOnlyList<Statistic> Standards { get; }

    /// <summary>The statistics that the form asks for, with their units.</summary>
    public IReadOnlyDictionary<string, string> Statistics { get; }

    public IReadOnlyDictionary<string, Quantity> Quantities { get; }

    internal SentenceTemplates Sentences { get; }

    public IReadOnlyList<TableFile> Tables { get; }

    /// <summary>Text blocks by the key of their part.</summary>
    public IReadOnlyDictionary<string, List<BlockFile>> Texts { get; }

    public IReadOnlyList<GlossaryEntry> Glossary { get; }

    /// <summary>The names of all form packs, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("Forms/", StringComparison.Ordinal) && n.EndsWith("/pack.yaml", StringComparison.Ordinal))
            .Select(n => n.Split('/')[1])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Loads a pack; null when there is none of that name.</summary>
    /// <exception cref="FormPackException">The pack's files are not what a form pack is.</exception>
    public static FormPack? Load(string name) => Names.Contains(name, StringComparer.Ordinal)
        ? Loaded.GetOrAdd(name, n => new(n, file => ReadResource(n, file)))
        : null;

    private static string ReadResource(string name, string file)
    {
        using var stream = Assembly.GetManifestResourceStream($"Forms/{name}/{file}")
            ?? throw new FormPackException(name, file, "The file is missing.", null);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>A form pack is wrong; the message names the pack, the file or the key, and the rule.</summary>
public sealed class FormPackException(string pack, string place, string message, Exception? inner)
    : Exception($"Form pack {pack}, {place}: {message}", inner);

/// <summary>A quantity of the form pack: a filter over facts, or a signed sum of other quantities.</summary>
/// <param name="Filters">One per measure; empty for a sum.</param>
/// <param name="Parts">Names of quantities; empty for a filter. A sign of -1 subtracts.</param>
public sealed record Quantity(string Name, IReadOnlyList<FactFilter> Filters, IReadOnlyList<(int Sign, string Name)> Parts);

public sealed class PackFile
{
    public required string Title { get; init; }

    public required PercentFile Percent { get; init; }

    public required List<StandardFile> Standards { get; init; }

    public required Dictionary<string, string> Statistics { get; init; }

    public required List<PartFile> Parts { get; init; }
}

/// <summary>How percentages are computed and printed.</summary>
public sealed class PercentFile
{
    public required PercentBase Base { get; init; }

    public required int Decimals { get; init; }

    /// <summary>True when trailing zeros are dropped: 100 instead of 100.00.</summary>
    public required bool Trim { get; init; }
}

/// <summary>What a percentage is computed from.</summary>
public enum PercentBase
{
    /// <summary>Exact fen.</summary>
    Exact,

    /// <summary>The printed 万元 figures.</summary>
    Printed,
}

public sealed class StandardFile
{
    public required string Name { get; init; }

    /// <summary>Fen when the unit is 元.</summary>
    public required long Value { get; init; }

    public required string Unit { get; init; }
}

public sealed class PartFile
{
    public required string Title { get; init; }

    public required PartKind Kind { get; init; }

    /// <summary>Of a text part: its name in the document and the file with its blocks.</summary>
    public string? Key { get; init; }

    public string? Blocks { get; init; }

    /// <summary>Of a text part: what the addresses of its numbers begin with.</summary>
    public string? Address { get; init; }
}

public enum PartKind
{
    Text,
    Tables,
    Glossary,
    Attachments,
}

public sealed class QuantityFile
{
    public List<string>? Measures { get; init; }

    public string? Function { get; init; }

    public List<string>? Economics { get; init; }

    public List<string>? Funds { get; init; }

    public string? Kind { get; init; }

    public string? Source { get; init; }

    public string? Name { get; init; }

    public List<string>? Sum { get; init; }

    internal Quantity Build(string pack, string key)
    {
        if ((Measures is null) == (Sum is null))
        {
            throw new FormPackException(pack, $"quantities.yaml, {key}", "A quantity has either measures or a sum.", null);
        }

        return Sum is { } parts
            ? new(key, [], parts.ConvertAll(p => p.StartsWith('-') ? (-1, p[1..]) : (1, p)))
            : new(
                key,
                Measures!.ConvertAll(measure => new FactFilter(
                    Term<Measure>(measure),
                    Function is { } f ? new FunctionCode(f) : null,
                    Economics?.ConvertAll(e => new EconomicCode(e)),
                    Funds?.ConvertAll(Term<Fund>),
                    Kind is { } k ? Term<SpendingKind>(k) : null,
                    Source is { } s ? Term<IncomeSource>(s) : null,
                    Name)),
                []);

        T Term<T>(string term) where T : struct, Enum => Terms.TryParse<T>(term, out var value)
            ? value
            : throw new FormPackException(pack, $"quantities.yaml, {key}", $"'{term}' is not one of {string.Join(", ", Terms.All<T>())}.", null);
    }
}

/// <summary>A block of text, or one per function when <see cref="Each"/> is given.</summary>
public sealed class BlockFile
{
    /// <summary>Names the block in addresses; unique in the part. A template for repeated blocks.</summary>
    public required string Id { get; init; }

    public required string Heading { get; init; }

    public required int Level { get; init; }

    /// <summary>Template; paragraphs are separated by a blank line, line breaks within one are dropped.</summary>
    public string Text { get; init; } = "";

    public EachFile? Each { get; init; }
}

/// <summary>Repeats a block for every functional code of a level for which any of the quantities is not zero.</summary>
public sealed class EachFile
{
    public required string Level { get; init; }

    public required List<string> Quantities { get; init; }
}

public sealed class GlossaryFile
{
    public required string Term { get; init; }

    public required string Definition { get; init; }
}

/// <summary>A table of the form.</summary>
public sealed class TableFile
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required TableShape Shape { get; init; }

    public bool Landscape { get; init; }

    /// <summary>Relative widths of all drawn columns.</summary>
    public required List<int> Widths { get; init; }

    /// <summary>The sides or column groups, left to right; one for the other shapes.</summary>
    public required List<SectionFile> Sections { get; init; }

    /// <summary>Templates; <c>empty</c> says whether the table has data.</summary>
    public required List<string> Notes { get; init; }

    /// <summary>True when the total row of a table without data prints 0.00.</summary>
    public bool ZeroWhenEmpty { get; init; }

    /// <summary>Total rows under side-by-side groups.</summary>
    public List<FooterFile> Footer { get; init; } = [];
}

public enum TableShape
{
    /// <summary>Two sides with fixed, numbered rows (收入 and 支出).</summary>
    TwoSided,

    /// <summary>A total row and a tree of functional codes.</summary>
    Functions,

    /// <summary>Fixed economic codes in groups side by side.</summary>
    Economics,

    /// <summary>One row of amounts.</summary>
    SingleRow,
}

public sealed class SectionFile
{
    /// <summary>收入 or 支出 in a two-sided table.</summary>
    public string? Side { get; init; }

    /// <summary>Heading over the section in a table with groups side by side.</summary>
    public string? Head { get; init; }

    /// <summary>Heads of the code and name columns: paths.</summary>
    public List<string> Stub { get; init; } = [];

    public required List<ColumnFile> Columns { get; init; }

    public List<RowFile> Rows { get; init; } = [];

    /// <summary>What each cell of an economics section sums.</summary>
    public string? Quantity { get; init; }

    /// <summary>The economic codes of an economics section, in order.</summary>
    public List<string> Codes { get; init; } = [];
}

public sealed class ColumnFile
{
    public required string Path { get; init; }

    /// <summary>The quantity of a functions table's or single-row table's column.</summary>
    public string? Quantity { get; init; }

    public string? Fund { get; init; }
}

public sealed class RowFile
{
    public string? Name { get; init; }

    public required int Line { get; init; }

    public string? Quantity { get; init; }

    public string? Function { get; init; }

    /// <summary>True when a zero is printed as 0.00 instead of left blank.</summary>
    public bool Zero { get; init; }

    /// <summary>True for a row of totals, whose name is centred.</summary>
    public bool Total { get; init; }
}

public sealed class FooterFile
{
    public required string Name { get; init; }

    public required string Quantity { get; init; }

    /// <summary>Over how many drawn columns the name goes.</summary>
    public required int NameSpan { get; init; }

    /// <summary>Over how many drawn columns the amount goes.</summary>
    public required int AmountSpan { get; init; }
}
