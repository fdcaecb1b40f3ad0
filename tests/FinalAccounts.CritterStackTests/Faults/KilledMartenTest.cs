using System.Collections.Concurrent;
using System.Text.Json;
using FinalAccounts.CritterStack;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Shouldly;
using Xunit.Abstractions;

namespace FinalAccounts.CritterStackTests.Faults;

/// <summary>What is killed in the middle of appends to a log on Marten, and in the middle of giving them their positions.</summary>
[Collection(LogServerCollection.Name)]
public sealed class KilledMartenTest(LogServer server, ITestOutputHelper output)
{
    private const int Kills = 12;
    private const int Lanes = 2;
    private const int Writers = 4;
    private const int MostAnswers = 40;

    [Fact]
    public async Task Writer_processes_that_are_killed_lose_nothing_acknowledged_and_store_nothing_by_half_or_twice()
    {
        var seed = Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}");
        var region = await server.NewMartenLogAsync();
        var acknowledged = new ConcurrentBag<Acknowledged>();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            for (var i = 0; i < Kills / Lanes; i++)
            {
                await KillAsync(region, (seed * 100) + (lane * 50) + i, acknowledged);
            }
        }));

        // Whoever reads next gives positions to what has none.
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        var events = await log.ReadAllAsync();
        acknowledged.Count.ShouldBeGreaterThan(Kills, $"seed {seed}");
        foreach (var a in acknowledged)
        {
            events.Skip((int)a.First - 1).Take((int)(a.Last - a.First + 1)).ShouldAllBe(e => e.CommandId == a.CommandId, $"seed {seed}");
            events[(int)a.Last - 1].CommandId.ShouldBe(a.CommandId, $"seed {seed}");
        }

        // Each body says how many events its append has.
        foreach (var append in events.GroupBy(e => e.CommandId))
        {
            append.Count().ShouldBe(JsonDocument.Parse(append.First().Body).RootElement.GetProperty("of").GetInt32(), $"seed {seed}");
        }

        events.ShouldAllBe(e => !e.Stream.StartsWith("rolled-back", StringComparison.Ordinal), $"seed {seed}");
        (await server.Superuser.QueryAsync<long>($"select count(*) from {RegionStore.SchemaOf(region)}.mt_events where type <> 'tombstone'"))
            .ShouldBe(events.Count, $"seed {seed}");
        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty($"seed {seed}");
    }

    private async Task KillAsync(RegionCode region, int seed, ConcurrentBag<Acknowledged> acknowledged)
    {
        using var writer = new WriterProcess(
            typeof(KilledMartenTest).Assembly.GetName().Name + ".dll", server.ApplicationConnectionString, [region, seed, Writers, int.MaxValue]);
        for (var answers = new Random(seed).Next(1, MostAnswers); answers > 0 && await writer.ReadAsync() is { } answer; answers--)
        {
            acknowledged.Add(answer);
        }

        writer.Kill();
        foreach (var answer in await writer.ReadToEndAsync())
        {
            acknowledged.Add(answer);
        }
    }
}
