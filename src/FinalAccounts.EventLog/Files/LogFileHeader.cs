using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;

namespace FinalAccounts.EventLog.Files;

/// <summary>The first line of a log file: whose events it holds.</summary>
/// <param name="Year">The fiscal year whose streams' events it holds; null for all events of the region.</param>
public sealed record LogFileHeader(RegionCode Region, FiscalYear? Year);

/// <summary>Positions that follow each other, as a log file holds them.</summary>
/// <param name="After">Position and hash of the event before the first one; position 0 and the genesis hash at the log's beginning.</param>
/// <param name="Last">Position and hash of the last one.</param>
public sealed record LogFileRun(Seal After, Seal Last);

/// <summary>What a log file holds.</summary>
/// <param name="Runs">In order; between two of them lie events of other years.</param>
public sealed record LogFileContents(LogFileHeader Header, long Events, IReadOnlyList<LogFileRun> Runs);

/// <summary>A log file does not hold what was written into it.</summary>
/// <param name="problem">What is wrong.</param>
/// <param name="line">The line of the unpacked text, from 1.</param>
/// <param name="position">The position in the log, where one is known.</param>
public sealed class LogFileException(LogFileProblem problem, long line, long? position = null, Exception? inner = null)
    : Exception($"Line {line}{(position is { } p ? $", position {p}" : "")}: {problem}.", inner)
{
    public LogFileProblem Problem { get; } = problem;

    public long Line { get; } = line;

    public long? Position { get; } = position;
}

/// <summary>What can be wrong with a log file.</summary>
public enum LogFileProblem
{
    /// <summary>It is not compressed as a log file is, or damaged so that it can't be unpacked.</summary>
    NotCompressed,

    /// <summary>The first line does not say that it is a log file of a format that this program knows.</summary>
    NotALogFile,

    /// <summary>A line is not what must stand there.</summary>
    LineUnreadable,

    /// <summary>A line is longer than any that the log writes.</summary>
    LineTooLong,

    /// <summary>A position does not follow the one before.</summary>
    PositionMissing,

    /// <summary>An event does not have the hash of its content.</summary>
    HashMismatch,

    /// <summary>The last line, which counts the events, is missing: the file is cut off.</summary>
    CutOff,

    /// <summary>The last line does not count what the file holds.</summary>
    CountMismatch,

    /// <summary>Something stands behind the last line.</summary>
    TextBehindEnd,

    /// <summary>An event's version does not follow that of its stream.</summary>
    VersionMismatch,

    /// <summary>An event was recorded before the one before it.</summary>
    TimeRunsBack,

    /// <summary>An event is not within the <see cref="LogLimits"/>, or its time is not in whole microseconds.</summary>
    OutsideLimits,

    /// <summary>A command's events do not stand together.</summary>
    CommandRepeated,
}
