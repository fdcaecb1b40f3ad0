using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Rules;
using NodaTime;

namespace FinalAccounts.Import;

/// <summary>A voucher of a list with its place in the order of recording.</summary>
internal readonly record struct OrderedVoucher(LocalDate Date, int Rank, BookEntry<YearCommand> Entry);

/// <summary>
/// The vouchers of a list, which may be larger than memory: it is gone through once to check every row and to note where each voucher
/// stands, some forty bytes for each, and afterwards the vouchers are read again in the order of recording.
/// </summary>
internal abstract class VoucherList
{
    /// <summary>Vouchers without errors.</summary>
    public abstract int Count { get; }

    /// <summary>How long the list is, in the unit of what <see cref="Check"/> reports.</summary>
    public abstract long Length { get; }

    /// <summary>Goes through all rows.</summary>
    /// <param name="progress">Told now and then how far it is, and how many rows that are.</param>
    public abstract void Check(ImportErrors errors, Action<long, int>? progress);

    /// <summary>A voucher's number that stands in an earlier list too is used twice.</summary>
    public abstract void RefuseNumbersOf(VoucherList earlier, ImportErrors errors);

    /// <summary>Puts the vouchers in order and forgets what only the checks needed. To be called once, when there are no errors.</summary>
    public abstract void Order();

    /// <summary>The vouchers in the order of recording, read anew.</summary>
    /// <exception cref="BooksChangedException">The list is not what it was.</exception>
    public abstract IEnumerable<OrderedVoucher> Vouchers();

    internal abstract IVoucherRowReader Open();

    /// <summary>The first row of the voucher with a number; null when there is none without errors.</summary>
    internal abstract TableRow? FindFirstRow(ReadOnlySpan<byte> number, IVoucherRowReader reader);
}

/// <inheritdoc/>
internal sealed class VoucherList<T>(
    IVoucherRows rows, DocumentForm<T> form, Func<RowReader, DocumentLine<T>?> readLine, Func<BookedDocument<T>, YearCommand> commandOf) : VoucherList
{
    private const int None = -1;

    // A number of the index is the place of its voucher.
    private readonly ChunkedList<RowPlace> places = new();
    private TextIndex? numbers = new();
    private ChunkedList<VoucherPlace>? vouchers = new();
    private readonly ChunkedList<OrderedPlace> ordered = new();
    private int refused;

    /// <inheritdoc/>
    public override int Count => vouchers is null ? ordered.Count : vouchers.Count - refused;

    /// <inheritdoc/>
    public override long Length => rows.Length;

    /// <inheritdoc/>
    public override void Check(ImportErrors errors, Action<long, int>? progress)
    {
        using var reader = rows.Open();
        for (var count = 0; reader.Next(errors) is var (place, row); count++)
        {
            if (readLine(new(row, errors)) is { } line)
            {
                Note(place, line);
            }

            if (count % ImportProgress.Interval == 0)
            {
                progress?.Invoke(reader.Done, count);
            }
        }

        for (var voucher = 0; voucher < vouchers!.Count; voucher++)
        {
            if (vouchers[voucher] is { IsSingle: false } found && !CheckRows(reader, found, errors))
            {
                vouchers[voucher].IsRefused = true;
                refused++;
            }
        }
    }

    /// <inheritdoc/>
    public override void RefuseNumbersOf(VoucherList earlier, ImportErrors errors)
    {
        using var reader = rows.Open();
        using var others = earlier.Open();
        for (var voucher = 0; voucher < vouchers!.Count; voucher++)
        {
            if (!vouchers[voucher].IsRefused && earlier.FindFirstRow(numbers!.Utf8(voucher), others) is { } first)
            {
                DocumentNumbers.Refuse(Row(reader, vouchers[voucher].First), first, BookFormats.Voucher, errors);
            }
        }
    }

    /// <inheritdoc/>
    public override void Order()
    {
        var order = new int[vouchers!.Count];
        using (var reader = rows.Open())
        {
            for (var voucher = 0; voucher < order.Length; voucher++)
            {
                order[voucher] = voucher;
                vouchers[voucher].Rank = (byte)RankOf(reader, vouchers[voucher]);
            }
        }

        // Lists are kept by date as a rule: then there is nothing to sort.
        for (var i = 1; i < order.Length; i++)
        {
            if (Compare(i - 1, i) > 0)
            {
                Array.Sort(order, Compare);
                break;
            }
        }

        foreach (var voucher in order)
        {
            ordered.Add(new(vouchers[voucher].First, vouchers[voucher].Rank == BookOrder.ReversalRank(isOfSameDay: true)));
        }

        (numbers, vouchers) = (null, null);
    }

    /// <inheritdoc/>
    public override IEnumerable<OrderedVoucher> Vouchers()
    {
        using var reader = rows.Open();
        for (var n = 0; n < ordered.Count; n++)
        {
            var place = ordered[n];
            var errors = new ImportErrors();
            var document = form.Assemble(Lines(reader, place.First, errors), errors);
            if (document is null || errors.Any)
            {
                throw new BooksChangedException(Row(reader, place.First).File);
            }

            var command = commandOf(document);
            var rank = command is ReverseExpenditure ? BookOrder.ReversalRank(place.ReversesSameDay) : PostingRank;
            yield return new(document.Date, rank, new(command, document.First, document.Rows));
        }
    }

    internal override IVoucherRowReader Open() => rows.Open();

    /// <inheritdoc/>
    internal override TableRow? FindFirstRow(ReadOnlySpan<byte> number, IVoucherRowReader reader)
    {
        var found = numbers!.Find(number);
        return found < 0 || vouchers![found].IsRefused ? null : Row(reader, vouchers[found].First);
    }

    private static int PostingRank => typeof(T) == typeof(IncomeLine) ? BookOrder.IncomeRank : BookOrder.ExpenditureRank;

    private void Note(int place, DocumentLine<T> line)
    {
        var row = places.Count;
        places.Add(new(place, line.Row.Line));
        var voucher = numbers!.Find(line.Number);
        if (voucher < 0)
        {
            numbers.Add(line.Number);
            vouchers!.Add(new(line.Date, row, line.Row.Format == BookFormats.Expenditure && line.Row[BookFormats.Reversed].Length > 0));
        }
        else
        {
            places[vouchers![voucher].Last].Next = row;
            vouchers[voucher].Last = row;
        }
    }

    /// <summary>Checks what only the rows of a voucher together can show.</summary>
    private bool CheckRows(IVoucherRowReader reader, VoucherPlace voucher, ImportErrors errors)
    {
        var count = 0;
        for (var row = voucher.First; row != None; row = places[row].Next)
        {
            count++;
        }

        if (count > Limits.Lines)
        {
            // The ledger would refuse it; but it need not be held in memory for that.
            var first = Row(reader, voucher.First);
            errors.Add(new ImportError(
                LedgerRules.TooManyLines.Id, ["Lines", count.ToString(CultureInfo.InvariantCulture), Limits.Lines.ToString(CultureInfo.InvariantCulture)], first.File, first.Line));
            return false;
        }

        // What is wrong with the rows one by one was said when they were gone through.
        return form.Assemble(Lines(reader, voucher.First, new()), errors) is not null;
    }

    private List<DocumentLine<T>> Lines(IVoucherRowReader reader, int first, ImportErrors errors)
    {
        var lines = new List<DocumentLine<T>>(1);
        for (var row = first; row != None; row = places[row].Next)
        {
            var read = reader.Read(places[row].Place, places[row].Line, errors);
            lines.Add(readLine(new(read, errors)) ?? throw new BooksChangedException(read.File));
        }

        return lines;
    }

    private TableRow Row(IVoucherRowReader reader, int row) => reader.Read(places[row].Place, places[row].Line, new());

    private int RankOf(IVoucherRowReader reader, VoucherPlace voucher)
    {
        if (!voucher.IsReversal)
        {
            return PostingRank;
        }

        var original = numbers!.Find(Row(reader, voucher.First)[BookFormats.Reversed]);
        var isOfSameDay = original >= 0 && !vouchers![original].IsReversal && vouchers[original].Date == voucher.Date;
        return BookOrder.ReversalRank(isOfSameDay);
    }

    private int Compare(int a, int b)
    {
        ref var left = ref vouchers![a];
        ref var right = ref vouchers[b];
        var byDate = left.Date.CompareTo(right.Date);
        return byDate != 0 ? byDate : left.Rank != right.Rank ? left.Rank - right.Rank : numbers!.Compare(a, b);
    }

    /// <summary>Where a row stands, and the next row of its voucher.</summary>
    private struct RowPlace(int place, int line)
    {
        public readonly int Place = place;
        public readonly int Line = line;
        public int Next = None;
    }

    private struct VoucherPlace(LocalDate date, int row, bool isReversal)
    {
        public readonly LocalDate Date = date;
        public readonly int First = row;
        public int Last = row;
        public readonly bool IsReversal = isReversal;
        public bool IsRefused;
        public byte Rank;

        public readonly bool IsSingle => First == Last;
    }

    /// <summary>The first row of a voucher, and whether it reverses one of the same day, in four bytes.</summary>
    private readonly struct OrderedPlace(int first, bool reversesSameDay)
    {
        private readonly int packed = reversesSameDay ? ~first : first;

        public int First => packed < 0 ? ~packed : packed;

        public bool ReversesSameDay => packed < 0;
    }
}
