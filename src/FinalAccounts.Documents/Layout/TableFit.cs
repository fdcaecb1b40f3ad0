using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Layout;

/// <summary>
/// How a table is set so that it fits its page: the largest type with which all rows stand on one page, columns at least as wide as
/// their longest number, rows loosened up to fill the page. A table that is too long for one page is set in ordinary type and goes on
/// with its header repeated. All in whole numbers, so that it comes out alike everywhere.
/// </summary>
/// <param name="HalfPoints">The type size in half points.</param>
/// <param name="ColumnTwips">The widths of the columns.</param>
/// <param name="RowTwips">The least height of a row.</param>
/// <param name="HeaderLines">The number of lines of the tallest cell of each header row.</param>
/// <param name="BodyLines">The same for the rows below.</param>
internal sealed record TableFit(
    Paper Page,
    int HalfPoints,
    IReadOnlyList<int> ColumnTwips,
    int RowTwips,
    bool OnePage,
    IReadOnlyList<int> HeaderLines,
    IReadOnlyList<int> BodyLines)
{
    /// <summary>Space left and right of a cell's text together.</summary>
    public const int CellPadding = 120;

    /// <summary>Space above and below a cell's text together.</summary>
    public const int RowPadding = 50;

    /// <summary>Type of notes in half points (小五).</summary>
    public const int NoteHalfPoints = 18;

    private const int Largest = 21;
    private const int Ordinary = 19;
    private const int Smallest = 13;
    private const int Border = 10;

    // The title, the two lines below it, and some slack because the estimate of widths is one.
    private const int Above = 1300;

    /// <summary>The height of a line in twips.</summary>
    public int LineTwips => Line(HalfPoints);

    /// <summary>The height of a row of so many lines in twips.</summary>
    public int RowHeight(int lines) => Math.Max(RowTwips, (lines * LineTwips) + RowPadding);

    public static TableFit Of(DisclosureTable table)
    {
        var layout = table.Layout;
        var page = layout.Landscape ? Paper.WideTable : Paper.Table;
        var columns = layout.ColumnWidths.Count;
        var header = GridPlaces.Place(layout.Header, columns);
        var body = GridPlaces.Place(layout.Body, columns);
        var available = page.TextHeight - Above - NotesHeight(table, page);
        var rowCount = layout.Header.Count + layout.Body.Count;
        TableFit? ordinary = null;
        for (var size = Largest; size >= Smallest; size--)
        {
            var widths = Widths(layout.ColumnWidths, header.Concat(body), size, page.TextWidth);
            if (widths is null)
                continue;
            var headerLines = Lines(header, layout.Header.Count, widths, size);
            var bodyLines = Lines(body, layout.Body.Count, widths, size);
            var needed = headerLines.Concat(bodyLines).Sum(lines => (lines * Line(size)) + RowPadding + Border);
            if (needed <= available)
            {
                var looser = Math.Min((available - needed) / Math.Max(rowCount, 1), 140);
                return new(page, size, widths, Line(size) + RowPadding + looser, true, headerLines, bodyLines);
            }

            if (ordinary is null || size >= Ordinary)
                ordinary = new(page, size, widths, Line(size) + RowPadding + 60, false, headerLines, bodyLines);
        }

        return ordinary ?? Squeezed(layout, page, header, body);
    }

    /// <summary>The height of the notes below a table.</summary>
    public static int NotesHeight(DisclosureTable table, Paper page) =>
        120 + table.Notes.Sum(note => LineCount(note, NoteHalfPoints, page.TextWidth) * Line(NoteHalfPoints));

    /// <summary>The number of lines that a text takes in a width of so many twips.</summary>
    public static int LineCount(string text, int halfPoints, int twips) =>
        text.Split('\n').Sum(line => Math.Max(1, CeilingOf(TextWidth(line, halfPoints), Math.Max(twips, 1))));

    private static int Line(int halfPoints) => 13 * halfPoints;

    /// <summary>Numbers too long even for the smallest type: the columns stay as the form has them and the numbers wrap.</summary>
    private static TableFit Squeezed(TableLayout layout, Paper page, IReadOnlyList<PlacedCell> header, IReadOnlyList<PlacedCell> body)
    {
        var widths = Share(layout.ColumnWidths, page.TextWidth);
        return new(
            page, Smallest, widths, Line(Smallest) + RowPadding + 60, false,
            Lines(header, layout.Header.Count, widths, Smallest), Lines(body, layout.Body.Count, widths, Smallest));
    }

    private static int[] Lines(IEnumerable<PlacedCell> cells, int rows, IReadOnlyList<int> widths, int size)
    {
        var lines = Enumerable.Repeat(1, rows).ToArray();
        foreach (var place in cells)
        {
            var width = widths.Skip(place.Column).Take(place.Cell.ColumnSpan).Sum() - CellPadding - IndentTwips(place.Cell, size);
            // A cell over several rows has their room; what is more than one line a row goes to the first of them.
            var needed = LineCount(place.Cell.Text, size, width) - (place.Cell.RowSpan - 1);
            lines[place.Row] = Math.Max(lines[place.Row], needed);
        }

        return lines;
    }

    /// <summary>The widths in twips, or null if the numbers do not fit side by side in this size.</summary>
    private static int[]? Widths(IReadOnlyList<int> relative, IEnumerable<PlacedCell> cells, int size, int total)
    {
        // Room for two characters in any column; for the whole text in those that must not wrap.
        var least = Enumerable.Repeat((2 * size * 10) + CellPadding, relative.Count).ToArray();
        foreach (var place in cells.Where(p => p.Cell.ColumnSpan == 1 && !Wraps(p.Cell.Kind)))
            least[place.Column] = Math.Max(least[place.Column], TextWidth(place.Cell.Text, size) + CellPadding);
        if (least.Sum() > total)
            return null;

        // Give each column its share, then take what the too narrow ones lack from what the others have to spare.
        var widths = Share(relative, total);
        var lacking = widths.Zip(least, (w, l) => Math.Max(0, l - w)).Sum();
        var spare = widths.Zip(least, (w, l) => Math.Max(0, w - l)).Sum();
        if (lacking == 0)
            return widths;
        for (var i = 0; i < widths.Length; i++)
            widths[i] = widths[i] < least[i] ? least[i] : widths[i] - (int)((long)(widths[i] - least[i]) * lacking / spare);
        widths[^1] += total - widths.Sum();
        return widths[^1] < least[^1] ? null : widths;
    }

    private static int[] Share(IReadOnlyList<int> relative, int total)
    {
        var sum = relative.Sum();
        if (sum <= 0 || relative.Any(w => w < 0))
            throw new ArgumentException("The relative widths of a table's columns must be positive.", nameof(relative));
        var widths = relative.Select(w => (int)((long)w * total / sum)).ToArray();
        widths[^1] += total - widths.Sum();
        return widths;
    }

    private static bool Wraps(LayoutCellKind kind) =>
        kind is LayoutCellKind.Header or LayoutCellKind.Name or LayoutCellKind.Total;

    private static int IndentTwips(LayoutCell cell, int size) => cell.Indent * size * 10;

    /// <summary>The estimated width of a text in one line: a Chinese character is as wide as the type is high, others about half.</summary>
    private static int TextWidth(string text, int halfPoints)
    {
        var hundredths = 0;
        foreach (var c in text)
            hundredths += c >= '\u2E80' || c is '“' or '”' or '‘' or '’' or '—' or '…' or '·' ? 100 : 58;
        return CeilingOf(hundredths * halfPoints * 10, 100);
    }

    private static int CeilingOf(int a, int b) => (a + b - 1) / b;
}
