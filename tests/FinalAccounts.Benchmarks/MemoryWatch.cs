using System.Globalization;
using Npgsql;

namespace FinalAccounts.Benchmarks;

/// <summary>
/// What a run needs of memory, and PostgreSQL of the processor: the program's peak as the kernel keeps it, and what the server's processes
/// have of their own, looked at twice a second.
/// </summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private const int TicksPerSecond = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly int postmaster;
    private readonly PeriodicTimer timer = new(Interval);
    private readonly Task watching;

    private MemoryWatch(int postmaster)
    {
        this.postmaster = postmaster;
        watching = WatchAsync();
    }

    /// <summary>The highest sum of what the server's processes had of their own; shared buffers are not among it.</summary>
    public double ServerMegabytes { get; private set; }

    /// <summary>Begins to watch; what the program needed before does not count.</summary>
    public static async Task<MemoryWatch> StartAsync(NpgsqlDataSource dataSource)
    {
        GC.Collect();

        // Sets the kernel's peak back to what is in use now (proc(5)).
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
        await using var ask = dataSource.CreateCommand("select pg_backend_pid()");
        var backend = (int)(await ask.ExecuteScalarAsync())!;
        return new(int.Parse(Stat(backend)[1], CultureInfo.InvariantCulture));
    }

    /// <summary>The most that the program has had in memory.</summary>
    public static double PeakMegabytes() => Kilobytes("self", "VmHWM:") / 1024;

    /// <summary>The processor time of the server with all of its processes, those that have ended among them.</summary>
    public TimeSpan ServerCpu()
    {
        // Fields 14 to 17 of proc(5): its own time and that of the children that it has waited for.
        var ticks = Ticks(postmaster, 11, 14) + Children().Sum(child => Ticks(child, 11, 12));
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await watching;
    }

    private async Task WatchAsync()
    {
        while (await timer.WaitForNextTickAsync())
        {
            ServerMegabytes = Math.Max(ServerMegabytes, Children().Append(postmaster).Sum(p => Kilobytes($"{p}", "RssAnon:")) / 1024);
        }
    }

    private IEnumerable<int> Children() => Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0)
        .Where(p => p > 0 && Stat(p) is [_, var parent, ..] && parent == postmaster.ToString(CultureInfo.InvariantCulture));

    private static long Ticks(int process, int first, int last) => Stat(process) is { Length: > 0 } fields
        ? fields[first..(last + 1)].Sum(f => long.Parse(f, CultureInfo.InvariantCulture))
        : 0;

    /// <summary>The fields of a process behind its name, from its state on; none when it has ended.</summary>
    private static string[] Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static double Kilobytes(string process, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
