using FinalAccounts.Ledger.Execution;

namespace FinalAccounts.Reporting;

/// <summary>An event that a change partly consists of.</summary>
/// <param name="Amount">In fen; what it adds to the change.</param>
/// <param name="Terms">What of the event counts.</param>
internal sealed record ChangeEvent(RecordedEvent Recorded, Int128 Amount, IReadOnlyList<Term> Terms);

/// <summary>The terms of a value less those of its base, and what else the books say about the same lines.</summary>
internal sealed class ChangeTerms
{
    private static readonly Measure[] BudgetChanges = [Measure.OpeningBalance, Measure.Supplement, Measure.Withdrawal, Measure.Reallocation];

    private readonly IReadOnlyList<Term> valueTerms;
    private readonly IReadOnlyList<Term> baseTerms;

    public ChangeTerms(SumQuery value, SumQuery @base, ComparedWith with, ReportBooks books)
    {
        (valueTerms, With, Books) = (value.Terms, with, books);
        baseTerms = [.. @base.Terms.Select(Negated)];
        Amount = value.Total(books) - @base.Total(books);
    }

    public ReportBooks Books { get; }

    public ComparedWith With { get; }

    /// <summary>Value less base, in fen.</summary>
    public Int128 Amount { get; }

    private IEnumerable<Term> All => valueTerms.Concat(baseTerms);

    /// <summary>True for what a budget is made of.</summary>
    public static bool IsBudget(Measure measure) => measure == Measure.InitialBudget || BudgetChanges.Contains(measure);

    /// <summary>The keys of the facts that the change consists of.</summary>
    public IEnumerable<(FactKey Key, bool OfBase)> Keys() =>
        KeysOf(valueTerms).Select(k => (k, false)).Concat(KeysOf(baseTerms).Select(k => (k, true)));

    /// <summary>The change as far as it is about a code.</summary>
    public SumQuery Narrowed(string name, Narrowing narrowing) => new(
        name,
        [.. All.Select(t => t.Filter.NarrowedBy(narrowing) is { } filter ? t with { Filter = filter } : null).OfType<Term>()]);

    /// <summary>The breakdown into parts: those that are not zero, the largest first, and the rest.</summary>
    public ChangeBreakdown TakenApart(ChangeAspect aspect, IEnumerable<ChangePart> parts)
    {
        List<ChangePart> kept =
        [
            .. parts.Where(p => p.Amount != 0)
                .OrderByDescending(p => Int128.Abs(p.Amount))
                .ThenBy(p => p.Recorded?.Position)
                .ThenBy(p => p.Key, StringComparer.Ordinal),
        ];
        SumQuery rest = new(Messages.Text("ChangeRest"), [.. All, .. kept.SelectMany(p => p.Query.Terms).Select(Negated)]);
        return new(aspect, kept, kept.Aggregate(Amount, (left, part) => left - part.Amount), rest);
    }

    /// <summary>The initial budgets of both years, this one's less last one's; none when the base is a budget itself.</summary>
    public IReadOnlyList<Term> InitialBudgets() => With == ComparedWith.PriorYear ? [.. BudgetTerms([Measure.InitialBudget])] : [];

    /// <summary>The budget documents and reversals that are about the lines of value and base, in the order of the log.</summary>
    public IEnumerable<ChangeEvent> Events()
    {
        // What value and base are sums of already is no change between them: the adjusted budget has its supplements in it.
        var own = All.Select(t => t.Filter.Measure).ToHashSet();
        var changes = BudgetTerms([.. BudgetChanges.Where(m => !own.Contains(m))]).SelectMany(term => Matching(term, _ => true));
        var reversals = All.Where(t => t.Filter.Measure == Measure.Expenditure).SelectMany(term => Matching(term, e => e is ExpenditureReversed));
        return changes.Concat(reversals)
            .GroupBy(c => (c.Term.Year, c.Recorded.Position))
            .OrderBy(g => g.Key.Position)
            .Select(g => new ChangeEvent(
                g.First().Recorded,
                g.Aggregate((Int128)0, (sum, c) => sum + c.Value),
                [.. g.Select(c => c.Term).Distinct().Select(t => t with { Filter = t.Filter with { Position = g.Key.Position } })]));
    }

    private IEnumerable<(Term Term, RecordedEvent Recorded, Int128 Value)> Matching(Term term, Func<Ledger.LedgerEvent, bool> wanted)
    {
        var books = Books.Of(term.Year);
        return books.Matching(term.Filter)
            .Select(fact => (term, books.Events[fact.Event], (Int128)term.Sign * fact.Value))
            .Where(c => wanted(c.Item2.Event));
    }

    /// <summary>
    /// The same lines by other measures. Against a budget these are the base's lines, with the sign of what was granted: a
    /// supplement lets spending exceed the initial budget. Against last year they are the lines of both years.
    /// </summary>
    private IEnumerable<Term> BudgetTerms(IReadOnlyList<Measure> measures)
    {
        var lines = With == ComparedWith.Budget
            ? baseTerms.Select(Negated)
            : All.Where(t => t.Filter.Measure is Measure.Expenditure or Measure.Income);
        return lines
            .Select(t => t with { Filter = t.Filter with { Source = null } })
            .SelectMany(t => measures.Select(m => t with { Filter = t.Filter with { Measure = m } }))
            .DistinctBy(t => (t.Year, t.Sign, Lines(t.Filter)));
    }

    /// <summary>What tells two filters apart; records compare their lists by reference.</summary>
    private static string Lines(FactFilter filter) => string.Join(
        '|', filter.Measure, filter.Function, string.Join(',', filter.Economics ?? []), string.Join(',', filter.Funds ?? []), filter.Kind, filter.Name, filter.Project);

    private IEnumerable<FactKey> KeysOf(IReadOnlyList<Term> terms) =>
        terms.SelectMany(t => Books.Of(t.Year).Facts.Keys.Where(k => t.Filter.Matches(k))).Distinct();

    private static Term Negated(Term term) => term with { Sign = -term.Sign };
}
