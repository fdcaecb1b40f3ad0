using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Files;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.CritterStackTests;

/// <summary>A region's whole log goes from one engine to the other and back.</summary>
[Collection(LogServerCollection.Name)]
public sealed class MartenTransferTest(LogServer server) : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_log_comes_through_both_engines_unchanged()
    {
        var region = await server.NewMartenLogAsync();
        await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, CancellationToken.None);
        await using var ours = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await FillAsync(ours);

        var contents = await LogExport.WriteAsync(ours, region, [], directory["ours.jsonl"], null, default);
        await LogImport.CheckAsync(directory["ours.jsonl"], null, default);
        await using var marten = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await using (var history = new MartenLogHistory(server.Owner, region))
        {
            var imported = await new LogImport(marten, history) { EventsPerPiece = 700 }.RunAsync(directory["ours.jsonl"], null, default);
            imported.Last.ShouldBe(contents.Runs[^1].Last);

            // What is there already is left.
            (await new LogImport(marten, history).RunAsync(directory["ours.jsonl"], null, default)).NewEvents.ShouldBe(0);
        }

        await LogExport.WriteAsync(marten, region, [], directory["marten.jsonl"], null, default);
        (await File.ReadAllBytesAsync(directory["marten.jsonl"])).ShouldBe(await File.ReadAllBytesAsync(directory["ours.jsonl"]));
        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();

        // And it goes on there as it would have gone on here, and comes back.
        await marten.AppendAsync(Request("a", 4));
        await LogExport.WriteAsync(marten, region, [], directory["longer.jsonl"], null, default);
        (await new LogImport(ours, new PostgresLogHistory(server.Owner, region)).RunAsync(directory["longer.jsonl"], null, default)).NewEvents.ShouldBe(1);
        (await ours.ReadHeadAsync(default)).ShouldBe(await marten.ReadHeadAsync(default));
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_that_can_not_stand_where_it_is_to_stand_leaves_nothing()
    {
        var region = await server.NewMartenLogAsync();
        await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, CancellationToken.None);
        await using var ours = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await ours.AppendAsync(Request("a", 0, Event("1"), Event("2")));
        await ours.AppendAsync(Request("b", 0));
        var good = await ours.ReadAllAsync();
        await using var history = new MartenLogHistory(server.Owner, region);
        await using var marten = new MartenEventLog(server.Application, region, SystemClock.Instance);
        var between = Rechained(good[2], 2, good[0].Hash);
        (StoredEvent[] Events, LogFileProblem Problem, long Position)[] bad =
        [
            ([good[1]], LogFileProblem.PositionMissing, 2),
            ([good[0], good[1] with { Body = "3"u8.ToArray() }], LogFileProblem.HashMismatch, 2),
            ([good[0], good[1] with { Version = 3 }], LogFileProblem.VersionMismatch, 2),
            ([good[0], good[1] with { RecordedAt = good[0].RecordedAt - Duration.FromSeconds(1) }], LogFileProblem.TimeRunsBack, 2),
            ([good[0], between, Rechained(good[1] with { RecordedAt = between.RecordedAt }, 3, between.Hash)], LogFileProblem.CommandRepeated, 3),
        ];
        foreach (var (events, problem, position) in bad)
        {
            var refused = await Should.ThrowAsync<LogHistoryException>(() => history.AppendAsync(Of(events), default));
            (refused.Problem, refused.Position).ShouldBe((problem, position));
            (await marten.ReadHeadAsync(default)).Position.ShouldBe(0);
        }

        await history.AppendAsync(Of([good[0], good[1]]), default);
        var known = Rechained(good[2] with { CommandId = good[0].CommandId }, 3, good[1].Hash);
        var again = await Should.ThrowAsync<LogHistoryException>(() => history.AppendAsync(Of([known]), default));
        (again.Problem, again.Position).ShouldBe((LogFileProblem.CommandRepeated, 3L));
        await history.AppendAsync(Of([good[2]]), default);
        (await marten.ReadHeadAsync(default)).ShouldBe(await ours.ReadHeadAsync(default));

        // The application's role has no way in.
        await using var uninvited = new MartenLogHistory(server.Application, region);
        await Should.ThrowAsync<LogUnavailableException>(() => uninvited.AppendAsync(Of([good[2]]), default));

        static StoredEvent Rechained(StoredEvent e, long position, byte[] before)
        {
            var moved = e with { Position = position };
            return moved with { Hash = EventHash.Of(before, moved) };
        }
    }

    private static async Task FillAsync(IEventLog log)
    {
        await log.AppendAsync(new(Guid.NewGuid(), "张三", [new("b", 0, [Event("1"), Event("2")]), new("a", 0, [Event(" [3] ")])]), default);
        await log.AppendBulkAsync(
            Guid.NewGuid(), "李四",
            Pieces(new("a", 1, [Event("4")]), new("year/117005/2024", 0, [.. Enumerable.Repeat(Event(), 2_500)]), new("a", 2, [Event("5", "other")])), default);
        for (var n = 0; n < 5; n++)
        {
            await log.AppendAsync(Request($"c/{n}", 0));
        }

        await log.AppendAsync(Request("a", 3));
    }

    private static async IAsyncEnumerable<StoredEvent> Of(IEnumerable<StoredEvent> events)
    {
        foreach (var e in events)
        {
            await Task.Yield();
            yield return e;
        }
    }
}
