using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.Faults;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.CritterStackTests.Faults;

/// <summary>Connections to a log on Marten that are cut at exactly one message.</summary>
[Collection(LogServerCollection.Name)]
public sealed class CutMartenTest(LogServer server)
{
    [Theory]
    [InlineData(CutPoint.BeforeCommit)]
    [InlineData(CutPoint.BehindCommit)]
    public async Task An_append_whose_commit_was_cut_off_is_stored_once(CutPoint point)
    {
        await using var cut = await NewCutLogAsync();
        var request = Request("a", 0, Event(), Event());
        cut.Proxy.CutAt(point);

        if (point == CutPoint.BehindCommit)
        {
            (await cut.Log.AppendAsync(request)).ShouldBe(new AppendResult(1, 2, Repeated: false));
        }
        else
        {
            await Should.ThrowAsync<LogUnavailableException>(() => cut.Log.AppendAsync(request));
        }

        cut.Proxy.HasCut.ShouldBeTrue();
        (await cut.Log.AppendAsync(request)).ShouldBe(new AppendResult(1, 2, Repeated: point == CutPoint.BehindCommit));
        (await cut.Log.ReadAllAsync()).Count.ShouldBe(2);
        (await server.VerifyMartenAsync(cut.Region)).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(CutPoint.BeforeCommit)]
    [InlineData(CutPoint.BehindCommit)]
    public async Task A_bulk_append_whose_commit_was_cut_off_is_stored_once(CutPoint point)
    {
        await using var cut = await NewCutLogAsync();
        var commandId = Guid.NewGuid();
        cut.Proxy.CutAt(point);

        if (point == CutPoint.BehindCommit)
        {
            (await AppendAsync()).ShouldBe(new AppendResult(1, 3, Repeated: false));
        }
        else
        {
            await Should.ThrowAsync<LogUnavailableException>(AppendAsync);
        }

        cut.Proxy.HasCut.ShouldBeTrue();
        (await AppendAsync()).ShouldBe(new AppendResult(1, 3, Repeated: point == CutPoint.BehindCommit));
        (await server.VerifyMartenAsync(cut.Region)).Findings.ShouldBeEmpty();

        Task<AppendResult> AppendAsync() =>
            cut.Log.AppendBulkAsync(commandId, "会计", Pieces(new("a", 0, [Event(), Event()]), new StreamAppend("b", 0, [Event()])), default);
    }

    [Theory]
    [InlineData(CutPoint.BeforeCommit)]
    [InlineData(CutPoint.BehindCommit)]
    public async Task Positions_whose_commit_was_cut_off_are_given_once(CutPoint point)
    {
        await using var cut = await NewCutLogAsync();
        await using (var store = RegionStore.ForBodies(server.Application, cut.Region, JasperFx.AutoCreate.None))
        await using (var session = store.LightweightSession())
        {
            // Stored, and no position yet.
            var request = Request("a", 0, Event(), Event());
            MartenEventLog.Add(session, request.CommandId, request.Actor, request.Streams, SystemClock.Instance.GetCurrentInstant());
            await session.SaveChangesAsync();
        }

        cut.Proxy.CutAt(point);
        await Should.ThrowAsync<LogUnavailableException>(() => cut.Log.ReadHeadAsync(default));

        cut.Proxy.HasCut.ShouldBeTrue();
        (await cut.Log.ReadHeadAsync(default)).Position.ShouldBe(2);
        (await cut.Log.ReadAllAsync()).Count.ShouldBe(2);
        (await server.VerifyMartenAsync(cut.Region)).Findings.ShouldBeEmpty();
    }

    /// <summary>A log of its own.</summary>
    private async Task<CutLog> NewCutLogAsync()
    {
        var region = await server.NewMartenLogAsync();
        return new(server.ApplicationConnectionString, region, dataSource => new MartenEventLog(dataSource, region, SystemClock.Instance));
    }
}
