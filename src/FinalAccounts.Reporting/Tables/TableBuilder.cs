using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>Builds the disclosure tables of a form pack from the books.</summary>
internal sealed class TableBuilder(FormPack pack, ReportBooks books, ChartOfAccounts chart, Quantities quantities, FigureBook book, TextRenderer texts)
{
    private static readonly string TotalRow = Messages.Text("TotalRow");

    public DisclosureTable Build(TableFile table)
    {
        var drawn = table.Shape switch
        {
            TableShape.TwoSided => TwoSided(table),
            TableShape.Functions => Functions(table),
            TableShape.Economics => Economics(table),
            TableShape.SingleRow => SingleRow(table),
            _ => throw new FormPackException(pack.Name, table.Id, "The table has no shape.", null),
        };
        var isEmpty = drawn.Rows.SelectMany(r => r.Cells).All(c => c.Text is null || c.Text == Printing.Cell(0));
        return new(
            table.Id,
            $"{table.Id}表",
            table.Title,
            books.Current.Department!.Name,
            Printing.TenThousandYuan,
            isEmpty,
            [.. table.Sections.SelectMany(s => s.Columns).Select(c => c.Path).Distinct()],
            drawn.Rows,
            [.. table.Notes.Select(note => texts.Plain(note, ("empty", isEmpty)))],
            new(table.Landscape, table.Widths, drawn.Header, drawn.Body));
    }

    private Drawn TwoSided(TableFile table)
    {
        List<string> paths = [];
        List<LayoutCell> numbers = [];
        List<TableRow> rows = [];
        List<List<LayoutCell>> sides = [];
        var number = 1;
        foreach (var section in table.Sections)
        {
            paths.AddRange(section.Stub.Concat(section.Columns.Select(c => c.Path)).Select(p => $"{section.Side}/{p}"));
            numbers.AddRange([ColumnNumberHead(1), new("", LayoutCellKind.Header)]);
            numbers.AddRange(section.Columns.Select(_ => ColumnNumber(number++)));
        }

        var height = table.Sections.Max(s => s.Rows.Count);
        var body = Enumerable.Range(0, height).Select(_ => new List<LayoutCell>()).ToList();
        foreach (var section in table.Sections)
        {
            for (var i = 0; i < height; i++)
            {
                var row = section.Rows[i];
                body[i].Add(new(row.Name ?? "", row.Total ? LayoutCellKind.Total : LayoutCellKind.Name));
                body[i].Add(new(row.Line.ToString(CultureInfo.InvariantCulture), LayoutCellKind.Line));
                List<TableCell> cells = [];
                foreach (var column in section.Columns)
                {
                    var narrowing = Narrow(column) with { Function = row.Function is { } f ? new FunctionCode(f) : null };
                    var cell = row.Quantity is { } quantity
                        ? Amount(table, row.Line.ToString(CultureInfo.InvariantCulture), row.Name, column.Path, quantity, narrowing, row.Zero)
                        : Blank;
                    body[i].Add(cell);
                    cells.Add(Cell(column.Path, cell));
                }

                rows.Add(new(section.Side, null, row.Name, row.Line, cells));
            }
        }

        // The logical rows read one side after the other.
        return new([.. HeaderGrid.Build(paths), numbers], [.. body], [.. rows]);
    }

    private Drawn Functions(TableFile table)
    {
        var section = table.Sections[0];
        var columns = section.Columns;
        List<IReadOnlyList<LayoutCell>> body = [];
        List<TableRow> rows = [];
        var codes = CodesWithData(columns);
        AddRow(null, TotalRow, Narrowing.None, table.ZeroWhenEmpty && codes.Count == 0);
        foreach (var code in codes)
        {
            AddRow(code, NameOf(code), new(Function: code), false);
        }

        var header = HeaderGrid.Build([.. section.Stub, .. columns.Select(c => c.Path)]);
        header.Add([ColumnNumberHead(section.Stub.Count), .. columns.Select((_, i) => ColumnNumber(i + 1))]);
        return new(header, body, rows);

        void AddRow(FunctionCode? code, string name, Narrowing narrowing, bool zero)
        {
            var key = code?.ToString() ?? name;
            List<LayoutCell> cells = [.. columns.Select(c => Amount(table, key, name, c.Path, c.Quantity!, narrowing.And(Narrow(c)), zero))];
            body.Add(code is { } own
                ? [new(key, LayoutCellKind.Code), new(name, LayoutCellKind.Name, Indent: (own.ToString().Length - 3) / 2), .. cells]
                : [new(name, LayoutCellKind.Total, section.Stub.Count), .. cells]);
            rows.Add(new(null, code?.ToString(), name, null, [.. columns.Zip(cells, (c, cell) => Cell(c.Path, cell))]));
        }
    }

    private Drawn Economics(TableFile table)
    {
        var height = table.Sections.Max(s => s.Codes.Count);
        var body = Enumerable.Range(0, height).Select(_ => new List<LayoutCell>()).ToList();
        List<TableRow> rows = [];
        List<string> paths = [];
        foreach (var section in table.Sections)
        {
            var column = section.Columns[0];
            paths.AddRange(section.Stub.Append(column.Path).Select(p => $"{section.Head}/{p}"));
            for (var i = 0; i < height; i++)
            {
                if (i >= section.Codes.Count)
                {
                    body[i].AddRange([new("", LayoutCellKind.Code), new("", LayoutCellKind.Name), Blank]);
                    continue;
                }

                var code = new EconomicCode(section.Codes[i]);
                var name = chart.TryGetName(code, out var found)
                    ? found
                    : throw new FormPackException(pack.Name, $"tables.yaml, {table.Id}", $"The chart has no economic code {code}.", null);
                var cell = Amount(table, code.ToString(), name, column.Path, section.Quantity!, new(Economic: code), false);
                body[i].AddRange([new(code.ToString(), LayoutCellKind.Code), new(name, LayoutCellKind.Name, Indent: code.IsItem ? 1 : 0), cell]);
                rows.Add(new(null, code.ToString(), name, null, [Cell(column.Path, cell)]));
            }
        }

        List<LayoutCell> footer = [];
        foreach (var total in table.Footer)
        {
            var column = table.Sections[0].Columns[0].Path;
            var cell = Amount(table, total.Name, total.Name, column, total.Quantity, Narrowing.None, false);
            footer.AddRange([new(total.Name, LayoutCellKind.Total, total.NameSpan), cell with { ColumnSpan = total.AmountSpan }]);
            rows.Add(new(null, null, total.Name, null, [Cell(column, cell)]));
        }

        return new(HeaderGrid.Build(paths), [.. body, footer], rows);
    }

    private Drawn SingleRow(TableFile table)
    {
        var columns = table.Sections[0].Columns;
        List<LayoutCell> cells = [.. columns.Select(c => Amount(table, null, null, c.Path, c.Quantity!, Narrow(c), false))];
        var header = HeaderGrid.Build([.. columns.Select(c => c.Path)]);
        header.Add([.. columns.Select((_, i) => ColumnNumber(i + 1))]);
        return new(header, [cells], [new(null, null, null, null, [.. columns.Zip(cells, (c, cell) => Cell(c.Path, cell))])]);
    }

    /// <summary>The items (项) with any amount in the columns, with their parents, in printed order.</summary>
    private List<FunctionCode> CodesWithData(IReadOnlyList<ColumnFile> columns)
    {
        var items = books.Current.Facts.Keys
            .Select(k => k.Function)
            .OfType<FunctionCode>()
            .Distinct()
            .Where(code => columns.Any(c => Total(c.Quantity!, Narrow(c).And(new(Function: code))) != 0));
        return [.. items.SelectMany(WithParents).Distinct().Order()];

        static IEnumerable<FunctionCode> WithParents(FunctionCode code)
        {
            for (FunctionCode? c = code; c is { } own; c = own.Parent)
            {
                yield return own;
            }
        }
    }

    private Int128 Total(string quantity, Narrowing narrowing) => quantities.Find(quantity, narrowing)?.Total(books) ?? 0;

    private LayoutCell Amount(TableFile table, string? key, string? rowName, string column, string quantity, Narrowing narrowing, bool printZero)
    {
        var query = quantities.Find(quantity, narrowing)
            ?? throw new FormPackException(pack.Name, $"tables.yaml, {table.Id}", $"'{quantity}' can't stand in a table: it may be unknown.", null);
        var fen = query.Total(books);
        var hundredths = Printing.Hundredths(fen);
        var isBlank = fen == 0 && !printZero;
        var text = isBlank ? null : Printing.Cell(hundredths);
        var figure = book.Add(new(
            key is null ? $"{table.Id}/{column}" : $"{table.Id}/{key}/{column}",
            rowName is null ? $"{table.Title} {column}" : $"{table.Title} {rowName} {column}",
            Printing.TenThousandYuan,
            Ratio.Whole(fen),
            text,
            Printing.CellRounding(Printing.TenThousandYuan),
            query));
        return new(text ?? "", LayoutCellKind.Amount, Printed: isBlank ? null : hundredths, Address: figure.Address);
    }

    private string NameOf(FunctionCode code) => chart.TryGetName(code, out var name)
        ? name
        : throw new InvalidOperationException($"The books have {code}, which the chart of {books.Current.Year} does not have.");

    private static LayoutCell Blank => new("", LayoutCellKind.Amount);

    private static LayoutCell ColumnNumberHead(int span) => new(Messages.Text("ColumnNumbers"), LayoutCellKind.Header, span);

    private static LayoutCell ColumnNumber(int number) => new(number.ToString(CultureInfo.InvariantCulture), LayoutCellKind.Header);

    private static Narrowing Narrow(ColumnFile column) =>
        new(Fund: column.Fund is { } fund && Terms.TryParse<Fund>(fund, out var value) ? value : null);

    private static TableCell Cell(string column, LayoutCell cell) => new(column, cell.Text.Length == 0 ? null : cell.Text, cell.Address);

    private sealed record Drawn(
        IReadOnlyList<IReadOnlyList<LayoutCell>> Header, IReadOnlyList<IReadOnlyList<LayoutCell>> Body, IReadOnlyList<TableRow> Rows);
}
