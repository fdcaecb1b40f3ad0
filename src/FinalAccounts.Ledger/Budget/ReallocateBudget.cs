using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Budget;

/// <summary>Move budget between lines of the same fund (调剂). The fields are those of <see cref="BudgetReallocated"/>.</summary>
public sealed record ReallocateBudget(
    LocalDate Date,
    string DocumentNumber,
    string Purpose,
    IReadOnlyList<BudgetLine> From,
    IReadOnlyList<BudgetLine> To) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.BookingDate(Date);
        checks.Document(DocumentNumber, year);
        checks.Phrase(Purpose, Place.Of(nameof(Purpose)));
        checks.Budget(From, nameof(From));
        checks.Budget(To, nameof(To));
        if (checks.IsClean)
        {
            checks.Turnover(year.Turnover, From.Sum(l => l.Amount) + To.Sum(l => l.Amount));
            checks.TakenBudget(From, nameof(From), year);
            foreach (var fund in Enum.GetValues<Fund>())
            {
                var taken = From.Where(l => l.Fund == fund).Sum(l => l.Amount);
                var given = To.Where(l => l.Fund == fund).Sum(l => l.Amount);
                if (taken != given)
                {
                    checks.Refuse(LedgerRules.ReallocationDoesNotBalance, Place.Whole, fund.Term(), taken.ToYuan(), given.ToYuan());
                }
            }
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.FindDocument(DocumentNumber) is { } found && EventCodec.SameContent(found, Event());

    private BudgetReallocated Event() => new(Date, DocumentNumber, Purpose, From, To);
}

/// <summary>Budget was moved between lines (调剂); what is taken equals what is given.</summary>
/// <param name="DocumentNumber">文号, unique within the year over all budget and surplus events.</param>
/// <param name="Purpose">What the money is for, as the document says.</param>
/// <param name="From">What is taken.</param>
/// <param name="To">What is given, in each fund as much as is taken.</param>
public sealed record BudgetReallocated(
    LocalDate Date, string DocumentNumber, string Purpose, IReadOnlyList<BudgetLine> From, IReadOnlyList<BudgetLine> To) : LedgerEvent(Date);
