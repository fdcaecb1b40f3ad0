using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace FinalAccounts.Ledger;

/// <summary>
/// Texts in the order in which they are added, each with a number from 0, and found by their content: some twenty bytes more than the
/// text for each. For the voucher numbers of books with millions of vouchers.
/// </summary>
public sealed class TextIndex
{
    private const int ChunkBits = 16;
    private const int ChunkBytes = 1 << ChunkBits;
    private const int FirstBytes = 128;
    private const int FirstHeads = 8;
    private const int TextsPerHead = 2;
    private const int StackBytes = 512;

    // Each text with two bytes before it that say its length; none goes over the end of a chunk.
    private readonly List<byte[]> chunks = [new byte[FirstBytes]];
    private readonly ChunkedList<Entry> entries = new();

    // By hash the number + 1 of the last text; the others of the same place follow by Entry.Before.
    private int[] heads = new int[FirstHeads];
    private int used;

    /// <summary>Longest text, in bytes of UTF-8.</summary>
    public const int MostBytes = ushort.MaxValue - sizeof(ushort);

    public int Count => entries.Count;

    /// <summary>The text with a number.</summary>
    public string this[int number] => Encoding.UTF8.GetString(Utf8(number));

    /// <summary>The text with a number, in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8(int number)
    {
        var at = entries[number].Start;
        var chunk = chunks[at >> ChunkBits].AsSpan(at & (ChunkBytes - 1));
        return chunk.Slice(sizeof(ushort), BinaryPrimitives.ReadUInt16LittleEndian(chunk));
    }

    /// <summary>Adds a text, also when it is there already.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="MostBytes"/>.</exception>
    public int Add(string text)
    {
        Span<byte> buffer = stackalloc byte[StackBytes];
        return Add(Encode(text, buffer));
    }

    /// <inheritdoc cref="Add(string)"/>
    public int Add(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MostBytes)
        {
            throw new ArgumentException($"A text of {utf8.Length} bytes is longer than {MostBytes}.", nameof(utf8));
        }

        if (Count == heads.Length * TextsPerHead)
        {
            Spread();
        }

        entries.Add(new(Store(utf8), 0));
        Link(Count - 1);
        return Count - 1;
    }

    /// <summary>The number of a text, of the last one where it was added several times; -1 when it is not there.</summary>
    /// <param name="below">Only numbers below it count.</param>
    public int Find(string text, int below = int.MaxValue)
    {
        Span<byte> buffer = stackalloc byte[StackBytes];
        return Find(Encode(text, buffer), below);
    }

    /// <inheritdoc cref="Find(string,int)"/>
    public int Find(ReadOnlySpan<byte> utf8, int below = int.MaxValue)
    {
        var number = heads[Place(utf8)] - 1;
        while (number >= 0 && !(number < below && Utf8(number).SequenceEqual(utf8)))
        {
            number = entries[number].Before - 1;
        }

        return number;
    }

    /// <summary>A copy of the first texts with their numbers.</summary>
    public TextIndex Prefix(int count)
    {
        var copy = new TextIndex();
        for (var number = 0; number < count; number++)
        {
            copy.Add(Utf8(number));
        }

        return copy;
    }

    /// <summary>Compares two texts as <see cref="StringComparer.Ordinal"/> does: by UTF-16 code units.</summary>
    public int Compare(int a, int b)
    {
        var left = Utf8(a);
        var right = Utf8(b);
        var common = left.CommonPrefixLength(right);
        return common == left.Length || common == right.Length
            ? left.Length - right.Length
            : Weight(left[common]) - Weight(right[common]);
    }

    /// <summary>In UTF-16 what lies beyond the basic plane begins with a surrogate and so comes before U+E000 to U+FFFF.</summary>
    private static int Weight(byte utf8) => utf8 switch
    {
        0xEE or 0xEF => utf8 + 0x10,
        _ => utf8,
    };

    private int Store(ReadOnlySpan<byte> utf8)
    {
        var needed = sizeof(ushort) + utf8.Length;
        var last = chunks.Count - 1;
        if (chunks[last].Length - used < needed)
        {
            if (last == 0 && used + needed <= ChunkBytes)
            {
                Array.Resize(ref CollectionsMarshal.AsSpan(chunks)[0], Math.Min(ChunkBytes, Math.Max(chunks[0].Length * 2, used + needed)));
            }
            else
            {
                chunks.Add(new byte[ChunkBytes]);
                (last, used) = (last + 1, 0);
            }
        }

        var target = chunks[last].AsSpan(used);
        BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)utf8.Length);
        utf8.CopyTo(target[sizeof(ushort)..]);
        var start = checked((last << ChunkBits) + used);
        used += needed;
        return start;
    }

    /// <summary>Doubles the places, so that no more than a few texts share one.</summary>
    private void Spread()
    {
        heads = new int[heads.Length * 2];
        for (var number = 0; number < Count; number++)
        {
            Link(number);
        }
    }

    private void Link(int number)
    {
        var place = Place(Utf8(number));
        entries[number] = entries[number] with { Before = heads[place] };
        heads[place] = number + 1;
    }

    private int Place(ReadOnlySpan<byte> utf8) => (int)(TextHash.Of(utf8) & (ulong)(heads.Length - 1));

    private static ReadOnlySpan<byte> Encode(string text, Span<byte> buffer) =>
        Encoding.UTF8.TryGetBytes(text, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(text);

    private readonly record struct Entry(int Start, int Before);
}

/// <summary>
/// A hash of 64 bits under keys of this process: two texts that differ agree in it by chance only (1 in 10¹⁹), and nobody can look
/// for two that agree. Not for storing.
/// </summary>
public static class TextHash
{
    private static readonly ulong Seed = Key();
    private static readonly ulong Factor = Key() | 1;

    public static ulong Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Mix(Seed ^ (ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        var rest = 0UL;
        foreach (var b in bytes)
        {
            rest = (rest << 8) | b;
        }

        return Mix(hash ^ rest);
    }

    /// <summary>One hash of two.</summary>
    public static ulong Combine(ulong a, ulong b) => Mix(Mix(a) ^ b);

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value + Seed, Factor, out var low);
        return high ^ low;
    }

    private static ulong Key()
    {
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(key);
        return BinaryPrimitives.ReadUInt64LittleEndian(key);
    }
}
