using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Closing;

/// <summary>Determine what is carried into the next year (年末结转和结余). The fields are those of <see cref="CarryOverDetermined"/>.</summary>
public sealed record DetermineCarryOver(LocalDate Date, IReadOnlyList<BalanceLine> Lines) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.BookingDate(Date);

        // Without lines it says that nothing is carried over.
        checks.Balances(Lines, nameof(Lines));
        if (checks.IsClean)
        {
            checks.Turnover(year.Turnover, Lines.Sum(l => l.Amount.Magnitude));
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) => year.CarryOver is { } found && EventCodec.SameContent(found with { Date = Date }, Event());

    private CarryOverDetermined Event() => new(Date, Lines);
}

/// <summary>What is carried into the next year was determined (年末结转和结余); replaces an earlier determination.</summary>
/// <param name="Lines">What is carried over; empty when nothing is.</param>
public sealed record CarryOverDetermined(LocalDate Date, IReadOnlyList<BalanceLine> Lines) : LedgerEvent(Date);
