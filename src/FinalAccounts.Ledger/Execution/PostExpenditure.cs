using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Ledger.Execution;

/// <summary>Post expenditure (支出记账). The fields are those of <see cref="ExpenditurePosted"/>.</summary>
public sealed record PostExpenditure(
    LocalDate Date, string Voucher, string Summary, IReadOnlyList<PostingLine> Lines) : YearCommand(Date)
{
    internal override Decision Decide(YearState year, Checklist checks)
    {
        checks.BookingDate(Date);
        checks.Voucher(Voucher, year);
        checks.Phrase(Summary, Place.Of(nameof(Summary)));
        checks.Postings(Lines, year);
        if (checks.IsClean)
        {
            checks.Turnover(year.Turnover, Lines.Sum(l => l.Amount));

            // Only the treasury's money is appropriated; 其他资金 is spent as it comes in.
            checks.WithinAvailable(
                LedgerRules.SpentBeyondBudget,
                year.Opening!.Overspending == OverspendingPolicy.Warn ? Severity.Warning : Severity.Refusal,
                [.. Lines.Select((l, i) => (i, new BudgetKey(l.Function, l.Fund), l.Amount)).Where(l => l.Item2.Fund.IsFiscal())],
                nameof(Lines),
                year);
        }

        return checks.Decide(Event());
    }

    internal override bool IsIn(YearState year) => year.Vouchers.Holds(Event());

    private ExpenditurePosted Event() => new(Date, Voucher, Summary, Lines);
}

/// <summary>Expenditure was posted (支出记账).</summary>
/// <param name="Voucher">凭证号, unique within the year over income, expenditure and reversals.</param>
/// <param name="Summary">摘要, as on the voucher or document.</param>
/// <param name="Lines">What was spent.</param>
public sealed record ExpenditurePosted(
    LocalDate Date, string Voucher, string Summary, IReadOnlyList<PostingLine> Lines) : LedgerEvent(Date);

/// <summary>A line of an expenditure voucher.</summary>
/// <param name="Function">功能分类科目, an item (项) of the year's chart.</param>
/// <param name="Economic">经济分类科目, an item (款) of the year's chart.</param>
/// <param name="Fund">资金性质.</param>
/// <param name="Kind">支出类别.</param>
/// <param name="Project">The project's name; null for 基本支出.</param>
/// <param name="Source">The income that paid for it.</param>
/// <param name="Amount">Above zero, in fen.</param>
/// <param name="Counterparty">对方单位: who gets a 上缴上级支出 or 对附属单位补助支出; null when it is no department of the
/// region, and for the other kinds. Consolidation eliminates what two members have booked against each other.</param>
public sealed record PostingLine(
    FunctionCode Function,
    EconomicCode Economic,
    Fund Fund,
    SpendingKind Kind,
    string? Project,
    IncomeSource Source,
    Money Amount,
    DepartmentCode? Counterparty = null)
{
    /// <summary>What a reversal has to agree with.</summary>
    internal PostingLine WithoutAmount() => this with { Amount = Money.Zero };
}

/// <summary>The rules that vouchers share.</summary>
internal static class VoucherRules
{
    /// <summary>A voucher number that is free.</summary>
    public static void Voucher(this Checklist checks, string number, YearState year)
    {
        checks.Name(number, Place.Of("Voucher"));
        if (year.Vouchers.Contains(number))
        {
            checks.Refuse(LedgerRules.VoucherTwice, Place.Of("Voucher"), number);
        }
    }

    public static void Postings(this Checklist checks, IReadOnlyList<PostingLine> lines, YearState year)
    {
        const string list = "Lines";
        if (!checks.LineCount(lines.Count, list))
        {
            return;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var place = Place.In(list, i);
            checks.Item(line.Function, place.At(nameof(line.Function)));
            checks.Economic(line.Economic, place.At(nameof(line.Economic)), itemOnly: true);
            checks.SourceAndFund(line.Source, line.Fund, place);
            checks.KindAndProject(line.Kind, line.Project, place);
            checks.AmountAboveZero(line.Amount, place.At(nameof(line.Amount)));
            checks.Counterparty(line.Counterparty, Transfers.IsTransfer(line.Kind), line.Kind.Term(), place.At(nameof(line.Counterparty)), year);
        }
    }
}
