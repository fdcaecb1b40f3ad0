using System.Diagnostics;
using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Ledger;
using FinalAccounts.PrivatePostgres;
using Npgsql;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>The tests of the log share one private server; a region of its own for each test keeps them apart.</summary>
[CollectionDefinition(Name)]
public sealed class LogServerCollection : ICollectionFixture<LogServer>
{
    public const string Name = "event log";
}

public sealed class LogServer : IAsyncLifetime
{
    public const string OwnerRole = "finalaccounts_owner";
    public const string ApplicationRole = "finalaccounts_app";

    private readonly TemporaryDirectory? directory;
    private readonly PrivateServerOptions options;
    private PrivateServer server = null!;
    private int regions = 100_000;
    private int cuttable;

    public LogServer()
    {
        directory = new();
        options = new(directory["data"]) { StopOnDispose = true };
    }

    /// <param name="data">Where its data lie; they stay.</param>
    internal LogServer(string data) => options = new(data) { StopOnDispose = true };

    /// <summary>The superuser: may change what is stored.</summary>
    public NpgsqlDataSource Superuser { get; private set; } = null!;

    public NpgsqlDataSource Owner { get; private set; } = null!;

    public NpgsqlDataSource Application { get; private set; } = null!;

    public string ApplicationConnectionString => ConnectionString(ApplicationRole);

    public string OwnerConnectionString => ConnectionString(OwnerRole);

    public RegionCode NewRegion() => new(Interlocked.Increment(ref regions).ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// Connections that a test may cut. Were they those of <see cref="Application"/>, the tests behind it would find dead ones in its pool.
    /// </summary>
    public CuttableConnections NewCuttable()
    {
        var named = new NpgsqlConnectionStringBuilder(ApplicationConnectionString)
        {
            ApplicationName = string.Create(CultureInfo.InvariantCulture, $"cuttable-{Interlocked.Increment(ref cuttable)}"),
        };
        return new(Superuser, named);
    }

    /// <summary>A new region with an empty log, its schema made by the owner.</summary>
    public async Task<RegionCode> NewLogAsync()
    {
        var region = NewRegion();
        await LogSchema.MigrateAsync(Owner, region, ApplicationRole, CancellationToken.None);
        return region;
    }

    public async Task InitializeAsync()
    {
        server = await PrivateServer.StartAsync(options, CancellationToken.None);
        Superuser = NpgsqlDataSource.Create(server.ConnectionString);
        var database = new NpgsqlConnectionStringBuilder(server.ConnectionString).Database;
        await Superuser.ExecuteAsync($"create role {OwnerRole} login; create role {ApplicationRole} login; grant create on database {database} to {OwnerRole}");
        Owner = NpgsqlDataSource.Create(ConnectionString(OwnerRole));
        Application = NpgsqlDataSource.Create(ApplicationConnectionString);
    }

    /// <summary>Stops the server as if its power went.</summary>
    public Task StopAtOnceAsync() => server.StopAsync(immediate: true);

    /// <summary>SIGKILL of the server's first process; the others notice by and by.</summary>
    public void Kill()
    {
        var id = File.ReadLines(Path.Combine(server.DataDirectory, "cluster", "postmaster.pid")).First();
        using var process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Starts the server again, if it has stopped. As long as a process of the one before holds its memory, it refuses.</summary>
    public async Task RestartAsync()
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await PrivateServer.StartAsync(options, CancellationToken.None);
                break;
            }
            catch (PrivateServerException e) when (e.Failure == PrivateServerFailure.StartFailed && Stopwatch.GetElapsedTime(began) < options.Timeout)
            {
            }
        }

        // The test's own: what the program does about connections that are gone is not touched.
        Superuser.Clear();
        Owner.Clear();
        Application.Clear();
    }

    public async Task DisposeAsync()
    {
        await Application.DisposeAsync();
        await Owner.DisposeAsync();
        await Superuser.DisposeAsync();
        await server.DisposeAsync();
        directory?.Dispose();
    }

    private string ConnectionString(string role) => new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = role }.ConnectionString;
}

internal static class Sql
{
    public static async Task<int> ExecuteAsync(this NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> QueryAsync<T>(this NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
