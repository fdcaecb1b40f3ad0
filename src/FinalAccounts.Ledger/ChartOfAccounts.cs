using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace FinalAccounts.Ledger;

/// <summary>
/// The classification of one year: the functional (支出功能分类) and departmental economic codes (部门预算支出经济分类) with
/// their names. The Ministry of Finance issues one edition a year (政府收支分类科目) and names and codes change between
/// them, so a year is only ever read with its own edition. The editions are data: <c>Charts/&lt;year&gt;/function.csv</c> and
/// <c>economic.csv</c>, each <c>code,name</c> with every code's parents in the file too.
/// </summary>
public sealed class ChartOfAccounts
{
    private static readonly FrozenDictionary<int, ChartOfAccounts> Editions = ReadEditions();

    private readonly FrozenDictionary<FunctionCode, string> functionNames;
    private readonly FrozenDictionary<EconomicCode, string> economicNames;

    /// <summary>Reads the two files of an edition.</summary>
    /// <exception cref="FormatException">A line is not <c>code,name</c>, a code occurs twice, or its parent is missing.</exception>
    public ChartOfAccounts(FiscalYear year, string functionCsv, string economicCsv)
    {
        Year = year;
        functionNames = ReadNames(functionCsv, text => new FunctionCode(text));
        economicNames = ReadNames(economicCsv, text => new EconomicCode(text));
        Functions = [.. functionNames.Keys.Order()];
        Economics = [.. economicNames.Keys.Order()];

        foreach (var orphan in Functions.Where(code => code.Parent is { } parent && !functionNames.ContainsKey(parent)))
        {
            throw new FormatException($"The chart of {year} has {orphan} without its parent {orphan.Parent}.");
        }

        foreach (var orphan in Economics.Where(code => !economicNames.ContainsKey(code.Class)))
        {
            throw new FormatException($"The chart of {year} has {orphan} without its class {orphan.Class}.");
        }
    }

    /// <summary>The years that an edition is there for, in order.</summary>
    public static IReadOnlyList<FiscalYear> Years { get; } = [.. Editions.Keys.Order().Select(year => new FiscalYear(year))];

    public FiscalYear Year { get; }

    /// <summary>All functional codes in code order, which is the order of the printed tables.</summary>
    public IReadOnlyList<FunctionCode> Functions { get; }

    /// <summary>All economic codes in code order.</summary>
    public IReadOnlyList<EconomicCode> Economics { get; }

    /// <summary>The chart of a year.</summary>
    /// <exception cref="ChartMissingException">There is no edition for the year; a neighbour's is never used instead.</exception>
    public static ChartOfAccounts For(FiscalYear year) => TryFor(year, out var chart) ? chart : throw new ChartMissingException(year);

    /// <summary>The chart of a year; false when there is no edition for it.</summary>
    public static bool TryFor(FiscalYear year, [NotNullWhen(true)] out ChartOfAccounts? chart) => Editions.TryGetValue(year.Value, out chart);

    public bool TryGetName(FunctionCode code, [NotNullWhen(true)] out string? name) => functionNames.TryGetValue(code, out name);

    public bool TryGetName(EconomicCode code, [NotNullWhen(true)] out string? name) => economicNames.TryGetValue(code, out name);

    public bool Contains(FunctionCode code) => functionNames.ContainsKey(code);

    public bool Contains(EconomicCode code) => economicNames.ContainsKey(code);

    /// <summary>True for an item (项) of this chart: what money is booked on. False for classes, sections and unknown codes.</summary>
    public bool IsLeaf(FunctionCode code) => code.IsItem && Contains(code);

    /// <summary>True for an item (款) of this chart: what money is booked on. False for classes and unknown codes.</summary>
    public bool IsLeaf(EconomicCode code) => code.IsItem && Contains(code);

    private static FrozenDictionary<TCode, string> ReadNames<TCode>(string csv, Func<string, TCode> parse) where TCode : notnull
    {
        var names = new Dictionary<TCode, string>();
        foreach (var line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1))
        {
            if (line.Split(',', 2) is not [var code, { Length: > 0 } name] || !names.TryAdd(parse(code), name))
            {
                throw new FormatException($"'{line}' is not 'code,name', or its code occurs twice.");
            }
        }

        return names.ToFrozenDictionary();
    }

    private static FrozenDictionary<int, ChartOfAccounts> ReadEditions()
    {
        var assembly = typeof(ChartOfAccounts).Assembly;

        // Resource names are "Charts/<year>/<list>.csv".
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Charts/", StringComparison.Ordinal))
            .Select(name => int.Parse(name.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture))
            .Distinct()
            .ToFrozenDictionary(year => year, year => new ChartOfAccounts(
                new(year), Read($"Charts/{year}/function.csv"), Read($"Charts/{year}/economic.csv")));

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }
}

/// <summary>No edition of the chart of accounts is there for a year.</summary>
public sealed class ChartMissingException(FiscalYear year)
    : Exception($"There is no chart of accounts for {year}; there is one for {string.Join(", ", ChartOfAccounts.Years)}.")
{
    public FiscalYear Year { get; } = year;
}
