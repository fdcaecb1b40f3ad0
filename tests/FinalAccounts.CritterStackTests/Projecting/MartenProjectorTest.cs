using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.Projections;
using FinalAccounts.Ledger;
using NodaTime;
using Shouldly;

namespace FinalAccounts.CritterStackTests.Projecting;

/// <summary>Projectors of logs on Marten.</summary>
[Collection(LogServerCollection.Name)]
public sealed class MartenProjectorTest(LogServer server) : ProjectorContract(server)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private static readonly DepartmentCode Late = new("301002");

    [Fact]
    public async Task What_commits_late_is_taken_too()
    {
        await using var region = await NewAsync();
        using var running = region.Run();
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());

        // It has its numbers, and commits when greater ones are in the tables.
        var late = region.Log.AppendBulkAsync(Guid.NewGuid(), "会计", HeldUp(), default);
        await reached.Task;
        (await region.Reader.WaitForAsync(await region.AppendAsync(3), Long, default)).ShouldBeTrue();
        goOn.SetResult();

        var appended = await late;
        (appended.FirstPosition, appended.LastPosition).ShouldBe((4, 6));
        (await region.Reader.WaitForAsync(6, Long, default)).ShouldBeTrue();
        (await region.Reader.ReadTotalsAsync(Late, TestRegion.Year, default)).Totals.Values.ShouldHaveSingleItem().ShouldBe(3 * TestRegion.Fen);
        await region.ShouldHoldAllAsync();

        async IAsyncEnumerable<StreamAppend> HeldUp()
        {
            yield return new(Streams.Year(Late, TestRegion.Year), 0, [TestRegion.PostingEvent(TestRegion.Year), TestRegion.PostingEvent(TestRegion.Year)]);
            reached.SetResult();
            await goOn.Task;
            yield return new(Streams.Year(Late, TestRegion.Year), 2, [TestRegion.PostingEvent(TestRegion.Year)]);
        }
    }

    [Fact]
    public async Task An_archived_year_is_read_again_by_a_rebuild()
    {
        var last = new FiscalYear(2021);
        await using var region = await NewAsync();
        await region.AppendAsync(5, last);
        await region.AppendAsync(10);
        await region.CloseAsync(last);
        await MartenArchive.ArchiveAsync(Server.Owner, region.Code, last, default);

        await region.NewProjector().CatchUpAsync(default);
        await region.ShouldHoldAllAsync();
        await region.NewProjector().RebuildAsync(default);

        await region.ShouldHoldAllAsync(2);
    }

    [Fact]
    public async Task What_another_process_has_appended_is_in_the_tables_within_a_second()
    {
        await using var region = await NewAsync();
        using var running = region.Run();
        (await region.Reader.WaitForAsync(await region.AppendAsync(1), Long, default)).ShouldBeTrue();
        await using var other = new MartenEventLog(Server.Application, region.Code, SystemClock.Instance);

        var appended = await other.AppendAsync(
            new(Guid.CreateVersion7(), "李四", [new(Streams.Year(Late, TestRegion.Year), 0, [TestRegion.PostingEvent(TestRegion.Year)])]), default);

        (await region.Reader.WaitForAsync(appended.LastPosition, TimeSpan.FromSeconds(1), default)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_projector_of_the_regions_empty_log_on_our_engine_leaves_the_tables_alone()
    {
        await using var region = await NewAsync();
        await using var empty = new PostgresEventLog(Server.Application, region.Code, SystemClock.Instance);
        using var other = new TestRegion.Running(new(region.Ground with { Log = empty }));
        await region.UntilAsync(s => s.Live is not null);
        using (region.Run())
        {
            (await region.Reader.WaitForAsync(await region.AppendAsync(3), Long, default)).ShouldBeTrue();
        }

        // The other one may lead now.
        using var again = region.Run();
        (await region.Reader.WaitForAsync(await region.AppendAsync(3), Long, default)).ShouldBeTrue();

        await region.ShouldHoldAllAsync();
    }

    private protected override WriterProcess StartProjector(RegionCode region) => new(
        typeof(MartenProjectorTest).Assembly.GetName().Name + ".dll", Server.ApplicationConnectionString, ["project", region]);

    private protected override async Task<TestRegion> NewAsync()
    {
        var region = await Server.NewMartenRegionAsync();
        return new(Server, region, new MartenEventLog(Server.Application, region, SystemClock.Instance));
    }
}
