namespace FinalAccounts.Import;

/// <summary>Puts the cells of a list's rows into the order of its format, once the heading has said where they stand.</summary>
internal sealed class TableBuilder
{
    private readonly ListFormat format;
    private readonly string file;
    private readonly ImportErrors errors;
    private readonly int[] sources;
    private readonly int width;
    private readonly List<TableRow> rows = [];
    private bool full;

    private TableBuilder(ListFormat format, string file, int[] sources, int width, ImportErrors errors)
    {
        this.format = format;
        this.file = file;
        this.sources = sources;
        this.width = width;
        this.errors = errors;
    }

    /// <summary>Reads the heading; null when an error was added.</summary>
    public static TableBuilder? Start(ListFormat format, string file, int line, IReadOnlyList<string> heading, ImportErrors errors)
    {
        var before = errors.Count;
        if (heading.Count > ImportLimits.Columns)
        {
            errors.Add(ImportRule.TooManyColumns, file, line, null, null, $"{ImportLimits.Columns}");
            return null;
        }

        var names = heading.Select(Normalise).ToList();
        var known = format.Columns.Select(c => c.Name).ToList();
        for (var i = 0; i < names.Count; i++)
        {
            // A spreadsheet program often saves empty columns behind the last one.
            if (names[i].Length == 0)
            {
                continue;
            }

            if (!known.Contains(names[i]))
            {
                errors.Add(ImportRule.ColumnUnknown, file, line, names[i], null, string.Join("、", known));
            }
            else if (names.IndexOf(names[i]) < i)
            {
                errors.Add(ImportRule.ColumnDuplicate, file, line, names[i]);
            }
        }

        foreach (var column in format.Columns.Where(c => c.Required && !names.Contains(c.Name)))
        {
            errors.Add(ImportRule.ColumnMissing, file, line, column.Name);
        }

        return errors.Count > before ? null : new(format, file, [.. known.Select(name => names.IndexOf(name))], names.Count, errors);
    }

    /// <summary>Adds a row; a row of empty cells is no row. False when the list is full.</summary>
    public bool Add(int line, IReadOnlyList<string> cells)
    {
        if (full || cells.All(string.IsNullOrWhiteSpace))
        {
            return !full;
        }

        if (rows.Count == ImportLimits.Rows)
        {
            full = true;
            errors.Add(ImportRule.TooManyRows, file, line, null, null, $"{ImportLimits.Rows}");
            return false;
        }

        var beyond = cells.Skip(width).FirstOrDefault(cell => !string.IsNullOrWhiteSpace(cell));
        if (beyond != null)
        {
            errors.Add(ImportRule.RowTooLong, file, line, null, beyond, $"{width}", $"{cells.Count}");
        }

        rows.Add(new(format, file, line, Array.ConvertAll(sources, Cell)));
        return true;

        string Cell(int source)
        {
            if (source < 0 || source >= cells.Count)
            {
                return "";
            }

            var text = cells[source].Trim();
            if (text.Length <= ImportLimits.CellCharacters)
            {
                return text;
            }

            var column = format.Columns[Array.IndexOf(sources, source)].Name;
            errors.Add(ImportRule.CellTooLong, file, line, column, $"{text[..20]}…", $"{ImportLimits.CellCharacters}");
            return "";
        }
    }

    public Table Finish() => new(format, file, rows);

    /// <summary>A heading without white space and with half-width brackets, as the formats have it.</summary>
    internal static string Normalise(string heading) =>
        string.Concat(heading.Where(c => !char.IsWhiteSpace(c) && c != '\uFEFF')).Replace('（', '(').Replace('）', ')');
}
