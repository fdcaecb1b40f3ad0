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
        var hash = predecessor.ToArray();
        new Chain().Next(hash, @event);
        return hash;
    }

    /// <summary>Whole microseconds since 1970, rounded down.</summary>
    internal static long Microseconds(Instant instant) => (long)Math.Floor(instant.ToUnixTimeTicks() / 10m);

    /// <summary>Days since 1970-01-01.</summary>
    internal static int Days(LocalDate date) => Period.DaysBetween(Epoch, date);

    /// <summary>A text in its canonical form: its length in UTF-8 in 4 bytes, and the UTF-8.</summary>
    internal static byte[] CanonicalText(string text)
    {
        var bytes = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Encoding.UTF8.GetBytes(text, bytes.AsSpan(sizeof(int))));
        return bytes;
    }

    /// <summary>Computes hashes one after the other; the only place that knows the order of the canonical bytes.</summary>
    internal sealed class Chain
    {
        // Numbers and lengths beside the texts: 32 + 8 + 8 + 4 + 8 + 4 + 16 + 4.
        private const int FixedBytes = 84;

        private byte[] canonical = new byte[4096];

        /// <summary>Puts an event's hash in the place of its predecessor's.</summary>
        public void Next(Span<byte> hash, StoredEvent e) => Next(
            hash, e.Position, CanonicalText(e.Stream), e.Version, CanonicalText(e.Type), e.SchemaVersion, Microseconds(e.RecordedAt),
            Days(e.AccountingDate), e.CommandId, CanonicalText(e.Actor), e.Body);

        /// <summary>Puts an event's hash in the place of its predecessor's.</summary>
        /// <param name="stream">Canonical text, as <paramref name="type"/> and <paramref name="actor"/>.</param>
        /// <param name="recordedMicroseconds">Microseconds since 1970-01-01T00:00:00Z.</param>
        /// <param name="accountingDays">Days since 1970-01-01.</param>
        public void Next(
            Span<byte> hash, long position, ReadOnlySpan<byte> stream, long version, ReadOnlySpan<byte> type, int schemaVersion,
            long recordedMicroseconds, int accountingDays, Guid commandId, ReadOnlySpan<byte> actor, ReadOnlySpan<byte> body)
        {
            var length = FixedBytes + stream.Length + type.Length + actor.Length + body.Length;
            if (canonical.Length < length)
            {
                canonical = new byte[Math.Max(length, 2 * canonical.Length)];
            }

            var rest = canonical.AsSpan(0, length);
            Put(ref rest, hash[..Length]);
            PutInt64(ref rest, position);
            Put(ref rest, stream);
            PutInt64(ref rest, version);
            Put(ref rest, type);
            PutInt32(ref rest, schemaVersion);
            PutInt64(ref rest, recordedMicroseconds);
            PutInt32(ref rest, accountingDays);
            commandId.TryWriteBytes(rest, bigEndian: true, out _);
            rest = rest[16..];
            Put(ref rest, actor);
            PutInt32(ref rest, body.Length);
            body.CopyTo(rest);
            SHA256.HashData(canonical.AsSpan(0, length), hash);
        }

        private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(rest);
            rest = rest[bytes.Length..];
        }

        private static void PutInt64(ref Span<byte> rest, long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(rest, value);
            rest = rest[sizeof(long)..];
        }

        private static void PutInt32(ref Span<byte> rest, int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(rest, value);
            rest = rest[sizeof(int)..];
        }
    }
}
