using System.Runtime.InteropServices;

namespace FinalAccounts.Reporting;

/// <summary>Values by sequences of bytes, found without making an object of the bytes. Nothing is ever removed.</summary>
internal sealed class ByteMap<T>
{
    private int[] buckets = new int[64];
    private readonly List<Entry> entries = [];

    public int Count => entries.Count;

    public bool TryGet(ReadOnlySpan<byte> key, out T value)
    {
        var hash = Hash(key);
        var known = CollectionsMarshal.AsSpan(entries);
        for (var i = buckets[hash & (uint)(buckets.Length - 1)]; i > 0; i = known[i - 1].Next)
        {
            if (known[i - 1].Hash == hash && key.SequenceEqual(known[i - 1].Key))
            {
                value = known[i - 1].Value;
                return true;
            }
        }

        value = default!;
        return false;
    }

    /// <summary>Adds a key that is not there.</summary>
    public void Add(ReadOnlySpan<byte> key, T value)
    {
        entries.Add(new(key.ToArray(), Hash(key), value));
        if (entries.Count > buckets.Length)
        {
            buckets = new int[buckets.Length * 2];
            for (var i = 0; i < entries.Count; i++)
            {
                Link(i);
            }
        }
        else
        {
            Link(entries.Count - 1);
        }
    }

    private void Link(int index)
    {
        ref var entry = ref CollectionsMarshal.AsSpan(entries)[index];
        ref var bucket = ref buckets[entry.Hash & (uint)(buckets.Length - 1)];
        (entry.Next, bucket) = (bucket, index + 1);
    }

    /// <summary>Eight bytes at a time. Keys come from the log of a region's own books, so nobody chooses them to collide.</summary>
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = (ulong)key.Length * 0x9E3779B97F4A7C15;
        var words = MemoryMarshal.Cast<byte, ulong>(key);
        foreach (var word in words)
        {
            hash = (hash ^ word) * 0xBF58476D1CE4E5B9;
            hash ^= hash >> 32;
        }

        foreach (var last in key[(words.Length * sizeof(ulong))..])
        {
            hash = (hash ^ last) * 0x94D049BB133111EB;
            hash ^= hash >> 29;
        }

        return (uint)(hash ^ (hash >> 32));
    }

    private struct Entry(byte[] key, uint hash, T value)
    {
        public readonly byte[] Key = key;
        public readonly uint Hash = hash;
        public readonly T Value = value;

        /// <summary>The next of the same bucket, counted from 1; 0 for none.</summary>
        public int Next;
    }
}
