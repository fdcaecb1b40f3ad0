using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.Ledger;
using NodaTime;

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
            var (bytes, fen) = VoucherFiles.Write(folder, Region, postings);
            var files = string.Create(CultureInfo.InvariantCulture, $"a file of {postings:N0} postings, {bytes >> 20} MiB");
            await MeasureAsync($"import of {files}", postings, folder);
            await CheckAsync(fen);
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
        var start = new ProcessStartInfo("dotnet", [Command(), "import", folder, "--json"]) { RedirectStandardOutput = true, WorkingDirectory = folder };
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

    /// <summary>The command as it was built beside this program: bin/Release/net10.0 there as here.</summary>
    private static string Command()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration, root) = (here.Name, here.Parent!.Name, here.Parent.Parent!.Parent!.Parent!.Parent!.FullName);
        return Path.Combine(root, "src", "FinalAccounts.Cli", "bin", configuration, framework, "fa.dll");
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

    /// <summary>Lists of a department that nobody has kept.</summary>
    private static class VoucherFiles
    {
        private const int ReversalEvery = 50;
        private const int IncomeEvery = 20;
        private static readonly string[] Items = ["2080101", "2080505", "2010501", "2080599"];
        private static readonly string[] Economic = ["30101", "30102", "30201", "30202", "30226", "30217", "30231"];

        /// <summary>Writes them.</summary>
        /// <returns>Bytes of the list of expenditure, and what its rows add up to.</returns>
        public static (long Bytes, long Fen) Write(string folder, RegionCode region, int postings)
        {
            var fen = 0L;
            File.WriteAllText(Path.Combine(folder, "department.yaml"), Department(region));
            File.WriteAllText(Path.Combine(folder, "budget.csv"), "类型,文号,日期,事由,功能科目,支出性质,项目,预算类别,经济科目,金额(元)\n"
                + string.Concat(Items.Select(item => $"年初预算,预〔2024〕1号,2024-01-01,年度预算,{item},基本支出,,一般公共预算,,500000000000.00\n")));
            using (var income = new StreamWriter(Path.Combine(folder, "income.csv"), append: false, Encoding.UTF8))
            using (var expenditure = new StreamWriter(Path.Combine(folder, "expenditure.csv"), append: false, Encoding.UTF8))
            {
                income.Write("凭证号,日期,摘要,功能科目,收入来源,预算类别,金额(元)\n");
                expenditure.Write("凭证号,日期,摘要,功能科目,经济科目,预算类别,支出性质,项目,资金来源,金额(元),冲销凭证号\n");
                for (var n = 0; n < postings; n++)
                {
                    // The original of a reversal is the row before it, of the same day.
                    var isReversal = n % ReversalEvery == ReversalEvery - 1;
                    var of = isReversal ? n - 1 : n;
                    var amount = isReversal ? -Amount(of) / 2 : Amount(of);
                    fen += amount;
                    expenditure.Write(
                        $"记-{n:0000000},{Date(of)},购买办公用品及维修第{n}批,{Items[of % Items.Length]},{Economic[of % Economic.Length]},一般公共预算,基本支出,,财政拨款收入,{Yuan(amount)},{(isReversal ? $"记-{of:0000000}" : "")}\n");
                    if (n % IncomeEvery == 0)
                    {
                        income.Write($"收-{n:0000000},{Date(n)},第{n}笔拨款,{Items[n % Items.Length]},财政拨款收入,一般公共预算,{Yuan(Amount(n))}\n");
                    }
                }
            }

            return (new FileInfo(Path.Combine(folder, "expenditure.csv")).Length, fen);
        }

        /// <summary>Days follow on each other in no order.</summary>
        private static string Date(int n) => new LocalDate(2024, 1, 1).PlusDays((int)(n * 7_919L % 366)).ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

        private static long Amount(int n) => 300 + (n * 48_271L % 9_999_991);

        private static string Yuan(long fen) => new Money(fen).ToYuan();

        private static string Department(RegionCode region) => $"""
            地区代码: "{region}"
            地区名称: 某省某市
            单位代码: "990001"
            单位名称: 某市大型机构
            登记日期: 2024-01-01
            年度: 2024
            报表格式: hunan-2024
            超预算支出: 拒绝
            概况日期: 2024-12-31
            自称: 我单位
            部门职责:
              - 某项职责。
            编制人数: 48
            在职人数: 43
            退休人数: 27
            内设机构: []
            所属单位: []
            附件: []
            """;
    }
}
