using FinalAccounts.EventLog.Archives;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Projections;

/// <summary>Projectors of logs on our own engine, whose archived years are not in the log.</summary>
[Collection(LogServerCollection.Name)]
public sealed class ProjectorTest(LogServer server) : ProjectorContract(server)
{
    private static readonly FiscalYear Last = new(2021);

    [Fact]
    public async Task What_there_is_of_an_archived_year_is_taken_over_by_a_rebuild()
    {
        using var folder = new TemporaryDirectory();
        await using var region = await NewAsync();
        await region.AppendAsync(5, Last);
        await region.AppendAsync(10);
        await region.CloseAsync(Last);
        await region.NewProjector().CatchUpAsync(default);
        await YearArchive.ArchiveAsync(Server.Owner, region.Code, Last, folder.Root, SystemClock.Instance, null, default);
        await region.AppendAsync(10);

        await region.NewProjector().RebuildAsync(default);
        await region.AppendAsync(10);
        await region.NewProjector().CatchUpAsync(default);

        await YearArchive.RestoreAsync(Server.Owner, region.Code, folder[YearArchive.FileNameOf(region.Code, Last)], null, null, default);
        await region.ShouldHoldAllAsync(2);
    }

    [Fact]
    public async Task Events_archived_before_they_were_taken_are_not_passed_over()
    {
        using var folder = new TemporaryDirectory();
        await using var region = await NewAsync();
        await region.AppendAsync(3);
        await region.AppendAsync(5, Last);
        await region.CloseAsync(Last);
        await region.AppendAsync(3);
        await YearArchive.ArchiveAsync(Server.Owner, region.Code, Last, folder.Root, SystemClock.Instance, null, default);

        var stopped = await Should.ThrowAsync<ProjectionStoppedException>(() => region.NewProjector().CatchUpAsync(default));
        (stopped.Generation.Position, stopped.Generation.ErrorPosition).ShouldBe((3, 4));
        await Should.ThrowAsync<ProjectionStoppedException>(() => region.NewProjector().RebuildAsync(default));

        await YearArchive.RestoreAsync(Server.Owner, region.Code, folder[YearArchive.FileNameOf(region.Code, Last)], null, null, default);
        await region.NewProjector().CatchUpAsync(default);
        await region.ShouldHoldAllAsync((await region.ReadStatusAsync()).Live!.Number);
    }

    private protected override Task<TestRegion> NewAsync() => TestRegion.NewAsync(Server);

    private protected override WriterProcess StartProjector(RegionCode region) => new(Server.ApplicationConnectionString, "project", region);
}
