namespace FinalAccounts.Import;

/// <summary>A column of a list.</summary>
/// <param name="Required">Whether the list must have the column; a required column may still have empty cells.</param>
public sealed record Column(string Name, bool Required = true);

/// <summary>What a list is called and which columns it has.</summary>
/// <param name="Name">The file's name without its extension; also a sheet's name.</param>
/// <param name="SheetName">The Chinese name of a sheet.</param>
/// <param name="Extension">Of the file: csv or yaml.</param>
/// <param name="Required">Whether the import must have the list.</param>
public sealed record ListFormat(string Name, string SheetName, string Extension, bool Required, IReadOnlyList<Column> Columns)
{
    public string FileName => $"{Name}.{Extension}";

    /// <summary>The column's place in a row's cells.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
            {
                return i;
            }
        }

        throw new ArgumentException($"The list {Name} has no column {column}.", nameof(column));
    }
}

/// <summary>A row of a list where it stands in its file.</summary>
/// <param name="File">The file, or the workbook and its sheet.</param>
/// <param name="Line">From 1.</param>
/// <param name="Cells">One text per column of the format, trimmed; empty for an empty cell.</param>
public sealed record TableRow(ListFormat Format, string File, int Line, IReadOnlyList<string> Cells)
{
    public string this[string column] => Cells[Format.IndexOf(column)];

    /// <summary>The cell's text; null when the list has no such column.</summary>
    public string? Find(string? column) => column != null && Format.Columns.Any(c => c.Name == column) ? this[column] : null;
}

/// <summary>A list as it was read.</summary>
public sealed record Table(ListFormat Format, string File, IReadOnlyList<TableRow> Rows);
