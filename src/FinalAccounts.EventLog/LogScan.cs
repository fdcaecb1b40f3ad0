using System.Buffers.Binary;
using System.Data;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>An event as it comes from the server. Its bytes are there only as long as the call that hands it over.</summary>
/// <param name="stream">Stream name, UTF-8.</param>
/// <param name="type">Alias of the event type, UTF-8.</param>
/// <param name="actor">Who did it, UTF-8.</param>
/// <param name="body">JSON in UTF-8.</param>
/// <param name="recordedMicroseconds">Microseconds since 1970-01-01T00:00:00Z.</param>
public readonly ref struct ScannedEvent(
    long position, ReadOnlySpan<byte> stream, ReadOnlySpan<byte> type, int schemaVersion, long recordedMicroseconds,
    ReadOnlySpan<byte> actor, ReadOnlySpan<byte> body)
{
    public long Position { get; } = position;

    public ReadOnlySpan<byte> Stream { get; } = stream;

    public ReadOnlySpan<byte> Type { get; } = type;

    public int SchemaVersion { get; } = schemaVersion;

    public long RecordedMicroseconds { get; } = recordedMicroseconds;

    public ReadOnlySpan<byte> Actor { get; } = actor;

    public ReadOnlySpan<byte> Body { get; } = body;
}

/// <summary>Takes an event of a scan.</summary>
public delegate void ScannedEventHandler(in ScannedEvent scanned);

/// <summary>
/// Reads a whole log as fast as it goes, and checks the chain of hashes on the way. The log is cut into ranges, which several
/// workers read at the same time; because each event's stored hash is checked in its own range, a range can be checked from the
/// stored hash before it. Reads only, and only what was there when it began, so that others may append meanwhile. What stands in the files
/// of archived years is stepped over.
/// </summary>
/// <remarks>The hot path of a replay: no object per event. `make bench` measures it.</remarks>
public static class LogScan
{
    /// <summary>Events that a worker reads at a time.</summary>
    public const int EventsPerRange = 50_000;

    /// <summary>Most workers, each with a connection of its own.</summary>
    public const int WorkersLimit = 16;

    /// <summary>Scans the log from its first event to a seal.</summary>
    /// <param name="upTo">The last event to be read; the chain must run up to its hash.</param>
    /// <param name="workers">One handler for each worker. A handler is called by one thread at a time, with positions going up, but not
    /// with all of them: what the handlers have seen together is the log.</param>
    /// <param name="scanned">Told the number of further events read, range by range.</param>
    /// <exception cref="LogDamagedException">A position is missing, a hash is wrong, or the chain does not run up to the seal.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public static async Task RunAsync(
        NpgsqlDataSource dataSource, RegionCode region, Seal upTo, IReadOnlyList<ScannedEventHandler> workers, IProgress<long>? scanned,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(workers.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workers.Count, WorkersLimit);
        if (upTo.Position == 0)
        {
            RequireSeal(upTo, EventHash.Genesis(region));
            return;
        }

        // One worker's failure stops the others.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scan = new Scan(region, upTo, scanned);
        var running = workers.Select(handler => RunAsync(dataSource, scan, handler, stop)).ToList();
        try
        {
            await Task.WhenAll(running);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Thrown by those that were stopped; the reason is that of the first that failed.
            await running.First(t => t.IsFaulted);
        }
    }

    private static async Task RunAsync(NpgsqlDataSource dataSource, Scan scan, ScannedEventHandler handler, CancellationTokenSource stop)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(stop.Token);

            // A thread of its own, which waits for the server most of the time: an awaited read for each row would cost as much as the row.
            await Task.Factory.StartNew(
                () => scan.Work(connection, handler, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            await stop.CancelAsync();
            throw new LogUnavailableException($"The log can't be read: {e.Message}", e);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private static void RequireSeal(Seal seal, ReadOnlySpan<byte> hash)
    {
        if (!string.Equals(Convert.ToHexStringLower(hash), seal.Hash, StringComparison.OrdinalIgnoreCase))
        {
            throw new LogDamagedException(seal.Position, $"The chain does not run up to the seal at {seal.Position}.");
        }
    }

    /// <summary>What the workers of one scan share.</summary>
    private sealed class Scan(RegionCode region, Seal upTo, IProgress<long>? scanned)
    {
        private long claimed;

        public void Work(NpgsqlConnection connection, ScannedEventHandler handler, CancellationToken cancellationToken)
        {
            var reader = new LogReader(region);
            while (true)
            {
                var last = Interlocked.Add(ref claimed, EventsPerRange);
                var first = last - EventsPerRange + 1;
                if (first > upTo.Position)
                {
                    return;
                }

                last = Math.Min(last, upTo.Position);
                var hash = reader.Read(connection, first - 1, last, handler, cancellationToken);
                if (last == upTo.Position && hash is not null)
                {
                    RequireSeal(upTo, hash);
                }

                scanned?.Report(last - first + 1);
            }
        }
    }
}

/// <summary>Rows of events in the binary format of COPY, one after the other; numbers are big-endian.</summary>
internal sealed class CopyRows(LogCatalog catalog)
{
    /// <summary>What the rows must have, in this order.</summary>
    public const string Columns =
        "position, stream_id, version, type_id, schema_version, recorded_at, accounting_date, command_id, actor_id, body, hash";

    private const int Fields = 11;

    // The signature, flags and the length of an extension that there is not.
    private const int HeaderLength = 19;

    // A row has at most a body of LogLimits.BodyBytes and fields of fixed width.
    private readonly byte[] buffer = new byte[LogLimits.BodyBytes + (1 << 16)];
    private readonly int[] starts = new int[Fields];
    private readonly int[] lengths = new int[Fields];
    private readonly EventHash.Chain chain = new();

    // What the row before has named: the next one mostly names the same.
    private NumberedText? stream;
    private NumberedText? type;
    private NumberedText? actor;
    private Stream copy = Stream.Null;
    private int at;
    private int end;
    private bool ended;

    public long Position => BinaryPrimitives.ReadInt64BigEndian(Field(0));

    public int Version => Int32(2);

    public ReadOnlySpan<byte> Hash => Field(10);

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0];

    private long RecordedMicroseconds => unchecked(BinaryPrimitives.ReadInt64BigEndian(Field(5)) + PgTime.EpochMicroseconds);

    private int SchemaVersion => Int16(4);

    /// <exception cref="DataException">What comes is not the binary format of COPY.</exception>
    public void Begin(Stream source)
    {
        (copy, at, end, ended) = (source, 0, 0, false);
        Need(HeaderLength);
        Require(buffer.AsSpan(0, Signature.Length).SequenceEqual(Signature));
        at = HeaderLength;
    }

    /// <summary>The next row; false when there is none.</summary>
    /// <exception cref="LogDamagedException">The row names a stream, type or actor that is not stored.</exception>
    public bool Next()
    {
        if (ended)
        {
            return false;
        }

        Need(2);
        var fields = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(at));
        if (fields < 0)
        {
            ended = true;
            return false;
        }

        Require(fields == Fields);
        var offset = 2;
        for (var i = 0; i < Fields; i++)
        {
            Need(offset + 4);
            lengths[i] = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at + offset));
            Require(lengths[i] >= 0);
            Need(offset + 4 + lengths[i]);
            starts[i] = offset + 4;
            offset += 4 + lengths[i];
        }

        // The fields' places are counted from the row's beginning, which moves when more is read.
        for (var i = 0; i < Fields; i++)
        {
            starts[i] += at;
        }

        at += offset;
        FindTexts();
        return true;
    }

    /// <summary>Takes what is left, so that the connection can be used again.</summary>
    public void End()
    {
        Require(!Next());
        Drain(copy);
    }

    /// <summary>Takes what comes behind the last row.</summary>
    public static void Drain(Stream copy)
    {
        Span<byte> rest = stackalloc byte[64];
        while (copy.Read(rest) > 0)
        {
        }
    }

    /// <summary>Puts this event's hash in the place of its predecessor's.</summary>
    public void ChainHash(Span<byte> hash) => chain.Next(
        hash, Position, stream!.Canonical, Version, type!.Canonical, SchemaVersion, RecordedMicroseconds, unchecked(Int32(6) + PgTime.EpochDays),
        new Guid(Field(7), bigEndian: true), actor!.Canonical, Field(9));

    public ScannedEvent Event() => new(Position, stream!.Utf8, type!.Utf8, SchemaVersion, RecordedMicroseconds, actor!.Utf8, Field(9));

    private void FindTexts()
    {
        if ((stream?.Number != Int32(1) && !catalog.TryStream(Int32(1), out stream))
            || (type?.Number != Int16(3) && !catalog.TryType(Int16(3), out type))
            || (actor?.Number != Int32(8) && !catalog.TryActor(Int32(8), out actor)))
        {
            throw new LogDamagedException(Position, $"Position {Position} names a stream, type or actor that is not stored.");
        }
    }

    private int Int16(int field) => BinaryPrimitives.ReadInt16BigEndian(Field(field));

    private int Int32(int field) => BinaryPrimitives.ReadInt32BigEndian(Field(field));

    private ReadOnlySpan<byte> Field(int index) => buffer.AsSpan(starts[index], lengths[index]);

    /// <summary>Reads until so many bytes are there.</summary>
    private void Need(int count)
    {
        if (end - at >= count)
        {
            return;
        }

        Require(count <= buffer.Length);
        if (at + count > buffer.Length)
        {
            buffer.AsSpan(at, end - at).CopyTo(buffer);
            (at, end) = (0, end - at);
        }

        while (end - at < count)
        {
            var read = copy.Read(buffer, end, buffer.Length - end);
            Require(read > 0);
            end += read;
        }
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new DataException("The server sent what is not a row of events.");
        }
    }
}
