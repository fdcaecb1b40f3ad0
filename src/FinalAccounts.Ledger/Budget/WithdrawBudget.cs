using NodaTime;

namespace FinalAccounts.Ledger.Budget;

/// <summary>Take budget back (财政扣回, 追减). The fields are those of <see cref="BudgetWithdrawn"/>.</summary>
public sealed record WithdrawBudget(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : YearCommand(Date);

/// <summary>Budget was taken back (财政扣回, 追减); the amounts are above zero.</summary>
public sealed record BudgetWithdrawn(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : LedgerEvent(Date);
