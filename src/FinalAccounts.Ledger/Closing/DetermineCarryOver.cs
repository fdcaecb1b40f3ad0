using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Determine what is carried into the next year (年末结转和结余). The fields are those of <see cref="CarryOverDetermined"/>.</summary>
public sealed record DetermineCarryOver(LocalDate Date, IReadOnlyList<BalanceLine> Lines) : YearCommand(Date);

/// <summary>What is carried into the next year was determined (年末结转和结余); replaces an earlier determination.</summary>
public sealed record CarryOverDetermined(LocalDate Date, IReadOnlyList<BalanceLine> Lines) : LedgerEvent(Date);
