using System.Collections.Concurrent;
using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.PrivatePostgres;
using FinalAccounts.Regions;
using FinalAccounts.Server;
using FinalAccounts.Server.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace FinalAccounts.ServerTests;

/// <summary>The tests share one PostgreSQL server; each class that wants one starts a web server with a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "server";
}

/// <summary>One PostgreSQL server.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private PrivateServer server = null!;
    private int databases;

    public async Task InitializeAsync() => server = await PrivateServer.StartAsync(
        new(directory["postgres"]) { StopOnDispose = true, Durable = false }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        directory.Dispose();
    }

    /// <summary>A new database with the program's roles, set up as ops/README.md says.</summary>
    /// <returns>The superuser's connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"books{Interlocked.Increment(ref databases)}");
        await using var admin = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
        await using (var create = admin.CreateCommand($"create database {name}"))
        {
            await create.ExecuteNonQueryAsync();
        }

        var created = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, Pooling = false }.ConnectionString;
        await using var database = NpgsqlDataSource.Create(created);
        await using var roles = database.CreateCommand(await File.ReadAllTextAsync(Repository.File("ops/roles.sql")));
        await roles.ExecuteNonQueryAsync();
        return created;
    }
}

/// <summary>A file of the working copy.</summary>
internal static class Repository
{
    public static string File(string path)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(root.FullName, "FinalAccounts.sln")))
        {
            root = root.Parent!;
        }

        return Path.Combine(root.FullName, path);
    }
}

/// <summary>The real server on a free port of this machine, with a database of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly List<IDisposable> clients = [];

    private TestServer(string superuser, Database database)
    {
        Superuser = NpgsqlDataSource.Create(superuser);
        Database = database;
    }

    /// <summary>Where it keeps keys and log files.</summary>
    public string DataDirectory => directory.Root;

    public WebApplication App { get; private set; } = null!;

    public Database Database { get; }

    /// <summary>May do what no role of the program may.</summary>
    public NpgsqlDataSource Superuser { get; }

    /// <summary>What the start wrote for its terminal.</summary>
    public string Terminal { get; private set; } = "";

    /// <summary>What the server logged, formatted.</summary>
    public ConcurrentQueue<LogLine> Log { get; } = new();

    public Uri Address => new(App.Urls.Single());

    /// <param name="settings">As on the command line: <c>--Limits:SignInsPerMinute=3</c>.</param>
    public static Task<TestServer> StartAsync(PostgresFixture postgres, params string[] settings) =>
        StartAsync(postgres, _ => Task.CompletedTask, _ => { }, settings);

    /// <param name="map">Adds routes of the test.</param>
    public static Task<TestServer> StartAsync(PostgresFixture postgres, Action<WebApplication> map, params string[] settings) =>
        StartAsync(postgres, _ => Task.CompletedTask, map, settings);

    /// <param name="fill">Puts books into the database before the server looks at it.</param>
    public static Task<TestServer> StartAsync(PostgresFixture postgres, Func<Database, Task> fill, params string[] settings) =>
        StartAsync(postgres, fill, _ => { }, settings);

    private static async Task<TestServer> StartAsync(
        PostgresFixture postgres, Func<Database, Task> fill, Action<WebApplication> map, string[] settings)
    {
        var superuser = await postgres.CreateDatabaseAsync();
        var server = new TestServer(superuser, Database.Of(As(superuser, "finalaccounts_app"), As(superuser, "finalaccounts_owner")));
        try
        {
            await fill(server.Database);
            await server.StartAsync(map, ["--urls=http://127.0.0.1:0", "--environment=Production", "--Limits:SignInsPerMinute=100000", .. settings]);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A browser without cookies, which follows no redirect by itself.</summary>
    public HttpClient NewClient()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = Address };
        clients.Add(client);
        return client;
    }

    /// <summary>A program with a token of the user.</summary>
    public async Task<HttpClient> NewProgramAsync(TestUser user)
    {
        var (_, text) = await App.Services.GetRequiredService<Tokens>().CreateAsync(
            new Account(user.Id, user.Name, user.Assignments, SignInMeans.Cookie), "test", 1, CancellationToken.None);
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", text);
        return client;
    }

    /// <summary>A user who need not replace the password.</summary>
    public async Task<TestUser> NewUserAsync(string name, params Assignment[] assignments)
    {
        await using var scope = App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<Users>();
        var (user, password) = await users.CreateAsync("test", name, mustChangePassword: false);
        foreach (var assignment in assignments)
        {
            await users.AssignAsync("test", user, assignment, CancellationToken.None);
        }

        return new(user.Id, name, password, assignments);
    }

    /// <summary>Takes the books of samples (folders below samples/) into the logs of their regions.</summary>
    public async Task ImportAsync(params string[] samples)
    {
        foreach (var sample in samples)
        {
            var books = Importing.Read(Repository.File($"samples/{sample}"));
            await LogSchema.MigrateAsync(Database.Owner, books.Region, Database.ApplicationRole, CancellationToken.None);
            await using var log = await RegionLog.OpenAsync(Database, books.Region, SystemClock.Instance, CancellationToken.None);
            await Importing.ImportAsync(log, "test", books, CancellationToken.None);
        }
    }

    /// <summary>As the superuser.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var command = Superuser.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(c => c.Dispose());
        if (App is not null)
        {
            await App.StopAsync();
            await App.DisposeAsync();
        }

        await Database.DisposeAsync();
        await Superuser.DisposeAsync();
        directory.Dispose();
    }

    private async Task StartAsync(Action<WebApplication> map, string[] arguments)
    {
        App = ServerApplication.Build(arguments, new(Database, directory.Root, SystemClock.Instance), builder =>
        {
            builder.Logging.ClearProviders().AddProvider(new LogLines(Log)).AddFilter("FinalAccounts", LogLevel.Debug);
        });
        map(App);
        await using var terminal = new StringWriter(CultureInfo.InvariantCulture);
        await ServerApplication.PrepareAsync(App, terminal, CancellationToken.None);
        Terminal = terminal.ToString();
        await App.StartAsync();
    }

    private static string As(string connectionString, string role) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Pooling = true }.ConnectionString;
}

/// <summary>A user of a test with the password.</summary>
public sealed record TestUser(Guid Id, string Name, string Password, IReadOnlyList<Assignment> Assignments);

/// <summary>A line that the server logged.</summary>
public sealed record LogLine(string Category, LogLevel Level, EventId Id, string Text, IReadOnlyList<KeyValuePair<string, object?>> Values)
{
    public object? this[string name] => Values.FirstOrDefault(v => v.Key == name).Value;
}

internal sealed class LogLines(ConcurrentQueue<LogLine> lines) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new(
                category, logLevel, eventId, formatter(state, exception) + exception, state as IReadOnlyList<KeyValuePair<string, object?>> ?? []));
    }
}
