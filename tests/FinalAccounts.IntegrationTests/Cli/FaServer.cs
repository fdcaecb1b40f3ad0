using System.Globalization;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.PrivatePostgres;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

[CollectionDefinition(Name)]
public sealed class FaServerCollection : ICollectionFixture<FaServer>
{
    public const string Name = "fa";
}

/// <summary>One server for the tests of the command, set up as ops/README.md says; each test has a database of its own.</summary>
public sealed class FaServer : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private PrivateServer server = null!;
    private int databases;

    public async Task InitializeAsync() => server = await StartAsync();

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        directory.Dispose();
    }

    /// <summary>Stops the server as if its power went.</summary>
    public async Task KillAsync()
    {
        await server.StopAsync(immediate: true);
        NpgsqlConnection.ClearAllPools();
    }

    public async Task RestartAsync() => server = await StartAsync();

    /// <summary>A new database with the program's roles.</summary>
    internal async Task<FaDatabase> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"books{Interlocked.Increment(ref databases)}");
        await ExecuteAsync(server.ConnectionString, $"create database {name}");
        var database = new FaDatabase(this, new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, Pooling = false }.ConnectionString);
        await database.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(Fa.Sample, "..", "..", "ops", "roles.sql")));
        return database;
    }

    internal static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private Task<PrivateServer> StartAsync() => PrivateServer.StartAsync(
        new(directory["data"]) { StopOnDispose = true, Durable = false }, CancellationToken.None);
}

/// <summary>A database of a test, and the command that uses it.</summary>
internal sealed class FaDatabase : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly string superuser;

    public FaDatabase(FaServer server, string superuser)
    {
        Server = server;
        this.superuser = superuser;
        Fa = new(directory.Root, new Dictionary<string, string>
        {
            ["FINALACCOUNTS_DATABASE"] = As("finalaccounts_app"),
            ["FINALACCOUNTS_OWNER_DATABASE"] = As("finalaccounts_owner"),
            ["FINALACCOUNTS_ACTOR"] = "clerk",
        });
    }

    public FaServer Server { get; }

    public Fa Fa { get; }

    public string this[string file] => directory[file];

    public string As(string role) => new NpgsqlConnectionStringBuilder(superuser) { Username = role }.ConnectionString;

    /// <summary>As the superuser, who may do what no role of the program may.</summary>
    public Task<object?> ExecuteAsync(string sql) => FaServer.ExecuteAsync(superuser, sql);

    public Task<object?> ExecuteAsync(string role, string sql) => FaServer.ExecuteAsync(As(role), sql);

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(superuser);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs the command, which must do what it is told.</summary>
    /// <returns>What it says.</returns>
    public async Task<string> DoneAsync(params string[] arguments)
    {
        var result = await Fa.RunAsync(arguments);
        result.ExitCode.ShouldBe(0, result.ToString());
        return result.Output;
    }

    /// <summary>Runs the command, which must end with an exit code and show no stack trace.</summary>
    /// <returns>What it says, errors behind the rest.</returns>
    public async Task<string> FailsAsync(int exitCode, params string[] arguments)
    {
        var result = await Fa.RunAsync(arguments);
        result.ExitCode.ShouldBe(exitCode, result.ToString());
        result.ToString().ShouldNotContain("   at ", Case.Sensitive);
        return result.Output + result.Error;
    }

    /// <summary>A copy of the sample's books that a test may spoil.</summary>
    public string CopySample()
    {
        var copy = Directory.CreateDirectory(directory["books"]).FullName;
        foreach (var file in Directory.EnumerateFiles(Fa.Sample).Where(f => Path.GetExtension(f) is ".csv" or ".yaml"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => directory.Dispose();
}
