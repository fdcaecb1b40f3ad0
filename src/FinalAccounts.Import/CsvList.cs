using CsvHelper;

namespace FinalAccounts.Import;

/// <summary>Reads a list from comma-separated text (RFC 4180). Cells are text and stay text, whatever they begin with.</summary>
internal static class CsvList
{
    /// <summary>The list; null when its heading is wrong or the text can't be read to its end.</summary>
    public static Table? Read(string text, ListFormat format, string file, ImportErrors errors)
    {
        var options = new CsvReaderOptions
        {
            // The heading is read like any row, because headings are compared without white space.
            HasHeader = false,
            Separator = ',',

            // A quote that is never closed would swallow the rest of the file.
            MalformedData = CsvMalformedDataHandling.Throw,
            TrackLineNumbers = true,
        };

        using var reader = CsvReader.FromText(text, options);
        TableBuilder? table = null;
        try
        {
            while (reader.Read())
            {
                var line = (int)reader.LineNumber;
                var cells = Enumerable.Range(0, reader.FieldCount).Select(reader.GetString).ToList();
                if (table != null)
                {
                    if (!table.Add(line, cells))
                    {
                        return null;
                    }
                }
                else if (!cells.All(string.IsNullOrWhiteSpace))
                {
                    table = TableBuilder.Start(format, file, line, cells, errors);
                    if (table == null)
                    {
                        return null;
                    }
                }
            }
        }
        catch (CsvFormatException e)
        {
            errors.Add(ImportRule.CsvBroken, file, (int)e.LineNumber);
            return null;
        }

        if (table == null)
        {
            errors.Add(ImportRule.FileEmpty, file);
        }

        return table?.Finish();
    }
}
