using System.Collections.Concurrent;
using System.Reflection;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Statistics;

namespace FinalAccounts.Reporting.Forms;

/// <summary>The text of a file of a form pack; null when the pack does not have the file.</summary>
public delegate string? PackSource(string pack, string file);

/// <summary>
/// A form pack (报表格式): which figures a region's disclosure has in a year, where they stand and how sentences read. Data
/// only, embedded from <c>Forms/&lt;name&gt;/*.yaml</c>; what it does not say, the pack that it extends says. docs/forms.md
/// describes the files.
/// </summary>
public sealed class FormPack
{
    private static readonly Assembly Assembly = typeof(FormPack).Assembly;
    private static readonly ConcurrentDictionary<string, FormPack> Loaded = new();

    private FormPack(string name, PackSource source)
    {
        Name = name;
        var read = new SortedDictionary<string, PackContent>(StringComparer.Ordinal);
        Files = PackFiles.Read(name, (pack, file) =>
        {
            var text = source(pack, file);
            if (text is not null)
            {
                read.TryAdd($"{pack}/{file}", new($"{pack}/{file}", text));
            }

            return text;
        });
        Contents = new([.. read.Values]);
        PackCheck.Check(Files);
        Standards = [.. (Files.Pack.Standards ?? []).Select(s => new Statistic(s.Name!, s.Value!.Value, s.Unit!))];
        Statistics = Files.Pack.Statistics ?? [];
        NamesInTexts = Files.Pack.Names ?? [];
        Quantities = Files.Quantities.ToDictionary(q => q.Key, q => Build(q.Key, q.Value));
        Formats = (Files.Pack.Formats ?? []).ToDictionary(
            f => f.Key, f => new NumberFormat(f.Value.Decimals ?? 2, f.Value.Trim ?? false, f.Value.Thousands ?? false, f.Value.Zero));
        Comparisons = (Files.Pack.Comparisons ?? []).ToDictionary(c => c.Key, c => new Comparison(c.Value.Base!, c.Value.Of, c.Value.Against));
        Directions = (Files.Pack.Directions?.Up ?? [], Files.Pack.Directions?.Down ?? []);
        Subjects = TemplateNames.Literals(Files.Templates);
        Scoring = new(Files.Scoring);
        Sentences = new(Files.Partials);
        Glossary = [.. Files.Glossary.Select(g => new GlossaryEntry(g.Term!, g.Definition!))];
    }

    public string Name { get; }

    /// <summary>The files that the pack was read from, those of the packs that it extends among them.</summary>
    public PackContents Contents { get; }

    /// <summary>Template of the document's title.</summary>
    public PackText Title => Files.Pack.Title!;

    public IReadOnlyDictionary<string, NumberFormat> Formats { get; }

    public PercentBase PercentBase => Files.Pack.PercentBase ?? PercentBase.Exact;

    /// <summary>The unit of amounts in tables and sentences.</summary>
    public string Unit => Files.Pack.Unit ?? Printing.TenThousandYuan;

    public IReadOnlyList<PartFile> Parts => Files.Pack.Parts!;

    /// <summary>Amounts that the form itself fixes; recorded when a year is opened.</summary>
    public IReadOnlyList<Statistic> Standards { get; }

    /// <summary>The statistics that the form asks for, with their units.</summary>
    public IReadOnlyDictionary<string, string> Statistics { get; }

    /// <summary>By code: what texts call a functional or economic code differently from the chart.</summary>
    public IReadOnlyDictionary<string, string> NamesInTexts { get; }

    public IReadOnlyDictionary<string, Quantity> Quantities { get; }

    /// <summary>What the subjects of explanations compare with, by the word after their last slash.</summary>
    public IReadOnlyDictionary<string, Comparison> Comparisons { get; }

    /// <summary>The words of a reason that say which way a figure went.</summary>
    public (IReadOnlyList<string> Up, IReadOnlyList<string> Down) Directions { get; }

    /// <summary>How many codes or projects a draft names at most.</summary>
    public int DraftParts => Files.Pack.DraftParts ?? int.MaxValue;

    public IReadOnlyList<TableFile> Tables => Files.Tables;

    /// <summary>Text blocks by the key of their part.</summary>
    public IReadOnlyDictionary<string, List<BlockFile>> Texts => Files.Texts;

    /// <summary>Forms by the key of their part.</summary>
    public IReadOnlyDictionary<string, FormFile> Forms => Files.Forms;

    public IReadOnlyList<GlossaryEntry> Glossary { get; }

    /// <summary>Every text that a template quotes; the subjects that it asks for are among them.</summary>
    internal IReadOnlySet<string> Subjects { get; }

    /// <summary>How scores are computed.</summary>
    public ScoringRules Scoring { get; }

    internal SentenceTemplates Sentences { get; }

    internal PackFiles Files { get; }

    /// <summary>The names of the form packs that a year can be reported with, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("Forms/", StringComparison.Ordinal) && n.EndsWith("/pack.yaml", StringComparison.Ordinal))
            .Select(n => n.Split('/')[1])
            .Where(n => !PackYaml.Read<PackFile>($"{n}/pack.yaml", Embedded(n, "pack.yaml")!).Abstract)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Loads a pack of the program; null when there is none of that name.</summary>
    /// <exception cref="FormPackException">The pack's files are not what a form pack is.</exception>
    public static FormPack? Load(string name) => Names.Contains(name, StringComparer.Ordinal)
        ? Loaded.GetOrAdd(name, n => new(n, Embedded))
        : null;

    /// <summary>Reads a pack from files that are not the program's own; those that it extends may be.</summary>
    /// <exception cref="FormPackException">The pack's files are not what a form pack is.</exception>
    public static FormPack Read(string name, PackSource source) => new(name, (pack, file) => source(pack, file) ?? Embedded(pack, file));

    /// <summary>Reads a pack from files that are not the program's own, and so are those that it extends.</summary>
    internal static FormPack ReadAlone(string name, PackSource source) => new(name, source);

    /// <summary>Every template of the pack, tried on the template engine, which finds what reading the files does not.</summary>
    public IReadOnlyList<FormPackProblem> CheckTemplates() =>
        [.. Files.Templates.Select(t => Sentences.Try(t)).OfType<FormPackProblem>()];

    /// <summary>The format of a name.</summary>
    /// <exception cref="KeyNotFoundException">The pack defines none of that name.</exception>
    public NumberFormat Format(string name) => Formats[name];

    /// <summary>True for the name of a quantity, statistic or standard of the pack; <see cref="Reporting.Quantities.PriorSuffix"/> may follow it.</summary>
    public bool Knows(string name)
    {
        var quantity = name.EndsWith(Reporting.Quantities.PriorSuffix, StringComparison.Ordinal) ? name[..^Reporting.Quantities.PriorSuffix.Length] : name;
        return Quantities.ContainsKey(quantity) || Statistics.ContainsKey(quantity) || Standards.Any(s => s.Name == quantity);
    }

    /// <summary>The unit that a quantity counts in; null when it is money.</summary>
    public string? CountedIn(string quantity) => Quantities.GetValueOrDefault(quantity) switch
    {
        { Filters: [{ Measure: Measure.Statistic, Name: { } statistic }, ..] } => UnitOf(statistic),
        { Filters: [{ Measure: Measure.EvaluatedProjects }, ..] } => "个",
        { Filters: [var filter, ..] } when filter.Measure.IsPoints() => Printing.Points,
        { Parts: [var (_, part), ..] } => CountedIn(part),
        null => UnitOf(quantity),
        _ => null,
    };

    /// <summary>The unit of a statistic or standard; null when it is money or unknown.</summary>
    private string? UnitOf(string statistic)
    {
        var unit = Statistics.GetValueOrDefault(statistic) ?? Standards.FirstOrDefault(s => s.Name == statistic)?.Unit;
        return unit == Statistic.Yuan ? null : unit;
    }

    private static string? Embedded(string pack, string file)
    {
        using var stream = Assembly.GetManifestResourceStream($"Forms/{pack}/{file}");
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Quantity Build(string name, QuantityFile file) => file.Sum is { } parts
        ? new(name, [], parts.ConvertAll(p => p.StartsWith('-') ? (-1, p[1..]) : (1, p)))
        : new(
            name,
            file.Measures!.ConvertAll(measure => new FactFilter(
                Term<Measure>(measure),
                file.Function is { } f ? new FunctionCode(f) : null,
                file.Economics?.ConvertAll(e => new EconomicCode(e)),
                file.Funds?.ConvertAll(Term<Fund>),
                file.Kind is { } k ? Term<SpendingKind>(k) : null,
                file.Source is { } s ? Term<IncomeSource>(s) : null,
                file.Name,
                file.Project)),
            []);

    private static T Term<T>(string term) where T : struct, Enum => Terms.TryParse<T>(term, out var value)
        ? value
        : throw new ArgumentException($"'{term}' is not a term of {typeof(T).Name}.", nameof(term));
}

/// <summary>A quantity of the form pack: a filter over facts, or a signed sum of other quantities.</summary>
/// <param name="Filters">One per measure; empty for a sum.</param>
/// <param name="Parts">Names of quantities; empty for a filter. A sign of -1 subtracts.</param>
public sealed record Quantity(string Name, IReadOnlyList<FactFilter> Filters, IReadOnlyList<(int Sign, string Name)> Parts);
