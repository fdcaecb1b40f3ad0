using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;

namespace FinalAccounts.Reporting;

/// <summary>
/// Takes a change apart. Pure: a part is the same query narrowed, so that its events can be asked for like those of any
/// figure, and the rest is what the parts leave of value and base, so that all of them add up to the change exactly.
/// </summary>
public static class ExplainingChange
{
    /// <summary>What a figure says a change of; null when it says none: a plain sum, or a share of a whole.</summary>
    public static (SumQuery Value, SumQuery Base)? ComparisonOf(FigureQuery query) => query switch
    {
        DifferenceQuery q when With(q.Base) is not null => (q.Value, q.Base),
        RateQuery q when With(q.Base) is not null => (q.Value, q.Base),

        // 完成年初预算的百分比, but not a part of the budget as a share of the budget.
        ShareQuery q when With(q.Base) == ComparedWith.Budget && With(q.Value) is null => (q.Value, q.Base),
        _ => null,
    };

    /// <summary>The change of a figure that compares; null for other figures.</summary>
    public static Change? Explain(Figure figure, ReportBooks books) =>
        ComparisonOf(figure.Query) is { } compared ? Explain(compared.Value, compared.Base, books) : null;

    /// <summary>The change from a base to a value; null when the base is neither a budget nor a figure of last year.</summary>
    public static Change? Explain(SumQuery value, SumQuery @base, ReportBooks books)
    {
        if (With(@base) is not { } with)
        {
            return null;
        }

        ChangeTerms terms = new(value, @base, with, books);
        ChangeBreakdown?[] breakdowns =
        [
            By(ChangeAspect.Item, terms, k => k.Function is { IsItem: true } f ? f.ToString() : null, code => new(Function: new(code))),
            By(ChangeAspect.Economic, terms, k => k.Economic is { IsItem: true } e ? e.ToString() : null, code => new(Economic: new(code))),
            By(ChangeAspect.Project, terms, k => k.Project, project => new(Project: project)),
            ByEvent(terms),
        ];
        return new(value, @base, with, terms.Amount, [.. breakdowns.OfType<ChangeBreakdown>()]);
    }

    private static ComparedWith? With(SumQuery @base) =>
        @base.Terms.Count == 0 ? null
        : @base.Terms.All(t => t.Year == BooksYear.Prior || t.Filter.Measure == Measure.Comparative) ? ComparedWith.PriorYear
        : @base.Terms.All(t => ChangeTerms.IsBudget(t.Filter.Measure)) ? ComparedWith.Budget
        : null;

    /// <summary>By a code that facts have; null when no fact of the change has one.</summary>
    private static ChangeBreakdown? By(ChangeAspect aspect, ChangeTerms terms, Func<FactKey, string?> codeOf, Func<string, Narrowing> narrow)
    {
        var keys = terms.Keys.Select(k => (k.Key, k.OfBase, k.Amount, Code: codeOf(k.Key))).ToList();
        var codes = keys.Where(k => k.Code is not null).GroupBy(k => k.Code!).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        if (codes.Count == 0)
        {
            return null;
        }

        // An imported figure is one number, and most budgets are not given by economic item: nothing to set against the codes.
        if (keys.Any(k => k.OfBase && k.Code is null
            && (k.Key.Measure == Measure.Comparative || (aspect == ChangeAspect.Economic && ChangeTerms.IsBudget(k.Key.Measure) && terms.With == ComparedWith.Budget))))
        {
            return new(aspect, null, 0, null);
        }

        return terms.TakenApart(aspect, codes.Select(code => new ChangePart(
            code.Key, null, code.Aggregate((Int128)0, (sum, k) => sum + k.Amount), terms.Narrowed(code.Key, narrow(code.Key)), null)));
    }

    /// <summary>By budget documents and reversals; null when there were none.</summary>
    private static ChangeBreakdown? ByEvent(ChangeTerms terms)
    {
        if (terms.Keys.Any(k => k.OfBase && k.Key.Measure == Measure.Comparative))
        {
            return new(ChangeAspect.Event, null, 0, null);
        }

        var initial = terms.InitialBudgets();
        var initialQuery = new SumQuery(Measure.InitialBudget.Term(), initial);
        var parts = terms.Events().Select(Part)
            .Append(new ChangePart("", ChangeEventKind.InitialBudget, initialQuery.Total(terms.Books), initialQuery, null));
        var breakdown = terms.TakenApart(ChangeAspect.Event, parts);
        return breakdown.Parts!.Count == 0 ? null : breakdown;
    }

    private static ChangePart Part(ChangeEvent changed)
    {
        var (kind, number) = changed.Recorded.Event switch
        {
            BudgetSupplemented e => (ChangeEventKind.Supplement, e.DocumentNumber),
            BudgetWithdrawn e => (ChangeEventKind.Withdrawal, e.DocumentNumber),
            BudgetReallocated e => (ChangeEventKind.Reallocation, e.DocumentNumber),
            ExpenditureReversed e => (ChangeEventKind.Reversal, e.Voucher),
            FiscalYearOpened e => (ChangeEventKind.Opening, e.Year.ToString()),
            var e => throw new InvalidOperationException($"{e.GetType().Name} does not change a budget."),
        };
        return new(number, kind, changed.Amount, new(number, changed.Terms), changed.Recorded);
    }
}
