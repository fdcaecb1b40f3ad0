using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Regions.Simulation;
using FinalAccounts.Reporting.Forms;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.Regions;

/// <summary>What is made up is as good as entered books, and the same every time.</summary>
[Collection(LogServerCollection.Name)]
public sealed class SimulationTest(LogServer server)
{
    private static readonly FiscalYear Year = new(2024);
    private static readonly int[] Postings = [.. Enumerable.Repeat(60, 17), 0, 1, 2, 1_500];

    [Fact]
    public async Task Every_year_is_closed_with_its_postings_in_a_log_that_is_intact()
    {
        var region = await FillAsync(seed: 7);

        var verified = await server.VerifyAsync(region);
        (verified.IsIntact, verified.Seals).ShouldBe((true, Postings.Length));
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        foreach (var (code, postings) in New(7).Departments.Zip(Postings))
        {
            var events = await log.ReadStreamAsync(Streams.Year(code, Year));
            events.Count(e => e.Type == "expenditure-posted").ShouldBe(postings);
            YearState.Fold(events.Select(e => EventCodec.Decode(e.Type, e.SchemaVersion, e.Body))).IsClosed.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_events_and_another_one_others()
    {
        var (first, second, other) = (await EventsAsync(7), await EventsAsync(7), await EventsAsync(8));

        second.ShouldBe(first);
        other.ShouldNotBe(first);

        // All but the closes, whose seals carry hashes over the time of recording.
        async Task<List<(string, string, string)>> EventsAsync(ulong seed)
        {
            await using var log = new PostgresEventLog(server.Application, await FillAsync(seed), SystemClock.Instance);
            return [.. (await log.ReadAllAsync()).Where(e => e.Type != "year-closed").Select(e => (e.Stream, e.Type, System.Text.Encoding.UTF8.GetString(e.Body)))];
        }
    }

    [Fact]
    public async Task A_log_that_has_anything_is_left_alone()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));

        await Should.ThrowAsync<InvalidOperationException>(() => New(7).AppendAsync(log, null, default));

        (await log.ReadAllAsync()).Count.ShouldBe(1);
    }

    private static Simulation New(ulong seed) => new(Year, FormPack.Load("hunan-2024")!, Postings, seed);

    private async Task<RegionCode> FillAsync(ulong seed)
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await New(seed).AppendAsync(log, null, default);
        return region;
    }
}
