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
        Keys = [.. KeysOf(valueTerms, false), .. KeysOf(baseTerms, true)];
        Amount = Keys.Aggregate((Int128)0, (sum, key) => sum + key.Amount);
    }

    public ReportBooks Books { get; }

    public ComparedWith With { get; }

    /// <summary>Value less base, in fen.</summary>
    public Int128 Amount { get; }

    private IEnumerable<Term> All => valueTerms.Concat(baseTerms);

    /// <summary>True for what a budget is made of.</summary>
    public static bool IsBudget(Measure measure) => measure == Measure.InitialBudget || BudgetChanges.Contains(measure);

    /// <summary>What the change consists of, by key; the amounts of the base are taken off.</summary>
    public IReadOnlyList<(FactKey Key, bool OfBase, Int128 Amount)> Keys { get; }

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
        var changes = BudgetTerms([.. BudgetChanges.Where(m => !own.Contains(m))]).SelectMany(Matching);
        var reversals = All.Where(t => t.Filter.Measure == Measure.Expenditure)
            .SelectMany(term => Books.Of(term.Year).Reversals.All.SelectMany(r => Matching(term with { Filter = term.Filter with { Position = r.Position } })));
        return changes.Concat(reversals)
            .GroupBy(c => (c.Term.Year, c.Recorded.Position))
            .OrderBy(g => g.Key.Position)
            .Select(g => new ChangeEvent(
                g.First().Recorded,
                g.Aggregate((Int128)0, (sum, c) => sum + c.Value),
                [.. g.Select(c => c.Term with { Filter = c.Term.Filter with { Position = g.Key.Position } }).DistinctBy(t => (t.Sign, t.Filter.Signature))]));
    }

    private IEnumerable<(Term Term, RecordedEvent Recorded, Int128 Value)> Matching(Term term)
    {
        var books = Books.Of(term.Year);
        return books.Matching(term.Filter).Select(fact => (term, books.Events[fact.Event], (Int128)term.Sign * fact.Value));
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
            .DistinctBy(t => (t.Year, t.Sign, t.Filter.Signature));
    }

    private IEnumerable<(FactKey Key, bool OfBase, Int128 Amount)> KeysOf(IEnumerable<Term> terms, bool ofBase) =>
        terms.SelectMany(t => Books.Of(t.Year).Totals(t.Filter).Select(k => (k.Key, ofBase, t.Sign * k.Total)));

    private static Term Negated(Term term) => term with { Sign = -term.Sign };
}
