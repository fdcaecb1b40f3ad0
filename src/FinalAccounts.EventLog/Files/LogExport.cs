using System.Runtime.CompilerServices;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;

namespace FinalAccounts.EventLog.Files;

/// <summary>Events stand in the file of an archived year, and the file was not given.</summary>
/// <param name="position">The first of them.</param>
public sealed class EventsAwayException(long position) : Exception($"Position {position} stands in a file that was not given.")
{
    public long Position { get; } = position;
}

/// <summary>
/// Writes a region's whole log into a file, from whatever engine: <see cref="LogFileWriter"/> names its lines. The same log gives the same
/// file, for nothing stands in it but the events. The chain of hashes is checked on the way.
/// </summary>
public static class LogExport
{
    /// <summary>Writes the log up to where it stands now; others may go on appending.</summary>
    /// <param name="archives">The files of archived years, whose events are taken from there.</param>
    /// <param name="path">Compressed when the name ends in <c>.gz</c>. A file of that name is replaced when the new one is whole and on the
    /// disk.</param>
    /// <exception cref="EventsAwayException">A year is archived, and its file is not given.</exception>
    /// <exception cref="LogDamagedException">The log is not what was written.</exception>
    /// <exception cref="LogFileException">The file of an archived year is not what was written.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    /// <exception cref="IOException">A file can't be read or written.</exception>
    public static async Task<LogFileContents> WriteAsync(
        IEventLog log, RegionCode region, IReadOnlyCollection<string> archives, string path, IProgress<LogFileProgress>? progress,
        CancellationToken cancellationToken)
    {
        var head = await log.ReadHeadAsync(cancellationToken);
        await using var away = await AwayEvents.OpenAsync(region, archives, cancellationToken);
        var partial = path + ".partial";
        try
        {
            LogFileContents contents;
            await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await using var writer = new LogFileWriter(file, new(region, null), LogFileName.IsCompressed(path));
                await WriteAsync(writer, ReadAsync(log, away, head.Position, cancellationToken), region, head, progress, cancellationToken);
                contents = await writer.EndAsync(cancellationToken);
                await writer.DisposeAsync();
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
            return contents;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static async Task WriteAsync(
        LogFileWriter writer, IAsyncEnumerable<StoredEvent> events, RegionCode region, Seal head, IProgress<LogFileProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (chain, hash) = (new EventHash.Chain(), EventHash.Genesis(region));
        await writer.BeginRunAsync(new(0, Convert.ToHexStringLower(hash)), cancellationToken);
        await foreach (var e in events)
        {
            chain.Next(hash, e);
            if (!hash.AsSpan().SequenceEqual(e.Hash))
            {
                throw new LogDamagedException(e.Position, $"Position {e.Position} does not have the hash of its content.");
            }

            await writer.WriteAsync(e, cancellationToken);
            if (e.Position % LogLimits.RowsPerPage == 0)
            {
                progress?.Report(new(LogFileStep.Writing, e.Position, head.Position, e.Position));
            }
        }

        if (!string.Equals(Convert.ToHexStringLower(hash), head.Hash, StringComparison.OrdinalIgnoreCase))
        {
            throw new LogDamagedException(head.Position, $"The chain does not run up to the head at {head.Position}.");
        }
    }

    /// <summary>All events up to a position: those of the log, and in their places those that are away.</summary>
    private static async IAsyncEnumerable<StoredEvent> ReadAsync(
        IEventLog log, AwayEvents away, long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = 0L;
        await foreach (var e in log.ReadAllAsync(0, cancellationToken))
        {
            while (position < Math.Min(e.Position - 1, upTo))
            {
                yield return await away.TakeAsync(++position, cancellationToken);
            }

            if (e.Position > upTo)
            {
                yield break;
            }

            position = e.Position;
            yield return e;
        }

        while (position < upTo)
        {
            yield return await away.TakeAsync(++position, cancellationToken);
        }
    }

    /// <summary>The events of archived years.</summary>
    private sealed class AwayEvents : IAsyncDisposable
    {
        private readonly List<OpenLogFile> files = [];

        /// <summary>Opens the files that are of the region's years; others are left aside.</summary>
        public static async Task<AwayEvents> OpenAsync(RegionCode region, IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
        {
            var opened = new AwayEvents();
            try
            {
                foreach (var path in paths)
                {
                    var file = await OpenLogFile.OpenAsync(path, cancellationToken);
                    opened.files.Add(file);
                    if (file.Header.Region != region || file.Header.Year is null)
                    {
                        opened.files.Remove(file);
                        await file.DisposeAsync();
                    }
                }

                return opened;
            }
            catch
            {
                await opened.DisposeAsync();
                throw;
            }
        }

        /// <exception cref="EventsAwayException">No file has the position.</exception>
        public async ValueTask<StoredEvent> TakeAsync(long position, CancellationToken cancellationToken)
        {
            foreach (var file in files)
            {
                // What is in the log too, as after a restoring, was taken from there.
                while (file.Next?.Position < position)
                {
                    await file.MoveAsync(cancellationToken);
                }

                if (file.Next is { } next && next.Position == position)
                {
                    return next;
                }
            }

            throw new EventsAwayException(position);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var file in files)
            {
                await file.DisposeAsync();
            }
        }
    }
}
