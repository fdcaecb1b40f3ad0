using FinalAccounts.Ledger;

namespace FinalAccounts.Reporting.Rollups;

/// <summary>What the rows of a table over a region's departments are.</summary>
public enum RollupAspect
{
    /// <summary>功能分类: 类, 款 and 项.</summary>
    Function,

    /// <summary>经济分类: 类 and 款.</summary>
    Economic,

    /// <summary>资金性质.</summary>
    Fund,

    /// <summary>支出类别.</summary>
    Kind,
}

/// <summary>A row of such a table.</summary>
/// <param name="Key">The code, or the term of a fund or a kind of spending; empty for what the books do not assign.</param>
/// <param name="Name">What a code is called in the year's chart; null when the chart does not have it, and for what is not assigned.</param>
/// <param name="Level">0 for a 类, 1 below it, and so on: amounts of a level are parts of the row above that has a smaller one.</param>
public sealed record RollupRow(string Key, string? Name, int Level, RollupAmounts Amounts);

/// <summary>
/// A table over all departments of a region. It adds up what the departments' documents say; transfers between departments are in it
/// on both sides, as they are in the sum of the documents.
/// </summary>
/// <param name="Rows">In the order of the codes or terms; subtotals stand before their parts, what is not assigned comes last.</param>
/// <param name="Total">The sum of the rows of level 0.</param>
public sealed record RollupTable(FiscalYear Year, RollupAspect Aspect, IReadOnlyList<RollupRow> Rows, RollupAmounts Total)
{
    /// <summary>True when income can be told apart by this aspect; else it is left out of the rows and the total.</summary>
    public bool HasIncome { get; init; } = HasIncomeBy(Aspect);

    /// <summary>Makes the table from sums over all departments.</summary>
    /// <param name="sums">By what they are about; parts of a key that the aspect does not need may be missing, and a key may come more than once.</param>
    /// <exception cref="OverflowException">A sum is beyond the range of <see cref="Int128"/>.</exception>
    public static RollupTable Of(FiscalYear year, RollupAspect aspect, IEnumerable<KeyValuePair<FactKey, Int128>> sums)
    {
        Dictionary<string, RollupAmounts> rows = new(StringComparer.Ordinal);
        var total = default(RollupAmounts);
        foreach (var (key, value) in sums.Where(s => s.Key.Measure != Measure.Income || HasIncomeBy(aspect)))
        {
            total = total.With(key.Measure, value);
            foreach (var row in RowsOf(aspect, key))
            {
                rows[row] = rows.GetValueOrDefault(row).With(key.Measure, value);
            }
        }

        ChartOfAccounts.TryFor(year, out var chart);
        return new(
            year,
            aspect,
            [
                .. rows.Where(r => !r.Value.IsNothing).OrderBy(r => Order(aspect, r.Key)).ThenBy(r => r.Key, StringComparer.Ordinal)
                    .Select(r => new RollupRow(r.Key, NameOf(aspect, r.Key, chart), LevelOf(aspect, r.Key), r.Value)),
            ],
            total);
    }

    /// <summary>Tables of several regions in one.</summary>
    /// <param name="tables">At least one, all of the same year and aspect.</param>
    /// <exception cref="OverflowException">A sum is beyond the range of <see cref="Int128"/>.</exception>
    public static RollupTable Sum(IReadOnlyList<RollupTable> tables)
    {
        var first = tables[0];
        if (tables.Any(t => (t.Year, t.Aspect, t.HasIncome) != (first.Year, first.Aspect, first.HasIncome)))
        {
            throw new ArgumentException("The tables are not of the same kind.", nameof(tables));
        }

        return first with
        {
            Rows =
            [
                .. tables.SelectMany(t => t.Rows).GroupBy(r => r.Key, StringComparer.Ordinal)
                    .Select(same => same.First() with { Amounts = same.Select(r => r.Amounts).Aggregate(RollupAmounts.Add) })
                    .OrderBy(r => Order(first.Aspect, r.Key)).ThenBy(r => r.Key, StringComparer.Ordinal),
            ],
            Total = tables.Select(t => t.Total).Aggregate(RollupAmounts.Add),
        };
    }

    /// <summary>The name of a row in a chart; null when it has none.</summary>
    public static string? NameOf(RollupAspect aspect, string key, ChartOfAccounts? chart)
    {
        string? name = null;
        _ = aspect switch
        {
            _ when key.Length == 0 => false,
            RollupAspect.Function => chart?.TryGetName(new FunctionCode(key), out name),
            RollupAspect.Economic => chart?.TryGetName(new EconomicCode(key), out name),
            _ => (name = key) is not null,
        };
        return name;
    }

    private static bool HasIncomeBy(RollupAspect aspect) => aspect is RollupAspect.Function or RollupAspect.Fund;

    /// <summary>The rows that an amount counts in: its own, and the subtotals above.</summary>
    private static IEnumerable<string> RowsOf(RollupAspect aspect, FactKey key)
    {
        switch (aspect)
        {
            case RollupAspect.Function when key.Function is { } function:
                for (FunctionCode? code = function; code is { } each; code = each.Parent)
                {
                    yield return each.ToString();
                }

                break;
            case RollupAspect.Economic when key.Economic is { } economic:
                yield return economic.ToString();
                if (economic.IsItem)
                {
                    yield return economic.Class.ToString();
                }

                break;
            case RollupAspect.Fund:
                yield return key.Fund?.Term() ?? "";
                break;
            case RollupAspect.Kind:
                yield return key.Kind?.Term() ?? "";
                break;
            default:
                yield return "";
                break;
        }
    }

    private static int LevelOf(RollupAspect aspect, string key) =>
        aspect is RollupAspect.Function or RollupAspect.Economic && key.Length > 0 ? (key.Length - 3) / 2 : 0;

    private static int Order(RollupAspect aspect, string key) => aspect switch
    {
        _ when key.Length == 0 => int.MaxValue,
        RollupAspect.Fund => Terms.All<Fund>().ToList().IndexOf(key),
        RollupAspect.Kind => Terms.All<SpendingKind>().ToList().IndexOf(key),
        _ => 0,
    };
}
