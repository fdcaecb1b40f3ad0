using FinalAccounts.EventLog;
using Npgsql;

namespace FinalAccounts.Projections;

/// <summary>An event that can't be taken into the tables: it can't be read, its facts can't be made or its sums can't be stored.</summary>
/// <param name="position">Of the event.</param>
public sealed class PoisonException(long position, Exception inner) : Exception($"Position {position}: {inner.Message}", inner)
{
    public long Position { get; } = position;
}

/// <summary>Events that the tables do not have yet are in the file of an archived year.</summary>
public sealed class EventsArchivedException()
    : Exception("Events are in the file of an archived year. Restore the year, then the tables can go on.");

/// <summary>What a failure is about.</summary>
internal static class Failures
{
    /// <summary>True when the database is to blame, or another process that was quicker, and the same may be tried again; false when
    /// it is what was to be stored.</summary>
    public static bool IsUnavailable(Exception e) => e switch
    {
        PostgresException { SqlState: ['2', '2' or '3', ..] } => false,
        NpgsqlException or LogUnavailableException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException => true,
        _ => false,
    };
}
