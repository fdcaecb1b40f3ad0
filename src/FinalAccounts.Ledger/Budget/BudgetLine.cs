using FinalAccounts.Ledger.FiscalYears;

namespace FinalAccounts.Ledger.Budget;

/// <summary>A line of a budget document: function × fund × kind × project, the economic code where the document has it.</summary>
/// <param name="Project">The project's name; null for 基本支出.</param>
/// <param name="Amount">Above zero, in fen.</param>
public sealed record BudgetLine(
    FunctionCode Function,
    Fund Fund,
    SpendingKind Kind,
    string? Project,
    EconomicCode? Economic,
    Money Amount)
{
    internal BudgetKey Key() => new(Function, Fund);
}
