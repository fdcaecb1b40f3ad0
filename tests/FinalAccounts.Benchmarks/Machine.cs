using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using FinalAccounts.Benchmarks.Results;
using Npgsql;

namespace FinalAccounts.Benchmarks;

/// <summary>What a figure depends on.</summary>
internal static class Machine
{
    private static readonly string[] Settings =
        ["fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "wal_compression", "checkpoint_timeout", "jit"];

    public static async Task<MeasuredOn> DescribeAsync(NpgsqlDataSource dataSource, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>();
        foreach (var setting in Settings)
        {
            settings[setting] = await ShowAsync(setting);
        }

        return new(
            DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ValueOf("/proc/cpuinfo", "model name"),
            Environment.ProcessorCount,
            long.Parse(ValueOf("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024,

            // Without what the distribution hangs on.
            string.Concat(File.ReadAllText("/proc/sys/kernel/osrelease").TakeWhile(c => char.IsAsciiDigit(c) || c == '.')),
            Environment.Version.ToString(),
            await ShowAsync("server_version"),
            settings,
            Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            await CommitAsync(cancellationToken),
            options.Turn.TotalSeconds,
            options.Rounds);

        async Task<string> ShowAsync(string setting)
        {
            await using var show = dataSource.CreateCommand("select current_setting($1)");
            show.Parameters.Add(new() { Value = setting });
            return (string)(await show.ExecuteScalarAsync(cancellationToken))!;
        }
    }

    /// <summary>Runs a program.</summary>
    /// <returns>What it wrote to its output; null when it is not there, fails or takes longer than allowed.</returns>
    public static async Task<string?> RunAsync(string program, IReadOnlyList<string> arguments, string? directory, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory ?? "" };
        try
        {
            using var process = Process.Start(start)!;
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            late.CancelAfter(timeout);
            try
            {
                var (output, errors) = (process.StandardOutput.ReadToEndAsync(late.Token), process.StandardError.ReadToEndAsync(late.Token));
                await process.WaitForExitAsync(late.Token);
                await errors;
                return process.ExitCode == 0 ? await output : null;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static async Task<string> CommitAsync(CancellationToken cancellationToken)
    {
        var commit = await RunAsync("git", ["rev-parse", "--short=10", "HEAD"], null, TimeSpan.FromSeconds(10), cancellationToken);
        var changed = await RunAsync("git", ["status", "--porcelain", "--", "src", "tests"], null, TimeSpan.FromSeconds(10), cancellationToken);
        return commit is null ? "" : commit.Trim() + (string.IsNullOrWhiteSpace(changed) ? "" : "+");
    }

    /// <summary>What stands behind the colon of the first line that begins so.</summary>
    private static string ValueOf(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?";
}
