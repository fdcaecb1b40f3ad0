namespace FinalAccounts.EventLog.Files;

/// <summary>
/// A log that takes events as another log of the same region has recorded them: with their positions, times, command ids and hashes. It is
/// the operator's way in, beside <see cref="IEventLog"/>, which gives all of these itself; each engine has its own.
/// </summary>
public interface ILogHistory
{
    /// <summary>
    /// Stores events behind the last one of the log: all of them, or none. They are taken one by one and not kept. Everything that the log
    /// promises of its own events is checked of these: positions, the chain of hashes, versions, times, that no command comes twice.
    /// A command whose id was stored is answered as repeated from then on.
    /// </summary>
    /// <param name="events">In the order of their positions. Those of a command must not be torn apart by two calls.</param>
    /// <exception cref="LogHistoryException">An event can't stand where it is to stand; nothing was stored.</exception>
    /// <exception cref="YearArchivedException">A stream's year is archived; nothing was stored.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached, refused to write, or its role may not do this. Whether the
    /// events are stored is then not known; the log's head tells.</exception>
    Task AppendAsync(IAsyncEnumerable<StoredEvent> events, CancellationToken cancellationToken);
}

/// <summary>An event of another log can't be taken as it is; nothing was stored.</summary>
/// <param name="problem">What is wrong with it: <see cref="LogFileProblem.PositionMissing"/> when it does not follow the last event that is stored.</param>
public sealed class LogHistoryException(LogFileProblem problem, long position) : Exception($"Position {position}: {problem}.")
{
    public LogFileProblem Problem { get; } = problem;

    public long Position { get; } = position;
}
