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
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(server.ConnectionString) { MaxPoolSize = Connections }.ConnectionString;

    public static async Task<BenchmarkServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("fa-bench-");

        // The server runs as another user when this runs as root, and must get through to its directory.
        File.SetUnixFileMode(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        var options = new PrivateServerOptions(Path.Combine(directory.FullName, "data"))
        {
            StopOnDispose = true,
            Settings = new Dictionary<string, string> { ["max_connections"] = "160" },
        };
        return new(directory, await PrivateServer.StartAsync(options, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        directory.Delete(recursive: true);
    }
}
