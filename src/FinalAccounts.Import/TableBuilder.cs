namespace FinalAccounts.Import;

/// <summary>What the heading of a list says: where the columns of its format stand.</summary>
internal sealed class TableHeading
{
    private readonly int[] sources;
    private readonly int width;

    private TableHeading(ListFormat format, string file, int[] sources, int width)
    {
        Format = format;
        File = file;
        this.sources = sources;
        this.width = width;
    }

    public ListFormat Format { get; }

    /// <summary>The file, or the workbook and its sheet.</summary>
    public string File { get; }

    /// <summary>Reads the heading; null when an error was added.</summary>
    public static TableHeading? Read(ListFormat format, string file, int line, IReadOnlyList<string> heading, ImportErrors errors)
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

        return errors.Count > before ? null : new(format, file, [.. known.Select(name => names.IndexOf(name))], names.Count);
    }

    /// <summary>A row with its cells in the order of the format.</summary>
    public TableRow Row(int line, IReadOnlyList<string> cells, ImportErrors errors)
    {
        for (var i = width; i < cells.Count; i++)
        {
            if (!string.IsNullOrWhiteSpace(cells[i]))
            {
                errors.Add(ImportRule.RowTooLong, File, line, null, cells[i], $"{width}", $"{cells.Count}");
                break;
            }
        }

        var row = new string[sources.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = Cell(i, line, cells, errors);
        }

        return new(Format, File, line, row);
    }

    /// <summary>A row of empty cells is no row.</summary>
    public static bool IsEmpty(IReadOnlyList<string> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (!string.IsNullOrWhiteSpace(cells[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A heading without white space and with half-width brackets, as the formats have it.</summary>
    internal static string Normalise(string heading) =>
        string.Concat(heading.Where(c => !char.IsWhiteSpace(c) && c != '\uFEFF')).Replace('（', '(').Replace('）', ')');

    private string Cell(int column, int line, IReadOnlyList<string> cells, ImportErrors errors)
    {
        var source = sources[column];
        if (source < 0 || source >= cells.Count)
        {
            return "";
        }

        var text = cells[source].Trim();
        if (text.Length <= ImportLimits.CellCharacters)
        {
            return text;
        }

        errors.Add(ImportRule.CellTooLong, File, line, Format.Columns[column].Name, $"{text[..20]}…", $"{ImportLimits.CellCharacters}");
        return "";
    }
}

/// <summary>Gathers the rows of a list that is held in memory.</summary>
internal sealed class TableBuilder(TableHeading heading, ImportErrors errors)
{
    private readonly List<TableRow> rows = [];
    private bool full;

    /// <summary>Reads the heading; null when an error was added.</summary>
    public static TableBuilder? Start(ListFormat format, string file, int line, IReadOnlyList<string> heading, ImportErrors errors) =>
        TableHeading.Read(format, file, line, heading, errors) is { } read ? new(read, errors) : null;

    /// <summary>Adds a row; a row of empty cells is no row. False when the list is full.</summary>
    public bool Add(int line, IReadOnlyList<string> cells)
    {
        if (full || TableHeading.IsEmpty(cells))
        {
            return !full;
        }

        if (rows.Count == ImportLimits.Rows)
        {
            full = true;
            errors.Add(ImportRule.TooManyRows, heading.File, line, null, null, $"{ImportLimits.Rows}", $"{ImportLimits.VoucherRows}");
            return false;
        }

        rows.Add(heading.Row(line, cells, errors));
        return true;
    }

    public Table Finish() => new(heading.Format, heading.File, rows);
}
