using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.EventLog;

/// <summary>
/// The hashes of the log. An event's hash is <c>SHA-256(hash of the predecessor ‖ canonical bytes)</c>; the first event's
/// predecessor is the region's <see cref="Genesis"/>. The canonical bytes are, without separators, integers big-endian and in
/// two's complement, texts and bodies as UTF-8 behind their length in bytes (4 bytes):
/// <list type="number">
/// <item>position, 8 bytes</item>
/// <item>stream, text</item>
/// <item>version, 8 bytes</item>
/// <item>type, text</item>
/// <item>schema version, 4 bytes</item>
/// <item>recorded at, 8 bytes: microseconds since 1970-01-01T00:00:00Z</item>
/// <item>accounting date, 4 bytes: days since 1970-01-01</item>
/// <item>command id, 16 bytes in the order in which it is printed (RFC 9562)</item>
/// <item>actor, text</item>
/// <item>body, text</item>
/// </list>
/// Every field has a fixed width or stands behind its length, so that two different events never have the same canonical
/// bytes. This format is for ever; a test holds an example with its bytes.
/// </summary>
public static class EventHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private static readonly LocalDate Epoch = new(1970, 1, 1);

    /// <summary>The hash before the first event: SHA-256 of the ASCII text <c>FinalAccounts log 1 region </c> and the code.</summary>
    public static byte[] Genesis(RegionCode region) => SHA256.HashData(Encoding.ASCII.GetBytes($"FinalAccounts log 1 region {region}"));

    /// <summary>The hash that an event must carry behind its predecessor.</summary>
    public static byte[] Of(ReadOnlySpan<byte> predecessor, StoredEvent @event)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        return Of(
            buffer,
            predecessor,
            @event.Position,
            @event.Stream,
            @event.Version,
            @event.Type,
            @event.SchemaVersion,
            Microseconds(@event.RecordedAt),
            Days(@event.AccountingDate),
            @event.CommandId,
            @event.Actor,
            @event.Body);
    }

    /// <summary>Whole microseconds since 1970, rounded down.</summary>
    internal static long Microseconds(Instant instant) => (long)Math.Floor(instant.ToUnixTimeTicks() / 10m);

    /// <summary>Days since 1970-01-01.</summary>
    internal static int Days(LocalDate date) => Period.DaysBetween(Epoch, date);

    /// <summary>The hash of an event from plain values; the buffer is only working memory.</summary>
    internal static byte[] Of(
        ArrayBufferWriter<byte> buffer,
        ReadOnlySpan<byte> predecessor,
        long position,
        string stream,
        long version,
        string type,
        int schemaVersion,
        long recordedMicroseconds,
        int accountingDays,
        Guid commandId,
        string actor,
        ReadOnlySpan<byte> body)
    {
        buffer.ResetWrittenCount();
        buffer.Write(predecessor);
        WriteInt64(buffer, position);
        WriteText(buffer, stream);
        WriteInt64(buffer, version);
        WriteText(buffer, type);
        WriteInt32(buffer, schemaVersion);
        WriteInt64(buffer, recordedMicroseconds);
        WriteInt32(buffer, accountingDays);
        WriteGuid(buffer, commandId);
        WriteText(buffer, actor);
        WriteInt32(buffer, body.Length);
        buffer.Write(body);
        return SHA256.HashData(buffer.WrittenSpan);
    }

    /// <summary>
    /// What a command asks for, without what may differ when it is sent again (expected versions): SHA-256 of the actor and,
    /// for each event in the order of positions, stream, type, schema version, accounting date and body, encoded as above.
    /// </summary>
    internal static byte[] OfRequest(AppendRequest request)
    {
        using var hash = new RequestHash(request.Actor);
        foreach (var append in request.Streams)
        {
            foreach (var e in append.Events)
            {
                hash.Add(append.Stream, e.Type, e.SchemaVersion, Days(e.AccountingDate), e.Body);
            }
        }

        return hash.Finish();
    }

    private static void WriteInt64(ArrayBufferWriter<byte> buffer, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    private static void WriteInt32(ArrayBufferWriter<byte> buffer, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    private static void WriteGuid(ArrayBufferWriter<byte> buffer, Guid value)
    {
        value.TryWriteBytes(buffer.GetSpan(16), bigEndian: true, out _);
        buffer.Advance(16);
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string text)
    {
        var span = buffer.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, span[4..]);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        buffer.Advance(4 + length);
    }

    /// <summary>A request's hash, event by event.</summary>
    internal sealed class RequestHash : IDisposable
    {
        private readonly IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly ArrayBufferWriter<byte> buffer = new(256);

        public RequestHash(string actor)
        {
            WriteText(buffer, actor);
            sha.AppendData(buffer.WrittenSpan);
        }

        public void Add(string stream, string type, int schemaVersion, int accountingDays, ReadOnlySpan<byte> body)
        {
            buffer.ResetWrittenCount();
            WriteText(buffer, stream);
            WriteText(buffer, type);
            WriteInt32(buffer, schemaVersion);
            WriteInt32(buffer, accountingDays);
            WriteInt32(buffer, body.Length);
            sha.AppendData(buffer.WrittenSpan);
            sha.AppendData(body);
        }

        public byte[] Finish() => sha.GetHashAndReset();

        public void Dispose() => sha.Dispose();
    }
}
