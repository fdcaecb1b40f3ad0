using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>An event as it comes from the server, of which no object is made. Its body is there only as long as the call that hands it over.</summary>
/// <param name="type">Alias of the event type.</param>
/// <param name="recordedMicroseconds">Microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="body">JSON in UTF-8.</param>
public readonly ref struct ScannedEvent(
    long position, string stream, string type, int schemaVersion, long recordedMicroseconds, string actor, ReadOnlySpan<byte> body)
{
    public long Position { get; } = position;

    public string Stream { get; } = stream;

    public string Type { get; } = type;

    public int SchemaVersion { get; } = schemaVersion;

    public long RecordedMicroseconds { get; } = recordedMicroseconds;

    public Instant RecordedAt => Instant.FromUnixTimeTicks(RecordedMicroseconds * 10);

    public string Actor { get; } = actor;

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

            // Each on a thread of its own: what has come already is read without waiting.
            await Task.Run(() => scan.WorkAsync(connection, handler, stop.Token), stop.Token);
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

        public async Task WorkAsync(NpgsqlConnection connection, ScannedEventHandler handler, CancellationToken cancellationToken)
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
                var hash = await reader.ReadAsync(connection, first - 1, last, handler, cancellationToken);
                if (last == upTo.Position && hash is not null)
                {
                    RequireSeal(upTo, hash);
                }

                scanned?.Report(last - first + 1);
            }
        }
    }
}
