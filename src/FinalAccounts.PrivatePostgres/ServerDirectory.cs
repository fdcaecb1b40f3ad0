using System.Security.Cryptography;
using System.Text;

namespace FinalAccounts.PrivatePostgres;

/// <summary>
/// Where the server's files lie. Usually all below the data directory. When root starts it and the server's account can't
/// get there (a clone below /root), the files lie below /var/lib/finalaccounts and the data directory only says where.
/// </summary>
/// <param name="Home">The data directory that was asked for: lock, and the location when it is another.</param>
/// <param name="Place">The directory that holds cluster, log and, if its path is short enough, socket; the server's account owns it.</param>
/// <param name="SocketDirectory">Only the server's account and root can enter it, which is all the protection that the server needs.</param>
internal sealed record ServerDirectory(string Home, string Place, string SocketDirectory)
{
    public const string ClusterName = "cluster";

    public const string LogName = "server.log";

    private const string LocationFile = "location";
    private const string SharedRoot = "/var/lib/finalaccounts";

    // sockaddr_un has 108 bytes on Linux and 104 on BSD, with the closing zero.
    private const int LongestSocketPath = 103;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Cluster => Path.Combine(Place, ClusterName);

    public string Log => Path.Combine(Place, LogName);

    public string Socket => Path.Combine(SocketDirectory, SocketName);

    private static string SocketName => $".s.PGSQL.{PrivateServer.Port}";

    /// <summary>The directory as it stands, without creating anything.</summary>
    public static ServerDirectory Locate(string dataDirectory)
    {
        var home = Path.GetFullPath(dataDirectory);
        var location = Path.Combine(home, LocationFile);
        return At(home, File.Exists(location) ? File.ReadAllText(location).Trim() : home);
    }

    /// <summary>The file that starts of this data directory take turns by; its directory is made when missing.</summary>
    /// <exception cref="IOException">It can't be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static string CreateLock(string dataDirectory)
    {
        var home = Path.GetFullPath(dataDirectory);
        Directory.CreateDirectory(Path.GetDirectoryName(home)!);
        Directory.CreateDirectory(home, Private);
        return Path.Combine(home, "lock");
    }

    /// <summary>Creates what is missing.</summary>
    /// <exception cref="IOException">It can't be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created or used.</exception>
    public static async Task<ServerDirectory> PrepareAsync(string dataDirectory, ServerAccount account, CancellationToken cancellationToken)
    {
        var found = Locate(dataDirectory);
        if (!Directory.Exists(found.Place))
        {
            CreatePrivate(found.Place, account);
        }
        else if (found.Place == found.Home && !Directory.Exists(found.Cluster))
        {
            // A directory that exists but holds nothing yet: a mounted volume, or the lock of a run that got no further.
            account.Own(found.Place);
        }

        if (!await CanEnterAsync(found.Place, account, cancellationToken))
        {
            if (!account.IsOther || Directory.Exists(found.Cluster))
            {
                throw new UnauthorizedAccessException($"{found.Place} is not accessible to user {account.UserId}.");
            }

            found = Relocate(found.Home, account);
        }

        await CreateSocketDirectoryAsync(found, account, cancellationToken);
        return found;
    }

    private static ServerDirectory At(string home, string place)
    {
        var near = Path.Combine(place, "socket");

        // A comma separates hosts in a connection string.
        var usable = Encoding.UTF8.GetByteCount(Path.Combine(near, SocketName)) <= LongestSocketPath && !near.Contains(',');
        return new(home, place, usable ? near : Path.Combine("/tmp", $"finalaccounts-{Digest(place)}"));
    }

    private static ServerDirectory Relocate(string home, ServerAccount account)
    {
        Directory.CreateDirectory(SharedRoot);
        var place = Path.Combine(SharedRoot, Digest(home));
        CreatePrivate(place, account);
        File.WriteAllText(Path.Combine(home, LocationFile), place + "\n");
        return At(home, place);
    }

    private static void CreatePrivate(string path, ServerAccount account)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(path, Private);
        account.Own(path);
    }

    /// <summary>Asks the system rather than reading permission bits: there are access control lists and read-only mounts.</summary>
    private static async Task<bool> CanEnterAsync(string path, ServerAccount account, CancellationToken cancellationToken) =>
        (await ChildProcess.RunAsync(account.Command("/usr/bin/env", "test", "-w", path, "-a", "-x", path), "/", cancellationToken)).Succeeded;

    private static async Task CreateSocketDirectoryAsync(ServerDirectory directory, ServerAccount account, CancellationToken cancellationToken)
    {
        var path = directory.SocketDirectory;
        Directory.CreateDirectory(path, Private);
        var file = await UnixFile.ReadAsync(path, cancellationToken);

        // Below /tmp anybody could have made it before us, or put a link there.
        var mine = file is { IsDirectory: true } && (file.UserId == account.UserId || (account.IsOther && file.UserId == 0));
        if (!mine)
        {
            throw new UnauthorizedAccessException($"{path} belongs to another user.");
        }

        File.SetUnixFileMode(path, Private);
        account.Own(path);
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];
}
