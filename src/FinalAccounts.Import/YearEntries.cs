using System.Collections;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.Import;

/// <summary>
/// The entries of a year in the order in which they are recorded. Those of large lists are not held: each time that they are gone
/// through, their files are read again.
/// </summary>
public sealed class YearEntries : IReadOnlyCollection<BookEntry<YearCommand>>
{
    private readonly IReadOnlyList<VoucherList> lists;

    /// <param name="others">In the order in which they are recorded.</param>
    internal YearEntries(IReadOnlyList<BookEntry<YearCommand>> others, params IReadOnlyList<VoucherList> lists)
    {
        Others = others;
        this.lists = lists;
    }

    /// <summary>The entries that are not of a list of vouchers.</summary>
    public IReadOnlyList<BookEntry<YearCommand>> Others { get; }

    public int Count => Others.Count + lists.Sum(l => l.Count);

    /// <summary>All entries.</summary>
    /// <exception cref="IOException">A file was changed since it was checked, or can't be read any more.</exception>
    public IEnumerator<BookEntry<YearCommand>> GetEnumerator()
    {
        List<IEnumerator<OrderedVoucher>> readers = [.. lists.Select(l => l.Vouchers().GetEnumerator())];
        try
        {
            readers.RemoveAll(r => !r.MoveNext());
            foreach (var other in Others)
            {
                var key = BookOrder.KeyOf(other.Command);
                while (First(readers) is { } first && Compare(first.Current, key) < 0)
                {
                    yield return Take(first, readers);
                }

                yield return other;
            }

            while (First(readers) is { } first)
            {
                yield return Take(first, readers);
            }
        }
        finally
        {
            readers.ForEach(r => r.Dispose());
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The list whose next voucher comes before those of the others.</summary>
    private static IEnumerator<OrderedVoucher>? First(List<IEnumerator<OrderedVoucher>> readers)
    {
        var first = readers.Count == 0 ? null : readers[0];
        for (var i = 1; i < readers.Count; i++)
        {
            if (Compare(readers[i].Current, (false, first!.Current.Date, first.Current.Rank)) < 0)
            {
                first = readers[i];
            }
        }

        return first;
    }

    private static BookEntry<YearCommand> Take(IEnumerator<OrderedVoucher> reader, List<IEnumerator<OrderedVoucher>> readers)
    {
        var entry = reader.Current.Entry;
        if (!reader.MoveNext())
        {
            reader.Dispose();
            readers.Remove(reader);
        }

        return entry;
    }

    /// <summary>No two lists, and no list and other entries, have the same date and rank.</summary>
    private static int Compare(OrderedVoucher voucher, (bool IsOpening, LocalDate Date, int Rank) key)
    {
        var byDate = voucher.Date.CompareTo(key.Date);
        return key.IsOpening ? 1 : byDate != 0 ? byDate : voucher.Rank - key.Rank;
    }
}
