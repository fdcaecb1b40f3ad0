using FinalAccounts.Ledger;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting.Comparisons;

/// <summary>What moved most against last year: items, economic items or projects. What is not known of last year is null and not zero.</summary>
/// <param name="Key">The code or the project.</param>
/// <param name="Name">What a code is called; the project again.</param>
/// <param name="Value">This year, in fen.</param>
/// <param name="Prior">Last year, in fen; null when it is not known.</param>
/// <param name="Query">What the value is the sum of, to ask for its events.</param>
public sealed record Mover(string Key, string Name, Int128 Value, Int128? Prior, SumQuery Query)
{
    /// <summary>This year less last year, in fen; null when last year is not known.</summary>
    public Int128? Difference => Value - Prior;

    /// <summary>The difference as a share of last year, with its sign; null when last year is zero or not known.</summary>
    public Ratio? Rate => Prior is { } before && before != 0 ? Ratio.Of(Value - before, Int128.Abs(before), null) : null;
}

/// <summary>Finds the largest movers of a document.</summary>
public static class Movers
{
    /// <summary>The most movers that are asked for.</summary>
    public const int Most = 1_000;

    /// <summary>The movers of a sum, the largest difference first, then those of which last year is not known by their value.</summary>
    /// <param name="sum">Over this year; <see cref="Spending"/> for the document as a whole.</param>
    /// <param name="aspect">Anything but <see cref="ChangeAspect.Event"/>.</param>
    /// <param name="count">From 1 to <see cref="Most"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such aspect, or the count is out of range.</exception>
    public static IReadOnlyList<Mover> Of(SumQuery sum, ChangeAspect aspect, ReportBooks books, FormPack pack, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Most);
        YearBooks[] years = [.. new[] { books.Current, books.Prior }.OfType<YearBooks>()];
        var keys = sum.Terms.SelectMany(t => years.SelectMany(b => b.Totals(t.Filter))).Select(k => KeyOf(aspect, k.Key))
            .Concat(aspect == ChangeAspect.Item ? ImportedItems(sum.Name, books) : [])
            .OfType<string>().Distinct(StringComparer.Ordinal);
        return
        [
            .. keys.Select(key => Of(sum, aspect, key, books, pack))
                .Where(m => m.Value != 0 || (m.Prior ?? 0) != 0)
                .OrderBy(m => m.Prior is null)
                .ThenByDescending(m => Int128.Abs(m.Difference ?? m.Value))
                .ThenBy(m => m.Key, StringComparer.Ordinal)
                .Take(count),
        ];
    }

    /// <summary>All expenditure of the year, by the name that the form pack has for it, under which last year's may have been imported.</summary>
    public static SumQuery Spending(FormPack pack)
    {
        SumQuery all = new(Measure.Expenditure.Term(), [new(1, new(Measure.Expenditure))]);
        var named = pack.Quantities.Values.FirstOrDefault(q => q.Filters is [var only] && only.Signature == all.Terms[0].Filter.Signature);
        return named is null ? all : all with { Name = named.Name };
    }

    private static Mover Of(SumQuery sum, ChangeAspect aspect, string key, ReportBooks books, FormPack pack)
    {
        var narrowing = aspect switch
        {
            ChangeAspect.Item => new Narrowing(Function: new FunctionCode(key)),
            ChangeAspect.Economic => new Narrowing(Economic: new EconomicCode(key)),
            _ => new Narrowing(Project: key),
        };
        var name = aspect switch
        {
            ChangeAspect.Item => CodeNames.Of(books, new FunctionCode(key)),
            ChangeAspect.Economic => CodeNames.Of(books, new EconomicCode(key)),
            _ => key,
        };
        SumQuery value = new(
            sum.Name, [.. sum.Terms.Select(t => t.Filter.NarrowedBy(narrowing) is { } filter ? t with { Filter = filter } : null).OfType<Term>()]);
        return new(key, name, value.Total(books), PriorYear.Of(value, books, pack)?.Total(books), value);
    }

    private static string? KeyOf(ChangeAspect aspect, FactKey key) => aspect switch
    {
        ChangeAspect.Item => key.Function is { IsItem: true } function ? function.ToString() : null,
        ChangeAspect.Economic => key.Economic is { IsItem: true } economic ? economic.ToString() : null,
        ChangeAspect.Project => key.Project,
        _ => throw new ArgumentOutOfRangeException(nameof(aspect), aspect, "Events are of one year."),
    };

    /// <summary>The items that only last year had, as far as they were imported: <c>2023/支出合计/2080101</c>.</summary>
    private static IEnumerable<string> ImportedItems(string quantity, ReportBooks books)
    {
        var prefix = EventFacts.ComparativeName(new(Math.Max(FiscalYear.First, books.Current.Year.Value - 1)), quantity) + "/";
        return books.Current.Facts.Keys.Where(k => k.Measure == Measure.Comparative && k.Name!.StartsWith(prefix, StringComparison.Ordinal))
            .Select(k => k.Name![prefix.Length..]).Where(code => FunctionCode.IsValid(code) && new FunctionCode(code).IsItem);
    }
}
