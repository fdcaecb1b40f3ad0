using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
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
    public static IReadOnlyList<BookEntry<YearCommand>> Sort(IEnumerable<BookEntry<YearCommand>> entries)
    {
        var all = entries.ToList();
        var postedOn = all.Select(e => e.Command).OfType<PostExpenditure>().ToDictionary(e => e.Voucher, e => e.Date);

        // OrderBy is stable: what the keys do not tell apart keeps the order of the files.
        return [.. all.OrderBy(e => e.Command is OpenFiscalYear ? 0 : 1)
            .ThenBy(e => e.Command.Date)
            .ThenBy(e => Rank(e.Command, postedOn))
            .ThenBy(e => NumberOf(e.Command), StringComparer.Ordinal)];
    }

    private static int Rank(YearCommand command, Dictionary<string, LocalDate> postedOn) => command switch
    {
        DetermineMembers or ImportComparatives => 0,
        AppropriateBudget => 1,
        SupplementBudget => 2,
        ReallocateBudget => 3,
        WithdrawBudget => 4,
        UseNonFiscalSurplus => 5,
        ReceiveIncome => 6,

        // A reversal gives budget back that a correct posting of the same day may need; but it follows what it reverses.
        ReverseExpenditure e when postedOn.GetValueOrDefault(e.Reversed) != e.Date => 7,
        PostExpenditure => 8,
        ReverseExpenditure => 9,
        DistributeSurplus => 10,
        DetermineCarryOver => 11,
        _ => 12,
    };

    private static string NumberOf(YearCommand command) => command switch
    {
        AppropriateBudget e => e.DocumentNumber,
        SupplementBudget e => e.DocumentNumber,
        ReallocateBudget e => e.DocumentNumber,
        WithdrawBudget e => e.DocumentNumber,
        UseNonFiscalSurplus e => e.DocumentNumber,
        DistributeSurplus e => e.DocumentNumber,
        ReceiveIncome e => e.Voucher,
        PostExpenditure e => e.Voucher,
        ReverseExpenditure e => e.Voucher,
        _ => "",
    };
}
