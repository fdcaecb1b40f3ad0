using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using FinalAccounts.Documents.Layout;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Xlsx;

/// <summary>
/// A table or form as a sheet: title, number of the form, department and unit, header, rows, notes, each note in a row of its own
/// across the table.
/// </summary>
internal sealed class XlsxSheet(SheetContent content, XlsxStyles styles)
{
    /// <summary>The largest height of a row that the format allows, in twips: 409 points.</summary>
    private const int TallestRow = 8180;

    /// <summary>
    /// A spreadsheet spaces lines as the font says, with Chinese ones up to this part of a line more than a page; what does not fit
    /// its row is cut off.
    /// </summary>
    private const int Leading = 8;

    private readonly TableFit _fit = content.Fit;
    private readonly SortedDictionary<int, SortedDictionary<int, Cell>> _cells = [];
    private readonly Dictionary<int, int> _heights = [];
    private readonly List<string> _merged = [];

    private int Columns => _fit.ColumnTwips.Count;

    private int LinesAbove => content.Above.Count;

    private int HeaderEnd => LinesAbove + content.Layout.Header.Count;

    private int BodyEnd => HeaderEnd + content.Layout.Body.Count;

    private int LastRow => BodyEnd + content.Below.Count;

    /// <summary>The whole table with its notes, as an absolute reference.</summary>
    public string PrintArea => Invariant($"$A$1:${Letters(Columns - 1)}${LastRow}");

    /// <summary>The rows that are repeated on every page: everything down to the header's end.</summary>
    public string PrintTitles => Invariant($"$1:${Math.Max(HeaderEnd, 1)}");

    public Worksheet Write(bool isFirst)
    {
        Above();
        Grid(content.Layout.Header, LinesAbove, _fit.HeaderLines);
        Grid(content.Layout.Body, HeaderEnd, _fit.BodyLines);
        foreach (var (index, note) in content.Below.Index())
            Line(BodyEnd + 1 + index, 0, Columns - 1, note, NoteLook(note), NoteHeight(note));

        var sheet = new Worksheet(
            new SheetProperties(new PageSetupProperties { FitToPage = true }),
            new SheetDimension { Reference = Invariant($"A1:{Letters(Columns - 1)}{LastRow}") },
            new SheetViews(View(isFirst)),
            new SheetFormatProperties { DefaultRowHeight = 15 },
            new Columns(_fit.ColumnTwips.Select((twips, i) => new Column
            {
                Min = (uint)i + 1,
                Max = (uint)i + 1,
                Width = Width(twips),
                CustomWidth = true,
            })),
            new SheetData(_cells.Select(row => new Row(row.Value.Values)
            {
                RowIndex = (uint)row.Key,
                Height = _heights[row.Key] / 20.0,
                CustomHeight = true,
            })));
        if (_merged.Count > 0)
            sheet.Append(new MergeCells(_merged.Select(reference => new MergeCell { Reference = reference })) { Count = (uint)_merged.Count });
        sheet.Append(
            new PrintOptions { HorizontalCentered = true },
            new PageMargins { Left = 0.6, Right = 0.6, Top = 0.7, Bottom = 0.7, Header = 0.3, Footer = 0.3 },
            new PageSetup
            {
                PaperSize = 9,
                Orientation = content.Layout.Landscape ? OrientationValues.Landscape : OrientationValues.Portrait,
                FitToWidth = 1,
                // 0: as many pages as the rows need.
                FitToHeight = _fit.OnePage ? 1u : 0,
            },
            new HeaderFooter(new OddFooter(DocumentText.SheetFooter)),
            // Codes and 行次 are text and mean to be: no green corners.
            new IgnoredErrors(new IgnoredError
            {
                SequenceOfReferences = new ListValue<StringValue> { InnerText = Invariant($"A1:{Letters(Columns - 1)}{LastRow}") },
                NumberStoredAsText = true,
            }));
        return sheet;
    }

    private void Above()
    {
        var look = new CellLook(XlsxStyles.Print, 18, HorizontalAlignmentValues.Left, Border: false);
        var right = look with { Alignment = HorizontalAlignmentValues.Right };
        foreach (var (index, line) in content.Above.Index())
        {
            var row = index + 1;
            var half = HalfWay();
            switch (line)
            {
                case { Middle: { } title }:
                    Line(row, 0, Columns - 1, title, new(XlsxStyles.Song, 32, HorizontalAlignmentValues.Center, Border: false), 560);
                    break;
                // A single column has no two halves.
                case { Left: { } left, Right: { } unit } when half < 0:
                    Line(row, 0, 0, left + "  " + unit, look, 300);
                    break;
                case { Left: { } left, Right: { } unit }:
                    Line(row, 0, half, left, look, 300);
                    Line(row, half + 1, Columns - 1, unit, right, 300);
                    break;
                default:
                    Line(row, 0, Columns - 1, line.Left ?? line.Right ?? "", line.Left is null ? right : look, 300);
                    break;
            }
        }
    }

    /// <summary>The last column left of two thirds of the width; -1 if there is only one column.</summary>
    private int HalfWay()
    {
        var (sum, column) = (0, 0);
        while (column < Columns - 2 && sum + _fit.ColumnTwips[column] < _fit.Page.TextWidth * 3 / 5)
            sum += _fit.ColumnTwips[column++];
        return Columns == 1 ? -1 : column;
    }

    private void Line(int row, int from, int to, string text, CellLook look, int height)
    {
        Put(row, from, TextCell(text, look));
        _heights[row] = height;
        if (to > from)
            _merged.Add(Reference(row, from) + ":" + Reference(row, to));
    }

    private void Grid(IReadOnlyList<IReadOnlyList<LayoutCell>> rows, int above, IReadOnlyList<int> lines)
    {
        for (var i = 0; i < rows.Count; i++)
            _heights[above + 1 + i] = Math.Min(_fit.RowHeight(lines[i]) + (lines[i] > 1 ? lines[i] * _fit.LineTwips / Leading : 0), TallestRow);
        foreach (var place in GridPlaces.Place(rows, Columns))
        {
            var top = above + 1 + place.Row;
            var bottom = above + 1 + place.LastRow;
            Put(top, place.Column, GridCell(place.Cell));
            // Covered cells need the borders too, or a merged cell shows only a part of its frame.
            for (var row = top; row <= bottom; row++)
            {
                for (var column = place.Column; column <= place.LastColumn; column++)
                {
                    if (row != top || column != place.Column)
                        Put(row, column, new Cell { StyleIndex = styles.Index(Look(place.Cell)) });
                }
            }

            if (place.Cell.ColumnSpan > 1 || place.Cell.RowSpan > 1)
                _merged.Add(Reference(top, place.Column) + ":" + Reference(bottom, place.LastColumn));
        }
    }

    private Cell GridCell(LayoutCell cell)
    {
        var look = Look(cell);
        if (cell.Printed is not { } hundredths)
            return TextCell(cell.Text, look);
        return new Cell
        {
            StyleIndex = styles.Index(look with { NumberFormat = NumberFormat(cell.Text) }),
            CellValue = new CellValue(Decimal(hundredths)),
        };
    }

    private Cell TextCell(string text, CellLook look)
    {
        var clean = PrintableText.Clean(text);
        if (clean.Length == 0)
            return new Cell { StyleIndex = styles.Index(look) };
        return new Cell(new InlineString(new Text(clean) { Space = SpaceProcessingModeValues.Preserve }))
        {
            DataType = CellValues.InlineString,
            StyleIndex = styles.Index(look with { QuotePrefix = clean[0] is '=' or '+' or '-' or '@' or '\t' or '\n' }),
        };
    }

    private CellLook Look(LayoutCell cell)
    {
        var look = new CellLook(XlsxStyles.Print, _fit.HalfPoints, HorizontalAlignmentValues.Center, Border: true);
        return cell.Kind switch
        {
            LayoutCellKind.Header or LayoutCellKind.Total or LayoutCellKind.Label or LayoutCellKind.Value => look with { Wrap = true },
            LayoutCellKind.Line => look,
            LayoutCellKind.Code => look with { Alignment = HorizontalAlignmentValues.Left },
            LayoutCellKind.Name or LayoutCellKind.Text => look with { Alignment = HorizontalAlignmentValues.Left, Wrap = true, Indent = cell.Indent },
            LayoutCellKind.Amount => look with { Alignment = HorizontalAlignmentValues.Right },
            _ => throw new ArgumentOutOfRangeException(nameof(cell), cell.Kind, null),
        };
    }

    /// <summary>The format that shows the number as the page shows it: as many decimals, and separators where the page has them.</summary>
    private static string NumberFormat(string printed)
    {
        var point = printed.IndexOf('.');
        // Never more than the two that the number has.
        var decimals = point < 0 ? 0 : Math.Min(2, printed.Length - point - 1);
        return (printed.Contains(',') ? "#,##0" : "0") + (decimals > 0 ? "." + new string('0', decimals) : "");
    }

    /// <summary>Hundredths as a decimal number with two decimals, exactly.</summary>
    private static string Decimal(long hundredths)
    {
        var magnitude = Int128.Abs(hundredths);
        return Invariant($"{(hundredths < 0 ? "-" : "")}{magnitude / 100}.{magnitude % 100:00}");
    }

    private CellLook NoteLook(string note) => new(
        XlsxStyles.Print, TableFit.NoteHalfPoints, HorizontalAlignmentValues.Left, Border: false, Wrap: note.Length > 0);

    private int NoteHeight(string note) =>
        80 + (TableFit.LineCount(note, TableFit.NoteHalfPoints, _fit.Page.TextWidth) * TableFit.LineTwipsPerHalfPoint * TableFit.NoteHalfPoints);

    private SheetView View(bool isFirst)
    {
        var below = Invariant($"A{HeaderEnd + 1}");
        return new SheetView(
            new Pane
            {
                VerticalSplit = HeaderEnd,
                TopLeftCell = below,
                ActivePane = PaneValues.BottomLeft,
                State = PaneStateValues.Frozen,
            },
            new Selection
            {
                Pane = PaneValues.BottomLeft,
                ActiveCell = below,
                SequenceOfReferences = new ListValue<StringValue> { InnerText = below },
            })
        {
            WorkbookViewId = 0,
            TabSelected = isFirst ? true : null,
            ShowGridLines = false,
        };
    }

    private void Put(int row, int column, Cell cell)
    {
        cell.CellReference = Reference(row, column);
        if (!_cells.TryGetValue(row, out var cells))
            _cells[row] = cells = [];
        cells.Add(column, cell);
    }

    /// <summary>The width in characters of the default font, to a hundredth: about 5.25 points each.</summary>
    private static double Width(int twips) => Math.Round(twips / 105.0, 2);

    private static string Reference(int row, int column) => Invariant($"{Letters(column)}{row}");

    /// <summary>A, B, …, Z, AA, … for a column from 0.</summary>
    private static string Letters(int column) =>
        (column >= 26 ? Letters((column / 26) - 1) : "") + (char)('A' + (column % 26));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
