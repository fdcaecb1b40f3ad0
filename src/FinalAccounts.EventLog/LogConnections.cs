using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>Connections to a database that holds logs.</summary>
public static class LogConnections
{
    // With Npgsql's 8 KB a fold waits for the server some hundred times, and each wait costs as much as twenty events.
    private const int ReadBufferBytes = 64 * 1024;

    /// <param name="connectionString">What it says about the size of the read buffer holds when it is more.</param>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public static NpgsqlDataSource Open(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ReadBufferSize = Math.Max(settings.ReadBufferSize, ReadBufferBytes);
        return NpgsqlDataSource.Create(settings);
    }
}
