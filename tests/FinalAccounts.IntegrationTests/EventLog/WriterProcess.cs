using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FinalAccounts.Ledger;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>An answer that a writer process got and printed.</summary>
internal sealed record Acknowledged(Guid CommandId, long First, long Last, bool Repeated);

/// <summary>A second process that appends; see FinalAccounts.LogWriter.</summary>
internal sealed partial class WriterProcess : IDisposable
{
    private readonly Process process;

    public WriterProcess(string connectionString, RegionCode region, int seed, int writers, int events)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "FinalAccounts.LogWriter.dll");
        string[] arguments = ["exec", program, region.ToString(), .. new[] { seed, writers, events }.Select(n => n.ToString(CultureInfo.InvariantCulture))];
        process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FINALACCOUNTS_DATABASE"] = connectionString },
        })!;
    }

    /// <summary>SIGKILL: the process gets no chance to do anything more.</summary>
    public void Kill() => process.Kill();

    /// <summary>The next answer; null at the end of the process. A line cut off by a kill doesn't count.</summary>
    public async Task<Acknowledged?> ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Line().Match(line) is { Success: true } m)
            {
                return new(
                    Guid.Parse(m.Groups[1].Value), long.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture),
                    long.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture), m.Groups[4].Value == "repeated");
            }
        }

        return null;
    }

    public async Task<List<Acknowledged>> ReadToEndAsync()
    {
        var all = new List<Acknowledged>();
        while (await ReadAsync() is { } one)
        {
            all.Add(one);
        }

        return all;
    }

    /// <exception cref="InvalidOperationException">The process failed; the message has what it wrote.</exception>
    public async Task ExitAsync()
    {
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Exit code {process.ExitCode}: {errors}");
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    [GeneratedRegex(@"^([0-9a-f-]{36}) (\d+) (\d+) (new|repeated)\.$")]
    private static partial Regex Line();
}
