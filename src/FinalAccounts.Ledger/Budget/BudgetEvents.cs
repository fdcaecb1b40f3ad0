using NodaTime;

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
    Money Amount);

/// <summary>The year's initial budget was approved (年初预算批复).</summary>
/// <param name="DocumentNumber">文号, unique within the year over all budget events.</param>
public sealed record BudgetAppropriated(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : LedgerEvent(Date);

/// <summary>Budget was added during the year (年中追加).</summary>
public sealed record BudgetSupplemented(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : LedgerEvent(Date);

/// <summary>Budget was taken back (财政扣回, 追减); the amounts are above zero.</summary>
public sealed record BudgetWithdrawn(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : LedgerEvent(Date);

/// <summary>Budget was moved between lines (调剂); what is taken equals what is given.</summary>
public sealed record BudgetReallocated(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> From, IReadOnlyList<BudgetLine> To) : LedgerEvent(Date);
