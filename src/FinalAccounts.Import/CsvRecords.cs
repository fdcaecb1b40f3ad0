using System.Buffers;
using System.Text;
using FinalAccounts.Ledger;

namespace FinalAccounts.Import;

/// <summary>A record can't be read: a quote that is not closed, or text before or behind the quotes of a cell.</summary>
/// <param name="line">Where the record begins, from 1.</param>
internal sealed class CsvBrokenException(int line) : Exception($"The record at line {line} can't be read.")
{
    public int Line { get; } = line;
}

/// <summary>
/// Reads records of comma-separated text (RFC 4180) one after the other, or again from a place that was noted. Cells are text and stay
/// text, whatever they begin with. Works on the bytes: in UTF-8 and in GB18030 no byte of a Chinese character looks like a comma,
/// a quote or the end of a line.
/// </summary>
internal sealed class CsvRecords
{
    private const int SmallRead = 4 * 1024;
    private const int LargeRead = 256 * 1024;
    private const byte Comma = (byte)',';
    private const byte Quote = (byte)'"';
    private const byte Return = (byte)'\r';
    private const byte Feed = (byte)'\n';

    private static readonly SearchValues<byte> CellEnds = SearchValues.Create(",\r\n\""u8);

    private readonly Stream content;
    private readonly Encoding encoding;
    private readonly CellTexts texts = new();
    private readonly List<string> cells = [];
    private readonly List<(int Start, int Length, bool IsQuoted)> places = [];

    // What is held of the file: Length bytes from Start on, of which those before Next are read.
    private byte[] buffer = new byte[LargeRead];
    private long start;
    private int length;
    private int next;
    private int line = 1;
    private int readNext = LargeRead;
    private bool atEnd;

    /// <param name="content">Seekable; stays the caller's.</param>
    public CsvRecords(Stream content, TextFormat format)
    {
        this.content = content;
        encoding = format.Encoding;
        start = format.Start;
        content.Position = start;
    }

    /// <summary>The cells of the record; valid until the next is read.</summary>
    public IReadOnlyList<string> Cells => cells;

    /// <summary>Where the record begins, in bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>The line that the record begins in, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Where reading goes on, in bytes.</summary>
    public long NextOffset => start + next;

    /// <summary>The line in which reading goes on, from 1.</summary>
    public int NextLine => line;

    /// <summary>Reads the next record that is no empty line; false at the end.</summary>
    /// <exception cref="CsvBrokenException">It can't be read.</exception>
    public bool Read()
    {
        while (next < length || Fill())
        {
            if (buffer[next] is not (Return or Feed))
            {
                ReadRecord();
                return true;
            }

            SkipLineEnd();
        }

        return false;
    }

    /// <summary>Goes to a record that was read before.</summary>
    public void Seek(long offset, int line)
    {
        this.line = line;
        if (offset >= start && offset <= start + length)
        {
            next = (int)(offset - start);
            return;
        }

        (start, length, next, atEnd) = (offset, 0, 0, false);
        content.Position = offset;

        // Rows that are looked up here and there are short; whoever goes on reading gets more at a time.
        readNext = SmallRead;
    }

    private void ReadRecord()
    {
        Line = line;
        Offset = start + next;
        int end;
        while ((end = FindCells()) < 0)
        {
            if (atEnd)
            {
                throw new CsvBrokenException(Line);
            }

            Fill();
        }

        cells.Clear();
        for (var i = 0; i < places.Count; i++)
        {
            var (from, count, isQuoted) = places[i];
            cells.Add(texts.Of(i, buffer.AsSpan(from, count), isQuoted, encoding));
        }

        line += Lines(buffer.AsSpan(next, end - next));
        next = end;
        if (next < length || Fill())
        {
            SkipLineEnd();
        }
    }

    /// <summary>Finds the cells of the record at <see cref="next"/>.</summary>
    /// <returns>Where it ends: the end of the line or of the file; -1 when more has to be read.</returns>
    /// <exception cref="CsvBrokenException">It can't be read.</exception>
    private int FindCells()
    {
        places.Clear();
        for (var at = next; ; at++)
        {
            var isQuoted = at < length && buffer[at] == Quote;
            var first = isQuoted ? at + 1 : at;
            var end = isQuoted ? EndOfQuoted(first) : EndOfPlain(first);
            if (end < 0)
            {
                return -1;
            }

            places.Add((first, end - first, isQuoted));
            at = isQuoted ? end + 1 : end;
            if (at == length || buffer[at] is Return or Feed)
            {
                return at;
            }

            if (buffer[at] != Comma)
            {
                throw new CsvBrokenException(Line);
            }
        }
    }

    private int EndOfPlain(int first)
    {
        var found = buffer.AsSpan(first, length - first).IndexOfAny(CellEnds);
        return found >= 0 ? first + found : atEnd ? length : -1;
    }

    /// <summary>The place of the closing quote. Two quotes in a row are one of the text.</summary>
    private int EndOfQuoted(int first)
    {
        for (var at = first; ;)
        {
            var found = buffer.AsSpan(at, length - at).IndexOf(Quote);
            at += found;
            if (found < 0 || (at + 1 == length && !atEnd))
            {
                return -1;
            }

            if (at + 1 == length || buffer[at + 1] != Quote)
            {
                return at;
            }

            at += 2;
        }
    }

    private void SkipLineEnd()
    {
        if (buffer[next] == Return && (next + 1 < length || Fill()) && buffer[next + 1] == Feed)
        {
            next++;
        }

        next++;
        line++;
    }

    /// <summary>Reads on; false at the end of the file.</summary>
    /// <exception cref="CsvBrokenException">A record is longer than any can be: its quotes are not paired.</exception>
    private bool Fill()
    {
        if (atEnd)
        {
            return false;
        }

        buffer.AsSpan(next, length - next).CopyTo(buffer);
        (start, length, next) = (start + next, length - next, 0);
        if (length == buffer.Length)
        {
            if (length >= ImportLimits.LineBytes)
            {
                throw new CsvBrokenException(line);
            }

            Array.Resize(ref buffer, length * 2);
        }

        var read = content.Read(buffer, length, Math.Min(readNext, buffer.Length - length));
        length += read;
        atEnd = read == 0;
        readNext = LargeRead;
        return read > 0;
    }

    /// <summary>The line ends in a record, which stand in quotes.</summary>
    private static int Lines(ReadOnlySpan<byte> record)
    {
        var count = 0;
        for (var at = record.IndexOfAny(Return, Feed); at >= 0; at = record.IndexOfAny(Return, Feed))
        {
            count++;
            record = record[(at + (record[at] == Return && at + 1 < record.Length && record[at + 1] == Feed ? 2 : 1))..];
        }

        return count;
    }

    /// <summary>The texts of cells. Codes, dates and terms occur again and again, and are not made anew each time.</summary>
    private sealed class CellTexts
    {
        private const int LongestKept = 64;

        private readonly Column?[] columns = new Column?[ImportLimits.Columns];

        public string Of(int column, ReadOnlySpan<byte> bytes, bool isQuoted, Encoding encoding)
        {
            if (bytes.IsEmpty)
            {
                return "";
            }

            if (bytes.Length > LongestKept || column >= columns.Length || (isQuoted && bytes.Contains(Quote)))
            {
                var text = encoding.GetString(bytes);
                return isQuoted ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
            }

            return (columns[column] ??= new()).Of(bytes, encoding);
        }

        /// <summary>The last texts of a column, as long as that helps.</summary>
        private sealed class Column
        {
            private const int Slots = 512;
            private const int Trial = 4 * Slots;

            private readonly (byte[] Bytes, string Text)[] slots = new (byte[] Bytes, string Text)[Slots];
            private int asked;
            private int found;

            public string Of(ReadOnlySpan<byte> bytes, Encoding encoding)
            {
                if (asked >= Trial && found < Trial / 2)
                {
                    return encoding.GetString(bytes);
                }

                ref var slot = ref slots[(int)(TextHash.Of(bytes) % Slots)];
                if (slot.Bytes is not null && slot.Bytes.AsSpan().SequenceEqual(bytes))
                {
                    found += asked < Trial ? 1 : 0;
                }
                else
                {
                    slot = (bytes.ToArray(), encoding.GetString(bytes));
                }

                asked += asked < Trial ? 1 : 0;
                return slot.Text;
            }
        }
    }
}
