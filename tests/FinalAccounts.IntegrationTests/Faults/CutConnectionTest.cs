using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>Connections that are cut at exactly one message, which no kill at a random moment meets for certain.</summary>
[Collection(LogServerCollection.Name)]
public sealed class CutConnectionTest(LogServer server)
{
    [Fact]
    public async Task A_bulk_append_cut_off_behind_a_lock_that_it_did_not_get_is_unavailable_and_may_come_again()
    {
        await using var cut = await NewCutLogAsync();
        var commandId = Guid.NewGuid();
        var holder = await server.HoldHeadAsync(cut.Region);
        cut.Proxy.CutAt(CutPoint.BehindLockNotAvailable);

        await Should.ThrowAsync<LogUnavailableException>(() => cut.Log.AppendBulkAsync(commandId, "会计", Pieces(new StreamAppend("a", 0, [Event()])), default));

        cut.Proxy.HasCut.ShouldBeTrue();
        await holder.ReleaseAsync();
        (await cut.Log.AppendBulkAsync(commandId, "会计", Pieces(new StreamAppend("a", 0, [Event()])), default)).ShouldBe(new AppendResult(1, 1, Repeated: false));
        (await server.VerifyAsync(cut.Region)).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(CutPoint.BeforeCommit, false)]
    [InlineData(CutPoint.BehindCommit, false)]
    [InlineData(CutPoint.BeforeCommit, true)]
    [InlineData(CutPoint.BehindCommit, true)]
    public async Task A_bulk_append_whose_commit_was_cut_off_comes_again_and_is_stored_once(CutPoint point, bool outOfReach)
    {
        await using var cut = await NewCutLogAsync();
        var commandId = Guid.NewGuid();
        var isStored = point == CutPoint.BehindCommit;
        cut.Proxy.CutAt(point, close: outOfReach);

        // Where the log can be reached, it is found out at once whether it is stored.
        if (isStored && !outOfReach)
        {
            (await AppendAsync()).ShouldBe(new AppendResult(1, 3, Repeated: false));
        }
        else
        {
            await Should.ThrowAsync<LogUnavailableException>(AppendAsync);
        }

        cut.Proxy.HasCut.ShouldBeTrue();
        if (outOfReach)
        {
            // It is not known as long as nobody gets through.
            await Should.ThrowAsync<LogUnavailableException>(AppendAsync);
            cut.Proxy.IsClosed = false;
        }

        (await cut.Log.ReadHeadAsync(default)).Position.ShouldBe(isStored ? 3 : 0);
        (await AppendAsync()).ShouldBe(new AppendResult(1, 3, Repeated: isStored));
        (await server.VerifyAsync(cut.Region)).ShouldSatisfyAllConditions(v => v.Findings.ShouldBeEmpty(), v => v.Events.ShouldBe(3));

        Task<AppendResult> AppendAsync() => cut.Log.AppendBulkAsync(
            commandId, "会计", Pieces(new("a", 0, [Event(), Event()]), new StreamAppend("b", 0, [Event()])), default);
    }

    [Theory]
    [InlineData(CutPoint.BeforeCommit)]
    [InlineData(CutPoint.BehindCommit)]
    public async Task An_append_whose_commit_was_cut_off_is_stored_once_and_its_caller_notices_nothing(CutPoint point)
    {
        await using var cut = await NewCutLogAsync();
        var request = Request("a", 0, Event(), Event());

        // The first append of a process locks the head, and so has a commit of its own.
        cut.Proxy.CutAt(point);

        (await cut.Log.AppendAsync(request)).ShouldSatisfyAllConditions(r => r.FirstPosition.ShouldBe(1), r => r.LastPosition.ShouldBe(2));
        cut.Proxy.HasCut.ShouldBeTrue();
        (await cut.Log.AppendAsync(request)).ShouldBe(new AppendResult(1, 2, Repeated: true));
        (await server.VerifyAsync(cut.Region)).ShouldSatisfyAllConditions(v => v.Findings.ShouldBeEmpty(), v => v.Events.ShouldBe(2));
    }

    /// <summary>A log of its own.</summary>
    private async Task<CutLog> NewCutLogAsync()
    {
        var region = await server.NewLogAsync();
        return new(server.ApplicationConnectionString, region, dataSource => new PostgresEventLog(dataSource, region, SystemClock.Instance));
    }
}
