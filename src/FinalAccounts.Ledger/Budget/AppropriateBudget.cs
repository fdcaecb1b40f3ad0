using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Budget;

/// <summary>Enter the approved initial budget (年初预算批复). The fields are those of <see cref="BudgetAppropriated"/>.</summary>
public sealed record AppropriateBudget(
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

    private BudgetAppropriated Event() => new(Date, DocumentNumber, Purpose, Lines);
}

/// <summary>The year's initial budget was approved (年初预算批复).</summary>
/// <param name="DocumentNumber">文号, unique within the year over all budget events.</param>
/// <param name="Purpose">What the money is for, as the document says.</param>
/// <param name="Lines">What is appropriated.</param>
public sealed record BudgetAppropriated(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> Lines) : LedgerEvent(Date);
