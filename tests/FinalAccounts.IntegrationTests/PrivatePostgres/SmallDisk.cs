using System.Diagnostics;
using System.Globalization;

namespace FinalAccounts.IntegrationTests.PrivatePostgres;

/// <summary>A file system in memory that is soon full. Mounting needs root, or sudo; without them the test fails and says so.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string path;

    private SmallDisk(string path) => this.path = path;

    public static SmallDisk Mount(string path, int megabytes)
    {
        Run("mount", "-t", "tmpfs", "-o", Size(megabytes) + ",mode=0777", "tmpfs", path);
        return new(path);
    }

    public void Grow(int megabytes) => Run("mount", "-o", "remount," + Size(megabytes), path);

    public void Dispose() => Run("umount", "--lazy", path);

    private static string Size(int megabytes) => string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");

    private static void Run(params string[] arguments)
    {
        string[] command = Environment.UserName == "root" ? arguments : ["sudo", "-n", .. arguments];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"This test needs a small file system, which only root can mount: {string.Join(' ', command)}: {error}");
        }
    }
}
