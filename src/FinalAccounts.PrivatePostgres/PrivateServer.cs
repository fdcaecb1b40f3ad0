using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;

namespace FinalAccounts.PrivatePostgres;

/// <summary>
/// A PostgreSQL server of our own, for those who have none to point the program at. It has its own data directory and
/// listens on a socket in a private directory only: there is no port that could be taken, no password to invent, and
/// nobody else on the machine can connect. Started once, it is found running by the next start, also of another process.
/// </summary>
public sealed class PrivateServer : IAsyncDisposable
{
    internal const int Port = 5432;

    private const string Superuser = "finalaccounts";
    private const string Database = "finalaccounts";
    private const long LongestLog = 10 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly PrivateServerOptions options;
    private readonly ServerDirectory directory;

    private PrivateServer(PrivateServerOptions options, ServerDirectory directory, bool wasRunning)
    {
        this.options = options;
        this.directory = directory;
        WasRunning = wasRunning;
        ConnectionString = ConnectionStringFor(directory, Database);
    }

    /// <summary>How Npgsql reaches the server.</summary>
    public string ConnectionString { get; }

    /// <summary>The directory that the socket lies in, as <c>psql --host</c> takes it.</summary>
    public string SocketDirectory => directory.SocketDirectory;

    /// <summary>Where its files lie.</summary>
    public string DataDirectory => directory.Place;

    /// <summary>How libpq's programs (psql, pg_dump) reach it.</summary>
    public string Url => $"postgresql://{Superuser}@/{Database}?host={Uri.EscapeDataString(directory.SocketDirectory)}";

    /// <summary>What the server reports.</summary>
    public string LogFile => directory.Log;

    /// <summary>True when an earlier start had left the server running.</summary>
    public bool WasRunning { get; }

    /// <summary>Finds the server running, or starts it, and creates its data first when there are none.</summary>
    /// <exception cref="PrivateServerException">The server can't be had, and why.</exception>
    public static async Task<PrivateServer> StartAsync(PrivateServerOptions options, CancellationToken cancellationToken)
    {
        var subject = Path.GetFullPath(options.DataDirectory);
        try
        {
            var directory = ServerDirectory.Locate(options.DataDirectory);
            if (File.Exists(directory.Socket) && await TryConnectAsync(directory, cancellationToken) == Answer.Ready)
            {
                return new(options, directory, wasRunning: true);
            }

            return await StartLockedAsync(options, cancellationToken);
        }
        catch (IOException e) when (IsDiskFull(e.Message))
        {
            throw new PrivateServerException(PrivateServerFailure.DiskFull, subject, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PrivateServerException(PrivateServerFailure.DirectoryNotUsable, subject, e.Message, e);
        }
    }

    /// <summary>Stops the server; does nothing when it isn't running.</summary>
    /// <param name="immediate">True: as if the power went; the next start recovers from the log of changes.</param>
    /// <exception cref="PrivateServerException">The server did not stop.</exception>
    public async Task StopAsync(bool immediate, CancellationToken cancellationToken = default)
    {
        if (RunningProcess(directory) is null)
        {
            return;
        }

        var account = await ServerAccount.FindAsync([directory.Cluster], cancellationToken);
        var binaries = await ServerBinaries.FindAsync(options.BinaryDirectory, DataVersion(directory), cancellationToken);
        await StopAsync(directory, account, binaries, immediate, cancellationToken);
    }

    /// <summary>Stops the server of a data directory.</summary>
    /// <returns>False when it wasn't running.</returns>
    /// <exception cref="PrivateServerException">The server did not stop.</exception>
    public static async Task<bool> StopAsync(PrivateServerOptions options, CancellationToken cancellationToken)
    {
        var server = new PrivateServer(options, ServerDirectory.Locate(options.DataDirectory), wasRunning: true);
        var running = RunningProcess(server.directory) is not null;
        await server.StopAsync(immediate: false, cancellationToken);
        return running;
    }

    /// <summary>Stops the server of a data directory and deletes it with all its data.</summary>
    /// <exception cref="PrivateServerException">The server did not stop.</exception>
    public static async Task DeleteAsync(PrivateServerOptions options, CancellationToken cancellationToken)
    {
        await StopAsync(options, cancellationToken);
        var directory = ServerDirectory.Locate(options.DataDirectory);
        foreach (var path in new[] { directory.Place, directory.Home }.Where(Directory.Exists))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (options.StopOnDispose)
        {
            await StopAsync(immediate: !options.Durable);
        }
    }

    private static async Task<PrivateServer> StartLockedAsync(PrivateServerOptions options, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await using var startLock = await LockAsync(ServerDirectory.CreateLock(options.DataDirectory), options.Timeout, clock, cancellationToken);

        // Only now: another start may just have decided where the files lie, or be about to make the account their owner.
        var located = ServerDirectory.Locate(options.DataDirectory);
        var account = await ServerAccount.FindAsync([located.Cluster, located.Place], cancellationToken);
        var directory = await ServerDirectory.PrepareAsync(options.DataDirectory, account, cancellationToken);

        // Whoever held the lock before may have started it.
        var wasRunning = await WaitWhileRunningAsync(directory, options, clock, cancellationToken) == Answer.Ready;
        if (!wasRunning)
        {
            var binaries = await ServerBinaries.FindAsync(options.BinaryDirectory, DataVersion(directory), cancellationToken);
            if (RunningProcess(directory) is not null)
            {
                // It runs but can't be reached, because its socket was removed or the directory was moved.
                await StopAsync(directory, account, binaries, immediate: false, cancellationToken);
            }

            if (DataVersion(directory) is null)
            {
                await InitializeAsync(directory, account, binaries, options, cancellationToken);
            }

            await LaunchAsync(directory, account, binaries, options, cancellationToken);
            await CreateDatabaseAsync(directory, cancellationToken);
        }

        return new(options, directory, wasRunning);
    }

    private static async Task<FileStream> LockAsync(
        string file, TimeSpan timeout, Stopwatch clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file) && clock.Elapsed < timeout)
            {
                await Task.Delay(Pause, cancellationToken);
            }
            catch (IOException e) when (File.Exists(file))
            {
                throw new PrivateServerException(PrivateServerFailure.TimedOut, file, e.Message, e);
            }
        }
    }

    /// <summary>A server that starts up, recovers or shuts down is given time; one that can't be reached is not.</summary>
    private static async Task<Answer> WaitWhileRunningAsync(
        ServerDirectory directory, PrivateServerOptions options, Stopwatch clock, CancellationToken cancellationToken)
    {
        while (RunningProcess(directory) is not null)
        {
            var answer = await TryConnectAsync(directory, cancellationToken);
            if (answer == Answer.NoDatabase)
            {
                await CreateDatabaseAsync(directory, cancellationToken);
                return Answer.Ready;
            }

            if (answer is Answer.Ready or Answer.NotReachable)
            {
                return answer;
            }

            if (clock.Elapsed > options.Timeout)
            {
                throw new PrivateServerException(PrivateServerFailure.TimedOut, directory.Place, LastLines(directory.Log));
            }

            await Task.Delay(Pause, cancellationToken);
        }

        return Answer.NotReachable;
    }

    /// <summary>
    /// Creates the data beside their place and moves them there when complete, so that a start that was cut short leaves
    /// nothing that looks like a server's data.
    /// </summary>
    private static async Task InitializeAsync(
        ServerDirectory directory, ServerAccount account, ServerBinaries binaries, PrivateServerOptions options, CancellationToken cancellationToken)
    {
        const string Unfinished = ServerDirectory.ClusterName + ".new";
        var path = Path.Combine(directory.Place, Unfinished);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        // Relative paths, because initdb and pg_ctl hand them to a shell. Who can enter the socket's directory is trusted.
        string[] command =
        [
            binaries.InitDb, "--pgdata", Unfinished, "--username", Superuser, "--auth", "trust", "--encoding", "UTF8",
            "--locale", "C", "--data-checksums", .. options.Durable ? Array.Empty<string>() : ["--no-sync"],
        ];
        var result = await ChildProcess.RunAsync(account.Command(command), directory.Place, cancellationToken);
        if (!result.Succeeded)
        {
            throw Failed(directory, result.AllText);
        }

        // Fails when there is a directory that isn't a server's data: it is somebody's, and not ours to remove.
        Directory.Move(path, directory.Cluster);
    }

    private static async Task LaunchAsync(
        ServerDirectory directory, ServerAccount account, ServerBinaries binaries, PrivateServerOptions options, CancellationToken cancellationToken)
    {
        RemoveStaleProcessFile(directory);
        if (new FileInfo(directory.Log) is { Exists: true, Length: > LongestLog })
        {
            File.Move(directory.Log, directory.Log + ".1", overwrite: true);
        }

        await WriteSettingsAsync(directory, options, cancellationToken);
        var seconds = Math.Ceiling(options.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var result = await ChildProcess.RunAsync(
            account.Command(
                binaries.PgCtl, "start", "--pgdata", ServerDirectory.ClusterName, "--log", ServerDirectory.LogName,
                "--wait", "--timeout", seconds, "--silent"),
            directory.Place,
            cancellationToken);
        if (!result.Succeeded)
        {
            throw Failed(directory, LastLines(directory.Log) is { Length: > 0 } lines ? lines : result.AllText);
        }
    }

    private static async Task StopAsync(
        ServerDirectory directory, ServerAccount account, ServerBinaries binaries, bool immediate, CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(
            account.Command(
                binaries.PgCtl, "stop", "--pgdata", ServerDirectory.ClusterName, "--mode", immediate ? "immediate" : "fast", "--wait", "--silent"),
            directory.Place,
            cancellationToken);
        if (!result.Succeeded && RunningProcess(directory) is not null)
        {
            throw Failed(directory, result.AllText);
        }

        if (!directory.SocketDirectory.StartsWith(directory.Place, StringComparison.Ordinal) && Directory.Exists(directory.SocketDirectory))
        {
            Directory.Delete(directory.SocketDirectory, recursive: true);
        }
    }

    private static async Task WriteSettingsAsync(ServerDirectory directory, PrivateServerOptions options, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "",
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),

            // A list of directories, hence the second pair of quotes.
            ["unix_socket_directories"] = $"\"{directory.SocketDirectory.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            ["unix_socket_permissions"] = "0700",
            ["max_connections"] = "100",
            ["shared_buffers"] = "128MB",
            ["dynamic_shared_memory_type"] = "posix",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["log_line_prefix"] = "%m [%p] ",
            ["lc_messages"] = "C",
            ["jit"] = "off",
        };
        if (!options.Durable)
        {
            settings["fsync"] = "off";
            settings["full_page_writes"] = "off";
        }

        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        var text = new StringBuilder("# Written at each start of the server.\n");
        foreach (var (name, value) in settings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'\n");
        }

        var path = Path.Combine(directory.Cluster, "postgresql.conf");
        await File.WriteAllTextAsync(path + ".new", text.ToString(), cancellationToken);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static async Task CreateDatabaseAsync(ServerDirectory directory, CancellationToken cancellationToken)
    {
        if (await TryConnectAsync(directory, cancellationToken) == Answer.NoDatabase)
        {
            await using var connection = new NpgsqlConnection(ConnectionStringFor(directory, "postgres") + ";Pooling=false");
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand($"create database {Database}", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<Answer> TryConnectAsync(ServerDirectory directory, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionStringFor(directory, Database) + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken);
            return Answer.Ready;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return Answer.NoDatabase;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return Answer.Busy;
        }
        catch (PostgresException)
        {
            // It answers, if only that it has no connection left; that is the caller's to see.
            return Answer.Ready;
        }
        catch (NpgsqlException e)
        {
            return e.InnerException is TimeoutException ? Answer.Busy : Answer.NotReachable;
        }
    }

    /// <summary>
    /// The server process of this directory; null when there is none. A number that is left from before a crash or a restart
    /// of the machine may by now belong to any program, so the process must also be a server that works in this directory.
    /// </summary>
    private static int? RunningProcess(ServerDirectory directory)
    {
        var file = Path.Combine(directory.Cluster, "postmaster.pid");
        if (!File.Exists(file)
            || !int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        try
        {
            return File.ResolveLinkTarget($"/proc/{id}/cwd", returnFinalTarget: false)?.FullName == RealPath(directory.Cluster) ? id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended, or another user's.
            return null;
        }
    }

    /// <summary>
    /// PostgreSQL refuses to start while any process has the number in the file. That is removed only under our lock, and
    /// when no process works in the directory; the server's own check of its shared memory stays as the last defence.
    /// </summary>
    private static void RemoveStaleProcessFile(ServerDirectory directory)
    {
        if (Directory.Exists("/proc/self") && RunningProcess(directory) is null)
        {
            File.Delete(Path.Combine(directory.Cluster, "postmaster.pid"));
        }
    }

    /// <summary>The path with all symbolic links on the way resolved, as the system shows it for a process.</summary>
    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var here = Path.Combine(RealPath(parent), Path.GetFileName(path));
        return Directory.ResolveLinkTarget(here, returnFinalTarget: false) is { } target ? RealPath(target.FullName) : here;
    }

    private static int? DataVersion(ServerDirectory directory)
    {
        var file = Path.Combine(directory.Cluster, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    private static string ConnectionStringFor(ServerDirectory directory, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = directory.SocketDirectory,
        Port = Port,
        Username = Superuser,
        Database = database,
    }.ConnectionString;

    private static PrivateServerException Failed(ServerDirectory directory, string detail) => new(
        IsDiskFull(detail) ? PrivateServerFailure.DiskFull : PrivateServerFailure.StartFailed, directory.Place, detail);

    private static bool IsDiskFull(string message) =>
        message.Contains("No space left on device", StringComparison.OrdinalIgnoreCase)
        || message.Contains("disk quota exceeded", StringComparison.OrdinalIgnoreCase);

    private static string LastLines(string file) =>
        File.Exists(file) ? string.Join('\n', File.ReadLines(file).TakeLast(15)) : "";

    private enum Answer
    {
        Ready,
        NoDatabase,
        Busy,
        NotReachable,
    }
}
