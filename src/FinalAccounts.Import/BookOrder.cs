using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.FiscalYears;
using NodaTime;

namespace FinalAccounts.Import;

/// <summary>
/// The order in which a year's entries are recorded: by date, and on one day budget before income before expenditure, so that
/// nothing is spent before it was granted. Within that by number, so that the order of rows in a file does not matter.
/// </summary>
internal static class BookOrder
{
    public const int IncomeRank = 6;
    public const int ExpenditureRank = 8;

    /// <summary>A reversal gives budget back that a correct posting of the same day may need; but it follows what it reverses.</summary>
    public static int ReversalRank(bool isOfSameDay) => isOfSameDay ? ExpenditureRank + 1 : ExpenditureRank - 1;

    /// <summary>Entries of lists that are held in memory; the vouchers' own lists are ordered by <see cref="VoucherList.Order"/>.</summary>
    public static IReadOnlyList<BookEntry<YearCommand>> Sort(IEnumerable<BookEntry<YearCommand>> entries) =>

        // OrderBy is stable: what the keys do not tell apart keeps the order of the files.
        [.. entries.OrderByDescending(e => KeyOf(e.Command).IsOpening)
            .ThenBy(e => KeyOf(e.Command).Date)
            .ThenBy(e => KeyOf(e.Command).Rank)
            .ThenBy(e => NumberOf(e.Command), StringComparer.Ordinal)];

    /// <summary>What comes first: the opening, then by date, then by rank.</summary>
    public static (bool IsOpening, LocalDate Date, int Rank) KeyOf(YearCommand command) => (command is OpenFiscalYear, command.Date, Rank(command));

    private static int Rank(YearCommand command) => command switch
    {
        DetermineMembers or ImportComparatives => 0,
        AppropriateBudget => 1,
        SupplementBudget => 2,
        ReallocateBudget => 3,
        WithdrawBudget => 4,
        UseNonFiscalSurplus => 5,
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
        _ => "",
    };
}
