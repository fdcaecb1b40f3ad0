using FinalAccounts.Ledger.Execution;

namespace FinalAccounts.Reporting;

/// <summary>What a unit contributes to a sum over consolidated books.</summary>
/// <param name="Amount">From its own books, before elimination.</param>
/// <param name="Eliminations">What is taken off because another unit has booked the other side.</param>
/// <param name="Total">What is left.</param>
/// <param name="Events">What the amount consists of, in the order of the log, with running totals.</param>
public sealed record ExplainedUnit(
    ConsolidatedUnit Unit,
    Int128 Amount,
    IReadOnlyList<ExplainedElimination> Eliminations,
    Int128 Total,
    IReadOnlyList<ExplainedEvent> Events);

/// <summary>A transfer with another unit that is taken off a sum (抵销).</summary>
/// <param name="Transfer">What kind of payment it was.</param>
/// <param name="With">The unit that has booked the other side.</param>
/// <param name="Amount">In fen, with the sign that it has in the sum.</param>
public sealed record ExplainedElimination(Transfer Transfer, ConsolidatedUnit With, Int128 Amount);

/// <summary>Explains sums over consolidated books by unit.</summary>
internal static class ExplainingUnits
{
    public static IReadOnlyList<ExplainedUnit> Explain(SumQuery sum, ReportBooks books)
    {
        // This year's units first; then those that only last year's books have.
        var units = sum.Terms.Select(t => t.Year).Distinct().Order().SelectMany(y => books.Of(y).Units).DistinctBy(u => u.Code).ToList();
        if (units.Count == 0)
        {
            return [];
        }

        var parts = sum.Terms
            .SelectMany(term => books.Of(term.Year).Matching(term.Filter).Select(fact =>
                new Part(fact.Key, books.Of(term.Year).Events[fact.Event], (Int128)term.Sign * fact.Value)))
            .ToLookup(p => p.Key.Unit!.Value);
        return [.. units.Where(u => parts.Contains(u.Code)).Select(u => Explain(u, units, [.. parts[u.Code]]))];
    }

    private static ExplainedUnit Explain(ConsolidatedUnit unit, IReadOnlyList<ConsolidatedUnit> units, IReadOnlyList<Part> parts)
    {
        List<ExplainedEvent> events = [];
        Int128 running = 0;
        foreach (var said in parts.Where(p => p.Key.EliminatedWith is null).GroupBy(p => p.Recorded.Position).OrderBy(g => g.Key))
        {
            var amount = Sum(said);
            running += amount;
            events.Add(new(said.First().Recorded, amount, running));
        }

        var eliminations = parts
            .Where(p => p.Key.EliminatedWith is not null)
            .GroupBy(p => (Transfer: TransferPairs.TransferOf(p.Key)!.Value, With: p.Key.EliminatedWith!.Value))
            .Select(g => new ExplainedElimination(g.Key.Transfer, units.Single(u => u.Code == g.Key.With), Sum(g)))
            .ToList();
        return new(unit, running, eliminations, Sum(parts), events);
    }

    private static Int128 Sum(IEnumerable<Part> parts) => parts.Aggregate((Int128)0, (sum, part) => sum + part.Amount);

    private sealed record Part(FactKey Key, RecordedEvent Recorded, Int128 Amount);
}
