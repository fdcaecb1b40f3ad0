using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Close the year (年终结账). The totals are computed from the books.</summary>
/// <param name="Seal">The log's head now.</param>
public sealed record CloseYear(LocalDate Date, Seal Seal) : YearCommand(Date);

/// <summary>The year was closed (年终结账).</summary>
/// <param name="TotalIncome">收入总计 at the close.</param>
/// <param name="TotalExpenditure">支出总计 at the close; equal to the income.</param>
/// <param name="Seal">The log's head when the close was decided.</param>
public sealed record YearClosed(LocalDate Date, Money TotalIncome, Money TotalExpenditure, Seal Seal) : LedgerEvent(Date);
