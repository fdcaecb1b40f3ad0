using System.Runtime.CompilerServices;
using FinalAccounts.Ledger.Closing;
using NodaTime;

namespace FinalAccounts.EventLog.Files;

/// <summary>Why the file of a log can't be imported, although nothing is wrong with it.</summary>
public enum LogImportProblem
{
    /// <summary>It holds a year and no whole log.</summary>
    NotAWholeLog,

    /// <summary>The log has another event at a position.</summary>
    OtherEvents,

    /// <summary>Somebody has appended to the log meanwhile.</summary>
    ChangedMeanwhile,
}

/// <summary>A file can't be imported into a log. Of its events nothing is stored but what was there already.</summary>
/// <param name="line">The line of the file, unpacked, from 1.</param>
/// <param name="position">The position in the log; 0 where none is meant.</param>
public sealed class LogImportException(LogImportProblem problem, long line, long position) : Exception($"Line {line}, position {position}: {problem}.")
{
    public LogImportProblem Problem { get; } = problem;

    public long Line { get; } = line;

    public long Position { get; } = position;
}

/// <summary>What an import has done.</summary>
/// <param name="NewEvents">Events that were not there before.</param>
/// <param name="Last">The last event of the file.</param>
public sealed record LogImported(long NewEvents, Seal Last);

/// <summary>
/// Takes the file of a whole log into the log of its region, in whatever engine. What is there already is compared and left; so it
/// can be given again after it was broken off, and goes on. Nobody may append to the region until it is through.
/// </summary>
/// <param name="log">The log, for reading.</param>
/// <param name="history">The way into the same log.</param>
public sealed class LogImport(IEventLog log, ILogHistory history)
{
    // A header and the beginning of the run stand before the first event.
    private const int LinesBefore = 2;

    /// <summary>Whole commands are committed as soon as they have so many events together.</summary>
    public int EventsPerPiece { get; init; } = LogLimits.EventsPerImportedPiece;

    /// <summary>Goes through a file without storing anything: whether it is a whole log with all that a log promises.</summary>
    /// <exception cref="LogFileException">The file is not what was written.</exception>
    /// <exception cref="LogImportException">It is no whole log.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static async Task<LogFileContents> CheckAsync(string path, IProgress<LogFileProgress>? progress, CancellationToken cancellationToken)
    {
        await using var file = await OpenLogFile.OpenAsync(path, cancellationToken);
        if (file.Header.Year is not null)
        {
            throw new LogImportException(LogImportProblem.NotAWholeLog, 1, 0);
        }

        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        var (position, before) = (0L, Instant.FromUnixTimeTicks(0));
        for (; file.Next is { } e; await file.MoveAsync(cancellationToken))
        {
            var problem = e.Position != position + 1 ? LogFileProblem.PositionMissing
                : HistoryCheck.Find(e, versions.GetValueOrDefault(e.Stream), before);
            if (problem is { } wrong)
            {
                throw new LogFileException(wrong, file.Line, e.Position);
            }

            (position, before, versions[e.Stream]) = (e.Position, e.RecordedAt, e.Version);
            if (position % LogLimits.RowsPerPage == 0)
            {
                progress?.Report(new(LogFileStep.Checking, file.BytesRead, file.Bytes, position));
            }
        }

        // Without a run nothing says where the chain begins.
        return file.Contents.Runs is [{ After.Position: 0 }] ? file.Contents : throw new LogFileException(LogFileProblem.PositionMissing, LinesBefore, 1);
    }

    /// <summary>Stores what the log does not have yet, piece by piece. The region's log must be there; the file should have been gone through by
    /// <see cref="CheckAsync"/>, for what is found only now is found behind pieces that are stored.</summary>
    /// <exception cref="LogFileException">The file is not what was written.</exception>
    /// <exception cref="LogImportException">The log has other events.</exception>
    /// <exception cref="YearArchivedException">Events are of a year that is archived here.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached, refused to write, or its role may not do this.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public async Task<LogImported> RunAsync(string path, IProgress<LogFileProgress>? progress, CancellationToken cancellationToken)
    {
        var head = await log.ReadHeadAsync(cancellationToken);
        await using var file = await OpenLogFile.OpenAsync(path, cancellationToken);
        await SkipAsync(file, path, head, cancellationToken);
        while (file.Next is not null)
        {
            try
            {
                await history.AppendAsync(PieceAsync(file, head.Position, progress, cancellationToken), cancellationToken);
            }
            catch (LogHistoryException e) when (e.Problem == LogFileProblem.PositionMissing)
            {
                throw new LogImportException(LogImportProblem.ChangedMeanwhile, LineOf(e.Position), e.Position);
            }
            catch (LogHistoryException e)
            {
                throw new LogFileException(e.Problem, LineOf(e.Position), e.Position, e);
            }
        }

        var last = file.Contents.Runs[^1].Last;
        return new(Math.Max(0, last.Position - head.Position), last);
    }

    private static long LineOf(long position) => position + LinesBefore;

    /// <summary>Goes to the first event that the log does not have.</summary>
    private async Task SkipAsync(OpenLogFile file, string path, Seal head, CancellationToken cancellationToken)
    {
        // The genesis stands in the file's second line, which was held against its region when it was read.
        StoredEvent? last = null;
        while (file.Next is { } e && e.Position <= head.Position)
        {
            last = e;
            await file.MoveAsync(cancellationToken);
        }

        if (last is not null && !await IsThereAsync(last, head, cancellationToken))
        {
            throw await FindDifferenceAsync(path, last.Position, cancellationToken);
        }
    }

    /// <summary>That one event is the same means that all before it are: the chain of hashes says so.</summary>
    private async Task<bool> IsThereAsync(StoredEvent e, Seal head, CancellationToken cancellationToken)
    {
        if (e.Position == head.Position)
        {
            return string.Equals(Convert.ToHexStringLower(e.Hash), head.Hash, StringComparison.OrdinalIgnoreCase);
        }

        await foreach (var there in log.ReadAllAsync(e.Position - 1, cancellationToken))
        {
            return there.Position == e.Position
                ? there.Hash.AsSpan().SequenceEqual(e.Hash)
                : throw new YearArchivedException(LogCatalog.FiscalYearOf(e.Stream));
        }

        return false;
    }

    /// <summary>The first event in which the log and the file differ, up to a position at which they do.</summary>
    private async Task<LogImportException> FindDifferenceAsync(string path, long differs, CancellationToken cancellationToken)
    {
        await using var file = await OpenLogFile.OpenAsync(path, cancellationToken);
        await foreach (var there in log.ReadAllAsync(0, cancellationToken))
        {
            while (file.Next?.Position < there.Position)
            {
                await file.MoveAsync(cancellationToken);
            }

            if (there.Position >= differs || file.Next is not { } e || !e.Hash.AsSpan().SequenceEqual(there.Hash))
            {
                return Differs(Math.Min(there.Position, differs));
            }
        }

        return Differs(differs);

        static LogImportException Differs(long position) => new(LogImportProblem.OtherEvents, LineOf(position), position);
    }

    /// <summary>The next events, up to the end of a command.</summary>
    /// <param name="before">The last position that was there before.</param>
    private async IAsyncEnumerable<StoredEvent> PieceAsync(
        OpenLogFile file, long before, IProgress<LogFileProgress>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var command = Guid.Empty;
        for (var events = 0; file.Next is { } e && (events < EventsPerPiece || e.CommandId == command); events++)
        {
            command = e.CommandId;
            await file.MoveAsync(cancellationToken);
            if (e.Position % LogLimits.RowsPerPage == 0)
            {
                progress?.Report(new(LogFileStep.Storing, file.BytesRead, file.Bytes, e.Position - before));
            }

            yield return e;
        }
    }
}
