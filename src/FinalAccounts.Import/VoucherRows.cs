namespace FinalAccounts.Import;

/// <summary>The files were changed while they were being imported.</summary>
internal sealed class BooksChangedException(string file) : IOException($"{file} was changed while it was being read.")
{
    public string File { get; } = file;
}

/// <summary>The rows of a list of vouchers: gone through once, and then read again one by one.</summary>
internal interface IVoucherRows
{
    /// <summary>How long the list is, in the unit of <see cref="IVoucherRowReader.Done"/>.</summary>
    long Length { get; }

    /// <exception cref="BooksChangedException">The file is not what it was.</exception>
    IVoucherRowReader Open();
}

/// <summary>Reads the rows of a list of vouchers.</summary>
internal interface IVoucherRowReader : IDisposable
{
    /// <summary>How far it is.</summary>
    long Done { get; }

    /// <summary>The next row, and the place to find it again by; null at the end of the list, or when the rest can't be read, which is an error.</summary>
    (int Place, TableRow Row)? Next(ImportErrors errors);

    /// <summary>A row that <see cref="Next"/> has given before, with the errors that were added then.</summary>
    /// <exception cref="BooksChangedException">It does not stand there any more.</exception>
    TableRow Read(int place, int line, ImportErrors errors);
}

/// <summary>A list of vouchers that is held in memory.</summary>
internal sealed class HeldVoucherRows(Table table) : IVoucherRows
{
    public long Length => table.Rows.Count;

    public IVoucherRowReader Open() => new Reader(table.Rows);

    private sealed class Reader(IReadOnlyList<TableRow> rows) : IVoucherRowReader
    {
        private int next;

        public long Done => next;

        public (int Place, TableRow Row)? Next(ImportErrors errors) => next < rows.Count ? (next, rows[next++]) : null;

        public TableRow Read(int place, int line, ImportErrors errors) => rows[place];

        public void Dispose()
        {
        }
    }
}

/// <summary>A list of vouchers in a CSV file, which may be larger than memory.</summary>
internal sealed class CsvVoucherRows : IVoucherRows
{
    private readonly string path;
    private readonly TextFormat text;
    private readonly TableHeading heading;
    private readonly long headingEnd;
    private readonly int firstLine;
    private readonly (long Length, DateTime WrittenAt) stamp;

    private CsvVoucherRows(string path, TextFormat text, TableHeading heading, long headingEnd, int firstLine, (long Length, DateTime WrittenAt) stamp)
    {
        this.path = path;
        this.text = text;
        this.heading = heading;
        this.headingEnd = headingEnd;
        this.firstLine = firstLine;
        this.stamp = stamp;
    }

    public long Length => stamp.Length;

    /// <summary>Finds out how the file is to be read, and reads its heading; null when an error was added.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be read.</exception>
    public static CsvVoucherRows? Find(string path, ListFormat format, string file, ImportErrors errors)
    {
        var stamp = StampOf(path);
        using var content = OpenFile(path);
        if (TextFile.Detect(content, file, [.. format.Columns.Select(c => c.Name)], errors) is not { } text)
        {
            return null;
        }

        try
        {
            var records = new CsvRecords(content, text);
            return CsvList.ReadHeading(records, format, file, errors) is { } heading
                ? new(path, text, heading, records.NextOffset, records.NextLine, stamp)
                : null;
        }
        catch (CsvBrokenException e)
        {
            errors.Add(ImportRule.CsvBroken, file, e.Line);
            return null;
        }
    }

    public IVoucherRowReader Open()
    {
        CheckUnchanged();
        return new Reader(this, OpenFile(path));
    }

    private static FileStream OpenFile(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    private static (long Length, DateTime WrittenAt) StampOf(string path)
    {
        var file = new FileInfo(path);
        return (file.Length, file.LastWriteTimeUtc);
    }

    private void CheckUnchanged()
    {
        if (!File.Exists(path) || StampOf(path) != stamp)
        {
            throw new BooksChangedException(heading.File);
        }
    }

    private sealed class Reader : IVoucherRowReader
    {
        private readonly CsvVoucherRows list;
        private readonly FileStream content;
        private readonly CsvRecords records;
        private int count;

        public Reader(CsvVoucherRows list, FileStream content)
        {
            this.list = list;
            this.content = content;
            records = new(content, list.text);
            records.Seek(list.headingEnd, list.firstLine);
        }

        public long Done => records.NextOffset;

        public (int Place, TableRow Row)? Next(ImportErrors errors)
        {
            try
            {
                while (records.Read())
                {
                    if (TableHeading.IsEmpty(records.Cells))
                    {
                        continue;
                    }

                    if (count++ == ImportLimits.VoucherRows)
                    {
                        errors.Add(ImportRule.TooManyRows, list.heading.File, records.Line, null, null, $"{ImportLimits.VoucherRows}", $"{ImportLimits.VoucherRows}");
                        return null;
                    }

                    return ((int)records.Offset, list.heading.Row(records.Line, records.Cells, errors));
                }
            }
            catch (CsvBrokenException e)
            {
                errors.Add(ImportRule.CsvBroken, list.heading.File, e.Line);
            }

            return null;
        }

        public TableRow Read(int place, int line, ImportErrors errors)
        {
            try
            {
                records.Seek(place, line);
                if (records.Read() && records.Offset == place)
                {
                    return list.heading.Row(line, records.Cells, errors);
                }
            }
            catch (CsvBrokenException)
            {
                // As below: it was no such row when the file was gone through.
            }

            throw new BooksChangedException(list.heading.File);
        }

        public void Dispose()
        {
            content.Dispose();
        }
    }
}
