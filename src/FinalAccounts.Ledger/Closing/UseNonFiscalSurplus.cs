using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Use non-fiscal surplus of earlier years (使用非财政拨款结余). The fields are those of <see cref="NonFiscalSurplusUsed"/>.</summary>
public sealed record UseNonFiscalSurplus(LocalDate Date, string DocumentNumber, string Summary, Money Amount) : YearCommand(Date);

/// <summary>Non-fiscal surplus of earlier years was used (使用非财政拨款结余, 含专用结余).</summary>
public sealed record NonFiscalSurplusUsed(LocalDate Date, string DocumentNumber, string Summary, Money Amount) : LedgerEvent(Date);
