using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Budget;

/// <summary>Take budget back (财政扣回, 追减). The fields are those of <see cref="BudgetWithdrawn"/>.</summary>
public sealed record WithdrawBudget(
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
            checks.TakenBudget(Lines, nameof(Lines), year);
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.FindDocument(DocumentNumber) is { } found && EventCodec.SameContent(found, Event());

    private BudgetWithdrawn Event() => new(Date, DocumentNumber, Purpose, Lines);
}

/// <summary>Budget was taken back (财政扣回, 追减); the amounts are above zero.</summary>
/// <param name="DocumentNumber">文号, unique within the year over all budget and surplus events.</param>
/// <param name="Purpose">What the money is for, as the document says.</param>
/// <param name="Lines">What is taken back.</param>
public sealed record BudgetWithdrawn(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : LedgerEvent(Date);
