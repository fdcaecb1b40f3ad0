using FinalAccounts.EventLog;
using FinalAccounts.PrivatePostgres;
using Npgsql;

namespace FinalAccounts.Benchmarks;

/// <summary>A server of its own, thrown away afterwards, with disk writes as in operation.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private const int Connections = 150;
    private readonly DirectoryInfo directory;
    private readonly PrivateServer server;

    private BenchmarkServer(DirectoryInfo directory, PrivateServer server)
    {
        this.directory = directory;
        this.server = server;
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { MaxPoolSize = Connections }.ConnectionString;
        DataSource = LogConnections.Open(ConnectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<BenchmarkServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("fa-bench-");

        // The server runs as another user when this runs as root, and must get through to its directory.
        File.SetUnixFileMode(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        var options = new PrivateServerOptions(Path.Combine(directory.FullName, "data"))
        {
            StopOnDispose = true,

            // As a server with little memory is set up by whoever looks after it; the same for all who are measured.
            Settings = new Dictionary<string, string> { ["max_connections"] = "400", ["shared_buffers"] = "512MB", ["max_wal_size"] = "4GB" },
        };
        return new(directory, await PrivateServer.StartAsync(options, CancellationToken.None));
    }

    /// <summary>Writes out what those before have left behind, so that nobody pays for it in his turn.</summary>
    public async Task CheckpointAsync()
    {
        await using var checkpoint = DataSource.CreateCommand("checkpoint");
        checkpoint.CommandTimeout = 600;
        await checkpoint.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await server.DisposeAsync();
        directory.Delete(recursive: true);
    }
}
