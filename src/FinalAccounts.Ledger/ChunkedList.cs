using System.Runtime.InteropServices;

namespace FinalAccounts.Ledger;

/// <summary>
/// A list of plain values that only grows, in pieces that stay where they are: a long one costs little more than its values, and
/// growing never needs the memory twice.
/// </summary>
public sealed class ChunkedList<T> where T : unmanaged
{
    private const int Bits = 12;
    private const int ChunkLength = 1 << Bits;
    private const int FirstLength = 8;

    private readonly List<T[]> chunks = [];

    public int Count { get; private set; }

    /// <summary>The value at a place, from 0; may be written to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public ref T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref chunks[index >> Bits][index & (ChunkLength - 1)];
        }
    }

    public void Add(T value)
    {
        var (chunk, place) = (Count >> Bits, Count & (ChunkLength - 1));
        if (chunk == chunks.Count)
        {
            // Most lists stay short: the first piece begins small, and only it is ever copied.
            chunks.Add(new T[chunk == 0 ? FirstLength : ChunkLength]);
        }
        else if (place == chunks[chunk].Length)
        {
            Array.Resize(ref CollectionsMarshal.AsSpan(chunks)[chunk], place * 2);
        }

        chunks[chunk][place] = value;
        Count++;
    }

    /// <summary>A copy of the first values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public ChunkedList<T> Prefix(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        var copy = new ChunkedList<T>();
        for (var i = 0; i < count; i++)
        {
            copy.Add(this[i]);
        }

        return copy;
    }
}
