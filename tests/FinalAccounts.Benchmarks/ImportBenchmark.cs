using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.Ledger;

namespace FinalAccounts.Benchmarks;

/// <summary>
/// One department's lists from files into the log, in no order of dates and with reversals, by <c>fa import</c>: how fast, and how much memory
/// it takes. Then once more, when all is recorded already.
/// </summary>
internal sealed class ImportBenchmark(Bench bench)
{
    private const int Postings = 2_000_000;
    private const int FewerPostings = 200_000;
    private const double MegabytesGoal = 300;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly RegionCode Region = new("999993");

    public async Task RunAsync()
    {
        var postings = bench.IsLong ? Postings : FewerPostings;
        await SimulatedEvents.RenewAsync(bench.DataSource, Region);
        var folder = Directory.CreateTempSubdirectory("fa-import-").FullName;
        try
        {
            var written = DepartmentFiles.Write(folder, Region, new("990001"), postings);
            var files = string.Create(CultureInfo.InvariantCulture, $"a file of {postings:N0} postings, {written.Bytes >> 20} MiB");
            await MeasureAsync($"import of {files}", postings, folder);
            await CheckAsync(written.Fen);
            await MeasureAsync("the same again, when all is recorded", postings, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await SimulatedEvents.DropAsync(bench.DataSource, Region);
        }
    }

    /// <summary>Runs the command as a process of its own; its peak is what the kernel has kept of it (proc(5)).</summary>
    private async Task MeasureAsync(string what, int postings, string folder)
    {
        var start = new ProcessStartInfo("dotnet", [BuiltProgram.Find("src/FinalAccounts.Cli", "fa.dll"), "import", folder, "--json"]) { RedirectStandardOutput = true, WorkingDirectory = folder };
        start.Environment["FINALACCOUNTS_DATABASE"] = bench.ConnectionString;
        start.Environment["FINALACCOUNTS_DATA"] = Path.Combine(folder, "data");
        var since = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var peak = 0L;
        using (var timer = new PeriodicTimer(Look))
        {
            while (!process.HasExited && await timer.WaitForNextTickAsync())
            {
                peak = Math.Max(peak, PeakKilobytes(process.Id));
            }
        }

        var (seconds, said) = (Stopwatch.GetElapsedTime(since).TotalSeconds, await output);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The import ends with {process.ExitCode}: {said}");
        }

        using var result = JsonDocument.Parse(said);
        var newEvents = result.RootElement.GetProperty("newEvents").GetInt32();
        bench.Note(what, Unit.EventsPerSecond, postings / seconds, $"{newEvents:N0} new events in {seconds:N0} s, with the start of the program");
        bench.Note($"peak memory of that: {what}", Unit.Megabytes, peak / 1024d, null, Goal.Reach(MegabytesGoal, Unit.Megabytes));
    }

    private static long PeakKilobytes(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan("VmHWM:".Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>What the files say is held against a sum in SQL over the stored events.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    private async Task CheckAsync(long fen)
    {
        await using var ask = bench.DataSource.CreateCommand(
            $"""
            select sum((line ->> 'amount')::bigint * case type when 'expenditure-reversed' then -1 else 1 end)::bigint
              from {EventLog.LogSchema.NameOf(Region)}.events_readable e, jsonb_array_elements(e.body::jsonb -> 'lines') line
             where type in ('expenditure-posted', 'expenditure-reversed')
            """);
        ask.CommandTimeout = 600;
        if (await ask.ExecuteScalarAsync() is not long stored || stored != fen)
        {
            throw new InvalidOperationException($"The files' postings add up to {fen} fen, and the log's do not.");
        }
    }
}
