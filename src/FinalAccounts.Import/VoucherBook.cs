using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;

namespace FinalAccounts.Import;

/// <summary>Reads income.csv and expenditure.csv.</summary>
internal static class VoucherBook
{
    private static readonly DocumentForm<IncomeLine> IncomeForm = new(
        [BookFormats.Date, BookFormats.Summary], line => $"{line.Function}|{line.Source:D}|{line.Fund:D}{SortKey(line.Counterparty)}");

    private static readonly DocumentForm<PostingLine> ExpenditureForm = new([BookFormats.Date, BookFormats.Summary, BookFormats.Reversed], SortKey);

    public static VoucherList Income(IVoucherRows rows, FiscalYear year, ChartOfAccounts? chart) => new VoucherList<IncomeLine>(
        rows, IncomeForm, row => IncomeLine(row, year, chart), v => new ReceiveIncome(v.Date, v.Number, v[BookFormats.Summary], v.Lines));

    public static VoucherList Expenditure(IVoucherRows rows, FiscalYear year, ChartOfAccounts? chart) => new VoucherList<PostingLine>(
        rows, ExpenditureForm, row => PostingLine(row, year, chart), Expenditure);

    private static YearCommand Expenditure(BookedDocument<PostingLine> voucher)
    {
        var (date, number, summary, reversed) = (voucher.Date, voucher.Number, voucher[BookFormats.Summary], voucher[BookFormats.Reversed]);
        return reversed.Length == 0
            ? new PostExpenditure(date, number, summary, voucher.Lines)
            : new ReverseExpenditure(date, number, reversed, summary, voucher.Lines);
    }

    private static DocumentLine<IncomeLine>? IncomeLine(RowReader row, FiscalYear year, ChartOfAccounts? chart)
    {
        var number = row.Text(BookFormats.Voucher);
        var date = row.Date(BookFormats.Date, year);
        row.Text(BookFormats.Summary);
        var line = new IncomeLine(
            row.Function(BookFormats.Function, chart),
            row.Term<IncomeSource>(BookFormats.Source),
            row.Term<Fund>(BookFormats.Fund),
            row.Amount(BookFormats.Amount, Sign.NotZero),
            row.OptionalDepartment(BookFormats.Counterparty));
        return row.Failed ? null : new(number, date, line, row.Row);
    }

    private static DocumentLine<PostingLine>? PostingLine(RowReader row, FiscalYear year, ChartOfAccounts? chart)
    {
        var number = row.Text(BookFormats.Voucher);
        var date = row.Date(BookFormats.Date, year);
        row.Text(BookFormats.Summary);
        var reversed = row.Optional(BookFormats.Reversed);

        // In a list a reversal is written in red, below zero; an event says what is taken back, above zero.
        var amount = row.Amount(BookFormats.Amount, reversed == null ? Sign.Positive : Sign.Negative);
        var line = new PostingLine(
            row.Function(BookFormats.Function, chart),
            row.Economic(BookFormats.Economic, chart),
            row.Term<Fund>(BookFormats.Fund),
            row.Term<SpendingKind>(BookFormats.Kind),
            row.Optional(BookFormats.Project),
            row.Term<IncomeSource>(BookFormats.PaidFrom),
            reversed == null ? amount : -amount,
            row.OptionalDepartment(BookFormats.Counterparty));
        return row.Failed ? null : new(number, date, line, row.Row);
    }

    private static string SortKey(PostingLine line) =>
        $"{line.Function}|{line.Economic}|{line.Fund:D}|{line.Kind:D}|{line.Project}|{line.Source:D}{SortKey(line.Counterparty)}";

    /// <summary>Nothing for lines without a counterparty, whose order thereby stays what it was before there were any.</summary>
    private static string SortKey(DepartmentCode? counterparty) => counterparty is { } other ? $"|{other}" : "";
}
