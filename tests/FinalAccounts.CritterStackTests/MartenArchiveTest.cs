using FinalAccounts.CritterStack;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.CritterStackTests;

/// <summary>A year on Marten is archived when it could be on our engine, and comes back.</summary>
[Collection(LogServerCollection.Name)]
public sealed class MartenArchiveTest(LogServer server)
{
    private static readonly FiscalYear Year = new(2024);

    [Fact]
    public async Task A_year_that_may_not_be_archived_is_refused_as_on_our_engine_and_nothing_is_changed()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("department/117005", 0));
        await RefusedAsync(region, ArchiveProblem.NoSuchYear);

        await log.AppendAsync(Request("year/117005/2024", 0, Event(), Closed(region)));
        await log.AppendAsync(Request("year/117006/2024", 0, Closed(region), Event(type: "year-reopened")));
        await log.AppendAsync(Request("year/117007/2024", 0));
        (await RefusedAsync(region, ArchiveProblem.NotClosed)).ShouldBe(["117006", "117007"]);

        await log.AppendAsync(Request("year/117006/2024", 2, Closed(region)));
        await log.AppendAsync(Request("year/117007/2024", 1, Closed(region)));
        await log.AppendAsync(Request("year/117006/2025", 0));
        (await RefusedAsync(region, ArchiveProblem.NextYearNotClosed)).ShouldBe(["117006"]);

        await log.AppendAsync(Request("year/117006/2025", 1, Closed(region)));
        (await MartenArchive.ArchiveAsync(server.Owner, region, Year, default)).ShouldBe(3);
        await RefusedAsync(region, ArchiveProblem.AlreadyArchived);
        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_year_comes_back_and_goes_on()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("year/117005/2024", 0, Event(), Closed(region)));
        await Should.ThrowAsync<ArchiveException>(() => MartenArchive.RestoreAsync(server.Owner, region, Year, default));
        await MartenArchive.ArchiveAsync(server.Owner, region, Year, default);
        await Should.ThrowAsync<YearArchivedException>(() => log.AppendAsync(Request("year/117005/2024", 2)));

        (await MartenArchive.RestoreAsync(server.Owner, region, Year, default)).ShouldBe(1);

        (await log.AppendAsync(Request("year/117005/2024", 2, Event(type: "year-reopened")))).FirstPosition.ShouldBe(3);
        (await log.ReadStreamAsync("year/117005/2024")).Count.ShouldBe(3);
        (await server.Superuser.QueryAsync<long>($"select count(*) from {RegionStore.SchemaOf(region)}.mt_events where is_archived")).ShouldBe(0);
        (await server.VerifyMartenAsync(region)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_applications_role_can_neither_archive_nor_restore()
    {
        var region = await server.NewMartenLogAsync();
        await using var log = new MartenEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("year/117005/2024", 0, Closed(region)));
        await Should.ThrowAsync<Exception>(() => MartenArchive.ArchiveAsync(server.Application, region, Year, default));
        await log.AppendAsync(Request("year/117005/2024", 1, Closed(region)));

        await MartenArchive.ArchiveAsync(server.Owner, region, Year, default);
        (await Should.ThrowAsync<LogUnavailableException>(() => MartenArchive.RestoreAsync(server.Application, region, Year, default)))
            .InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private async Task<IReadOnlyList<string>> RefusedAsync(RegionCode region, ArchiveProblem problem)
    {
        var refused = await Should.ThrowAsync<ArchiveException>(() => MartenArchive.ArchiveAsync(server.Owner, region, Year, default));
        refused.Problem.ShouldBe(problem);
        return refused.Arguments;
    }
}
