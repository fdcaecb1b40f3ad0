using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;

namespace FinalAccounts.Reporting;

/// <summary>Finds what the units of a department paid each other, and eliminates what both sides have booked alike.</summary>
internal static class TransferPairs
{
    /// <summary>The transfers between the units that their facts show.</summary>
    public static IReadOnlyList<MemberTransfer> Find(IReadOnlyList<UnitBooks> units, IEnumerable<RecordedFact> facts)
    {
        var places = units.Index().ToDictionary(u => u.Item.Unit.Code, u => u.Index);
        Dictionary<Pair, (Int128 Paid, Int128 Received)> sums = [];
        foreach (var fact in facts)
        {
            if (PairOf(fact.Key) is { } pair && places.ContainsKey(pair.Payer) && places.ContainsKey(pair.Receiver))
            {
                var (paid, received) = sums.GetValueOrDefault(pair);
                sums[pair] = fact.Key.Measure == Measure.Expenditure ? (paid + fact.Value, received) : (paid, received + fact.Value);
            }
        }

        return
        [
            .. sums.Select(s => new MemberTransfer(
                    s.Key.Transfer, units[places[s.Key.Payer]].Unit, units[places[s.Key.Receiver]].Unit, s.Key.Fund, s.Value.Paid, s.Value.Received))
                .OrderBy(t => places[t.Payer.Code]).ThenBy(t => places[t.Receiver.Code]).ThenBy(t => t.Transfer).ThenBy(t => t.Fund),
        ];
    }

    /// <summary>For each fact of an eliminated transfer the same amount with the opposite sign.</summary>
    public static IEnumerable<RecordedFact> Eliminations(IReadOnlyList<MemberTransfer> transfers, IReadOnlyList<RecordedFact> facts)
    {
        var eliminated = transfers.Where(t => t.IsEliminated).Select(t => new Pair(t.Transfer, t.Payer.Code, t.Receiver.Code, t.Fund)).ToHashSet();
        return from fact in facts
               where PairOf(fact.Key) is { } pair && eliminated.Contains(pair)
               select fact with { Key = fact.Key with { EliminatedWith = fact.Key.Counterparty }, Value = -fact.Value };
    }

    public static IEnumerable<ConsolidationFinding> Findings(
        IReadOnlyList<UnitBooks> units, IReadOnlyList<MemberTransfer> transfers, IReadOnlyList<RecordedFact> facts) =>
    [
        .. from transfer in transfers
           where !transfer.IsEliminated
           select new ConsolidationFinding(ConsolidationRule.TransferUnequal,
           [
               transfer.Payer.Name, transfer.Transfer.SpendingKind().Term(), Yuan(transfer.Paid), transfer.Receiver.Name,
               transfer.Transfer.IncomeSource().Term(), Yuan(transfer.Received), transfer.Fund.Term(), Yuan(transfer.Paid - transfer.Received),
           ]),
        .. from unit in units
           from unnamed in facts.Where(f => f.Key.Unit == unit.Unit.Code && f.Key.Counterparty is null && TransferOf(f.Key) is not null)
               .GroupBy(f => f.Key.Measure == Measure.Expenditure ? f.Key.Kind!.Value.Term() : f.Key.Source!.Value.Term())
           let amount = unnamed.Aggregate((Int128)0, (sum, f) => sum + f.Value)
           where amount != 0
           select new ConsolidationFinding(ConsolidationRule.CounterpartyMissing, [unit.Unit.Name, unnamed.Key, Yuan(amount)]),
    ];

    /// <summary>The kind of transfer that a fact is a side of; null when it is none.</summary>
    public static Transfer? TransferOf(FactKey key) => key switch
    {
        { Measure: Measure.Expenditure, Kind: { } kind } => Only(t => t.SpendingKind() == kind),
        { Measure: Measure.Income, Source: { } source } => Only(t => t.IncomeSource() == source),
        _ => null,
    };

    private static Transfer? Only(Func<Transfer, bool> test) => Enum.GetValues<Transfer>().Where(test).Select(t => (Transfer?)t).FirstOrDefault();

    private static Pair? PairOf(FactKey key) => (TransferOf(key), key.Counterparty, key.Unit) switch
    {
        ({ } transfer, { } other, { } unit) when key.Measure == Measure.Expenditure => new(transfer, unit, other, key.Fund!.Value),
        ({ } transfer, { } other, { } unit) => new(transfer, other, unit, key.Fund!.Value),
        _ => null,
    };

    private static string Yuan(Int128 fen) => new Money(checked((long)fen)).ToYuan();

    private readonly record struct Pair(Transfer Transfer, DepartmentCode Payer, DepartmentCode Receiver, Fund Fund);
}
