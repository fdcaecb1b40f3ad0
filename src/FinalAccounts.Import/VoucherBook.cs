using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;

namespace FinalAccounts.Import;

/// <summary>Reads income.csv and expenditure.csv.</summary>
internal static class VoucherBook
{
    private static readonly IReadOnlyList<string> IncomeHead = [BookFormats.Date, BookFormats.Summary];
    private static readonly IReadOnlyList<string> ExpenditureHead = [BookFormats.Date, BookFormats.Summary, BookFormats.Reversed];

    public static IEnumerable<BookEntry<YearCommand>> ReadIncome(Table table, FiscalYear year, ChartOfAccounts? chart, ImportErrors errors)
    {
        var lines = table.Rows.Select(row => IncomeLine(new(row, errors), year, chart)).OfType<DocumentLine<IncomeLine>>().ToList();
        foreach (var voucher in DocumentRows.Group(
            lines, IncomeHead, line => $"{line.Function}|{line.Source:D}|{line.Fund:D}{SortKey(line.Counterparty)}", errors))
        {
            var received = new ReceiveIncome(voucher.Date, voucher.Number, voucher[BookFormats.Summary], voucher.Lines);
            yield return new(received, voucher.First, voucher.Rows);
        }
    }

    public static IEnumerable<BookEntry<YearCommand>> ReadExpenditure(Table table, FiscalYear year, ChartOfAccounts? chart, ImportErrors errors)
    {
        var lines = table.Rows.Select(row => PostingLine(new(row, errors), year, chart)).OfType<DocumentLine<PostingLine>>().ToList();
        foreach (var voucher in DocumentRows.Group(lines, ExpenditureHead, SortKey, errors))
        {
            var (date, number, summary, reversed) = (voucher.Date, voucher.Number, voucher[BookFormats.Summary], voucher[BookFormats.Reversed]);
            yield return reversed.Length == 0
                ? new(new PostExpenditure(date, number, summary, voucher.Lines), voucher.First, voucher.Rows)
                : new(new ReverseExpenditure(date, number, reversed, summary, voucher.Lines), voucher.First, voucher.Rows);
        }
    }

    private static DocumentLine<IncomeLine>? IncomeLine(RowReader row, FiscalYear year, ChartOfAccounts? chart)
    {
        var number = row.Text(BookFormats.Voucher);
        var date = row.Date(BookFormats.Date, year);
        var summary = row.Text(BookFormats.Summary);
        var line = new IncomeLine(
            row.Function(BookFormats.Function, chart),
            row.Term<IncomeSource>(BookFormats.Source),
            row.Term<Fund>(BookFormats.Fund),
            row.Amount(BookFormats.Amount, Sign.NotZero),
            row.OptionalDepartment(BookFormats.Counterparty));
        return row.Failed ? null : new(number, date, [$"{date:uuuu-MM-dd}", summary], line, row.Row);
    }

    private static DocumentLine<PostingLine>? PostingLine(RowReader row, FiscalYear year, ChartOfAccounts? chart)
    {
        var number = row.Text(BookFormats.Voucher);
        var date = row.Date(BookFormats.Date, year);
        var summary = row.Text(BookFormats.Summary);
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
        return row.Failed ? null : new(number, date, [$"{date:uuuu-MM-dd}", summary, reversed ?? ""], line, row.Row);
    }

    private static string SortKey(PostingLine line) =>
        $"{line.Function}|{line.Economic}|{line.Fund:D}|{line.Kind:D}|{line.Project}|{line.Source:D}{SortKey(line.Counterparty)}";

    /// <summary>Nothing for lines without a counterparty, whose order thereby stays what it was before there were any.</summary>
    private static string SortKey(DepartmentCode? counterparty) => counterparty is { } other ? $"|{other}" : "";
}
