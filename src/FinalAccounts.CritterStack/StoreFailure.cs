using FinalAccounts.EventLog;
using JasperFx;
using Npgsql;

namespace FinalAccounts.CritterStack;

/// <summary>What a failure of the server or of Marten means for the log.</summary>
internal static class StoreFailure
{
    /// <summary>True when the server could not be reached or refused to work, so that nothing is known of what was sent.</summary>
    public static bool IsUnavailable(Exception e) => Causes(e).Any(c => c is PostgresException p
        ? p.SqlState is not (PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure) && IsOfServer(p)
        : c is NpgsqlException or TimeoutException or IOException);

    /// <summary>True when the same may go well at once: others were in the way.</summary>
    public static bool Passes(Exception e) => IsKnown(e) || Causes(e).Any(c => c is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
    });

    /// <summary>True when a command's id is there already.</summary>
    public static bool IsKnown(Exception e) => Causes(e).Any(c => c is DocumentAlreadyExistsException);

    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public static async Task<T> GuardAsync<T>(string schema, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw new LogUnavailableException($"{schema} can't be read: {e.Message}", e);
        }
    }

    /// <returns>False also when the database can't be reached.</returns>
    public static async Task<bool> UnlessUnavailableAsync(Func<ValueTask<bool>> move)
    {
        try
        {
            return await move();
        }
        catch (LogUnavailableException)
        {
            return false;
        }
    }

    // Marten's own refusals come as errors of classes P0 and MT.
    private static bool IsOfServer(PostgresException e) => !e.SqlState.StartsWith("P0", StringComparison.Ordinal) && !e.SqlState.StartsWith("MT", StringComparison.Ordinal);

    private static IEnumerable<Exception> Causes(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}
