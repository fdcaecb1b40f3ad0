using System.Collections.Concurrent;
using System.Text.Json;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Ledger;
using FinalAccounts.PrivatePostgres;
using NodaTime;
using Npgsql;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class CrashTest(LogServer server)
{
    private const int Seed = 9;

    [Fact]
    public async Task A_writer_process_killed_50_times_loses_nothing_acknowledged_and_stores_no_half_append()
    {
        const int Lanes = 2;
        var region = await server.NewLogAsync();
        var acknowledged = new ConcurrentBag<Acknowledged>();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            for (var i = 0; i < 50 / Lanes; i++)
            {
                var seed = (Seed * 1000) + (lane * 100) + i;
                await KillAfterAsync(new Random(seed).Next(1, 60), region, seed, acknowledged);
            }
        }));

        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var events = await log.ReadAllAsync();
        acknowledged.Count.ShouldBeGreaterThan(500);
        ShouldHoldAll(events, acknowledged);

        // Each body says how many events its append has.
        foreach (var append in events.GroupBy(e => e.CommandId))
        {
            append.Count().ShouldBe(JsonDocument.Parse(append.First().Body).RootElement.GetProperty("of").GetInt32(), $"seed {Seed}");
        }

        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty($"seed {Seed}");
    }

    [Fact]
    public async Task A_server_stopped_at_once_10_times_loses_nothing_acknowledged_and_stores_no_half_append()
    {
        using var directory = new TemporaryDirectory();
        var options = new PrivateServerOptions(directory["data"]) { StopOnDispose = true };
        await using var own = await PrivateServer.StartAsync(options, CancellationToken.None);
        await using var dataSource = NpgsqlDataSource.Create(own.ConnectionString);
        var region = server.NewRegion();
        await LogSchema.MigrateAsync(dataSource, region, null, CancellationToken.None);
        await using var log = new PostgresEventLog(dataSource, region, SystemClock.Instance);
        using var enough = new CancellationTokenSource();
        using var answers = new SemaphoreSlim(0);
        var acknowledged = new ConcurrentBag<Acknowledged>();
        var writers = Enumerable.Range(0, 8).Select(w => Task.Run(() => AppendUntilAsync(log, w, acknowledged, answers, enough.Token))).ToList();
        var subscription = ReadUntilLastAsync(log);

        var random = new Random(Seed);
        for (var i = 0; i < 10; i++)
        {
            for (var n = random.Next(20, 200); n > 0; n--)
            {
                await answers.WaitAsync();
            }

            await own.StopAsync(immediate: true);
            await PrivateServer.StartAsync(options, CancellationToken.None);
        }

        await enough.CancelAsync();
        await Task.WhenAll(writers);
        var last = await log.AppendAsync(Request("last", 0));

        // The subscription ran through all ten stops.
        var events = await subscription;
        events.Select(e => e.Position).SequenceEqual(Enumerable.Range(1, (int)last.LastPosition).Select(n => (long)n)).ShouldBeTrue($"seed {Seed}");
        ShouldHoldAll(events, acknowledged);
        foreach (var append in events.Where(e => e.Stream != "last").GroupBy(e => e.CommandId))
        {
            append.Count().ShouldBe(3, $"seed {Seed}");
        }

        (await LogVerifier.VerifyAsync(dataSource, region, [], [], null, CancellationToken.None)).Findings.ShouldBeEmpty($"seed {Seed}");
    }

    [Fact]
    public async Task A_lost_connection_is_made_anew_and_the_append_stored_once()
    {
        var region = await server.NewLogAsync();
        await using var connections = server.NewCuttable();
        await using var log = new PostgresEventLog(connections.Source, region, SystemClock.Instance);
        for (var version = 0; version < 5; version++)
        {
            (await log.AppendAsync(Request("a", version))).ShouldBe(new(version + 1, version + 1, Repeated: false));
            (await connections.CutAsync()).ShouldBeGreaterThan(0);
        }

        // Also while an append waits for the head.
        var holder = await server.Superuser.OpenConnectionAsync();
        await using (var hold = new NpgsqlCommand($"begin; select * from {LogSchema.NameOf(region)}.lock_head()", holder))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var waiting = log.AppendAsync(Request("a", 5));
        while (await connections.CutAsync("wait_event_type = 'Lock'") == 0)
        {
            await Task.Yield();
        }

        await holder.ReleaseAsync();
        (await waiting).ShouldBe(new(6, 6, Repeated: false));
        (await server.VerifyAsync(region)).Events.ShouldBe(6);
    }

    [Fact]
    public async Task Without_a_server_an_append_is_not_answered_but_fails()
    {
        await using var dataSource = NpgsqlDataSource.Create("Host=/nonexistent;Username=nobody");
        await using var log = new PostgresEventLog(dataSource, server.NewRegion(), SystemClock.Instance);

        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendAsync(Request("a", 0)));
        await Should.ThrowAsync<LogUnavailableException>(() => log.ReadAllAsync());
        await Should.ThrowAsync<LogUnavailableException>(() => log.ListStreamsAsync("", default));
    }

    private static void ShouldHoldAll(List<StoredEvent> events, IEnumerable<Acknowledged> acknowledged)
    {
        foreach (var a in acknowledged)
        {
            events.Skip((int)a.First - 1).Take((int)(a.Last - a.First + 1)).ShouldAllBe(e => e.CommandId == a.CommandId);
            events[(int)a.Last - 1].CommandId.ShouldBe(a.CommandId, $"seed {Seed}");
        }
    }

    private async Task KillAfterAsync(int answers, RegionCode region, int seed, ConcurrentBag<Acknowledged> acknowledged)
    {
        using var writer = new WriterProcess(server.ApplicationConnectionString, region, seed, 4, int.MaxValue);
        while (answers-- > 0 && await writer.ReadAsync() is { } answer)
        {
            acknowledged.Add(answer);
        }

        writer.Kill();
        foreach (var answer in await writer.ReadToEndAsync())
        {
            acknowledged.Add(answer);
        }
    }

    /// <summary>Appends three events at a time; sends the same command again as long as it is not known whether it is stored.</summary>
    private static async Task AppendUntilAsync(
        PostgresEventLog log, int writer, ConcurrentBag<Acknowledged> acknowledged, SemaphoreSlim answers, CancellationToken enough)
    {
        for (var version = 0L; !enough.IsCancellationRequested; version += 3)
        {
            var request = Request($"writer/{writer}", version, Event("1"), Event("2"), Event("3"));
            AppendResult? result = null;
            while (result is null)
            {
                try
                {
                    result = await log.AppendAsync(request);
                }
                catch (LogUnavailableException)
                {
                }
            }

            acknowledged.Add(new(request.CommandId, result.FirstPosition, result.LastPosition, result.Repeated));
            answers.Release();
        }
    }

    private static async Task<List<StoredEvent>> ReadUntilLastAsync(PostgresEventLog log)
    {
        var seen = new List<StoredEvent>();
        await foreach (var e in log.SubscribeAsync(0, CancellationToken.None))
        {
            seen.Add(e);
            if (e.Stream == "last")
            {
                break;
            }
        }

        return seen;
    }
}
