using System.Diagnostics;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.Documents;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Projections;
using FinalAccounts.Regions;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using NodaTime;

namespace FinalAccounts.Benchmarks;

/// <summary>
/// A whole city: its books of three years are made up and stored, and the document of each year of each department is written.
/// Figures of some departments are held against sums in SQL over the stored events.
/// </summary>
internal sealed class CityBenchmark(Bench bench)
{
    private const string Form = "hunan-2024";
    private const int Departments = 1_000;
    private const int SmallerCity = 100;
    private const int Years = 3;
    private const int Postings = 2_000;
    private const int Checked = 20;
    private const ulong Seed = 1;
    private const double SecondsGoal = 300;
    private const double MegabytesGoal = 1_500;
    private static readonly FiscalYear First = new(2022);
    private static readonly RegionCode Region = new("999995");

    public async Task RunAsync()
    {
        var departments = bench.IsLong ? Departments : SmallerCity;
        var city = $"{departments:N0} departments × {Years} years × {Postings:N0} postings";
        await SimulatedEvents.RenewAsync(bench.DataSource, Region);
        var folder = Directory.CreateTempSubdirectory("fa-city-");
        try
        {
            var simulation = new Simulation(First, FormPack.Load(Form)!, SimulatedSizes.Of(departments, Postings, Seed), Seed, Years);
            await using var memory = await MemoryWatch.StartAsync(bench.DataSource);
            await using var database = Database.Of(bench.ConnectionString, bench.ConnectionString);
            await using var log = await RegionLog.OpenAsync(database, Region, SystemClock.Instance, default);
            var seconds = await TimeAsync(memory, $"made up and stored: {city}", async () =>
            {
                var head = await simulation.AppendAsync(log.Events, progress: null, default);
                return $"{head.Position:N0} events";
            });
            seconds += await TimeAsync(memory, "tables of facts built", async () =>
            {
                await new Projector(new(() => bench.DataSource, log.Events, Region, SystemClock.Instance)).RebuildAsync(default);
                return "all switched to";
            });
            seconds += await TimeAsync(memory, $"documents as JSON: {departments * Years:N0}", () => WriteDocumentsAsync(log, simulation, folder.FullName));
            seconds += await TimeAsync(memory, $"held against SQL: {Checked} departments", () => CheckAsync(simulation, folder.FullName));
            bench.Note($"a city from nothing to its documents: {city}", Unit.Seconds, seconds, null, Goals(Goal.Reach(SecondsGoal, Unit.Seconds)));
            bench.Note(
                "peak memory of the program", Unit.Megabytes, MemoryWatch.PeakMegabytes(),
                $"PostgreSQL's processes have {memory.ServerMegabytes:N0} MB of their own at most, beside its shared buffers", Goals(Goal.Reach(MegabytesGoal, Unit.Megabytes)));
        }
        finally
        {
            folder.Delete(recursive: true);
            await SimulatedEvents.DropAsync(bench.DataSource, Region);
        }
    }

    /// <summary>The goals are for the whole city.</summary>
    private Goal[] Goals(Goal goal) => bench.IsLong ? [goal] : [];

    private async Task<double> TimeAsync(MemoryWatch memory, string what, Func<Task<string>> step)
    {
        var (since, cpu, serverCpu) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime, memory.ServerCpu());
        var came = await step();
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        bench.Note(what, Unit.Seconds, seconds, $"{came}; processor {cpu.TotalSeconds:N0} s, PostgreSQL {(memory.ServerCpu() - serverCpu).TotalSeconds:N0} s");
        return seconds;
    }

    /// <summary>A department's years one after another, so that the books of a year are at hand as last year's of the next one.</summary>
    private static async Task<string> WriteDocumentsAsync(RegionLog log, Simulation simulation, string folder)
    {
        var head = await log.ReadHeadAsync(default);
        var bytes = 0L;
        await Parallel.ForEachAsync(
            simulation.Departments, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (code, stop) =>
            {
                var books = new YearByYear(log, head);
                var department = await log.ReadDepartmentAsync(code, stop);
                foreach (var year in simulation.Years)
                {
                    var reported = await ReportedYear.BuildAsync(books, department, year, AsOf.Now, FormPacks.OfProgram, stop);
                    if (reported.Document.Findings.Count > 0)
                    {
                        throw new InvalidOperationException($"{code} {year}: {reported.Document.Findings[0].Rule.Id}");
                    }

                    var json = JsonWriter.Write(reported.Document);
                    await File.WriteAllBytesAsync(PathOf(folder, code, year), json, stop);
                    Interlocked.Add(ref bytes, json.Length);
                }
            });
        return $"{bytes >> 20:N0} MB";
    }

    /// <exception cref="InvalidOperationException">A figure is not what SQL adds up.</exception>
    private async Task<string> CheckAsync(Simulation simulation, string folder)
    {
        var figures = 0;
        var step = simulation.Departments.Count / Checked;
        foreach (var code in simulation.Departments.Where((_, n) => n % step == 0).Take(Checked))
        {
            foreach (var year in simulation.Years)
            {
                var sums = await IndependentSums.ReadAsync(bench.DataSource, LogSchema.NameOf(Region), Streams.Year(code, year));
                var differences = IndependentSums.Differences(sums, await File.ReadAllBytesAsync(PathOf(folder, code, year)));
                if (differences.Count > 0)
                {
                    throw new InvalidOperationException($"{code} {year}: {differences[0]}");
                }

                await CheckTablesAsync(code, year, sums);
                figures += sums.Count;
            }
        }

        return $"{figures:N0} figures, all the same";
    }

    /// <summary>The tables of facts have the same expenditure of each item.</summary>
    private async Task CheckTablesAsync(DepartmentCode code, FiscalYear year, IReadOnlyDictionary<string, long> sums)
    {
        var facts = await new ProjectionReader(bench.DataSource, Region).ReadTotalsAsync(code, year, default);
        foreach (var item in facts.Totals.Where(f => f.Key is { Measure: Measure.Expenditure, Function: not null }).GroupBy(f => f.Key.Function))
        {
            var fen = item.Aggregate((Int128)0, (sum, fact) => sum + fact.Value);
            if (fen != sums.GetValueOrDefault($"公开03/{item.Key}/本年支出合计"))
            {
                throw new InvalidOperationException($"{code} {year}: the tables of facts have {fen} of {item.Key}.");
            }
        }
    }

    private static string PathOf(string folder, DepartmentCode code, FiscalYear year) => Path.Combine(folder, $"{code}-{year}.json");

    /// <summary>
    /// One department's books up to a seal, asked for year after year: those that were read are kept for the year after, which compares with them.
    /// </summary>
    private sealed class YearByYear(RegionLog log, Seal seal) : IRegionBooks
    {
        private readonly Dictionary<int, YearBooks> kept = [];

        public Task<Department> FindDepartmentAsync(string codeOrName, CancellationToken cancellationToken) =>
            log.FindDepartmentAsync(codeOrName, cancellationToken);

        public Task<Seal> SealAsync(AsOf asOf, CancellationToken cancellationToken) => Task.FromResult(seal);

        public async Task<YearBooks> ReadAsync(DepartmentCode code, FiscalYear year, AsOf asOf, Seal at, CancellationToken cancellationToken)
        {
            if (!kept.TryGetValue(year.Value, out var books))
            {
                books = kept[year.Value] = await log.ReadAsync(code, year, asOf, at, cancellationToken);
                kept.Remove(year.Value - 2);
            }

            return books;
        }

        public Task<MemberLists> ReadMemberListsAsync(FiscalYear year, AsOf asOf, CancellationToken cancellationToken) =>
            log.ReadMemberListsAsync(year, asOf, cancellationToken);
    }
}
