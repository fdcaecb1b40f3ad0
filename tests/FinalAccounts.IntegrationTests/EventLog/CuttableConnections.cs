using Npgsql;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>Connections with the application's role that one test has for itself, to cut them.</summary>
public sealed class CuttableConnections(NpgsqlDataSource superuser, NpgsqlConnectionStringBuilder named) : IAsyncDisposable
{
    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(named);

    /// <summary>Cuts those of which the server says so.</summary>
    /// <param name="of">A condition on <c>pg_stat_activity</c>.</param>
    /// <returns>How many.</returns>
    public Task<long> CutAsync(string of = "true") => superuser.QueryAsync<long>(
        $"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '{named.ApplicationName}' and {of}");

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
