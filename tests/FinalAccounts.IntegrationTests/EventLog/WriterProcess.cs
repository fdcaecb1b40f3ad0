using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>An answer that a writer process got and printed.</summary>
/// <param name="Fen">What was posted; 0 where nothing was.</param>
internal sealed record Acknowledged(Guid CommandId, long First, long Last, bool Repeated, long Fen = 0);

/// <summary>A second process; see FinalAccounts.LogWriter.</summary>
internal sealed partial class WriterProcess : IDisposable
{
    /// <summary>What its connections are called, unless the connection string names them.</summary>
    public const string Name = "log-writer";

    private readonly Process process;
    private readonly Task<string> errors;

    /// <param name="arguments">As the program takes them.</param>
    public WriterProcess(string connectionString, params object[] arguments)
        : this("FinalAccounts.LogWriter.dll", connectionString, arguments)
    {
    }

    /// <param name="assembly">The program, which lies beside this one.</param>
    public WriterProcess(string assembly, string connectionString, object[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, assembly);
        var named = new NpgsqlConnectionStringBuilder(connectionString);
        named.ApplicationName ??= Name;
        process = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", program, .. arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FINALACCOUNTS_DATABASE"] = named.ConnectionString },
        })!;

        // Read all the time, for a process waits when nobody reads what it writes.
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Tells a process that posts that it is enough.</summary>
    public void Tell() => process.StandardInput.WriteLine();

    /// <summary>SIGKILL: the process gets no chance to do anything more.</summary>
    public void Kill() => process.Kill();

    /// <summary>The next answer; null at the end of the process. A line cut off by a kill doesn't count.</summary>
    public async Task<Acknowledged?> ReadAsync()
    {
        while (await ReadLineAsync() is { } line)
        {
            if (Parse(line) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }

    /// <summary>The next line, whatever it is; null at the end of the process.</summary>
    public async Task<string?> ReadLineAsync() => await process.StandardOutput.ReadLineAsync();

    /// <summary>The answer that a line gives; null when it gives none.</summary>
    public static Acknowledged? Parse(string line) => Line().Match(line) is { Success: true } m
        ? new(Guid.Parse(m.Groups[1].Value), Number(m, 2), Number(m, 3), m.Groups[4].Value == "repeated", m.Groups[5].Success ? Number(m, 5) : 0)
        : null;

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
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Exit code {process.ExitCode}: {await errors}");
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

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([0-9a-f-]{36}) (\d+) (\d+) (new|repeated)(?: (\d+))?\.$")]
    private static partial Regex Line();
}
