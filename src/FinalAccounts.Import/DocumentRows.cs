using NodaTime;

namespace FinalAccounts.Import;

/// <summary>A row that is one line of a voucher or document, and what it says of the document as a whole.</summary>
internal sealed record DocumentLine<T>(string Number, LocalDate Date, T Line, TableRow Row);

/// <summary>A voucher or document with its lines in canonical order, so that the order of rows in a file does not matter.</summary>
internal sealed record BookedDocument<T>(string Number, LocalDate Date, IReadOnlyList<T> Lines, IReadOnlyList<TableRow> Rows, TableRow First)
{
    public string this[string column] => First[column];
}

/// <summary>How the rows of a kind of document make one.</summary>
/// <param name="HeadColumns">The columns that all rows of a document must agree in.</param>
/// <param name="SortKey">Orders the lines; texts are compared ordinally.</param>
internal sealed record DocumentForm<T>(IReadOnlyList<string> HeadColumns, Func<T, string> SortKey)
{
    private const char Separator = '\u001F';

    /// <summary>
    /// One document of its rows. Refused are rows that disagree in a head column, and rows that are alike in every column: a file
    /// pasted twice would double the amounts. Then it is null.
    /// </summary>
    /// <param name="lines">The rows in the order of the file; at least one.</param>
    public BookedDocument<T>? Assemble(IReadOnlyList<DocumentLine<T>> lines, ImportErrors errors)
    {
        var first = lines[0];
        if (lines.Count == 1)
        {
            return new(first.Number, first.Date, [first.Line], [first.Row], first.Row);
        }

        var seen = new Dictionary<string, int>();
        var agree = true;
        foreach (var line in lines)
        {
            foreach (var column in HeadColumns)
            {
                if (Head(line, column) != Head(first, column))
                {
                    agree = false;
                    errors.Add(ImportRule.DocumentDisagrees, line.Row.File, line.Row.Line, column, Head(line, column),
                        first.Number, Head(first, column), $"{first.Row.Line}");
                }
            }

            if (!seen.TryAdd(Whole(line), line.Row.Line))
            {
                agree = false;
                errors.Add(ImportRule.RowDuplicate, line.Row.File, line.Row.Line, null, null, first.Number, $"{seen[Whole(line)]}");
            }
        }

        return agree ? Sorted(lines) : null;
    }

    /// <summary>
    /// Puts the rows of each number together, which need not stand beside each other, in the order of their first rows.
    /// </summary>
    public List<BookedDocument<T>> Group(IEnumerable<DocumentLine<T>> lines, ImportErrors errors) =>
        [.. lines.GroupBy(line => line.Number, StringComparer.Ordinal).Select(document => Assemble([.. document], errors)).OfType<BookedDocument<T>>()];

    private BookedDocument<T> Sorted(IReadOnlyList<DocumentLine<T>> lines)
    {
        // Rows that the key does not tell apart are ordered by all their cells.
        var sorted = lines.OrderBy(line => SortKey(line.Line), StringComparer.Ordinal).ThenBy(Whole, StringComparer.Ordinal).ToList();
        return new(lines[0].Number, lines[0].Date, [.. sorted.Select(l => l.Line)], [.. sorted.Select(l => l.Row)], lines[0].Row);
    }

    /// <summary>However a date is written, it is the same date.</summary>
    private static string Head(DocumentLine<T> line, string column) => column == BookFormats.Date ? $"{line.Date:uuuu-MM-dd}" : line.Row[column];

    private static string Whole(DocumentLine<T> line) => string.Join(Separator, line.Row.Cells);
}

internal static class DocumentNumbers
{
    /// <summary>A number that means one thing in one list must not mean another in a second one.</summary>
    public static void RefuseShared(IEnumerable<TableRow> used, string column, ImportErrors errors)
    {
        var first = new Dictionary<string, TableRow>(StringComparer.Ordinal);
        foreach (var row in used)
        {
            if (!first.TryAdd(row[column], row))
            {
                Refuse(row, first[row[column]], column, errors);
            }
        }
    }

    /// <summary>The number of a row is that of an earlier one.</summary>
    public static void Refuse(TableRow row, TableRow first, string column, ImportErrors errors) =>
        errors.Add(ImportRule.NumberUsedTwice, row.File, row.Line, column, row[column], $"{first.File} {first.Line}");
}
