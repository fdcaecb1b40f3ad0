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
    ExplainedEvents Events);

/// <summary>A transfer with another unit that is taken off a sum (抵销).</summary>
/// <param name="Transfer">What kind of payment it was.</param>
/// <param name="With">The unit that has booked the other side.</param>
/// <param name="Amount">In fen, with the sign that it has in the sum.</param>
public sealed record ExplainedElimination(Transfer Transfer, ConsolidatedUnit With, Int128 Amount);

/// <summary>Explains sums over consolidated books by unit.</summary>
internal static class ExplainingUnits
{
    /// <param name="facts">What the sum consists of.</param>
    public static IReadOnlyList<ExplainedUnit> Explain(SumQuery sum, ReportBooks books, Lazy<IReadOnlyList<SumFact>> facts)
    {
        // This year's units first; then those that only last year's books have.
        var units = sum.Terms.Select(t => t.Year).Distinct().Order().SelectMany(y => books.Of(y).Units).DistinctBy(u => u.Code).ToList();
        if (units.Count == 0)
        {
            return [];
        }

        var parts = facts.Value.ToLookup(f => f.Key.Unit!.Value);
        return [.. units.Where(u => parts.Contains(u.Code)).Select(u => Explain(u, units, [.. parts[u.Code]]))];
    }

    private static ExplainedUnit Explain(ConsolidatedUnit unit, IReadOnlyList<ConsolidatedUnit> units, IReadOnlyList<SumFact> facts)
    {
        var own = facts.Where(f => f.Key.EliminatedWith is null).ToList();
        var eliminations = facts
            .Where(f => f.Key.EliminatedWith is not null)
            .GroupBy(f => (Transfer: TransferPairs.TransferOf(f.Key)!.Value, With: f.Key.EliminatedWith!.Value))
            .Select(g => new ExplainedElimination(g.Key.Transfer, units.Single(u => u.Code == g.Key.With), SumFacts.Total(g)))
            .ToList();
        return new(unit, SumFacts.Total(own), eliminations, SumFacts.Total(facts), new(own));
    }
}
