using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>
/// Shares the reading of a whole log: it is cut into ranges, which several workers read at the same time, each on a thread of its own.
/// Because each event's stored hash is checked in its own range, a range can be checked from the stored hash before it.
/// </summary>
/// <remarks>The hot path of a replay: no object per event. `make bench` measures it.</remarks>
internal sealed class LogScan
{
    /// <summary>Events that a worker reads at a time.</summary>
    public const int EventsPerRange = 50_000;

    private readonly Seal upTo;
    private readonly IProgress<long>? scanned;
    private long claimed;

    private LogScan(Seal upTo, IProgress<long>? scanned) => (this.upTo, this.scanned) = (upTo, scanned);

    /// <summary>A worker's part: has its ranges read (<see cref="ReadRangesAsync"/>) on what it has opened for that.</summary>
    public delegate Task Worker(LogScan scan, ScannedEventHandler handler, CancellationToken cancellationToken);

    /// <summary>Reads the events behind a position up to another one, checking their hashes.</summary>
    /// <returns>The last one's hash; null when it is not known here.</returns>
    public delegate Task<byte[]?> RangeReader(long after, long last);

    /// <summary>Runs a worker for each handler; what it promises stands at <see cref="IEventLog.ScanAllAsync"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no handler, or there are more than <see cref="LogLimits.ScanHandlers"/>.</exception>
    public static async Task RunAsync(
        RegionCode region, Seal upTo, IReadOnlyList<ScannedEventHandler> handlers, IProgress<long>? scanned, Worker worker,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(handlers.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(handlers.Count, LogLimits.ScanHandlers);
        if (upTo.Position == 0)
        {
            RequireSeal(upTo, EventHash.Genesis(region));
            return;
        }

        // One worker's failure stops the others.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scan = new LogScan(upTo, scanned);
        var running = handlers.Select(handler => RunAsync(() => worker(scan, handler, stop.Token), stop)).ToList();
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

    /// <summary>Has ranges read, one by one, until none is left.</summary>
    /// <exception cref="LogDamagedException">The chain does not run up to the seal.</exception>
    public async Task ReadRangesAsync(RangeReader read)
    {
        while (true)
        {
            var last = Interlocked.Add(ref claimed, EventsPerRange);
            var first = last - EventsPerRange + 1;
            if (first > upTo.Position)
            {
                return;
            }

            last = Math.Min(last, upTo.Position);
            var hash = await read(first - 1, last);
            if (last == upTo.Position && hash is not null)
            {
                RequireSeal(upTo, hash);
            }

            scanned?.Report(last - first + 1);
        }
    }

    private static async Task RunAsync(Func<Task> work, CancellationTokenSource stop)
    {
        try
        {
            // On a thread of its own: what has come already is read without waiting.
            await Task.Run(work, stop.Token);
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
}
