using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;

namespace FinalAccounts.Import;

/// <summary>Reads balances.csv: what was carried into the year, what of the surplus was used and distributed, what is carried on.</summary>
/// <param name="Opening">年初结转和结余, which the year is opened with.</param>
internal sealed record BalanceBook(IReadOnlyList<BalanceLine> Opening, IReadOnlyList<TableRow> OpeningRows, IReadOnlyList<BookEntry<YearCommand>> Entries)
{
    private const string OpeningType = "年初结转和结余";
    private const string SurplusUsedType = "使用非财政拨款结余";
    private const string DistributionType = "结余分配";
    private const string CarryOverType = "年末结转和结余";
    private static readonly IReadOnlyList<string> Classifications =
        [BookFormats.Function, BookFormats.Fund, BookFormats.Kind, BookFormats.Project];

    private static readonly IReadOnlyList<string> Types = [OpeningType, SurplusUsedType, DistributionType, CarryOverType];

    public static readonly BalanceBook Empty = new([], [], []);

    public static BalanceBook Read(Table table, FiscalYear year, ChartOfAccounts? chart, ImportErrors errors)
    {
        var opening = new List<(BalanceLine Line, TableRow Row)>();
        var carryOver = new List<(BalanceLine Line, TableRow Row)>();
        var nothing = new List<RowReader>();
        var entries = new List<BookEntry<YearCommand>>();
        foreach (var row in table.Rows.Select(row => new RowReader(row, errors)))
        {
            switch (row.Text(BookFormats.Type))
            {
                case OpeningType:
                    AddLine(opening, row, chart);
                    break;
                case CarryOverType when SaysNothing(row):
                    nothing.Add(row);
                    break;
                case CarryOverType:
                    AddLine(carryOver, row, chart);
                    break;
                case SurplusUsedType:
                    AddEntry(entries, row, new UseNonFiscalSurplus(row.DateOr(BookFormats.Date, year.LastDay, year),
                        row.Text(BookFormats.DocumentNumber), row.Text(BookFormats.Summary), row.Amount(BookFormats.Amount, Sign.Positive)));
                    break;
                case DistributionType:
                    AddEntry(entries, row, new DistributeSurplus(row.DateOr(BookFormats.Date, year.LastDay, year),
                        row.Text(BookFormats.DocumentNumber), row.Text(BookFormats.Summary), row.Amount(BookFormats.Amount, Sign.Positive)));
                    break;
                case { Length: > 0 }:
                    row.Fail(ImportRule.TermUnknown, BookFormats.Type, string.Join("、", Types));
                    break;
            }
        }

        if (carryOver.Count > 0)
        {
            // Nothing and something can't both be carried over.
            nothing.ForEach(row => row.Fail(ImportRule.ZeroAmount, BookFormats.Amount));
            var sorted = Sorted(carryOver);
            entries.Add(new(new DetermineCarryOver(year.LastDay, [.. sorted.Select(l => l.Line)]), sorted[0].Row, [.. sorted.Select(l => l.Row)]));
        }
        else if (nothing.Count > 0)
        {
            entries.Add(new(new DetermineCarryOver(year.LastDay, []), nothing[0].Row, []));
        }

        var opened = Sorted(opening);
        return new([.. opened.Select(l => l.Line)], [.. opened.Select(l => l.Row)], entries);
    }

    /// <summary>A zero of no fund: nothing is carried over. Said so, because a list without the row does not say it.</summary>
    private static bool SaysNothing(RowReader row) =>
        YuanText.TryParse(row.Row[BookFormats.Amount], out var amount, out _)
        && amount.IsZero
        && Classifications.All(column => row.Row[column].Length == 0);

    private static void AddLine(List<(BalanceLine, TableRow)> lines, RowReader row, ChartOfAccounts? chart)
    {
        var line = new BalanceLine(
            row.OptionalFunction(BookFormats.Function, chart),
            row.Term<Fund>(BookFormats.Fund),
            row.OptionalTerm<SpendingKind>(BookFormats.Kind),
            row.Optional(BookFormats.Project),
            row.Amount(BookFormats.Amount, Sign.NotZero));
        if (!row.Failed)
        {
            lines.Add((line, row.Row));
        }
    }

    private static void AddEntry(List<BookEntry<YearCommand>> entries, RowReader row, YearCommand command)
    {
        if (!row.Failed)
        {
            entries.Add(new(command, row.Row, [row.Row]));
        }
    }

    private static List<(BalanceLine Line, TableRow Row)> Sorted(IEnumerable<(BalanceLine Line, TableRow Row)> lines) =>
        [.. lines.OrderBy(l => $"{l.Line.Function}|{l.Line.Fund:D}|{l.Line.Kind:D}|{l.Line.Project}|{l.Line.Amount.Fen}", StringComparer.Ordinal)];
}
