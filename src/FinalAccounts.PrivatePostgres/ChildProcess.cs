using System.Diagnostics;

namespace FinalAccounts.PrivatePostgres;

/// <summary>What a program left behind.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    public string AllText => string.Join('\n', new[] { Output.Trim(), Error.Trim() }.Where(t => t.Length > 0));
}

/// <summary>Runs a program with an argument list; no shell is involved.</summary>
internal static class ChildProcess
{
    /// <exception cref="OperationCanceledException">Cancelled; the program was killed.</exception>
    public static async Task<ChildResult> RunAsync(IEnumerable<string> command, string workingDirectory, CancellationToken cancellationToken)
    {
        var parts = command.ToList();
        var start = new ProcessStartInfo(parts[0])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        parts.Skip(1).ToList().ForEach(start.ArgumentList.Add);

        // PGPORT, PGDATA, PGOPTIONS and the like of the user's shell are meant for other servers; messages are read by this program.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
