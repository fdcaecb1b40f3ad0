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
            TableShape.Lines => Lines(table),
            TableShape.Functions => Functions(table),
            TableShape.Economics => Economics(table),
            TableShape.SingleRow => SingleRow(table),
            _ => throw new ArgumentOutOfRangeException(nameof(table), table.Shape, "The table has no shape."),
        };
        (TableStatistics Block, List<IReadOnlyList<LayoutCell>> Body)? statistics = table.Statistics is { } block ? Statistics(table, block) : null;
        return new(
            table.Id!,
            table.Number ?? $"{table.Id}表",
            table.Title!,
            books.Current.Department!.Name,
            pack.Unit,
            drawn.IsEmpty,
            [.. table.Sections!.SelectMany(s => s.Columns).Select(c => Head(c)).Distinct()],
            drawn.Rows,
            [.. (table.Notes ?? []).Select(note => texts.Plain(note, ("empty", drawn.IsEmpty))).Where(note => note.Length > 0)],
            new(table.Landscape ?? false, table.Widths!, drawn.Header, [.. drawn.Body, .. statistics?.Body ?? []]),
            statistics?.Block);
    }

    private Drawn Lines(TableFile table)
    {
        var sections = table.Sections!.ConvertAll(s => (File: s, Rows: NumberedRows(s)));
        List<string> paths = [];
        List<LayoutCell> numbers = [];
        foreach (var (section, _) in sections)
        {
            paths.AddRange(section.Stub.Concat(section.Columns.Select(c => Head(c))).Select(p => section.Side is { } side ? $"{side}/{p}" : p));
            numbers.AddRange(section.Stub.Select((_, i) => i == 0 ? ColumnNumberHead(1) : new LayoutCell("", LayoutCellKind.Header)));
            numbers.AddRange(section.Columns.Select(_ => ColumnNumber(numbers.Count(n => n.Text.Length > 0 && char.IsAsciiDigit(n.Text[0])) + 1)));
        }

        var height = sections.Max(s => s.Rows.Count);
        var body = Enumerable.Range(0, height).Select(_ => new List<LayoutCell>()).ToList();
        Cells cells = new();
        List<TableRow> rows = [];
        foreach (var (section, lines) in sections)
        {
            for (var i = 0; i < height; i++)
            {
                if (i >= lines.Count)
                {
                    body[i].AddRange(Enumerable.Repeat(Blank, section.Stub.Count + section.Columns.Count));
                    continue;
                }

                var (row, line) = lines[i];
                body[i].Add(new(row.Name ?? "", row.Total ? LayoutCellKind.Total : LayoutCellKind.Name, Indent: row.Indent));
                if (section.Stub.Count > 1)
                {
                    body[i].Add(new(line ?? "", LayoutCellKind.Line));
                }

                var amounts = section.Columns.ConvertAll(column => LineCell(table, row, line, column, cells));
                body[i].AddRange(amounts);
                rows.Add(new(
                    section.Side, null, row.Name, line is null ? null : int.Parse(line, CultureInfo.InvariantCulture),
                    [.. section.Columns.Zip(amounts, (c, cell) => Cell(Head(c), cell))]));
            }
        }

        // The logical rows read one side after the other.
        return new(Header(table, paths, numbers), [.. body], [.. rows], cells.AreEmpty);
    }

    private LayoutCell LineCell(TableFile table, RowFile row, string? line, ColumnFile column, Cells cells)
    {
        if (row.Texts?.GetValueOrDefault(column.Path!) is { } text)
        {
            return new(text, LayoutCellKind.Header);
        }

        var quantity = row.Quantities?.GetValueOrDefault(column.Path!) ?? (row.Quantity is { } own ? own + column.Suffix : null);
        return quantity is null
            ? Blank
            : cells.Add(Amount(
                table, line ?? row.Name, row.Name, column, quantity,
                Narrow(column) with { Function = row.Function is { } f ? new FunctionCode(f) : null, Project = row.Project }, row.Zero));
    }

    /// <summary>The rows of a section with their line numbers; rows that stand for several are written out.</summary>
    private List<(RowFile Row, string? Line)> NumberedRows(SectionFile section)
    {
        List<(RowFile, string?)> rows = [];
        var next = section.FirstLine;
        foreach (var row in section.Rows.SelectMany(Expand))
        {
            next = row.Line ?? next;
            rows.Add((row, next?.ToString(CultureInfo.InvariantCulture)));
            next++;
        }

        return rows;

        IEnumerable<RowFile> Expand(RowFile row) => row switch
        {
            { Blank: { } blank } => Enumerable.Range(0, blank).Select(_ => new RowFile()),
            { Classes: { } } => ClassesOf(row).Select((code, i) => new RowFile
            {
                Name = $"{ChineseNumeral.Of(i + 1)}、{NameOf(new(code))}",
                Function = code,
                Quantity = row.Quantity,
                Zero = row.Zero,
            }),
            { Projects: { } quantity } => ProjectRows(section, row, quantity),
            _ => [row],
        };
    }

    /// <summary>A row for each project with the quantity in any column: those of this year's books, then those that only last year had.</summary>
    private IEnumerable<RowFile> ProjectRows(SectionFile section, RowFile row, string quantity)
    {
        var named = new[] { books.Current, books.Prior }.OfType<YearBooks>().SelectMany(b => b.Facts.Facts).Select(f => f.Key.Project).OfType<string>().Distinct();
        var shown = named.Where(p => section.Columns.Exists(c => Total(quantity + c.Suffix, Narrow(c) with { Project = p }) != 0));
        shown = row.Order switch
        {
            ProjectOrder.Ascending => shown.OrderBy(p => Total(quantity, new(Project: p))),
            ProjectOrder.Descending => shown.OrderByDescending(p => Total(quantity, new(Project: p))),
            _ => shown,
        };
        return shown.Select((project, i) => new RowFile
        {
            Name = row.Name is { } name ? texts.Plain(new(name, row.Place.File, row.Place.Line), ("number", i + 1), ("project", project)) : project,
            Project = project,
            Quantity = quantity,
            Zero = row.Zero,
            Indent = row.Indent,
        });
    }

    /// <summary>The classes of a row, with those that have data where the form shows these too: no total may miss a line.</summary>
    private IEnumerable<string> ClassesOf(RowFile row) => row.WithData
        ? books.Current.Facts.Keys
            .Select(k => k.Function?.Class)
            .OfType<FunctionCode>()
            .Where(code => row.Quantity is not null && Total(row.Quantity, new(Function: code)) != 0)
            .Select(code => code.ToString())
            .Union(row.Classes!)
            .Order(StringComparer.Ordinal)
        : row.Classes!;

    private Drawn Functions(TableFile table)
    {
        var section = table.Sections![0];
        var columns = section.Columns;
        List<IReadOnlyList<LayoutCell>> body = [];
        List<TableRow> rows = [];
        Cells cells = new();
        var codes = CodesOf(section);
        AddRow(null, TotalRow, Narrowing.None, codes.Count == 0 && table.ZeroWhenEmpty is { } print ? new(print, null) : null);
        foreach (var code in codes)
        {
            AddRow(code, NameOf(code), new(Function: code), null);
        }

        return new(
            Header(
                table, [.. section.Stub, .. columns.Select(c => Head(c))],
                [ColumnNumberHead(section.Stub.Count), .. columns.Select((_, i) => ColumnNumber(i + 1))]),
            body, rows, cells.AreEmpty);

        void AddRow(FunctionCode? code, string name, Narrowing narrowing, ZeroRule? zero)
        {
            var key = code?.ToString() ?? name;
            var amounts = columns.ConvertAll(c => cells.Add(Amount(table, key, name, c, c.Quantity!, narrowing.And(Narrow(c)), zero)));
            var indent = section.Levels is null && code is { } own ? (own.ToString().Length - 3) / 2 : 0;
            body.Add(code is not null
                ? [new(key, LayoutCellKind.Code), new(name, LayoutCellKind.Name, Indent: indent), .. amounts]
                : [new(name, LayoutCellKind.Total, section.Stub.Count), .. amounts]);
            rows.Add(new(null, code?.ToString(), name, null, [.. columns.Zip(amounts, (c, cell) => Cell(Head(c), cell))]));
        }
    }

    private Drawn Economics(TableFile table)
    {
        var height = table.Sections!.Max(s => s.Codes.Count + (s.Total is null ? 0 : 1));
        var body = Enumerable.Range(0, height).Select(_ => new List<LayoutCell>()).ToList();
        List<TableRow> rows = [];
        List<string> paths = [];
        Cells cells = new();
        foreach (var section in table.Sections!)
        {
            var column = section.Columns[0];
            paths.AddRange(section.Stub.Append(Head(column)).Select(p => section.Head is { } head ? $"{head}/{p}" : p));
            var start = 0;
            if (section.Total is { } total)
            {
                var sum = cells.Add(Amount(table, total, total, column, section.Quantity!, Narrow(column), null));
                body[start++].AddRange([new(total, LayoutCellKind.Total, section.Stub.Count), sum]);
                rows.Add(new(null, null, total, null, [Cell(Head(column), sum)]));
            }

            for (var i = start; i < height; i++)
            {
                if (i - start >= section.Codes.Count)
                {
                    body[i].AddRange([new("", LayoutCellKind.Code), new("", LayoutCellKind.Name), Blank]);
                    continue;
                }

                var code = new EconomicCode(section.Codes[i - start]);
                var name = chart.TryGetName(code, out var found)
                    ? found
                    : throw new FormPackException(new FormPackProblem(PackRule.CodeMalformed, section.Place, code));
                var cell = cells.Add(Amount(table, code.ToString(), name, column, section.Quantity!, Narrow(column).And(new(Economic: code)), null));
                body[i].AddRange([new(code.ToString(), LayoutCellKind.Code), new(name, LayoutCellKind.Name, Indent: code.IsItem ? 1 : 0), cell]);
                rows.Add(new(null, code.ToString(), name, null, [Cell(Head(column), cell)]));
            }
        }

        List<LayoutCell> footer = [];
        foreach (var total in table.Footer ?? [])
        {
            var column = table.Sections[0].Columns[0];
            var cell = cells.Add(Amount(table, total.Name, total.Name, column, total.Quantity!, Narrowing.None, null));
            footer.AddRange([new(total.Name!, LayoutCellKind.Total, total.NameSpan!.Value), cell with { ColumnSpan = total.AmountSpan!.Value }]);
            rows.Add(new(null, null, total.Name, null, [Cell(Head(column), cell)]));
        }

        return new(HeaderGrid.Build(paths), footer.Count == 0 ? [.. body] : [.. body, footer], rows, cells.AreEmpty);
    }

    private Drawn SingleRow(TableFile table)
    {
        var columns = table.Sections![0].Columns;
        Cells cells = new();
        var amounts = columns.ConvertAll(c => cells.Add(Amount(table, null, null, c, c.Quantity!, Narrow(c), null)));
        return new(
            Header(table, [.. columns.Select(c => Head(c))], [.. columns.Select((_, i) => ColumnNumber(i + 1))]),
            [amounts],
            [new(null, null, null, null, [.. columns.Zip(amounts, (c, cell) => Cell(Head(c), cell))])],
            cells.AreEmpty);
    }

    /// <summary>The counts below the rows, which share the columns of the table as evenly as they divide.</summary>
    private (TableStatistics Block, List<IReadOnlyList<LayoutCell>> Body) Statistics(TableFile table, TableStatisticsFile file)
    {
        var perRow = file.PerRow ?? 1;
        var heads = Enumerable.Repeat(file.Columns!, perRow).SelectMany(c => c).ToList();
        var drawn = table.Widths!.Count;
        List<IReadOnlyList<LayoutCell>> body = [[.. heads.Select((head, i) => Spread(new(head, LayoutCellKind.Header), i))]];
        List<TableStatistic> items = [];
        foreach (var rows in file.Rows!.Chunk(perRow))
        {
            var column = new ColumnFile { Path = file.Columns![^1] };
            var amounts = rows.Select(r => Amount(table, r.Name, r.Name, column, r.Quantity!, Narrowing.None, r.Zero)).ToList();
            items.AddRange(rows.Zip(amounts, (r, cell) => new TableStatistic(r.Name!, cell.Text.Length == 0 ? null : cell.Text, cell.Address)));
            var cells = rows.Zip(amounts, (r, cell) => new[] { new LayoutCell(r.Name!, LayoutCellKind.Name), cell }).SelectMany(c => c);
            var blanks = Enumerable.Repeat(new[] { new LayoutCell("", LayoutCellKind.Name), Blank }, perRow - rows.Length).SelectMany(c => c);
            body.Add([.. cells.Concat(blanks).Select(Spread)]);
        }

        return (new(heads, items), body);

        LayoutCell Spread(LayoutCell cell, int i) =>
            cell with { ColumnSpan = ((i + 1) * drawn / heads.Count) - (i * drawn / heads.Count) };
    }

    private static List<IReadOnlyList<LayoutCell>> Header(TableFile table, IReadOnlyList<string> paths, IReadOnlyList<LayoutCell> numbers)
    {
        var header = HeaderGrid.Build(paths);
        if (table.ColumnNumbers ?? true)
        {
            header.Add(numbers);
        }

        return header;
    }

    /// <summary>The items (项) with any amount in the columns and those that the form always shows, with their parents, in printed order.</summary>
    private List<FunctionCode> CodesOf(SectionFile section)
    {
        var items = books.Current.Facts.Keys
            .Select(k => k.Function)
            .OfType<FunctionCode>()
            .Distinct()
            .Where(code => section.Columns.Exists(c => Total(c.Quantity!, Narrow(c).And(new(Function: code))) != 0))
            .Concat(section.Codes.Select(code => new FunctionCode(code)));
        return [.. items.SelectMany(WithParents).Distinct().Where(IsShown).Order()];

        static IEnumerable<FunctionCode> WithParents(FunctionCode code)
        {
            for (FunctionCode? c = code; c is { } own; c = own.Parent)
            {
                yield return own;
            }
        }

        bool IsShown(FunctionCode code) =>
            section.Levels is not { } levels || levels.Contains(code.IsClass ? "class" : code.IsSection ? "section" : "item");
    }

    private Int128 Total(string quantity, Narrowing narrowing) => quantities.Find(quantity, narrowing)?.Total(books) ?? 0;

    private LayoutCell Amount(
        TableFile table, string? key, string? rowName, ColumnFile column, string quantity, Narrowing narrowing, ZeroRule? zero)
    {
        // What is not known is left blank: unknown is not zero.
        if (quantities.Find(quantity, narrowing) is not { } query)
        {
            return Blank;
        }

        var path = Head(column);
        var total = query.Total(books);
        var unit = pack.CountedIn(quantity) ?? pack.Unit;
        var format = pack.Format(table.Format ?? NumberFormat.Cell);
        var (printed, rounding) = unit switch
        {
            _ when unit == pack.Unit => Printing.Money(total, unit, format),
            _ => Printing.Reported(total, unit),
        };
        var isBlank = total == 0 && !(zero ?? column.Zero ?? table.Zero ?? new(false, null)).Prints(column.Path!);
        var figure = book.Add(new(
            key is null ? $"{table.Id}/{path}" : $"{table.Id}/{key}/{path}",
            rowName is null ? $"{table.Title} {path}" : $"{table.Title} {rowName} {path}",
            unit,
            Ratio.Whole(total),
            isBlank ? null : printed,
            rounding,
            query));
        return new(
            figure.Printed ?? "", LayoutCellKind.Amount, Address: figure.Address,
            Printed: isBlank || unit != pack.Unit ? null : Printing.Hundredths(total, unit));
    }

    private string NameOf(FunctionCode code) => chart.TryGetName(code, out var name)
        ? name
        : throw new InvalidOperationException($"The books have {code}, which the chart of {books.Current.Year} does not have.");

    /// <summary>A column's path as it is printed; the path itself is what the pack's rows call the column.</summary>
    private string Head(ColumnFile column) => column.Path!.Contains("{{", StringComparison.Ordinal)
        ? texts.Plain(new(column.Path, column.Place.File, column.Place.Line))
        : column.Path;

    private static LayoutCell Blank => new("", LayoutCellKind.Amount);

    private static LayoutCell ColumnNumberHead(int span) => new(Messages.Text("ColumnNumbers"), LayoutCellKind.Header, span);

    private static LayoutCell ColumnNumber(int number) => new(number.ToString(CultureInfo.InvariantCulture), LayoutCellKind.Header);

    private static Narrowing Narrow(ColumnFile column) =>
        new(Fund: column.Fund is { } fund && Terms.TryParse<Fund>(fund, out var value) ? value : null);

    private static TableCell Cell(string column, LayoutCell cell) => new(column, cell.Text.Length == 0 ? null : cell.Text, cell.Address);

    /// <summary>Watches whether any cell of a table has a value.</summary>
    private sealed class Cells
    {
        public bool AreEmpty { get; private set; } = true;

        public LayoutCell Add(LayoutCell cell)
        {
            AreEmpty &= cell.Text.Length == 0 || cell.Printed == 0;
            return cell;
        }
    }

    private sealed record Drawn(
        IReadOnlyList<IReadOnlyList<LayoutCell>> Header, IReadOnlyList<IReadOnlyList<LayoutCell>> Body, IReadOnlyList<TableRow> Rows, bool IsEmpty);
}
