using NodaTime;

namespace FinalAccounts.Ledger.Budget;

/// <summary>Enter the approved initial budget (年初预算批复). The fields are those of <see cref="BudgetAppropriated"/>.</summary>
public sealed record AppropriateBudget(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : YearCommand(Date);

/// <summary>The year's initial budget was approved (年初预算批复).</summary>
/// <param name="DocumentNumber">文号, unique within the year over all budget events.</param>
public sealed record BudgetAppropriated(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : LedgerEvent(Date);
