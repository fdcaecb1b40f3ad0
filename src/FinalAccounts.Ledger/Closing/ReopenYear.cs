using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Open a closed year again (反结账). The fields are those of <see cref="YearReopened"/>.</summary>
public sealed record ReopenYear(LocalDate Date, string Reason, string Authority) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        if (year.Closing is not { } closing)
        {
            checks.Refuse(LedgerRules.YearNotClosed, Place.Whole);
        }
        else if (Date < closing.Date)
        {
            checks.Refuse(LedgerRules.DateBeforeClose, Place.Of(nameof(Date)), Checklist.Iso(Date), Checklist.Iso(closing.Date));
        }

        checks.Phrase(Reason, Place.Of(nameof(Reason)));
        checks.Phrase(Authority, Place.Of(nameof(Authority)));
        return checks.Decide(new YearReopened(Date, Reason, Authority));
    }

    // A year that stands open may never have been closed, so a reopening is never known to have happened.
    internal override bool IsIn(YearState year) => false;
}

/// <summary>A closed year was opened again (反结账).</summary>
/// <param name="Reason">Why it had to be.</param>
/// <param name="Authority">Who allowed it: the bureau and the number of its document.</param>
public sealed record YearReopened(LocalDate Date, string Reason, string Authority) : LedgerEvent(Date);
