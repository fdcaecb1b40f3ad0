using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Submit the final accounts to the finance bureau (决算报送), of an open or a closed year.</summary>
/// <param name="Seal">The log's head now.</param>
public sealed record SubmitYear(LocalDate Date, Seal Seal) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.ReportDate(Date);
        checks.Seal(Seal);
        return checks.Decide(new YearSubmitted(Date, Seal));
    }

    // What is handed in again after a change is a submission of its own.
    internal override bool IsIn(YearState year) => false;
}

/// <summary>The final accounts were submitted to the finance bureau (决算报送). Says what was submitted; it forbids nothing.</summary>
/// <param name="Seal">The log's position and hash that were submitted.</param>
public sealed record YearSubmitted(LocalDate Date, Seal Seal) : LedgerEvent(Date);
