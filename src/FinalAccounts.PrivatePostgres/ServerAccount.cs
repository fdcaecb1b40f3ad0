using System.Globalization;
using System.Runtime.InteropServices;

namespace FinalAccounts.PrivatePostgres;

/// <summary>
/// The account that the server process runs as: the caller's own, or, since PostgreSQL refuses to run as root, one without
/// privileges when the caller is root.
/// </summary>
internal sealed record ServerAccount(uint UserId, uint GroupId, bool IsOther)
{
    private static readonly string[] Names = ["postgres", "finalaccounts", "nobody"];

    public static bool IsRoot => GetEffectiveUserId() == 0;

    /// <param name="existing">Data or their directory that may exist already: as root, their owner runs the server again.</param>
    /// <exception cref="PrivateServerException">Root, and no other account is there.</exception>
    public static async Task<ServerAccount> FindAsync(IEnumerable<string> existing, CancellationToken cancellationToken)
    {
        if (!IsRoot)
        {
            return new(GetEffectiveUserId(), GetEffectiveGroupId(), IsOther: false);
        }

        foreach (var path in existing.Where(Directory.Exists))
        {
            if (await UnixFile.ReadAsync(path, cancellationToken) is { UserId: not 0 } owner)
            {
                return new(owner.UserId, owner.GroupId, IsOther: true);
            }
        }

        foreach (var name in Names)
        {
            var entry = await ChildProcess.RunAsync(["/usr/bin/env", "getent", "passwd", name], "/", cancellationToken);
            if (entry.Output.Split(':') is [_, _, var user, var group, ..] && uint.TryParse(user, out var u) && uint.TryParse(group, out var g))
            {
                return new(u, g, IsOther: true);
            }
        }

        throw new PrivateServerException(PrivateServerFailure.NoUnprivilegedAccount, string.Join(", ", Names), "");
    }

    /// <summary>The command, so that it runs as this account.</summary>
    public IEnumerable<string> Command(params string[] command) => IsOther
        ? ["/usr/bin/env", "setpriv", Argument("--reuid", UserId), Argument("--regid", GroupId), "--clear-groups", "--", .. command]
        : command;

    /// <summary>Makes the account the owner. Does nothing when the caller is that account.</summary>
    /// <exception cref="UnauthorizedAccessException">The file system does not let root do so.</exception>
    public void Own(string path)
    {
        if (IsOther && ChangeOwner(path, UserId, GroupId) != 0)
        {
            throw new UnauthorizedAccessException($"chown {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private static string Argument(string name, uint id) => string.Create(CultureInfo.InvariantCulture, $"{name}={id}");

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEffectiveUserId();

    [DllImport("libc", EntryPoint = "getegid")]
    private static extern uint GetEffectiveGroupId();

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint userId, uint groupId);
}

/// <summary>Owner and kind of a file; .NET has no call for it.</summary>
internal sealed record UnixFile(uint UserId, uint GroupId, bool IsDirectory)
{
    /// <summary>Null when there is no such file. A symbolic link is not followed.</summary>
    public static async Task<UnixFile?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await ChildProcess.RunAsync(["/usr/bin/env", "stat", "-c", "%u %g %F", "--", path], "/", cancellationToken);
        return answer.Succeeded && answer.Output.TrimEnd().Split(' ', 3) is [var user, var group, var kind]
            ? new(uint.Parse(user, CultureInfo.InvariantCulture), uint.Parse(group, CultureInfo.InvariantCulture), kind == "directory")
            : null;
    }
}
