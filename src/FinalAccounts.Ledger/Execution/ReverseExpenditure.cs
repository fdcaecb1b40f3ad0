using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Execution;

/// <summary>Reverse a posting or part of it (红字冲销). The fields are those of <see cref="ExpenditureReversed"/>.</summary>
public sealed record ReverseExpenditure(
    LocalDate Date, string Voucher, string Reversed, string Summary, IReadOnlyList<PostingLine> Lines) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.BookingDate(Date);
        checks.Voucher(Voucher, year);
        checks.Name(Reversed, Place.Of(nameof(Reversed)));
        checks.Phrase(Summary, Place.Of(nameof(Summary)));
        checks.Postings(Lines, year);
        if (checks.IsClean)
        {
            checks.Turnover(year.Turnover, Lines.Sum(l => l.Amount));
            CheckOriginal(year, checks);
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) => year.Vouchers.Holds(Event());

    private ExpenditureReversed Event() => new(Date, Voucher, Reversed, Summary, Lines);

    private void CheckOriginal(YearState year, Checklist checks)
    {
        var original = year.FindVoucher(Reversed);
        if (original is null)
        {
            checks.Refuse(LedgerRules.ReversedVoucherUnknown, Place.Of(nameof(Reversed)), Reversed);
            return;
        }

        if (original.Kind != VoucherKind.Expenditure)
        {
            checks.Refuse(LedgerRules.ReversedVoucherIsNoExpenditure, Place.Of(nameof(Reversed)), Reversed);
            return;
        }

        if (Date < original.Date)
        {
            checks.Refuse(LedgerRules.ReversedBeforePosted, Place.Of(nameof(Date)), Checklist.Iso(Date), Checklist.Iso(original.Date));
        }

        var wanted = new Dictionary<PostingLine, Money>();
        for (var i = 0; i < Lines.Count; i++)
        {
            var line = Lines[i];
            var key = line.WithoutAmount();
            if (!original.Outstanding.TryGetValue(key, out var left))
            {
                checks.Refuse(
                    LedgerRules.ReversedLineUnknown, Place.In(nameof(Lines), i), Reversed, line.Function.ToString(), line.Economic.ToString());
                continue;
            }

            wanted[key] = wanted.GetValueOrDefault(key) + line.Amount;
            if (wanted[key] > left)
            {
                checks.Refuse(
                    LedgerRules.ReversedBeyondPosted, Place.In(nameof(Lines), i).At(nameof(line.Amount)),
                    Reversed, left.ToYuan(), wanted[key].ToYuan());
            }
        }
    }
}

/// <summary>An earlier posting, or part of it, was reversed (红字冲销).</summary>
/// <param name="Voucher">凭证号, unique within the year over income, expenditure and reversals.</param>
/// <param name="Reversed">The voucher of the posting that is reversed.</param>
/// <param name="Summary">摘要, as on the voucher or document.</param>
/// <param name="Lines">What is taken back: keys of the posting's lines, amounts above zero.</param>
public sealed record ExpenditureReversed(
    LocalDate Date, string Voucher, string Reversed, string Summary, IReadOnlyList<PostingLine> Lines) : LedgerEvent(Date);
