using NodaTime;

namespace FinalAccounts.Ledger.Budget;

/// <summary>Add budget during the year (年中追加). The fields are those of <see cref="BudgetSupplemented"/>.</summary>
public sealed record SupplementBudget(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : YearCommand(Date);

/// <summary>Budget was added during the year (年中追加).</summary>
public sealed record BudgetSupplemented(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : LedgerEvent(Date);
