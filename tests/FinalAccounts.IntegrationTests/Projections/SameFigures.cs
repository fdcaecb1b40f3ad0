using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using FinalAccounts.Reporting;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Projections;

/// <summary>The tables hold what the live fold gives, for arbitrary histories, at every position, however the events come in, whatever engine the log is on.</summary>
/// <param name="histories">How many are tried.</param>
public abstract class SameFigures(LogServer server, int histories)
{
    protected LogServer Server { get; } = server;

    [Fact]
    public void At_every_position_event_by_event() => Prop.ForAll(History.Any.ToArbitrary(), async events =>
    {
        var (log, region, history) = await RecordAsync(events);
        await using var connection = await BeginAsync(region);
        await using var follower = new Follower(log, region, SystemClock.Instance, 1, 0);
        for (var position = 1; position <= history.Count; position++)
        {
            await follower.TakeAsync(connection, position, default);
            await ShouldHoldAsync(region, 1, history, position);
        }

        await ((IAsyncDisposable)log).DisposeAsync();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(histories).WithEndSize(40));

    [Fact]
    public void In_batches_of_any_size_by_followers_that_remember_nothing() => Prop.ForAll(
        History.Any.ToArbitrary(), Gen.Choose(1, 20).ListOf(10).ToArbitrary(), async (events, sizes) =>
        {
            var (log, region, history) = await RecordAsync(events);
            await using var connection = await BeginAsync(region);
            for (var (position, batch) = (0, 0); position < history.Count; batch++)
            {
                await using var follower = new Follower(log, region, SystemClock.Instance, 1, position);
                position = Math.Min(history.Count, position + sizes[batch % sizes.Count]);
                await follower.TakeAsync(connection, position, default);
                await ShouldHoldAsync(region, 1, history, position);
            }

            await ((IAsyncDisposable)log).DisposeAsync();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(histories).WithEndSize(80));

    [Fact]
    public void Built_from_the_whole_log_and_gone_on_with() => Prop.ForAll(History.Any.ToArbitrary(), History.Any.ToArbitrary(), async (first, second) =>
    {
        var (log, region, history) = await RecordAsync(first);
        await using var connection = await BeginAsync(region);
        var generations = new Generations(region);
        await generations.RequestAsync(connection, Instant.FromUnixTimeTicks(0), default);
        var position = await new Building(Server.Application, log, region, SystemClock.Instance).FillAsync(2, null, default);
        position.ShouldBe(history.Count);
        await ShouldHoldAsync(region, 2, history, position);

        history = await History.AppendAsync(log, second);
        await using var follower = new Follower(log, region, SystemClock.Instance, 2, position);
        await follower.TakeAsync(connection, history.Count, default);
        await ShouldHoldAsync(region, 2, history, history.Count);
        (await generations.SwitchAsync(connection, 2, Instant.FromUnixTimeTicks(0), default)).ShouldBeTrue();
        await ShouldReadAsync(region, history);
        await ((IAsyncDisposable)log).DisposeAsync();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(histories).WithEndSize(60));

    /// <summary>What the reader gives is the live fold too.</summary>
    private async Task ShouldReadAsync(RegionCode region, List<(string Stream, RecordedEvent Recorded)> history)
    {
        var reader = new ProjectionReader(Server.Application, region);
        var changes = await reader.ReadChangesAsync(0, default);
        changes.Position.ShouldBe(history.Count);
        foreach (var year in changes.Years)
        {
            var own = history.Where(e => e.Stream == Streams.Year(year.Department, year.Year)).Select(e => e.Recorded).ToList();
            var masterData = history.Where(e => e.Stream == Streams.Department(year.Department)).Select(e => e.Recorded);
            year.ToString().ShouldBe(own.Aggregate(YearOverview.Of(year.Department, year.Year), (y, e) => y.With(e, y.Version + 1)).ToString());
            (await reader.ReadTotalsAsync(year.Department, year.Year, default)).Totals.ShouldBe(
                new Dictionary<FactKey, Int128>(YearBooks.From(year.Year, own.Concat(masterData)).Facts.Sums), ignoreOrder: true);
        }
    }

    private async Task ShouldHoldAsync(RegionCode region, int generation, List<(string Stream, RecordedEvent Recorded)> history, long position) =>
        (await History.ReadAsync(Server.Application, region, generation)).ShouldBe(
            History.Expected(history, position), string.Create(CultureInfo.InvariantCulture, $"at position {position}"));

    private async Task<(IEventLog Log, RegionCode Region, List<(string Stream, RecordedEvent Recorded)> History)> RecordAsync(List<HistoryEvent> events)
    {
        var (log, region) = await NewAsync();
        return (log, region, await History.AppendAsync(log, events));
    }

    private async Task<NpgsqlConnection> BeginAsync(RegionCode region)
    {
        var connection = await Server.Application.OpenConnectionAsync();
        await new Generations(region).BeginAsync(connection, Instant.FromUnixTimeTicks(0), default);
        return connection;
    }

    /// <summary>A region with an empty log.</summary>
    protected abstract Task<(IEventLog Log, RegionCode Region)> NewAsync();
}
