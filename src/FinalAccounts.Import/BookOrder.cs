using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using NodaTime;

namespace FinalAccounts.Import;

/// <summary>
/// The order in which a year's entries are recorded: by date, and on one day budget before income before expenditure, so that
/// nothing is spent before it was granted. Within that by number, so that the order of rows in a file does not matter.
/// </summary>
internal static class BookOrder
{
    public static IReadOnlyList<BookEntry> Sort(IEnumerable<BookEntry> entries)
    {
        var all = entries.ToList();
        var postedOn = all.Select(e => e.Event).OfType<ExpenditurePosted>().ToDictionary(e => e.Voucher, e => e.Date);

        // OrderBy is stable: what the keys do not tell apart keeps the order of the files.
        return [.. all.OrderBy(e => e.Event is FiscalYearOpened ? 0 : 1)
            .ThenBy(e => e.Event.Date)
            .ThenBy(e => Rank(e.Event, postedOn))
            .ThenBy(e => NumberOf(e.Event), StringComparer.Ordinal)];
    }

    private static int Rank(LedgerEvent @event, Dictionary<string, LocalDate> postedOn) => @event switch
    {
        ComparativesImported => 0,
        BudgetAppropriated => 1,
        BudgetSupplemented => 2,
        BudgetReallocated => 3,
        BudgetWithdrawn => 4,
        NonFiscalSurplusUsed => 5,
        IncomeReceived => 6,

        // A reversal gives budget back that a correct posting of the same day may need; but it follows what it reverses.
        ExpenditureReversed e when postedOn.GetValueOrDefault(e.Reversed) != e.Date => 7,
        ExpenditurePosted => 8,
        ExpenditureReversed => 9,
        SurplusDistributed => 10,
        CarryOverDetermined => 11,
        _ => 12,
    };

    private static string NumberOf(LedgerEvent @event) => @event switch
    {
        BudgetAppropriated e => e.DocumentNumber,
        BudgetSupplemented e => e.DocumentNumber,
        BudgetReallocated e => e.DocumentNumber,
        BudgetWithdrawn e => e.DocumentNumber,
        NonFiscalSurplusUsed e => e.DocumentNumber,
        SurplusDistributed e => e.DocumentNumber,
        IncomeReceived e => e.Voucher,
        ExpenditurePosted e => e.Voucher,
        ExpenditureReversed e => e.Voucher,
        _ => "",
    };
}
