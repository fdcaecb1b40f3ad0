using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.Projections;
using FinalAccounts.Projections;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Reporting.Rollups;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Rollups;

/// <summary>What is read is as of one position, and says how far it is behind.</summary>
[Collection(LogServerCollection.Name)]
public sealed class RollupStandingTest(LogServer server)
{
    /// <summary>Nobody waits so long.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Without_tables_there_is_nothing_to_read()
    {
        await using var region = await TestRegion.NewAsync(server);

        await Should.ThrowAsync<RollupsNotBuiltException>(() => Rollups(region).OpenAsync(default));
    }

    [Fact]
    public async Task What_was_recorded_since_is_counted_as_behind_and_is_not_in_the_sums()
    {
        await using var region = await TestRegion.NewAsync(server);
        await region.AppendAsync(3);
        await region.NewProjector().CatchUpAsync(default);
        await region.AppendAsync(2);

        await using var reader = await Rollups(region).OpenAsync(default);

        (reader.Standing.Position, reader.Standing.Head, reader.Standing.Behind, reader.Standing.Error).ShouldBe((3, 5, 2, null));
        (await SpentAsync(reader)).ShouldBe(3 * TestRegion.Fen);
    }

    [Fact]
    public async Task A_reader_stays_where_it_was_opened()
    {
        await using var region = await TestRegion.NewAsync(server);
        await region.AppendAsync(3);
        await region.NewProjector().CatchUpAsync(default);
        await using var reader = await Rollups(region).OpenAsync(default);

        await region.AppendAsync(2);
        await region.NewProjector().CatchUpAsync(default);

        (await SpentAsync(reader)).ShouldBe(3 * TestRegion.Fen);
    }

    [Fact]
    public async Task Who_waits_for_a_position_reads_it()
    {
        await using var region = await TestRegion.NewAsync(server);
        await region.AppendAsync(3);
        using var running = region.Run();
        var position = await region.AppendAsync(4);

        await using var reader = await Rollups(region).OpenAsync(position, TimeSpan.FromSeconds(30), default);

        reader.Standing.Position.ShouldBeGreaterThanOrEqualTo(position);
        (await SpentAsync(reader)).ShouldBe(7 * TestRegion.Fen);
    }

    [Fact]
    public async Task Who_has_waited_long_enough_gets_what_there_is()
    {
        await using var region = await TestRegion.NewAsync(server);
        await region.AppendAsync(3);
        await region.NewProjector().CatchUpAsync(default);

        await using var reader = await Rollups(region).OpenAsync(4, TimeSpan.FromMilliseconds(1), default);

        reader.Standing.Position.ShouldBe(3);
    }

    [Fact]
    public async Task An_event_that_can_not_be_taken_is_said()
    {
        await using var region = await TestRegion.NewAsync(server);
        await region.AppendAsync(3);
        await region.AppendRawAsync("unknown-event");
        using var running = region.Run();
        await region.UntilAsync(s => s.Live is { State: GenerationState.Stopped });

        // Who waits for what will not come is told so, and not kept waiting.
        (await Should.ThrowAsync<ProjectionStoppedException>(() => Rollups(region).OpenAsync(4, Long, default))).Generation.Position.ShouldBe(3);
        await using (var before = await Rollups(region).OpenAsync(3, Long, default))
        {
            before.Standing.Position.ShouldBe(3);
        }

        await using var reader = await Rollups(region).OpenAsync(default);

        reader.Standing.Error.ShouldNotBeNullOrEmpty();
        (reader.Standing.Position, reader.Standing.Behind).ShouldBe((3, 1));
    }

    private RegionRollups Rollups(TestRegion region) => new(server.Application, region.Log, region.Code);

    private static async Task<Int128> SpentAsync(RollupReader reader) =>
        (await reader.TableAsync(TestRegion.Year, RollupAspect.Function, RollupSelection.All, default)).Total.Expenditure;
}
