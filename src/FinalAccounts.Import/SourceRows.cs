namespace FinalAccounts.Import;

/// <summary>A row as it stands in an uploaded file.</summary>
/// <param name="Headings">The cells of the list's heading; empty where the file has none.</param>
/// <param name="Cells">The cells of the row, as text.</param>
public sealed record SourceRow(IReadOnlyList<string> Headings, IReadOnlyList<string> Cells)
{
    /// <summary>The place, from 0, of the cell that an error is about; null when it is about the whole row.</summary>
    public int? PlaceOf(ImportError error)
    {
        for (var i = 0; error.Column is { } column && i < Headings.Count; i++)
        {
            if (TableHeading.Normalise(Headings[i]) == TableHeading.Normalise(column))
            {
                return i;
            }
        }

        return null;
    }
}

/// <summary>Finds the rows that errors are about in the files themselves, to show each error where its author wrote it.</summary>
public static class SourceRows
{
    /// <summary>Rows that are shown; there is no use in more at a time.</summary>
    public const int Most = ImportLimits.ListedErrors;

    /// <summary>The rows by file and line, as errors name them. What can't be read is left out: the errors say why.</summary>
    /// <param name="files">Names and contents, as they were uploaded.</param>
    public static IReadOnlyDictionary<(string File, int Line), SourceRow> Find(
        IEnumerable<(string Name, Func<Stream> Open)> files, IReadOnlyList<ImportError> errors)
    {
        Dictionary<(string File, int Line), SourceRow> found = [];
        foreach (var (name, open) in files)
        {
            var lines = errors.Where(e => e.Line is not null && (e.File == name || e.File.StartsWith(name + "/", StringComparison.Ordinal)))
                .Select(e => (e.File, Line: e.Line!.Value)).Distinct().Take(Most).ToLookup(e => e.File, e => e.Line);
            if (lines.Count == 0)
            {
                continue;
            }

            using var content = open();
            foreach (var (file, line, row) in Path.GetExtension(name).ToLowerInvariant() switch
            {
                ".csv" => InCsv(name, content, [.. lines[name]]),
                ".yaml" or ".yml" => InText(name, content, [.. lines[name]]),
                ".xlsx" => InWorkbook(name, content, lines),
                _ => [],
            })
            {
                found[(file, line)] = row;
            }
        }

        return found;
    }

    private static IEnumerable<(string, int, SourceRow)> InText(string name, Stream content, HashSet<int> wanted)
    {
        var lines = TextFile.Decode(Bytes(content), name, MarksOf(name), new())?.Split('\n') ?? [];
        return wanted.Where(line => line <= lines.Length).Select(line => (name, line, new SourceRow([], [lines[line - 1].TrimEnd('\r')])));
    }

    private static List<(string, int, SourceRow)> InCsv(string name, Stream content, HashSet<int> wanted)
    {
        List<(string, int, SourceRow)> rows = [];
        if (TextFile.Detect(content, name, MarksOf(name), new()) is not { } text)
        {
            return rows;
        }

        var records = new CsvRecords(content, text);
        IReadOnlyList<string> headings = [];
        try
        {
            while (rows.Count < wanted.Count && records.Read())
            {
                headings = headings.Count == 0 && !TableHeading.IsEmpty(records.Cells) ? [.. records.Cells] : headings;
                if (wanted.Contains(records.Line))
                {
                    rows.Add((name, records.Line, new(headings, [.. records.Cells])));
                }
            }
        }
        catch (CsvBrokenException)
        {
            // The error of the list says where it can't be read on.
        }

        return rows;
    }

    private static List<string> MarksOf(string name) =>
        BookFormats.All.FirstOrDefault(f => f.Extension.Length > 0 && f.FileName == name)?.Columns.Select(c => c.Name).ToList() ?? [];

    private static byte[] Bytes(Stream content)
    {
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private static List<(string, int, SourceRow)> InWorkbook(string name, Stream content, ILookup<string, int> wanted)
    {
        List<(string, int, SourceRow)> rows = [];
        try
        {
            using var reader = Workbook.Open(Bytes(content));
            do
            {
                var place = $"{name}/{reader.Name}";
                HashSet<int> lines = [.. wanted[place]];
                IReadOnlyList<string> headings = [];
                for (var line = 1; lines.Count > 0 && reader.Read(); line++)
                {
                    List<string> cells = [.. Enumerable.Range(0, Math.Min(reader.FieldCount, ImportLimits.Columns)).Select(i => Workbook.TextOf(reader.GetValue(i)))];
                    headings = headings.Count == 0 && cells.Any(c => c.Length > 0) ? cells : headings;
                    if (lines.Remove(line))
                    {
                        rows.Add((place, line, new(headings, cells)));
                    }
                }
            }
            while (reader.NextResult());
        }
        catch (Exception e) when (Workbook.IsDamage(e))
        {
            // As above.
        }

        return rows;
    }
}
