using NodaTime;

namespace FinalAccounts.Import;

/// <summary>A row that is one line of a voucher or document, and what it says of the document as a whole.</summary>
/// <param name="Head">The columns that all rows of a document must agree in, by name.</param>
internal sealed record DocumentLine<T>(string Number, LocalDate Date, IReadOnlyList<string> Head, T Line, TableRow Row);

/// <summary>A voucher or document with its lines in canonical order, so that the order of rows in a file does not matter.</summary>
internal sealed record BookedDocument<T>(string Number, LocalDate Date, IReadOnlyList<T> Lines, IReadOnlyList<TableRow> Rows, TableRow First)
{
    public string this[string column] => First[column];
}

internal static class DocumentRows
{
    /// <summary>
    /// Puts the rows of each number together; they need not stand beside each other. Refused are rows of one number that
    /// disagree in a head column, and rows that are alike in every column: a file pasted twice would double the amounts.
    /// </summary>
    public static List<BookedDocument<T>> Group<T>(
        IReadOnlyList<DocumentLine<T>> lines, IReadOnlyList<string> headColumns, Func<T, string> sortKey, ImportErrors errors)
    {
        var documents = new List<BookedDocument<T>>();
        foreach (var document in lines.GroupBy(line => line.Number, StringComparer.Ordinal))
        {
            var first = document.First();
            var seen = new Dictionary<string, int>();
            var agree = true;
            foreach (var line in document)
            {
                for (var i = 0; i < headColumns.Count; i++)
                {
                    if (line.Head[i] != first.Head[i])
                    {
                        agree = false;
                        errors.Add(ImportRule.DocumentDisagrees, line.Row.File, line.Row.Line, headColumns[i], line.Head[i],
                            document.Key, first.Head[i], $"{first.Row.Line}");
                    }
                }

                if (!seen.TryAdd(string.Join('\u001F', line.Row.Cells), line.Row.Line))
                {
                    agree = false;
                    errors.Add(ImportRule.RowDuplicate, line.Row.File, line.Row.Line, null, null,
                        document.Key, $"{seen[string.Join('\u001F', line.Row.Cells)]}");
                }
            }

            if (agree)
            {
                // Rows that the key does not tell apart are ordered by all their cells.
                var sorted = document
                    .OrderBy(line => sortKey(line.Line), StringComparer.Ordinal)
                    .ThenBy(line => string.Join('\u001F', line.Row.Cells), StringComparer.Ordinal)
                    .ToList();
                documents.Add(new(document.Key, first.Date, [.. sorted.Select(l => l.Line)], [.. sorted.Select(l => l.Row)], first.Row));
            }
        }

        return documents;
    }

    /// <summary>A number that means one thing in one list must not mean another in a second one.</summary>
    public static void RefuseSharedNumbers(IEnumerable<(string Number, TableRow Row)> used, string column, ImportErrors errors)
    {
        var first = new Dictionary<string, TableRow>(StringComparer.Ordinal);
        foreach (var (number, row) in used)
        {
            if (!first.TryAdd(number, row))
            {
                errors.Add(ImportRule.NumberUsedTwice, row.File, row.Line, column, number, $"{first[number].File} {first[number].Line}");
            }
        }
    }
}
