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
    public const int RowPadding = 30;

    /// <summary>Type of notes in half points (小五).</summary>
    public const int NoteHalfPoints = 18;

    /// <summary>The line height of tables and notes: 1.2 of the type size.</summary>
    public const int LineTwipsPerHalfPoint = 12;

    private const int Largest = 21;
    private const int Ordinary = 19;
    private const int Comfortable = 17;
    private const int Smallest = 13;
    private const int Border = 10;
    private const int Air = 90;
    private const int MostAir = 180;

    // The widest digits of the faces that a reader without Chinese fonts may see, in hundredths of the type size.
    private const int WideDigit = 64;
    private const int NarrowCharacter = 58;
    private const string Closing = "，。、；：！？）》〉】」』”’,.;:!?)]}%";

    // The title, the two lines below it, and some slack because the estimate of widths is one.
    private const int Above = 1150;

    /// <summary>The height of a line in twips.</summary>
    public int LineTwips => Line(HalfPoints);

    /// <summary>The height of a row of so many lines in twips.</summary>
    public int RowHeight(int lines) => Math.Max(RowTwips, (lines * LineTwips) + RowPadding);

    public static TableFit Of(DisclosureTable table) => Of(table.Layout, table.Notes);

    public static TableFit Of(DisclosureForm form) => Of(form.Layout, form.Signature is { } signature ? [.. form.Notes, signature] : form.Notes);

    /// <param name="below">The lines below the table.</param>
    private static TableFit Of(TableLayout layout, IReadOnlyList<string> below)
    {
        var page = layout.Landscape ? Paper.WideTable : Paper.Table;
        var columns = layout.ColumnWidths.Count;
        var header = GridPlaces.Place(layout.Header, columns);
        var body = GridPlaces.Place(layout.Body, columns);
        // Two in a hundred are kept back, because the heights are estimates.
        var available = (page.TextHeight - Above - NotesHeight(below, page)) * 98 / 100;

        // The table in each size in which its numbers stand side by side, the largest first.
        var settings = new List<TableFit>();
        for (var size = Largest; size >= Smallest; size--)
        {
            if (Widths(layout.ColumnWidths, header.Concat(body), size, page.TextWidth) is { } widths)
                settings.Add(Set(layout, page, header, body, widths, size));
        }

        // Half a point of type is worth one broken name more, but not several.
        var airy = settings.Where(s => s.HalfPoints >= Comfortable && s.Height(Air) <= available).MinBy(s => s.Lines - s.HalfPoints);
        if (airy is not null)
            return airy.OnOnePage(available, Air);
        if (settings.FirstOrDefault(s => s.Height(RowPadding) <= available) is { } tight)
            return tight.OnOnePage(available, RowPadding);
        return settings.LastOrDefault(s => s.HalfPoints >= Ordinary) ?? settings.FirstOrDefault()
            // Numbers too long even for the smallest type: the columns stay as the form has them and the numbers wrap.
            ?? Set(layout, page, header, body, Share(layout.ColumnWidths, page.TextWidth), Smallest);
    }

    /// <summary>The height of the notes below a table.</summary>
    private static int NotesHeight(IReadOnlyList<string> notes, Paper page) =>
        120 + notes.Sum(note => LineCount(note, NoteHalfPoints, page.TextWidth) * Line(NoteHalfPoints));

    /// <summary>The number of lines that a text takes in a width of so many twips.</summary>
    public static int LineCount(string text, int halfPoints, int twips) =>
        text.Split('\n').Sum(line => Wrap(line, halfPoints * 10, twips));

    private static int Line(int halfPoints) => LineTwipsPerHalfPoint * halfPoints;

    /// <summary>The table in a size, over as many pages as it takes.</summary>
    private static TableFit Set(
        TableLayout layout, Paper page, IReadOnlyList<PlacedCell> header, IReadOnlyList<PlacedCell> body, IReadOnlyList<int> widths, int size) =>
        new(
            page, size, widths, Line(size) + Air, false,
            LinesOf(header, layout.Header.Count, widths, size), LinesOf(body, layout.Body.Count, widths, size));

    private int Rows => HeaderLines.Count + BodyLines.Count;

    private int Lines => HeaderLines.Sum() + BodyLines.Sum();

    private int Height(int padding) => (Lines * LineTwips) + (Rows * (padding + Border));

    /// <summary>The table on one page, its rows loosened up to fill it within measure.</summary>
    private TableFit OnOnePage(int available, int padding)
    {
        var looser = Math.Min((available - Height(padding)) / Math.Max(Rows, 1), MostAir - padding);
        return this with { RowTwips = LineTwips + padding + looser, OnePage = true };
    }

    private static int[] LinesOf(IEnumerable<PlacedCell> cells, int rows, IReadOnlyList<int> widths, int size)
    {
        var lines = Enumerable.Repeat(1, rows).ToArray();
        foreach (var place in cells)
        {
            var width = widths.Skip(place.Column).Take(place.Cell.ColumnSpan).Sum() - CellPadding - Border - IndentTwips(place.Cell, size);
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
        foreach (var place in cells.Where(p => p.Cell.ColumnSpan == 1 && !Wraps(p.Cell)))
            least[place.Column] = Math.Max(least[place.Column], TextWidth(place.Cell.Text, size, WideDigit) + CellPadding);
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

    /// <summary>Words wrap; a number stands in one line, also where a form has it among words: 58.49%.</summary>
    private static bool Wraps(LayoutCell cell) =>
        cell.Kind is LayoutCellKind.Header or LayoutCellKind.Name or LayoutCellKind.Total or LayoutCellKind.Label or LayoutCellKind.Text
        || (cell.Kind == LayoutCellKind.Value && !cell.Text.All(c => char.IsAsciiDigit(c) || c is '.' or ',' or '-' or '%'));

    private static int IndentTwips(LayoutCell cell, int size) => cell.Indent * size * 10;

    /// <summary>
    /// Breaks a text between any two characters, but never before closing punctuation, which takes the character before it along.
    /// </summary>
    private static int Wrap(string text, int em, int twips)
    {
        var (lines, used, last) = (1, 0, 0);
        foreach (var c in text)
        {
            var width = CharacterWidth(c, NarrowCharacter) * em / 100;
            if (used > 0 && used + width > twips)
            {
                lines++;
                used = Closing.Contains(c) ? last : 0;
            }

            used += width;
            last = width;
        }

        return lines;
    }

    /// <summary>The estimated width of a text in one line: a Chinese character is as wide as the type is high, others about half.</summary>
    private static int TextWidth(string text, int halfPoints, int narrow) =>
        ((text.Sum(c => CharacterWidth(c, narrow)) * halfPoints * 10) + 99) / 100;

    private static int CharacterWidth(char c, int narrow) =>
        c >= '\u2E80' || c is '“' or '”' or '‘' or '’' or '—' or '…' or '·' ? 100 : narrow;
}
