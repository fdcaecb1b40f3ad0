using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;

namespace FinalAccounts.Import;

/// <summary>Reads budget.csv: 年初预算, 追加, 扣回 and 调剂.</summary>
internal static class BudgetBook
{
    private const string Initial = "年初预算";
    private const string Supplement = "追加";
    private const string Withdrawal = "扣回";
    private const string Reallocation = "调剂";
    private static readonly IReadOnlyList<string> Types = [Initial, Supplement, Withdrawal, Reallocation];

    /// <summary>Ordered without the source of the money: the order of what is recorded already must not change.</summary>
    private static readonly DocumentForm<BudgetLine> Form = new(
        [BookFormats.Type, BookFormats.Date, BookFormats.Purpose],
        line => $"{line.Function}|{line.Fund:D}|{line.Kind:D}|{line.Project}|{line.Economic}");

    public static IEnumerable<BookEntry<YearCommand>> Read(Table table, FiscalYear year, ChartOfAccounts? chart, ImportErrors errors)
    {
        var lines = table.Rows.Select(row => ReadLine(new(row, errors), year, chart)).OfType<DocumentLine<BudgetLine>>().ToList();
        foreach (var document in Form.Group(lines, errors))
        {
            if (Entry(document, errors) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private static DocumentLine<BudgetLine>? ReadLine(RowReader row, FiscalYear year, ChartOfAccounts? chart)
    {
        var type = row.Text(BookFormats.Type);
        if (type.Length > 0 && !Types.Contains(type))
        {
            row.Fail(ImportRule.TermUnknown, BookFormats.Type, string.Join("、", Types));
        }

        var number = row.Text(BookFormats.DocumentNumber);
        var date = row.Date(BookFormats.Date, year);
        row.Text(BookFormats.Purpose);
        var line = new BudgetLine(
            row.Function(BookFormats.Function, chart),
            row.Term<Fund>(BookFormats.Fund),
            row.Term<SpendingKind>(BookFormats.Kind),
            row.Optional(BookFormats.Project),
            row.OptionalEconomic(BookFormats.Economic, chart),
            row.Amount(BookFormats.Amount, type == Reallocation ? Sign.NotZero : Sign.Positive),
            row.OptionalTerm<IncomeSource>(BookFormats.PaidFrom));
        return row.Failed ? null : new(number, date, line, row.Row);
    }

    private static BookEntry<YearCommand>? Entry(BookedDocument<BudgetLine> document, ImportErrors errors)
    {
        var (date, number, purpose, lines) = (document.Date, document.Number, document[BookFormats.Purpose], document.Lines);
        switch (document[BookFormats.Type])
        {
            case Initial:
                return new(new AppropriateBudget(date, number, purpose, lines), document.First, document.Rows);
            case Supplement:
                return new(new SupplementBudget(date, number, purpose, lines), document.First, document.Rows);
            case Withdrawal:
                return new(new WithdrawBudget(date, number, purpose, lines), document.First, document.Rows);
        }

        var sum = lines.Sum(line => line.Amount);
        if (!sum.IsZero)
        {
            errors.Add(ImportRule.ReallocationUnbalanced, document.First.File, document.First.Line, BookFormats.Amount, sum.ToYuan(), number, sum.ToYuan());
            return null;
        }

        var rows = lines.Zip(document.Rows).ToList();
        var from = rows.Where(r => r.First.Amount < Money.Zero).ToList();
        var to = rows.Where(r => r.First.Amount > Money.Zero).ToList();
        var taken = from.Select(r => r.First with { Amount = -r.First.Amount });
        return new(new ReallocateBudget(date, number, purpose, [.. taken], [.. to.Select(r => r.First)]),
            document.First, [.. from.Select(r => r.Second)], [.. to.Select(r => r.Second)]);
    }
}
