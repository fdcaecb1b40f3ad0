using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Regions;
using FinalAccounts.Server;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Imports;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using Shouldly;

namespace FinalAccounts.ServerTests.Faults;

/// <summary>
/// The server as a process of its own, which can be killed and started again over the same database and data directory. It listens on a
/// Unix socket, a new one for each start, so that no port need be free.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryDirectory directory = new();
    private readonly string application;
    private readonly string owner;
    private readonly string region;
    private TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? process;
    private string socket = "";
    private int starts;

    private ServerProcess(string superuser, string region)
    {
        this.region = region;
        application = As(superuser, "finalaccounts_app");
        owner = As(superuser, "finalaccounts_owner");
        Superuser = NpgsqlDataSource.Create(superuser);
        Uploads = new(directory["uploads"], SystemClock.Instance);
    }

    /// <summary>May do what no role of the program may.</summary>
    public NpgsqlDataSource Superuser { get; }

    /// <summary>What is on the server's disk.</summary>
    public UploadStore Uploads { get; }

    /// <summary>A folder for the test, not the server's.</summary>
    public string Folder => Directory.CreateDirectory(directory["test"]).FullName;

    /// <summary>Ends when the server is ready, or is so again.</summary>
    public Task Ready => ready.Task;

    /// <summary>A program that has the role of a bureau, whichever process serves it.</summary>
    public HttpClient Bureau { get; private set; } = null!;

    /// <summary>Sets everything up and starts the server for the first time.</summary>
    /// <param name="fill">Puts books into the database.</param>
    public static async Task<ServerProcess> StartAsync(PostgresFixture postgres, string region, Func<Database, Task> fill)
    {
        var server = new ServerProcess(await postgres.CreateDatabaseAsync(), region);
        Directory.CreateDirectory(server.directory["temporary"]);
        await using (var database = Database.Of(server.application, server.owner))
        {
            await fill(database);
            await using var app = ServerApplication.Build([], new(database, server.directory.Root, SystemClock.Instance));
            await ServerApplication.PrepareAsync(app, TextWriter.Null, CancellationToken.None);
            await using var scope = app.Services.CreateAsyncScope();
            var users = scope.ServiceProvider.GetRequiredService<Users>();
            var (user, _) = await users.CreateAsync("test", "财政局", mustChangePassword: false);
            var assignment = new Assignment(Role.Bureau, new(region), null);
            await users.AssignAsync("test", user, assignment, CancellationToken.None);
            var (_, token) = await app.Services.GetRequiredService<Tokens>().CreateAsync(
                new Account(user.Id, user.Name, [assignment], SignInMeans.Cookie), "test", 1, CancellationToken.None);
            server.Bureau = server.NewClient(token);
        }

        await server.StartAgainAsync();
        return server;
    }

    /// <summary>SIGKILL: the process gets no chance to do anything more.</summary>
    public void Kill()
    {
        ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process!.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    /// <summary>Starts it again, and waits until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        socket = directory[string.Create(CultureInfo.InvariantCulture, $"{++starts}.sock")];
        process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "FinalAccounts.Server.dll"), $"--urls=http://unix:{socket}"])
        {
            WorkingDirectory = directory.Root,
            Environment =
            {
                [Database.Variable] = application,
                [Database.OwnerVariable] = owner,
                ["FINALACCOUNTS_DATA"] = directory.Root,
                ["ASPNETCORE_TEMP"] = directory["temporary"],
                ["Limits__AccountBurst"] = "1000000",
            },
        })!;
        using var timer = new PeriodicTimer(Look);
        while (!await IsReadyAsync())
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The server has ended with {process.ExitCode}.");
            }

            await timer.WaitForNextTickAsync();
        }

        ready.SetResult();
    }

    /// <summary>A number out of the database.</summary>
    public async Task<long> QueryAsync(string sql)
    {
        await using var command = Superuser.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The log is whole.</summary>
    /// <param name="where">Says in a failure which run it was.</param>
    public async Task ShouldBeIntactAsync(string where) =>
        (await LogVerifier.VerifyAsync(Superuser, new(region), [], [], null, CancellationToken.None)).Findings.ShouldBeEmpty(where);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            Kill();
        }

        Bureau?.Dispose();
        await Superuser.DisposeAsync();
        directory.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await Bureau.GetAsync("/health/ready");
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private HttpClient NewClient(string token)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            },
        })
        {
            BaseAddress = new("http://localhost"),
        };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static string As(string connectionString, string role) => new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Pooling = true }.ConnectionString;
}
