using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Budget;

/// <summary>Add budget during the year (年中追加). The fields are those of <see cref="BudgetSupplemented"/>.</summary>
public sealed record SupplementBudget(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.BookingDate(Date);
        checks.Document(DocumentNumber, year);
        checks.Phrase(Purpose, Place.Of(nameof(Purpose)));
        checks.Budget(Lines, nameof(Lines));
        if (checks.IsClean)
        {
            checks.Turnover(year.Turnover, Lines.Sum(l => l.Amount));
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.FindDocument(DocumentNumber) is { } found && EventCodec.SameContent(found, Event());

    private BudgetSupplemented Event() => new(Date, DocumentNumber, Purpose, Lines);
}

/// <summary>Budget was added during the year (年中追加).</summary>
/// <param name="DocumentNumber">文号, unique within the year over all budget and surplus events.</param>
/// <param name="Purpose">What the money is for, as the document says.</param>
/// <param name="Lines">What is added.</param>
public sealed record BudgetSupplemented(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : LedgerEvent(Date);
