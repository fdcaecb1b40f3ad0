using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Open a closed year again (反结账). The fields are those of <see cref="YearReopened"/>.</summary>
public sealed record ReopenYear(LocalDate Date, string Reason, string Authority) : YearCommand(Date);

/// <summary>A closed year was opened again (反结账).</summary>
/// <param name="Authority">Who allowed it: the bureau and the number of its document.</param>
public sealed record YearReopened(LocalDate Date, string Reason, string Authority) : LedgerEvent(Date);
