using System.Diagnostics;
using FinalAccounts.Ledger;
using Npgsql;

namespace FinalAccounts.IntegrationTests.EventLog;

[CollectionDefinition(Name)]
public sealed class LogServerCollection : ICollectionFixture<LogServer>
{
    public const string Name = "event log";
}

/// <summary>One private server for all tests of the log; a region of its own per test keeps them apart.</summary>
public sealed class LogServer : IAsyncLifetime
{
    private const string Bin = "/usr/lib/postgresql/15/bin";
    private readonly string directory = Directory.CreateTempSubdirectory("fa-log-").FullName;
    private int regions = 100_000;

    public string OwnerConnectionString => $"Host={directory};Port=5432;Username=postgres;Database=postgres;Timeout=15;Include Error Detail=true";

    public NpgsqlDataSource Owner { get; private set; } = null!;

    public RegionCode NewRegion() => new(Interlocked.Increment(ref regions).ToString(System.Globalization.CultureInfo.InvariantCulture));

    public async Task InitializeAsync()
    {
        await RunAsync("chown", "postgres", directory);
        await RunAsync("runuser", "-u", "postgres", "--", $"{Bin}/initdb", "-D", $"{directory}/data", "-A", "trust", "-E", "UTF8", "--locale=C", "-N");
        await RunAsync("runuser", "-u", "postgres", "--", $"{Bin}/pg_ctl", "-D", $"{directory}/data", "-w", "-l", $"{directory}/log",
            "-o", $"-c listen_addresses= -c unix_socket_directories={directory}", "start");
        Owner = NpgsqlDataSource.Create(OwnerConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Owner.DisposeAsync();
        await RunAsync("runuser", "-u", "postgres", "--", $"{Bin}/pg_ctl", "-D", $"{directory}/data", "-w", "-m", "immediate", "stop");
        Directory.Delete(directory, recursive: true);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}");
        }
    }
}
