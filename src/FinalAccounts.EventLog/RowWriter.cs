using System.Buffers.Binary;

namespace FinalAccounts.EventLog;

/// <summary>Writes a row in the binary format of COPY: each field behind its length, numbers big-endian.</summary>
internal ref struct RowWriter(Span<byte> to)
{
    private readonly Span<byte> to = to;

    /// <summary>Bytes written.</summary>
    public int Written { get; private set; }

    public void Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(to[Written..], value);
        Written += sizeof(short);
    }

    public void Field(short value)
    {
        Int32(sizeof(short));
        Int16(value);
    }

    public void Field(int value)
    {
        Int32(sizeof(int));
        Int32(value);
    }

    public void Field(long value)
    {
        Int32(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(to[Written..], value);
        Written += sizeof(long);
    }

    public void Field(Guid value)
    {
        Int32(16);
        value.TryWriteBytes(to[Written..], bigEndian: true, out _);
        Written += 16;
    }

    public void Field(ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        bytes.CopyTo(to[Written..]);
        Written += bytes.Length;
    }

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(to[Written..], value);
        Written += sizeof(int);
    }
}
