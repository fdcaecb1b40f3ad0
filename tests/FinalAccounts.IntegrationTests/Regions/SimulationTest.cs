using FinalAccounts.Benchmarks;
using FinalAccounts.Documents;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Regions;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.Regions;

/// <summary>What is made up is as good as entered books, and the same every time.</summary>
[Collection(LogServerCollection.Name)]
public sealed class SimulationTest(LogServer server)
{
    private const int Years = 3;
    private static readonly FiscalYear First = new(2022);
    private static readonly Instant Noon = Instant.FromUtc(2026, 1, 1, 12, 0);

    /// <summary>Several groups of departments, among them empty ones and one that is a group by itself.</summary>
    private static readonly int[] Postings = [.. Enumerable.Repeat(40, 12), 0, 1, 2, 300, 900, 20];

    [Fact]
    public async Task Every_year_is_closed_with_its_postings_in_a_log_that_is_intact()
    {
        var region = await FillAsync(seed: 7);

        var verified = await server.VerifyAsync(region);
        (verified.IsIntact, verified.Seals).ShouldBe((true, Postings.Length * Years));
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        foreach (var (code, postings) in New(7).Departments.Zip(Postings))
        {
            foreach (var year in New(7).Years)
            {
                var events = await log.ReadStreamAsync(Streams.Year(code, year));
                events.Count(e => e.Type == "expenditure-posted").ShouldBe(postings);
                YearState.Fold(events.Select(e => EventCodec.Decode(e.Type, e.SchemaVersion, e.Body))).IsClosed.ShouldBeTrue();
            }
        }
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_hash_with_any_number_of_workers_and_another_seed_another_one()
    {
        var region = server.NewRegion();

        var first = await HashAsync(7, workers: 1);
        var second = await HashAsync(7, workers: 4);
        var other = await HashAsync(8, workers: 4);

        second.ShouldBe(first);
        other.ShouldNotBe(first);

        async Task<Seal> HashAsync(ulong seed, int workers)
        {
            await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, default);
            await using var log = new PostgresEventLog(server.Application, region, new SetClock(Noon));
            var seal = await New(seed, workers).AppendAsync(log, null, default);
            await server.Superuser.ExecuteAsync($"drop schema {LogSchema.NameOf(region)} cascade");
            return seal;
        }
    }

    [Fact]
    public async Task Whatever_the_seed_and_the_form_no_rule_refuses_what_is_made_up()
    {
        foreach (var (form, n) in FormPack.Names.Select((form, n) => (form, n)))
        {
            var region = await server.NewLogAsync();
            await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
            var simulation = new Simulation(First, FormPack.Load(form)!, SimulatedSizes.Of(25, 4 * n, (ulong)n), (ulong)n, Years);

            await simulation.AppendAsync(log, null, default);

            (await server.VerifyAsync(region)).Seals.ShouldBe(25 * Years);
        }
    }

    [Fact]
    public async Task After_an_interruption_it_goes_on_and_ends_with_the_same_hash()
    {
        var region = server.NewRegion();
        await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, default);
        Seal whole;
        await using (var log = new PostgresEventLog(server.Application, region, new SetClock(Noon)))
        {
            whole = await New(7).AppendAsync(log, null, default);
        }

        await server.Superuser.ExecuteAsync($"drop schema {LogSchema.NameOf(region)} cascade");
        await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, default);
        var (interruptions, reached) = (0, 0);
        for (var seal = default(Seal); seal is null;)
        {
            await using var log = new PostgresEventLog(server.Application, region, new SetClock(Noon));
            using var stop = new CancellationTokenSource();
            try
            {
                seal = await New(7).AppendAsync(log, new Told(Tell), stop.Token);
                seal.ShouldBe(whole);
            }
            catch (OperationCanceledException)
            {
                interruptions++;
            }

            // Each run is stopped within the group after the first that it completes.
            void Tell(SimulationProgress progress)
            {
                if (progress.Departments > reached && progress.Departments < progress.DepartmentsInAll)
                {
                    reached = progress.Departments;
                    stop.CancelAfter(TimeSpan.FromMilliseconds(5));
                }
            }
        }

        interruptions.ShouldBeGreaterThan(0);
        await using var again = new PostgresEventLog(server.Application, region, new SetClock(Noon));
        (await New(7).AppendAsync(again, null, default)).ShouldBe(whole);
    }

    [Fact]
    public async Task A_log_that_has_anything_else_is_left_alone()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));

        (await Should.ThrowAsync<RegionException>(() => New(7).AppendAsync(log, null, default))).Problem.ShouldBe(RegionProblem.RegionNotEmpty);

        (await log.ReadAllAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Its_documents_have_no_findings_know_last_year_and_show_what_SQL_adds_up()
    {
        var region = await FillAsync(seed: 9);
        await using var database = Database.Of(server.ApplicationConnectionString, server.ApplicationConnectionString);
        await using var log = await RegionLog.OpenAsync(database, region, SystemClock.Instance, default);
        foreach (var code in New(9).Departments.TakeLast(8))
        {
            foreach (var year in New(9).Years)
            {
                var reported = await ReportedYear.BuildAsync(log, code.ToString(), year, AsOf.Now, default);

                reported.Document.Findings.ShouldBeEmpty();
                var missing = reported.Document.Missing.ToLookup(m => m.Kind);
                missing[MissingKind.Comparative].Any().ShouldBe(year == First);
                missing[MissingKind.Statistic].ShouldBeEmpty();
                var sums = await IndependentSums.ReadAsync(server.Application, LogSchema.NameOf(region), Streams.Year(code, year));
                IndependentSums.Differences(sums, JsonWriter.Write(reported.Document)).ShouldBeEmpty();
            }
        }
    }

    private static Simulation New(ulong seed, int workers = 2) =>
        new(First, FormPack.Load("hunan-2024")!, Postings, seed, Years) { Workers = workers, PostingsTogether = 1_200 };

    private async Task<RegionCode> FillAsync(ulong seed)
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await New(seed).AppendAsync(log, null, default);
        return region;
    }

    private sealed class Told(Action<SimulationProgress> tell) : IProgress<SimulationProgress>
    {
        public void Report(SimulationProgress value) => tell(value);
    }
}
