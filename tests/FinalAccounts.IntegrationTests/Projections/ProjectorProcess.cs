using System.Diagnostics;
using FinalAccounts.Ledger;

namespace FinalAccounts.IntegrationTests.Projections;

/// <summary>A second process with a projector; see FinalAccounts.LogWriter.</summary>
internal sealed class ProjectorProcess : IDisposable
{
    private readonly Process process;

    public ProjectorProcess(string connectionString, RegionCode region)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "FinalAccounts.LogWriter.dll");
        process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "project", region.ToString()])
        {
            Environment = { ["FINALACCOUNTS_DATABASE"] = connectionString },
        })!;
    }

    /// <summary>SIGKILL: the process gets no chance to do anything more.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
