using FinalAccounts.EventLog.Archives;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.LogWriter;

/// <summary>Archives a year and restores it, in turns, from wherever it finds it. A line for each step, and for each page of one.</summary>
internal sealed class ArchiveLoop(NpgsqlDataSource owner, RegionCode region, FiscalYear year, string folder, TextWriter output) : IProgress<long>
{
    /// <summary>Runs until it is killed.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            var isArchived = (await YearArchive.ListAsync(owner, region, CancellationToken.None)).Count > 0;
            if (isArchived)
            {
                await YearArchive.RestoreAsync(owner, region, Path.Combine(folder, YearArchive.FileNameOf(region, year)), null, this, CancellationToken.None);
            }
            else
            {
                await YearArchive.ArchiveAsync(owner, region, year, folder, SystemClock.Instance, this, CancellationToken.None);
            }

            await output.WriteLineAsync(isArchived ? "restored." : "archived.");
        }
    }

    /// <inheritdoc/>
    public void Report(long value) => output.WriteLine("page.");
}
