using FinalAccounts.EventLog;
using NodaTime;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class ManyWritersTest(LogServer server)
{
    private const int Seed = 71;
    private const int WritersPerProcess = 8;
    private const int EventsPerWriter = 3_200;

    [Fact]
    public async Task No_position_is_left_out_and_no_event_is_skipped_while_two_processes_with_16_writers_append()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        using var done = new CancellationTokenSource();
        var subscribed = new List<StoredEvent>();
        var subscription = SubscribeAsync(log, subscribed, done);
        var polled = PollAsync(LogSchema.NameOf(region), done);

        using var one = new WriterProcess(server.ApplicationConnectionString, region, Seed, WritersPerProcess, EventsPerWriter);
        using var two = new WriterProcess(server.ApplicationConnectionString, region, Seed + 1, WritersPerProcess, EventsPerWriter);
        var answers = await Task.WhenAll(one.ReadToEndAsync(), two.ReadToEndAsync());
        await Task.WhenAll(one.ExitAsync(), two.ExitAsync());
        var head = await log.ReadHeadAsync(default);
        head.Position.ShouldBeGreaterThanOrEqualTo(50_000);

        // One more append, so that whoever has seen it must have seen all before it.
        (await log.AppendAsync(LogTesting.Request("last", 0))).FirstPosition.ShouldBe(head.Position + 1);
        await subscription;
        var everyPosition = Enumerable.Range(1, (int)head.Position + 1).Select(n => (long)n).ToList();
        subscribed.Select(e => e.Position).SequenceEqual(everyPosition).ShouldBeTrue($"seed {Seed}");
        (await polled).SequenceEqual(everyPosition).ShouldBeTrue($"seed {Seed}");

        // The answers tile the log: each position was promised to exactly one command, the one that holds it.
        var stored = answers.SelectMany(a => a).Where(a => !a.Repeated).OrderBy(a => a.First).ToList();
        stored.Select(a => a.First).SequenceEqual(stored.Select(a => a.Last + 1).Prepend(1).SkipLast(1)).ShouldBeTrue($"seed {Seed}");
        stored[^1].Last.ShouldBe(head.Position);
        stored.ShouldAllBe(a => subscribed[(int)a.First - 1].CommandId == a.CommandId && subscribed[(int)a.Last - 1].CommandId == a.CommandId);
        answers.SelectMany(a => a).Count(a => a.Repeated).ShouldBeGreaterThan(0);
        subscribed.ShouldAllBe(e => e.Type == "tested");
        var result = await server.VerifyAsync(region);
        result.Findings.ShouldBeEmpty($"seed {Seed}");
        result.Events.ShouldBe(head.Position + 1);
    }

    private static async Task SubscribeAsync(PostgresEventLog log, List<StoredEvent> seen, CancellationTokenSource done)
    {
        await foreach (var e in log.SubscribeAsync(0, CancellationToken.None))
        {
            seen.Add(e);
            if (e.Stream == "last")
            {
                await done.CancelAsync();
                return;
            }
        }
    }

    /// <summary>What a naive reader sees who always asks for what lies behind the last position that it saw.</summary>
    private async Task<List<long>> PollAsync(string schema, CancellationTokenSource done)
    {
        var seen = new List<long>();
        await using var connection = await server.Application.OpenConnectionAsync();
        await using var select = new NpgsqlCommand($"select position from {schema}.events where position > $1 order by position", connection);
        var after = new NpgsqlParameter<long>();
        select.Parameters.Add(after);
        for (var last = false; !last;)
        {
            last = done.IsCancellationRequested;
            after.TypedValue = seen.Count == 0 ? 0 : seen[^1];
            await using var reader = await select.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                seen.Add(reader.GetInt64(0));
            }
        }

        return seen;
    }
}
