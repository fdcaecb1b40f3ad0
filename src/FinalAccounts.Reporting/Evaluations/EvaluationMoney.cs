using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>The rows of money of a self-evaluation form: what the ledger says of the evaluated projects.</summary>
internal sealed class EvaluationMoney(
    FormPack pack, ReportBooks books, Quantities quantities, FigureBook book, Scorer scorer, EvaluatedThing evaluated, string id, EvaluationFile file)
{
    private readonly EvaluationFundsFile funds = file.Funds!;

    public IReadOnlyList<EvaluationFunds> Rows(EvaluationGrid grid)
    {
        var columns = funds.Columns!;
        var splits = file.Splits is { Count: > 0 } sides ? 1 + sides.Max(s => s.Rows!.Count) : 0;
        grid.MoneyHead(funds.Label!, [.. columns.Select(c => c.Name!)], 1 + funds.Rows!.Count + splits);
        var sources = funds.Rows.Skip(1).Count(HasMoney);
        List<EvaluationFunds> rows = [];
        foreach (var row in funds.Rows)
        {
            var cells = columns.ConvertAll(column => row.Alone?.Contains(column.Name!) is true && sources > 1 ? Blank : Cell(row, column));
            grid.Money(row.Name!, cells);
            rows.Add(new(row.Name!, [.. columns.Zip(cells, (column, cell) => ToCell(column.Name!, cell))]));
        }

        return rows;
    }

    public IReadOnlyList<EvaluationSplit> Splits(EvaluationGrid grid)
    {
        if (file.Splits is not { Count: > 0 } files)
        {
            return [];
        }

        List<EvaluationSplit> splits = [];
        List<IReadOnlyList<LayoutCell>> drawn = [];
        foreach (var split in files)
        {
            List<LayoutCell> cells = [new(split.Label!, LayoutCellKind.Text)];
            List<EvaluationSplitRow> rows = [];
            foreach (var line in split.Rows!)
            {
                var amount = line.Quantity is { } quantity
                    ? Amount(split.Label!.TrimEnd('：', ':'), line.Name!, quantity, line.Format ?? funds.Format, printZero: false)
                    : Blank;
                var before = Messages.Text("SplitLine", line.Prefix ?? "", line.Name!);
                cells.Add(new(
                    before + amount.Text, LayoutCellKind.Text,
                    Figures: amount is { Address: { } address, Text.Length: > 0 } ? [new(new(before.Length, amount.Text.Length), address)] : null));
                rows.Add(new(line.Name!, before + amount.Text, ToCell(line.Name!, amount)));
            }

            splits.Add(new(split.Label!, rows));
            drawn.Add(cells);
        }

        grid.Splits(drawn);
        return splits;
    }

    private static LayoutCell Blank => new("", LayoutCellKind.Value);

    internal static TableCell ToCell(string column, LayoutCell cell) =>
        new(column, cell.Text.Length == 0 ? null : cell.Text, cell.Address ?? cell.Figures?[0].Address);

    private bool HasMoney(EvaluationFundRowFile row) => row.Quantities?.Values.Any(q => Find(q) is { } query && query.Total(books) != 0) is true;

    private LayoutCell Cell(EvaluationFundRowFile row, EvaluationColumnFile column)
    {
        var name = column.Name!;
        if (row.Texts?.GetValueOrDefault(name) is { } text)
        {
            return new(text, LayoutCellKind.Value);
        }

        if ((column.Role ?? EvaluationColumnRole.Amount) == EvaluationColumnRole.Amount)
        {
            return row.Quantities?.GetValueOrDefault(name) is { } quantity
                ? Amount(row.Name!, name, quantity, funds.Format, row.Zero?.Prints(name) ?? false)
                : Blank;
        }

        return row.Filled?.Contains(name) is not true ? Blank : column.Role switch
        {
            EvaluationColumnRole.Weight => EvaluationIndicators.Points(book, books, Address(row, name), evaluated.ExecutionWeightQuery()),
            EvaluationColumnRole.Score when funds.Score == EvaluationScoreOrigin.Computed => Computed(row, name),
            EvaluationColumnRole.Score => EvaluationIndicators.Points(book, books, Address(row, name), evaluated.ExecutionScoreQuery()),
            _ => Rate(row, name),
        };
    }

    /// <summary>得分 as the program computes it; blank when it can't.</summary>
    private LayoutCell Computed(EvaluationFundRowFile row, string column)
    {
        if (scorer.Execution(evaluated)?.Computed is not { } score)
        {
            return Blank;
        }

        var figure = book.Add(score with { Address = Address(row, column) });
        return new(figure.Printed!, LayoutCellKind.Value, Figures: [new(new(0, figure.Printed!.Length), figure.Address)]);
    }

    /// <summary>执行率 of the row; blank when it has no budget.</summary>
    private LayoutCell Rate(EvaluationFundRowFile row, string column)
    {
        var (executed, budget) = (Of(funds.Rate![0]), Of(funds.Rate[1]));
        if (executed is null || budget is null || budget.Total(books) <= 0)
        {
            return Blank;
        }

        ShareQuery query = new(executed, budget, null);
        var exact = query.Evaluate(books);
        var printable = funds.RateCap is { } cap && exact.Numerator * 100 > exact.Denominator * cap ? new(cap, 100) : exact;
        var (text, rounding) = Printing.Percent(printable, PercentBase.Exact, pack.Format(funds.RateFormat ?? NumberFormat.Percent));
        if (printable != exact)
        {
            rounding += Messages.Text("RateCapped", funds.RateCap!.Value);
        }

        var figure = book.Add(new(Address(row, column), $"{row.Name} {column}", Printing.PercentSign, exact, text, rounding, query));
        return new(text + Printing.PercentSign, LayoutCellKind.Value, Figures: [new(new(0, text.Length), figure.Address)]);

        SumQuery? Of(string name) => row.Quantities?.GetValueOrDefault(name) is { } quantity ? Find(quantity) : null;
    }

    private string Address(EvaluationFundRowFile row, string column) => $"{id}/{row.Name}/{column}";

    private LayoutCell Amount(string row, string column, string quantity, string? formatName, bool printZero)
    {
        if (Find(quantity) is not { } query)
        {
            return Blank;
        }

        var total = query.Total(books);
        var format = pack.Format(formatName ?? NumberFormat.Cell);
        var (text, rounding) = Printing.Money(total, pack.Unit, format);
        var isBlank = total == 0 && !printZero;
        var figure = book.Add(new($"{id}/{row}/{column}", $"{row} {column}", pack.Unit, Ratio.Whole(total), isBlank ? null : text, rounding, query));
        return new(
            figure.Printed ?? "", LayoutCellKind.Value, Address: figure.Address,
            Printed: isBlank || format.Decimals > 2 ? null : Printed(total, format));
    }

    /// <summary>What is printed, in hundredths of the unit.</summary>
    private long Printed(Int128 total, NumberFormat format)
    {
        var printed = (long)Printing.InUnit(total, pack.Unit).Round(format.Decimals);
        return format.Decimals switch { 0 => printed * 100, 1 => printed * 10, _ => printed };
    }

    /// <summary>A quantity of the evaluated projects.</summary>
    private SumQuery? Find(string quantity) => quantities.Together(quantity, evaluated.Money);
}
