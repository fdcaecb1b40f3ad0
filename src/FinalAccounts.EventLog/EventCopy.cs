using System.Buffers.Binary;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>Events on their way into a table by COPY, in its binary format.</summary>
/// <param name="table">The table of all events, or one of a year that is not among them yet; with its schema.</param>
internal sealed class EventCopy(NpgsqlConnection connection, string table) : IAsyncDisposable
{
    // Sent when so many bytes are there; the buffer takes one more event beyond them.
    private const int FullAt = 1 << 18;
    private const short Fields = 13;

    // Field count, 13 lengths, and all fields but the body: 8 + 8 + 5 × 4 + 3 × 2 + 16 + 32.
    private const int FixedBytes = 2 + (13 * 4) + 90;

    // Behind field count, 7 lengths, 8 + 8 + 4 × 4 bytes: the number of the command's events.
    private const int CommandEventsAt = 2 + (7 * 4) + 32;

    private readonly byte[] buffer = new byte[FullAt + LogLimits.BodyBytes + FixedBytes];
    private NpgsqlRawCopyStream? stream;
    private int length;
    private int lastRow;

    public bool IsFull => length >= FullAt;

    private static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Begins to copy; nothing happens when it has begun.</summary>
    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        if (stream is null)
        {
            stream = await connection.BeginRawBinaryCopyAsync(
                $"""
                copy {table} (position, recorded_at, stream_id, version, accounting_date, actor_id, command_events, type_id, schema_version,
                fiscal_year, command_id, hash, body) from stdin (format binary)
                """,
                cancellationToken);
            Header.CopyTo(buffer);
            length = Header.Length;
        }
    }

    /// <param name="recordedMicroseconds">Microseconds since 1970.</param>
    /// <param name="accountingDays">Days since 1970-01-01.</param>
    public void Add(
        long position, long recordedMicroseconds, NumberedText stream, int version, int accountingDays, NumberedText actor, NumberedText type,
        int schemaVersion, Guid commandId, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> body)
    {
        lastRow = length;
        var row = new RowWriter(buffer.AsSpan(length));
        row.Int16(Fields);
        row.Field(position);
        row.Field(recordedMicroseconds - PgTime.EpochMicroseconds);
        row.Field(stream.Number);
        row.Field(version);
        row.Field(accountingDays - PgTime.EpochDays);
        row.Field(actor.Number);
        row.Field(0);
        row.Field((short)type.Number);
        row.Field((short)schemaVersion);
        row.Field(stream.FiscalYear);
        row.Field(commandId);
        row.Field(hash);
        row.Field(body);
        length += row.Written;
    }

    /// <summary>An event as it was recorded, whose type and actor have numbers.</summary>
    public void Add(StoredEvent e, NumberedText stream, LogCatalog catalog) => Add(
        e.Position, EventHash.Microseconds(e.RecordedAt), stream, (int)e.Version, EventHash.Days(e.AccountingDate), catalog.Actor(e.Actor),
        catalog.Type(e.Type), e.SchemaVersion, e.CommandId, e.Hash, e.Body);

    /// <summary>Marks the event added last, which must not have been sent, as the last of its command.</summary>
    public void MarkLast(int commandEvents) => BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(lastRow + CommandEventsAt), commandEvents);

    /// <exception cref="OperationCanceledException">Cancelled, also while the server took no more.</exception>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await stream!.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
        }
        catch (NpgsqlException) when (cancellationToken.IsCancellationRequested)
        {
            // Npgsql calls a cancelled write a failed connection.
            cancellationToken.ThrowIfCancellationRequested();
        }

        length = 0;
    }

    /// <summary>Ends the COPY, so that the connection can be used again; nothing happens when none has begun.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (stream is not null)
        {
            // The end of the data: -1 in the place of a field count.
            buffer.AsSpan(length, sizeof(short)).Fill(0xff);
            length += sizeof(short);
            await SendAsync(cancellationToken);
            var ended = stream;
            stream = null;
            await ended.DisposeAsync();
        }
    }

    /// <summary>A COPY that was not ended is broken off.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stream is not null)
        {
            try
            {
                await stream.CancelAsync();
                await stream.DisposeAsync();
            }
            catch (Exception e) when (e is NpgsqlException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // That it failed is why it is broken off.
            }
        }
    }
}
