using FinalAccounts.Ledger;

namespace FinalAccounts.Reporting;

/// <summary>
/// The way of the money from the approved budget to what was spent: 年初预算 → 追加 → 扣回 → 调剂 → 上年结转 → 执行 → 剩余, for the lines of an
/// expenditure sum.
/// </summary>
/// <param name="Spending">The expenditure.</param>
/// <param name="Budget">All that was granted for its lines, with the events behind it.</param>
/// <param name="IsComplete">False when some of the budget that may belong to the lines is not given as finely as they are, such as a
/// budget without economic codes: the remainder then says nothing.</param>
public sealed record BudgetChain(SumQuery Spending, ExplainedSum Budget, Waterfall Waterfall, bool IsComplete)
{
    private static readonly (StepKind Kind, Measure Measure)[] Granted =
    [
        (StepKind.InitialBudget, Measure.InitialBudget), (StepKind.Supplement, Measure.Supplement), (StepKind.Withdrawal, Measure.Withdrawal),
        (StepKind.Reallocation, Measure.Reallocation), (StepKind.Opening, Measure.OpeningBalance),
    ];

    /// <summary>The chain of a sum; null when it has no expenditure, or nothing was granted for it.</summary>
    public static BudgetChain? Of(SumQuery sum, ReportBooks books)
    {
        var spending = sum.Terms.Where(t => t.Filter.Measure == Measure.Expenditure).ToList();
        var lines = Lines(spending);
        var budget = ExplainedSum.Of(
            new(Messages.Text("BudgetOf", sum.Name), [.. lines.SelectMany(t => Granted.Select(g => With(t, g.Measure)))]), books);
        if (spending.Count == 0 || budget.Events.Count == 0)
        {
            return null;
        }

        SumQuery executed = new(sum.Name, spending);
        return new(executed, budget, Steps(executed, lines, books), lines.All(t => IsGivenAsFinely(t, books)));
    }

    private static Waterfall Steps(SumQuery executed, IReadOnlyList<Term> lines, ReportBooks books)
    {
        List<WaterfallStep> steps = [];
        Int128 level = 0;
        foreach (var (kind, measure) in Granted)
        {
            SumQuery query = new(measure.Term(), [.. lines.Select(t => With(t, measure))]);

            // What never happened is no step; what cancels out is one.
            if (kind == StepKind.InitialBudget || query.Terms.Any(t => books.Of(t.Year).Facts.Any(t.Filter)))
            {
                Add(kind, query.Total(books), query);
            }
        }

        Add(StepKind.Execution, -executed.Total(books), executed);
        steps.Add(new(StepKind.Remaining, null, null, level, level, null));
        return new(steps);

        void Add(StepKind kind, Int128 amount, SumQuery query)
        {
            level += amount;
            steps.Add(new(kind, null, null, amount, level, query));
        }
    }

    /// <summary>
    /// The lines of expenditure as budgets have them: without the income that paid for it, which a budget line does not name. The
    /// treasury's income is spent from fiscal funds and from no other.
    /// </summary>
    private static List<Term> Lines(IEnumerable<Term> spending) =>
    [
        .. spending.Select(t => t with
            {
                Filter = t.Filter with
                {
                    Source = null,
                    Funds = t.Filter is { Source: IncomeSource.FiscalAppropriation, Funds: null } ? FiscalFunds : t.Filter.Funds,
                },
            })
            .DistinctBy(t => (t.Year, t.Sign, t.Filter.Signature)),
    ];

    private static readonly IReadOnlyList<Fund> FiscalFunds = [.. Enum.GetValues<Fund>().Where(f => f.IsFiscal())];

    private static Term With(Term term, Measure measure) => term with { Filter = term.Filter with { Measure = measure } };

    private static bool IsGivenAsFinely(Term term, ReportBooks books) =>
        !books.Of(term.Year).Facts.Keys.Any(key => Granted.Any(g => g.Measure == key.Measure) && IsCoarser(key, term.Filter));

    /// <summary>True when a fact may belong to the lines in part, because it does not say all that they say.</summary>
    private static bool IsCoarser(FactKey key, FactFilter lines)
    {
        var (isCoarser, isOther) = (false, lines.Funds is { } funds && !(key.Fund is { } fund && funds.Contains(fund)));
        if (lines.Function is { } function)
        {
            Compare(key.Function is null, key.Function is { } f && f.IsWithin(function));
        }

        if (lines.Economics is { } economics)
        {
            var isClass = key.Economic is { } whole && !economics.Any(whole.IsWithin) && economics.Any(e => e.IsWithin(whole));
            Compare(key.Economic is null || isClass, key.Economic is { } own && economics.Any(own.IsWithin));
        }

        if (lines.Kind is { } kind)
        {
            Compare(key.Kind is null, key.Kind == kind);
        }

        if (lines.Project is { } project)
        {
            Compare(key.Project is null && key.Kind is not SpendingKind.Basic, key.Project == project);
        }

        return isCoarser && !isOther;

        void Compare(bool coarser, bool matches)
        {
            isCoarser |= coarser;
            isOther |= !coarser && !matches;
        }
    }
}
