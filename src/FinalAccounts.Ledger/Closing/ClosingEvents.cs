using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>A balance by fund, and by function, kind and project where it is known.</summary>
/// <param name="Amount">Not zero, in fen.</param>
public sealed record BalanceLine(FunctionCode? Function, Fund Fund, SpendingKind? Kind, string? Project, Money Amount);

/// <summary>Non-fiscal surplus of earlier years was used (使用非财政拨款结余, 含专用结余).</summary>
public sealed record NonFiscalSurplusUsed(LocalDate Date, string DocumentNumber, string Summary, Money Amount) : LedgerEvent(Date);

/// <summary>Surplus was distributed (结余分配).</summary>
public sealed record SurplusDistributed(LocalDate Date, string DocumentNumber, string Summary, Money Amount) : LedgerEvent(Date);

/// <summary>What is carried into the next year was determined (年末结转和结余); replaces an earlier determination.</summary>
public sealed record CarryOverDetermined(LocalDate Date, IReadOnlyList<BalanceLine> Lines) : LedgerEvent(Date);

/// <summary>
/// Where the log stood: the position and hash of its last event. Kept elsewhere, it shows a cut-off tail or a chain
/// rewritten as a whole.
/// </summary>
/// <param name="Hash">SHA-256 as 64 lower-case hexadecimal digits.</param>
public sealed record Seal(long Position, string Hash);

/// <summary>The year was closed (年终结账).</summary>
/// <param name="TotalIncome">收入总计 at the close.</param>
/// <param name="TotalExpenditure">支出总计 at the close; equal to the income.</param>
/// <param name="Seal">The log's head when the close was decided.</param>
public sealed record YearClosed(LocalDate Date, Money TotalIncome, Money TotalExpenditure, Seal Seal) : LedgerEvent(Date);

/// <summary>A closed year was opened again (反结账).</summary>
/// <param name="Authority">Who allowed it: the bureau and the number of its document.</param>
public sealed record YearReopened(LocalDate Date, string Reason, string Authority) : LedgerEvent(Date);
