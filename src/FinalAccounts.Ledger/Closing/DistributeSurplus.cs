using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Distribute surplus (结余分配). The fields are those of <see cref="SurplusDistributed"/>.</summary>
public sealed record DistributeSurplus(LocalDate Date, string DocumentNumber, string Summary, Money Amount) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.BookingDate(Date);
        checks.Document(DocumentNumber, year);
        checks.Phrase(Summary, Place.Of(nameof(Summary)));
        checks.AmountAboveZero(Amount, Place.Of(nameof(Amount)));
        if (checks.IsClean)
        {
            checks.Turnover(year.Turnover, Amount);
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) =>
        year.FindDocument(DocumentNumber) is { } found && EventCodec.SameContent(found, Event());

    private SurplusDistributed Event() => new(Date, DocumentNumber, Summary, Amount);
}

/// <summary>Surplus was distributed (结余分配).</summary>
/// <param name="DocumentNumber">文号, unique within the year over all budget and surplus events.</param>
/// <param name="Summary">摘要, as on the voucher or document.</param>
/// <param name="Amount">Above zero, in fen.</param>
public sealed record SurplusDistributed(LocalDate Date, string DocumentNumber, string Summary, Money Amount) : LedgerEvent(Date);
