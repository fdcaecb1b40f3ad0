using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class YearTest(LogServer server)
{
    [Theory]
    [InlineData("year/401001/2024", 2024)]
    [InlineData("year/401001/2007", 2007)]
    [InlineData("year/401001/2099", 2099)]
    [InlineData("year//2024", 2024)]
    [InlineData("year/401001/2006", 0)]
    [InlineData("year/401001/2100", 0)]
    [InlineData("year/401001/02024", 0)]
    [InlineData("year/401001/202x", 0)]
    [InlineData("year/401001/x/2024", 0)]
    [InlineData("year/2024", 0)]
    [InlineData("years/401001/2024", 0)]
    [InlineData("department/401001", 0)]
    public async Task The_year_of_a_stream_is_the_same_in_the_program_and_in_the_database(string stream, short year)
    {
        LogCatalog.FiscalYearOf(stream).ShouldBe(year);
        (await server.Superuser.QueryAsync<short>($"select {LogSchema.NameOf(await server.NewLogAsync())}.fiscal_year_of('{stream}')")).ShouldBe(year);
    }

    [Fact]
    public async Task A_year_is_opened_once_however_many_processes_use_it_first()
    {
        var region = await server.NewLogAsync();
        var processes = Enumerable.Range(0, 6).Select(_ => new PostgresEventLog(server.Application, region, SystemClock.Instance)).ToList();

        await Task.WhenAll(processes.SelectMany((log, p) => Enumerable.Range(2010, 12).Select(year => log.AppendAsync(Request($"year/40100{p}/{year}", 0)))));

        foreach (var log in processes)
        {
            await log.DisposeAsync();
        }

        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();
        var schema = LogSchema.NameOf(region);
        (await server.Superuser.QueryAsync<long>($"select count(distinct fiscal_year) from {schema}.events")).ShouldBe(12);
        (await server.Superuser.QueryAsync<long>($"select count(*) from pg_inherits where inhparent = '{schema}.events'::regclass")).ShouldBe(13);
    }

    [Fact]
    public async Task An_archived_year_refuses_appends_and_leaves_their_neighbours_alone()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("year/401001/2023", 0));
        await SetStateAsync(region, "archived");

        var holder = await server.HoldHeadAsync(region);
        var refused = Enumerable.Range(0, 3).Select(n => log.AppendAsync(Request("year/401001/2023", 1))).ToList();
        var stored = Enumerable.Range(0, 3).Select(n => log.AppendAsync(Request("year/401001/2024", n))).ToList();
        await holder.ReleaseAsync();

        foreach (var append in refused)
        {
            (await Should.ThrowAsync<YearArchivedException>(() => append)).Year.ShouldBe(2023);
        }

        (await Task.WhenAll(stored)).ShouldAllBe(a => !a.Repeated);
        await Should.ThrowAsync<YearArchivedException>(() => log.AppendBulkAsync(Guid.NewGuid(), "张三", Pieces(new StreamAppend("year/401001/2023", 1, [Event()])), default));
        (await log.ReadHeadAsync(default)).Position.ShouldBe(4);

        // Restored, it takes appends again.
        await SetStateAsync(region, "open");
        (await log.AppendAsync(Request("year/401001/2023", 1))).FirstPosition.ShouldBe(5);
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();
    }

    private Task SetStateAsync(RegionCode region, string state) => server.Superuser.ExecuteAsync(
        $"update {LogSchema.NameOf(region)}.years set state = '{state}' where fiscal_year = 2023; update {LogSchema.NameOf(region)}.head set year_changes = year_changes + 1");
}
