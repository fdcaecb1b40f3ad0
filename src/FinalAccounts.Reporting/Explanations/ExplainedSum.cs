using System.Globalization;
using FinalAccounts.Ledger;
using NodaTime;
using NodaTime.Text;

namespace FinalAccounts.Reporting;

/// <summary>By what a sum is taken apart.</summary>
public enum SumAspect
{
    /// <summary>What was booked: 年初预算, 追加, 支出, …</summary>
    Measure,

    /// <summary>By functional item (项).</summary>
    Item,

    /// <summary>By economic classification, as deep as the books say it.</summary>
    Economic,

    /// <summary>By project.</summary>
    Project,

    /// <summary>By accounting month, as <c>2024-03</c>.</summary>
    Month,

    /// <summary>By unit of a consolidated department; what is eliminated is taken off.</summary>
    Unit,

    /// <summary>By fund (资金性质).</summary>
    Fund,
}

/// <summary>A sum taken apart in one way.</summary>
/// <param name="Parts">Months and measures in their order, others the largest first; what the books do not assign comes last. The amounts
/// add up to the sum exactly.</param>
public sealed record Decomposition(SumAspect Aspect, IReadOnlyList<SumPart> Parts)
{
    /// <summary>By what, in words: 按项目; Chinese in the invariant culture.</summary>
    public string Label(CultureInfo culture) => ExplanationMessages.Text($"Aspect{Aspect}", culture);
}

/// <summary>A part of a sum.</summary>
/// <param name="Key">The code, project, month, unit's code or term; null for what has none (其余).</param>
/// <param name="Name">What a code or unit is called; the key itself where it is a name. Null like the key.</param>
/// <param name="Amount">Fen, or a whole number.</param>
public sealed record SumPart(string? Key, string? Name, Int128 Amount)
{
    /// <summary>What the part is called; Chinese in the invariant culture.</summary>
    public string Label(CultureInfo culture) => Name ?? ExplanationMessages.Text("StepRest", culture);
}

/// <summary>
/// A sum and what it consists of: the facts that its query matches, walked back to their events. A part of it is a sum again.
/// </summary>
public sealed class ExplainedSum
{
    private readonly ReportBooks books;
    private readonly IReadOnlyList<(FactKey Key, Int128 Amount)> keys;
    private readonly Lazy<IReadOnlyList<SumFact>> facts;
    private readonly Lazy<ExplainedEvents> events;
    private readonly Lazy<IReadOnlyList<ExplainedUnit>> units;

    private ExplainedSum(SumQuery query, ReportBooks books, IReadOnlyList<(FactKey Key, Int128 Amount)> keys, Func<IReadOnlyList<SumFact>> find)
    {
        (Query, this.books, this.keys) = (query, books, keys);
        Total = keys.Aggregate((Int128)0, (sum, key) => sum + key.Amount);
        facts = new(find);
        events = new(() => new(facts.Value));
        units = new(() => ExplainingUnits.Explain(query, books, facts));
    }

    public string Name => Query.Name;

    /// <summary>What is summed; of a part, what it is a part of.</summary>
    public SumQuery Query { get; }

    /// <summary>Fen, or a whole number for statistics.</summary>
    public Int128 Total { get; }

    /// <summary>True when the total is in fen.</summary>
    public bool IsMoney => Query.Terms.All(t => t.Filter.Measure switch
    {
        Measure.EvaluatedProjects or Measure.IndicatorResult => false,
        var points when points.IsPoints() => false,
        Measure.Statistic => t.Filter.Name is { } name && books.Of(t.Year).UnitOf(name)?.EndsWith('元') == true,
        _ => true,
    });

    /// <summary>The events behind it.</summary>
    public ExplainedEvents Events => events.Value;

    /// <summary>In a consolidated document, what each unit contributes: the units that say anything, in the order of the
    /// consolidation. Their totals add up to <see cref="Total"/>. Empty in the document of one unit.</summary>
    public IReadOnlyList<ExplainedUnit> Units => units.Value;

    /// <summary>A sum over these books. There are few keys, however many facts there are; the facts are looked up when their events are asked for.</summary>
    public static ExplainedSum Of(SumQuery query, ReportBooks books) => new(
        query, books,
        [.. query.Terms.SelectMany(t => books.Of(t.Year).Totals(t.Filter).Select(k => (k.Key, t.Sign * k.Total)))],
        () => SumFacts.Of(query, books));

    /// <summary>The sum taken apart; null when the books assign nothing of it to any part.</summary>
    public Decomposition? By(SumAspect aspect)
    {
        // What a null stands for has to be a key of its own.
        Dictionary<(bool HasKey, string Key), Int128> sums = [];
        foreach (var (key, amount) in aspect == SumAspect.Month ? ByMonth() : keys.Select(t => (KeyOf(aspect, t.Key), t.Amount)))
        {
            var part = (key is not null, key ?? "");
            sums[part] = sums.GetValueOrDefault(part) + amount;
        }

        if (!sums.Keys.Any(k => k.HasKey))
        {
            return null;
        }

        var parts = sums.Select(s => new SumPart(s.Key.HasKey ? s.Key.Key : null, s.Key.HasKey ? NameOf(aspect, s.Key.Key) : null, s.Value));
        return new(aspect, [.. aspect switch
        {
            SumAspect.Month => parts.OrderBy(p => p.Key, StringComparer.Ordinal),
            SumAspect.Measure => parts.OrderBy(p => Terms.TryParse<Measure>(p.Key!, out var measure) ? measure : default),
            _ => parts.OrderBy(p => p.Key is null).ThenByDescending(p => Int128.Abs(p.Amount)).ThenBy(p => p.Key, StringComparer.Ordinal),
        }]);
    }

    /// <summary>All ways of taking the sum apart that say something.</summary>
    public IEnumerable<Decomposition> Decompositions => Enum.GetValues<SumAspect>().Select(By).OfType<Decomposition>();

    /// <summary>A part of the sum with the events behind it.</summary>
    /// <param name="key">As in <see cref="SumPart.Key"/>; null for what has none.</param>
    public ExplainedSum Part(SumAspect aspect, string? key)
    {
        Func<SumFact, bool> isPart = aspect == SumAspect.Month
            ? fact => Month(fact.Recorded.Event.Date.ToYearMonth()) == key
            : fact => KeyOf(aspect, fact.Key) == key;
        List<SumFact> own = [.. facts.Value.Where(isPart)];
        return new(Query, books, [.. own.Select(f => (f.Key, f.Amount))], () => own);
    }

    private static string? KeyOf(SumAspect aspect, FactKey key) => aspect switch
    {
        SumAspect.Measure => key.Measure.Term(),
        SumAspect.Item => key.Function?.ToString(),
        SumAspect.Economic => key.Economic?.ToString(),
        SumAspect.Project => key.Project,
        SumAspect.Unit => key.Unit?.ToString(),
        SumAspect.Fund => key.Fund?.Term(),
        _ => throw new ArgumentOutOfRangeException(nameof(aspect), aspect, "There is no such aspect."),
    };

    private static string Month(YearMonth month) => YearMonthPattern.Iso.Format(month);

    private IEnumerable<(string? Key, Int128 Amount)> ByMonth()
    {
        Dictionary<YearMonth, Int128> months = [];
        foreach (var fact in facts.Value)
        {
            var month = fact.Recorded.Event.Date.ToYearMonth();
            months[month] = months.GetValueOrDefault(month) + fact.Amount;
        }

        return months.Select(m => ((string?)Month(m.Key), m.Value));
    }

    private string NameOf(SumAspect aspect, string key) => aspect switch
    {
        SumAspect.Item => CodeNames.Of(books, new FunctionCode(key)),
        SumAspect.Economic => CodeNames.Of(books, new EconomicCode(key)),
        SumAspect.Unit => new[] { books.Current, books.Prior }.OfType<YearBooks>().SelectMany(b => b.Units).First(u => u.Code.ToString() == key).Name,
        _ => key,
    };
}
