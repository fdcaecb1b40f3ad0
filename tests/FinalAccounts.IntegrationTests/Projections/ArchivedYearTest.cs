using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Projections;
using FinalAccounts.Reporting;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Projections;

/// <summary>The tables keep the figures of a year whose events are away.</summary>
[Collection(LogServerCollection.Name)]
public sealed class ArchivedYearTest(LogServer server)
{
    private static readonly DepartmentCode Department = TestRegion.Department;
    private static readonly FiscalYear Archived = new(2023);
    private static readonly FiscalYear Next = new(2024);

    [Fact]
    public async Task Following_and_rebuilding_keep_an_archived_year()
    {
        using var folder = new TemporaryDirectory();
        await using var region = await TestRegion.NewAsync(server);
        await AppendAsync(region, Streams.Department(Department), 0, Registered(), Profile(5));
        await AppendAsync(region, Streams.Year(Department, Archived), 0, Posting(Archived), Posting(Archived));
        await AppendAsync(region, Streams.Year(Department, Next), 0, Posting(Next), await ClosedAsync(region, Next));
        await AppendAsync(region, Streams.Year(Department, Archived), 2, Posting(Archived), await ClosedAsync(region, Archived));
        var before = await ReadAsync(region, 0);
        using (region.Run())
        {
            await region.UntilAsync(s => s.Live is not null && s.EventsBehind == 0);
        }

        await YearArchive.ArchiveAsync(server.Owner, region.Code, Archived, folder.Root, SystemClock.Instance, null, default);
        await AppendAsync(region, Streams.Year(Department, Next), 2, Posting(Next));
        var all = before.Concat(await ReadAsync(region, before.Count)).ToList();
        using (region.Run())
        {
            await region.UntilAsync(s => s.EventsBehind == 0);
            (await History.ReadAsync(server.Application, region.Code, 1)).ShouldBe(History.Expected(all, all.Count));

            await region.NewProjector().RebuildAsync(default);
            (await region.UntilAsync(s => s.Live!.Number == 2)).EventsBehind.ShouldBe(0);
            (await History.ReadAsync(server.Application, region.Code, 2)).ShouldBe(History.Expected(all, all.Count));

            // A profile is part of each year's figures; those of a year that is away stay as they were.
            await AppendAsync(region, Streams.Department(Department), 2, Profile(7));
            await region.UntilAsync(s => s.EventsBehind == 0);
        }

        (await StaffAsync(region, Archived)).ShouldBe(5);
        (await StaffAsync(region, Next)).ShouldBe(7);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_later_profile_counts_for_an_archived_year_when_that_is_back_and_not_before(bool isRemembered)
    {
        using var folder = new TemporaryDirectory();
        await using var region = await TestRegion.NewAsync(server);
        await AppendAsync(region, Streams.Department(Department), 0, Registered(), Profile(5));
        await AppendAsync(region, Streams.Year(Department, Archived), 0, Posting(Archived), await ClosedAsync(region, Archived));
        await AppendAsync(region, Streams.Year(Department, Next), 0, Posting(Next), await ClosedAsync(region, Next));
        var running = region.Run();
        await region.UntilAsync(s => s.Live is not null && s.EventsBehind == 0);

        // One that goes on remembers the year's events; one that begins anew can't read them.
        await YearArchive.ArchiveAsync(server.Owner, region.Code, Archived, folder.Root, SystemClock.Instance, null, default);
        if (!isRemembered)
        {
            running.Dispose();
            running = region.Run();
        }

        using (running)
        {
            await AppendAsync(region, Streams.Department(Department), 2, Profile(7));
            await region.UntilAsync(s => s.EventsBehind == 0);
            (await StaffAsync(region, Archived)).ShouldBe(5);
            (await StaffAsync(region, Next)).ShouldBe(7);

            await YearArchive.RestoreAsync(
                server.Owner, region.Code, folder[YearArchive.FileNameOf(region.Code, Archived)],
                (connection, cancel) => Projector.RequestRebuildAsync(connection, region.Code, SystemClock.Instance.GetCurrentInstant(), cancel), null, default);
            await region.UntilAsync(s => s.Live!.Number == 2);
            (await StaffAsync(region, Archived)).ShouldBe(7);
            await region.ShouldHoldAllAsync(2);
        }
    }

    private static LedgerEvent Registered() => new DepartmentRegistered(Archived.FirstDay, Department, "某局", "某地区");

    private static LedgerEvent Profile(int staff) => new ProfileRevised(Archived.FirstDay, "本局", ["职责"], new(staff, 0, 0), null, ["办公室"], [], []);

    private static LedgerEvent Posting(FiscalYear year) => new ExpenditurePosted(
        year.FirstDay, "记-1", "办公费",
        [new(new("2080101"), new("30201"), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, new(TestRegion.Fen))]);

    private static async Task<LedgerEvent> ClosedAsync(TestRegion region, FiscalYear year) =>
        new YearClosed(year.LastDay, default, default, await region.Log.ReadHeadAsync(default));

    private static Task AppendAsync(TestRegion region, string stream, long version, params LedgerEvent[] events) => region.Log.AppendAsync(
        new(Guid.CreateVersion7(), "张三", [new(stream, version, [.. events.Select(Encoded)])]), default);

    private static NewEvent Encoded(LedgerEvent e)
    {
        var encoded = EventCodec.Encode(e);
        return new(encoded.Type, encoded.SchemaVersion, e.Date, encoded.Body);
    }

    private static async Task<List<(string Stream, RecordedEvent Recorded)>> ReadAsync(TestRegion region, long after)
    {
        List<(string Stream, RecordedEvent Recorded)> events = [];
        await foreach (var e in region.Log.ReadAllAsync(after, default))
        {
            events.Add((e.Stream, new(e.Position, e.RecordedAt, e.Actor, EventCodec.Decode(e.Type, e.SchemaVersion, e.Body))));
        }

        return events;
    }

    private static async Task<Int128> StaffAsync(TestRegion region, FiscalYear year)
    {
        var totals = (await region.Reader.ReadTotalsAsync(Department, year, default)).Totals;
        return totals.Single(t => t.Key.Measure == Measure.Statistic && t.Key.Name == "编制人数").Value;
    }
}
