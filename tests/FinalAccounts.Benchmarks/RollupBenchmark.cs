using System.Diagnostics;
using FinalAccounts.Benchmarks.Results;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.Reporting.Rollups;
using NodaTime;

namespace FinalAccounts.Benchmarks;

/// <summary>Totals over all departments of a region with three years, from its tables: each question with a reader of its own, as the API asks.</summary>
internal sealed class RollupBenchmark(Bench bench)
{
    private const int Departments = 1_000;
    private const int Years = 3;

    /// <summary>Mean of a department's year; the tables do not grow with them, only with what the postings are about.</summary>
    private const int Postings = 200;

    private const int Samples = 100;
    private const int Movers = 20;
    private const double GoalMilliseconds = 100;
    private const ulong Seed = 5;
    private static readonly FiscalYear First = new(2022);
    private static readonly RegionCode Region = new("999991");

    public async Task RunAsync()
    {
        await SimulatedEvents.RenewAsync(bench.DataSource, Region);
        await using var log = new PostgresEventLog(bench.DataSource, Region, SystemClock.Instance);
        var simulation = new Simulation(First, FormPack.Load("hunan-2024")!, SimulatedSizes.Of(Departments, Postings, Seed), Seed, Years);
        await simulation.AppendAsync(log, progress: null, default);
        await new Projector(new(() => bench.DataSource, log, Region, SystemClock.Instance)).CatchUpAsync(default);
        await bench.SettleAsync(Region);
        var year = simulation.Years[^1];
        await AskAsync(log, "all years", r => r.YearsAsync(default));
        foreach (var aspect in Enum.GetValues<RollupAspect>())
        {
            await AskAsync(log, $"table by {aspect.ToString().ToLowerInvariant()}", r => r.TableAsync(year, aspect, RollupSelection.All, default));
        }

        await AskAsync(log, "departments", r => r.DepartmentsAsync(year, RollupSelection.All, default));
        await AskAsync(log, "departments of one fund", r => r.DepartmentsAsync(year, new(Fund: Fund.GeneralPublicBudget), default));
        await AskAsync(log, "execution by month", r => r.ProgressAsync(year, RollupSelection.All, default));
        foreach (var aspect in Enum.GetValues<RollupMoverAspect>())
        {
            await AskAsync(log, $"top movers by {aspect.ToString().ToLowerInvariant()}", r => r.MoversAsync(year, aspect, Movers, default));
        }

        await SimulatedEvents.DropAsync(bench.DataSource, Region);
    }

    private async Task AskAsync<T>(IEventLog log, string what, Func<RollupReader, Task<T>> ask)
    {
        var rollups = new RegionRollups(bench.DataSource, log, Region);
        List<double> times = [];
        for (var i = 0; i < Samples; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await using (var reader = await rollups.OpenAsync(default))
            {
                await ask(reader);
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        bench.Note(
            $"{what}, {Departments * Years:#,0} department-years, p95", Unit.Milliseconds, Statistics.Percentile(times, 95),
            $"p50 {PerformanceDocument.Number(Statistics.Percentile(times, 50))}, of {Samples} answers", Goal.Reach(GoalMilliseconds, Unit.Milliseconds));
    }
}
