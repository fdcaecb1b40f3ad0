namespace FinalAccounts.Import;

/// <summary>Reads a list from comma-separated text.</summary>
internal static class CsvList
{
    /// <summary>A list that is held in memory; null when its heading is wrong or the text can't be read to its end.</summary>
    public static Table? Read(Stream content, TextFormat text, ListFormat format, string file, ImportErrors errors)
    {
        try
        {
            var records = new CsvRecords(content, text);
            if (ReadHeading(records, format, file, errors) is not { } heading)
            {
                return null;
            }

            var table = new TableBuilder(heading, errors);
            while (records.Read())
            {
                if (!table.Add(records.Line, records.Cells))
                {
                    return null;
                }
            }

            return table.Finish();
        }
        catch (CsvBrokenException e)
        {
            errors.Add(ImportRule.CsvBroken, file, e.Line);
            return null;
        }
    }

    /// <summary>The first record that is not empty is the heading; null when an error was added.</summary>
    /// <exception cref="CsvBrokenException">It can't be read.</exception>
    public static TableHeading? ReadHeading(CsvRecords records, ListFormat format, string file, ImportErrors errors)
    {
        while (records.Read())
        {
            if (!TableHeading.IsEmpty(records.Cells))
            {
                return TableHeading.Read(format, file, records.Line, records.Cells, errors);
            }
        }

        errors.Add(ImportRule.FileEmpty, file);
        return null;
    }
}
