using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Distribute surplus (结余分配). The fields are those of <see cref="SurplusDistributed"/>.</summary>
public sealed record DistributeSurplus(LocalDate Date, string DocumentNumber, string Summary, Money Amount) : YearCommand(Date);

/// <summary>Surplus was distributed (结余分配).</summary>
public sealed record SurplusDistributed(LocalDate Date, string DocumentNumber, string Summary, Money Amount) : LedgerEvent(Date);
