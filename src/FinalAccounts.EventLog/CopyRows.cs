using System.Buffers.Binary;
using System.Data;

namespace FinalAccounts.EventLog;

/// <summary>Rows in the binary format of COPY, one after the other; numbers are big-endian.</summary>
/// <param name="fields">How many fields a row has.</param>
internal sealed class CopyRows(int fields)
{
    // The signature, flags and the length of an extension that there is not.
    private const int HeaderLength = 19;

    // A row has at most a body of LogLimits.BodyBytes and fields of fixed width.
    private const int MostBytes = LogLimits.BodyBytes + (1 << 16);

    // Enough for nearly every row; more would be an object that is expensive to throw away.
    private byte[] buffer = new byte[1 << 16];
    private readonly int[] starts = new int[fields];
    private readonly int[] lengths = new int[fields];
    private Stream copy = Stream.Null;
    private int at;
    private int end;
    private bool begun;
    private bool ended;

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0];

    /// <summary>Begins with another source.</summary>
    public void Begin(Stream source) => (copy, at, end, begun, ended) = (source, 0, 0, false, false);

    /// <summary>The next row; false when there is none, and null when more must be fetched first (<see cref="FetchAsync"/>).</summary>
    /// <exception cref="DataException">What comes is not a row of so many fields, none of them null.</exception>
    public bool? TryNext()
    {
        if (!begun && !TryBegin())
        {
            return null;
        }

        if (ended)
        {
            return false;
        }

        if (end - at < 2)
        {
            return null;
        }

        var count = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(at));
        if (count < 0)
        {
            ended = true;
            return false;
        }

        Require(count == fields);
        var offset = at + 2;
        for (var i = 0; i < fields; i++)
        {
            if (end - offset < 4)
            {
                return null;
            }

            lengths[i] = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(offset));
            starts[i] = offset + 4;
            Require(lengths[i] is >= 0 and <= MostBytes);
            offset += 4 + lengths[i];
            if (offset > end)
            {
                return null;
            }
        }

        at = offset;
        return true;
    }

    /// <summary>Fetches some more of what the server sends.</summary>
    public async ValueTask FetchAsync(CancellationToken cancellationToken) => Took(await copy.ReadAsync(Room(), cancellationToken));

    /// <summary>Behind the last row, takes what is left, so that the connection can be used again.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        Require(ended);
        while (await copy.ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    public int Int16(int field) => BinaryPrimitives.ReadInt16BigEndian(Field(field));

    public int Int32(int field) => BinaryPrimitives.ReadInt32BigEndian(Field(field));

    public long Int64(int field) => BinaryPrimitives.ReadInt64BigEndian(Field(field));

    public ReadOnlySpan<byte> Field(int index) => buffer.AsSpan(starts[index], lengths[index]);

    private bool TryBegin()
    {
        if (end < HeaderLength)
        {
            return false;
        }

        Require(buffer.AsSpan(0, Signature.Length).SequenceEqual(Signature));
        at = HeaderLength;
        return begun = true;
    }

    /// <summary>Where more goes; what is here of the row at hand is kept.</summary>
    private Memory<byte> Room()
    {
        if (end == buffer.Length)
        {
            Require(at > 0 || buffer.Length < MostBytes);
            var to = at > 0 ? buffer : new byte[MostBytes];
            buffer.AsSpan(at, end - at).CopyTo(to);
            (buffer, at, end) = (to, 0, end - at);
        }

        return buffer.AsMemory(end);
    }

    private void Took(int count)
    {
        Require(count > 0);
        end += count;
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new DataException("The server sent what is not a row of events.");
        }
    }
}
