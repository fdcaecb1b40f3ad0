using System.Diagnostics;
using System.Text;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary>What a run of the command left behind.</summary>
internal sealed record FaResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n--- output\n{Output}\n--- error\n{Error}";
}

/// <summary>Runs the real command as a process of its own, in a folder and with variables of its own.</summary>
/// <param name="program">Which one: an assembly, beside this one unless its folder is named.</param>
internal sealed class Fa(string workingDirectory, IReadOnlyDictionary<string, string> variables, string program = "fa.dll")
{
    private static readonly string Root = FindRoot();

    /// <summary>A folder of the sample's books.</summary>
    public static string Sample => Path.Combine(Root, "samples", "yiyang-2024");

    public async Task<FaResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await FinishAsync(process);
    }

    public Process Start(params string[] arguments) => Start("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments]);

    /// <summary>Runs it where it sees a terminal (util-linux's <c>script</c>); what it shows there is the output.</summary>
    /// <param name="arguments">Without a single quote.</param>
    public async Task<FaResult> RunInTerminalAsync(params string[] arguments)
    {
        var line = string.Join(' ', new[] { "dotnet", Path.Combine(AppContext.BaseDirectory, program) }.Concat(arguments).Select(a => $"'{a}'"));
        using var process = Start("script", ["--quiet", "--return", "--command", line, "/dev/null"]);
        process.StandardInput.Close();
        return await FinishAsync(process);
    }

    private Process Start(string command, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };

        // The machine's own settings must not decide what a test sees.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("FINALACCOUNTS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        start.Environment["TERM"] = "xterm-256color";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task<FaResult> FinishAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "FinalAccounts.sln")))
        {
            directory = directory.Parent!;
        }

        return directory.FullName;
    }
}
