using NodaTime;

namespace FinalAccounts.Ledger.Budget;

/// <summary>Move budget between lines of the same fund (调剂). The fields are those of <see cref="BudgetReallocated"/>.</summary>
public sealed record ReallocateBudget(
    LocalDate Date,
    string DocumentNumber,
    string Purpose,
    IReadOnlyList<BudgetLine> From,
    IReadOnlyList<BudgetLine> To) : YearCommand(Date);

/// <summary>Budget was moved between lines (调剂); what is taken equals what is given.</summary>
public sealed record BudgetReallocated(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> From, IReadOnlyList<BudgetLine> To) : LedgerEvent(Date);
