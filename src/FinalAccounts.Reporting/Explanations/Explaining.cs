using NodaTime;

namespace FinalAccounts.Reporting;

/// <summary>Where a figure comes from: the same query that computed it, walked over the events.</summary>
/// <param name="Sums">The sums that the figure is formed from: one, or value and base.</param>
/// <param name="Background">For expenditure: the budget of the same lines, from 年初预算 to what was available.</param>
public sealed record FigureExplanation(Figure Figure, IReadOnlyList<ExplainedSum> Sums, IReadOnlyList<ExplainedSum> Background);

/// <summary>A sum and the events that it consists of.</summary>
/// <param name="Total">Fen, or a whole number for statistics.</param>
/// <param name="Events">In the order of the log; an event whose facts cancel out is still there, with zero.</param>
public sealed record ExplainedSum(string Name, Int128 Total, IReadOnlyList<ExplainedEvent> Events)
{
    /// <summary>In a consolidated document, what each unit contributes: the units that say anything, in the order of the
    /// consolidation. Their totals add up to <see cref="Total"/>. Empty in the document of one unit.</summary>
    public IReadOnlyList<ExplainedUnit> Units { get; init; } = [];

    /// <summary>The events by accounting month, in order of the months, with running totals.</summary>
    public IReadOnlyList<ExplainedMonth> ByMonth()
    {
        List<ExplainedMonth> months = [];
        Int128 running = 0;
        foreach (var month in Events.GroupBy(e => e.Recorded.Event.Date.ToYearMonth()).OrderBy(g => g.Key))
        {
            var amount = month.Aggregate((Int128)0, (sum, e) => sum + e.Amount);
            running += amount;
            months.Add(new(month.Key, month.Count(), amount, running));
        }

        return months;
    }
}

/// <summary>What one event contributes.</summary>
/// <param name="RunningTotal">The sum of this event and those before it.</param>
public sealed record ExplainedEvent(RecordedEvent Recorded, Int128 Amount, Int128 RunningTotal);

/// <summary>What the events of an accounting month contribute.</summary>
public sealed record ExplainedMonth(YearMonth Month, int Events, Int128 Amount, Int128 RunningTotal);

/// <summary>Explains figures.</summary>
public static class Explaining
{
    private static readonly Measure[] BudgetMeasures =
        [Measure.OpeningBalance, Measure.InitialBudget, Measure.Supplement, Measure.Withdrawal, Measure.Reallocation];

    /// <summary>The events behind a figure of a document that was built from these books.</summary>
    public static FigureExplanation Explain(Figure figure, ReportBooks books) => new(
        figure,
        [.. figure.Query.Sums.Select(sum => Explain(sum, books))],
        [.. figure.Query.Sums.Select(BudgetOf).OfType<SumQuery>().Distinct().Select(sum => Explain(sum, books)).Where(s => s.Events.Count > 0)]);

    private static ExplainedSum Explain(SumQuery sum, ReportBooks books)
    {
        var contributions = sum.Terms
            .SelectMany(term => books.Of(term.Year).Matching(term.Filter).Select(fact =>
                (Recorded: books.Of(term.Year).Events[fact.Event], Amount: (Int128)term.Sign * fact.Value)))
            .GroupBy(c => c.Recorded.Position)
            .OrderBy(g => g.Key);
        List<ExplainedEvent> events = [];
        Int128 running = 0;
        foreach (var contribution in contributions)
        {
            var amount = contribution.Aggregate((Int128)0, (total, c) => total + c.Amount);
            running += amount;
            events.Add(new(contribution.First().Recorded, amount, running));
        }

        return new(sum.Name, running, events) { Units = ExplainingUnits.Explain(sum, books) };
    }

    /// <summary>The budget of the lines that an expenditure sum is over; null for other sums.</summary>
    private static SumQuery? BudgetOf(SumQuery sum)
    {
        var spending = sum.Terms.Where(t => t.Filter.Measure == Measure.Expenditure).ToList();
        return spending.Count == 0
            ? null
            : new(
                Messages.Text("BudgetOf", sum.Name),
                [.. spending.SelectMany(t => BudgetMeasures.Select(m => t with { Filter = t.Filter with { Measure = m, Source = null } }))]);
    }
}
