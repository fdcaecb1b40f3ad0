using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Comparisons;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.Reporting.Rollups;

namespace FinalAccounts.Projections.Rollups;

/// <summary>What is compared with last year.</summary>
public enum RollupMoverAspect
{
    Department,

    /// <summary>Functional items (项).</summary>
    Function,

    /// <summary>Economic items (款).</summary>
    Economic,
}

/// <summary>
/// A region's expenditure against last year. Last year of a department is known from its books, else from the figures of last year that were
/// imported with this year's. Departments that have not opened this year are not compared: what they spend is not known either.
/// </summary>
public static class RollupMovers
{
    /// <summary>The most movers that are asked for.</summary>
    public const int Most = 1_000;

    /// <summary>What all expenditure is called among the imported figures.</summary>
    private static readonly Lazy<IReadOnlyList<string>> Spending = new(() =>
        [.. FormPack.Names.Select(n => Movers.Spending(FormPack.Load(n)!).Name).Distinct(StringComparer.Ordinal)]);

    /// <summary>The largest movers of a year.</summary>
    /// <param name="count">From 1 to <see cref="Most"/>.</param>
    public static async Task<IReadOnlyList<RollupMover>> MoversAsync(
        this RollupReader reader, FiscalYear year, RollupMoverAspect by, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Most);
        var current = await reader.AllDepartmentsAsync(year, cancellationToken);
        FiscalYear? before = year.Value > FiscalYear.First ? new(year.Value - 1) : null;
        var prior = before is { } known ? await reader.AllDepartmentsAsync(known, cancellationToken) : [];
        var imported = before is null ? [] : await reader.ComparativesAsync(
            year, [.. Names(before.Value, "")], by == RollupMoverAspect.Function ? [.. Names(before.Value, "/")] : [], cancellationToken);
        return RollupMover.Largest(
            by == RollupMoverAspect.Department
                ? OfDepartments(current, prior, imported)
                : await OfCodesAsync(new(reader, year, before, current, prior, imported), by, cancellationToken),
            count);
    }

    private static IEnumerable<string> Names(FiscalYear before, string suffix) => Spending.Value.Select(s => EventFacts.ComparativeName(before, s) + suffix);

    private static IEnumerable<RollupMover> OfDepartments(
        IReadOnlyList<RollupDepartment> current, IReadOnlyList<RollupDepartment> prior,
        IReadOnlyList<(DepartmentCode Department, string Name, Int128 Value)> imported)
    {
        var books = prior.ToDictionary(d => d.Code, d => d.Amounts.Expenditure);
        var figures = imported.GroupBy(i => i.Department).ToDictionary(g => g.Key, g => g.First().Value);
        foreach (var department in current)
        {
            var value = department.Amounts.Expenditure;
            yield return books.TryGetValue(department.Code, out var last) || figures.TryGetValue(department.Code, out last)
                ? new(department.Code.ToString(), department.Name, value, value, last)
                : new(department.Code.ToString(), department.Name, value, 0, null);
        }
    }

    private static async Task<IEnumerable<RollupMover>> OfCodesAsync(Years years, RollupMoverAspect by, CancellationToken cancellationToken)
    {
        var both = years.Current.Select(d => d.Code).Intersect(years.Prior.Select(d => d.Code)).ToHashSet();
        var value = await years.SpentAsync(years.Year, years.Current, null, by, cancellationToken);
        var comparable = await years.SpentAsync(years.Year, years.Current, both, by, cancellationToken);
        var prior = both.Count == 0 ? [] : await years.SpentAsync(years.Before!.Value, years.Prior, both, by, cancellationToken);
        var known = await AddImportedAsync(years, both, comparable, prior, cancellationToken);
        ChartOfAccounts.TryFor(years.Year, out var chart);
        ChartOfAccounts? last = null;
        _ = years.Before is { } before && ChartOfAccounts.TryFor(before, out last);
        var aspect = by == RollupMoverAspect.Function ? RollupAspect.Function : RollupAspect.Economic;
        return value.Keys.Union(prior.Keys, StringComparer.Ordinal).Select(code => new RollupMover(
            code,
            RollupTable.NameOf(aspect, code, chart) ?? RollupTable.NameOf(aspect, code, last),
            value.GetValueOrDefault(code),
            comparable.GetValueOrDefault(code),
            IsKnown(code) ? prior.GetValueOrDefault(code) : null));

        // What none of the compared departments has in either year is not known to have been nothing.
        bool IsKnown(string code) => known.Contains(code) || comparable.ContainsKey(code) || prior.ContainsKey(code);
    }

    /// <summary>Adds what was imported of the items of departments without books of last year.</summary>
    /// <returns>The items of which something is known in this way.</returns>
    private static async Task<IReadOnlySet<string>> AddImportedAsync(
        Years years, IReadOnlySet<DepartmentCode> both, Dictionary<string, Int128> comparable, Dictionary<string, Int128> prior,
        CancellationToken cancellationToken)
    {
        var items = years.Imported.Where(i => !both.Contains(i.Department))
            .Select(i => (i.Department, Code: i.Name[(i.Name.LastIndexOf('/') + 1)..], i.Value))
            .Where(i => FunctionCode.IsValid(i.Code) && new FunctionCode(i.Code).IsItem).DistinctBy(i => (i.Department, i.Code)).ToList();
        if (items.Count == 0)
        {
            return new HashSet<string>();
        }

        var known = items.Select(i => (i.Department, i.Code)).ToHashSet();
        foreach (var (_, code, value) in items)
        {
            prior[code] = prior.GetValueOrDefault(code) + value;
        }

        foreach (var (department, key, value) in await years.Reader.SumsOfAsync(
            years.Year, Measure.Expenditure, items.Select(i => i.Department).Distinct(), cancellationToken))
        {
            if (key.Function?.ToString() is { } code && known.Contains((department, code)))
            {
                comparable[code] = comparable.GetValueOrDefault(code) + value;
            }
        }

        return items.Select(i => i.Code).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The two years that are compared.</summary>
    private sealed record Years(
        RollupReader Reader, FiscalYear Year, FiscalYear? Before, IReadOnlyList<RollupDepartment> Current, IReadOnlyList<RollupDepartment> Prior,
        IReadOnlyList<(DepartmentCode Department, string Name, Int128 Value)> Imported)
    {
        /// <summary>Expenditure by code, without codes that come to nothing.</summary>
        /// <param name="all">Who has books of the year.</param>
        /// <param name="of">Whose is asked for; null for all.</param>
        public async Task<Dictionary<string, Int128>> SpentAsync(
            FiscalYear year, IReadOnlyList<RollupDepartment> all, IReadOnlySet<DepartmentCode>? of, RollupMoverAspect by, CancellationToken cancellationToken)
        {
            // The fewer departments are read one by one: all but those of the region's sums, or just those.
            var without = of is null ? [] : all.Select(d => d.Code).Where(c => !of.Contains(c)).ToList();
            var fromAll = of is null || without.Count < of.Count;
            Dictionary<string, Int128> spent = new(StringComparer.Ordinal);
            if (fromAll)
            {
                Add(await Reader.SumsAsync(year, by == RollupMoverAspect.Economic, [Measure.Expenditure], RollupSelection.All, cancellationToken), 1);
            }

            var single = fromAll ? without : [.. of!];
            if (single.Count > 0)
            {
                var sums = await Reader.SumsOfAsync(year, Measure.Expenditure, single, cancellationToken);
                Add(sums.Select(s => KeyValuePair.Create(s.Key, s.Value)), fromAll ? -1 : 1);
            }

            return spent.Where(s => s.Value != 0).ToDictionary(StringComparer.Ordinal);

            void Add(IEnumerable<KeyValuePair<FactKey, Int128>> sums, int sign)
            {
                foreach (var (key, value) in sums)
                {
                    if ((by == RollupMoverAspect.Economic ? key.Economic?.ToString() : key.Function?.ToString()) is { } code)
                    {
                        spent[code] = checked(spent.GetValueOrDefault(code) + (sign * value));
                    }
                }
            }
        }
    }
}
