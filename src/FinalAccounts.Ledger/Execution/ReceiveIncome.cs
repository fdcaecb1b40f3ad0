using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Execution;

/// <summary>Book income (收入). The fields are those of <see cref="IncomeReceived"/>.</summary>
public sealed record ReceiveIncome(
    LocalDate Date, string Voucher, string Summary, IReadOnlyList<IncomeLine> Lines) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.BookingDate(Date);
        checks.Voucher(Voucher, year);
        checks.Phrase(Summary, Place.Of(nameof(Summary)));
        if (checks.LineCount(Lines.Count, nameof(Lines)))
        {
            for (var i = 0; i < Lines.Count; i++)
            {
                var line = Lines[i];
                var place = Place.In(nameof(Lines), i);
                checks.Item(line.Function, place.At(nameof(line.Function)));
                checks.SourceAndFund(line.Source, line.Fund, place);
                checks.AmountNotZero(line.Amount, place.At(nameof(line.Amount)));
                checks.Counterparty(line.Counterparty, Transfers.IsTransfer(line.Source), line.Source.Term(), place.At(nameof(line.Counterparty)), year);
            }
        }

        if (checks.IsClean)
        {
            checks.Turnover(year.Turnover, Lines.Sum(l => l.Amount.Magnitude));
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) => year.Vouchers.Holds(Event());

    private IncomeReceived Event() => new(Date, Voucher, Summary, Lines);
}

/// <summary>Income was received (收入).</summary>
/// <param name="Voucher">凭证号, unique within the year over income, expenditure and reversals.</param>
/// <param name="Summary">摘要, as on the voucher or document.</param>
/// <param name="Lines">What came in.</param>
public sealed record IncomeReceived(LocalDate Date, string Voucher, string Summary, IReadOnlyList<IncomeLine> Lines) : LedgerEvent(Date);

/// <summary>A line of a receipt.</summary>
/// <param name="Function">功能分类科目, an item (项) of the year's chart.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Fund">资金性质.</param>
/// <param name="Amount">Not zero, in fen; below zero for a refund of income (退库).</param>
/// <param name="Counterparty">对方单位: who pays an 上级补助收入 or 附属单位上缴收入; null when it is no department of the region,
/// and for the other sources. Consolidation eliminates what two members have booked against each other.</param>
public sealed record IncomeLine(FunctionCode Function, IncomeSource Source, Fund Fund, Money Amount, DepartmentCode? Counterparty = null);
