using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using NodaTime;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Projections;

/// <summary>
/// Projectors take each event once, whoever leads and whatever is killed, and say so when they can't go on. What holds on whatever engine
/// the log is.
/// </summary>
public abstract class ProjectorContract(LogServer server)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    protected LogServer Server { get; } = server;

    [Fact]
    public async Task What_is_appended_is_read_once_its_position_is_waited_for()
    {
        await using var region = await NewAsync();
        using var running = region.Run();
        for (var n = 1; n <= 20; n++)
        {
            var position = await region.AppendAsync(1);

            (await region.Reader.WaitForAsync(position, Long, default)).ShouldBeTrue();
            var totals = await region.Reader.ReadTotalsAsync(TestRegion.Department, TestRegion.Year, default);
            totals.Totals.Values.ShouldHaveSingleItem().ShouldBe(n * TestRegion.Fen);
        }

        var status = await region.ReadStatusAsync();
        (status.EventsBehind, status.TimeBehind, status.Live!.State).ShouldBe((0, Duration.Zero, GenerationState.Running));
    }

    [Fact]
    public async Task A_position_that_is_not_reached_in_time_is_not_said_to_be()
    {
        await using var region = await NewAsync();

        (await region.Reader.WaitForAsync(1, TimeSpan.FromMilliseconds(50), default)).ShouldBeFalse();
        (await region.ReadStatusAsync()).Live.ShouldBeNull();
    }

    [Fact]
    public async Task Two_that_both_think_they_lead_take_each_event_once()
    {
        await using var region = await NewAsync();
        var appending = Task.Run(async () =>
        {
            for (var n = 0; n < 60; n++)
            {
                await region.AppendAsync(5);
            }
        });
        await region.BeginAsync();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => FollowAsync(300)));
        await appending;

        await region.ShouldHoldAllAsync();

        async Task FollowAsync(long target)
        {
            for (long position = 0; position < target;)
            {
                await using var connection = await Server.Application.OpenConnectionAsync();
                position = (await new Generations(region.Code).ReadAsync(connection, default)).Single().Position;
                await using var follower = new Follower(region.Log, region.Code, SystemClock.Instance, 1, position);
                try
                {
                    while (position < target)
                    {
                        var head = (await region.Log.ReadHeadAsync(default)).Position;
                        await follower.TakeAsync(connection, Math.Min(head, position + 3), default);
                        position = follower.Position;
                    }
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.SerializationFailure)
                {
                    // The other was quicker.
                }
            }
        }
    }

    [Fact]
    public async Task When_the_leader_is_killed_another_takes_over()
    {
        await using var region = await NewAsync();
        using var leader = StartProjector(region.Code);
        (await region.Reader.WaitForAsync(await region.AppendAsync(3), Long, default)).ShouldBeTrue();
        using var other = region.Run();
        leader.Kill();

        (await region.Reader.WaitForAsync(await region.AppendAsync(3), Long, default)).ShouldBeTrue();

        await region.ShouldHoldAllAsync();
    }

    [Fact]
    public async Task Connections_that_are_cut_lose_nothing_and_repeat_nothing()
    {
        await using var region = await NewAsync();
        await using var connections = Server.NewCuttable();
        using var running = new TestRegion.Running(new(region.GroundOn(connections.Source)));
        for (var cut = 0L; cut < 15;)
        {
            var position = await region.AppendAsync(20);

            // As long as there is work.
            while ((await region.ReadStatusAsync()).Position < position)
            {
                cut += await connections.CutAsync($"query like '%{LogSchema.NameOf(region.Code)}.project(%'");
            }
        }

        await region.ShouldHoldAllAsync();
    }

    [Fact]
    public async Task An_event_that_cant_be_read_stops_the_projection_before_it()
    {
        await using var region = await NewAsync();
        await region.AppendAsync(30);
        await region.AppendRawAsync("no-such-event");
        await region.AppendAsync(30);
        using var running = region.Run();

        var stopped = await region.UntilAsync(s => s.Live?.State == GenerationState.Stopped);

        (stopped.Live!.Position, stopped.Live.ErrorPosition, stopped.EventsBehind).ShouldBe((30, 31, 31));
        stopped.Live.Error!.ShouldContain("no-such-event");
        await region.ShouldHoldAsync(1, 30);
        (await Should.ThrowAsync<ProjectionStoppedException>(() => region.Reader.WaitForAsync(31, Long, default))).Generation.ErrorPosition.ShouldBe(31);
        await Should.ThrowAsync<ProjectionStoppedException>(() => region.NewProjector().CatchUpAsync(default));
    }

    [Fact]
    public async Task What_could_not_be_stored_is_tried_again_by_the_next_process_and_taken_once()
    {
        await using var region = await NewAsync();
        await region.AppendAsync(10);
        await Server.Superuser.ExecuteAsync($"alter table {LogSchema.NameOf(region.Code)}.department_years add constraint seven check (version <= 7)");
        using (region.Run())
        {
            var stopped = await region.UntilAsync(s => s.Live?.State == GenerationState.Stopped);
            (stopped.Live!.Position, stopped.Live.ErrorPosition).ShouldBe((7, 8));
        }

        await Server.Superuser.ExecuteAsync($"alter table {LogSchema.NameOf(region.Code)}.department_years drop constraint seven");
        await region.NewProjector().CatchUpAsync(default);

        await region.ShouldHoldAllAsync();
        (await region.ReadStatusAsync()).Live!.Error.ShouldBeNull();
    }

    [Fact]
    public async Task Rebuilt_while_appends_go_on_it_is_always_read_as_a_whole()
    {
        await using var region = await NewAsync();
        await region.AppendAsync(50);
        using var running = region.Run();
        using var enough = new CancellationTokenSource();
        var appending = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await region.AppendAsync(7);
            }
        });
        var generations = new HashSet<int>();
        var reading = Task.Run(async () =>
        {
            for (long seen = 0; !enough.IsCancellationRequested;)
            {
                var read = await region.Reader.ReadChangesAsync(0, default);
                read.Years.Sum(y => y.Version).ShouldBe(read.Position);
                read.Position.ShouldBeGreaterThanOrEqualTo(seen);
                (seen, _) = (read.Position, generations.Add(read.Generation));
            }
        });

        for (var n = 0; n < 3; n++)
        {
            await region.NewProjector().RebuildAsync(default);
        }

        await enough.CancelAsync();
        await appending;
        await reading;
        (await region.Reader.WaitForAsync((await region.Log.ReadHeadAsync(default)).Position, Long, default)).ShouldBeTrue();
        await region.UntilAsync(s => s.Beside.Count == 0);
        generations.Max().ShouldBe(4);
        await region.ShouldHoldAllAsync(4);
        await region.ShouldHaveNothingButAsync(4);
    }

    [Fact]
    public async Task A_rebuild_killed_again_and_again_comes_to_its_end_and_leaves_nothing_behind()
    {
        await using var region = await NewAsync();
        await region.AppendAsync(2_000);
        var random = new Random(5);
        for (var n = 0; n < 10; n++)
        {
            using var process = StartProjector(region.Code);
            await region.UntilAsync(s => s.Live is not null);
            await region.RequestAsync();
            for (var looks = random.Next(1, 40); looks > 0; looks--)
            {
                (await region.Reader.ReadChangesAsync(0, default)).ShouldSatisfyAllConditions(r => r.Years.Sum(y => y.Version).ShouldBe(r.Position));
            }

            process.Kill();
        }

        using var running = region.Run();
        await region.UntilAsync(s => s.Live is { Number: > 1 } && s.EventsBehind == 0 && s.Beside.Count == 0);
        var last = (await region.ReadStatusAsync()).Live!.Number;
        await region.ShouldHoldAllAsync(last);
        await region.ShouldHaveNothingButAsync(last);
    }

    [Fact]
    public async Task Far_behind_it_is_built_from_the_whole_log()
    {
        await using var region = await NewAsync();
        await region.AppendAsync(200);

        await new Projector(region.Ground with { FarBehind = 100 }).CatchUpAsync(default);

        (await region.ReadStatusAsync()).Live!.Number.ShouldBe(2);
        await region.ShouldHoldAllAsync(2);
    }

    [Fact]
    public async Task A_rebuild_that_is_under_way_gives_way_to_one_that_is_asked_for_anew()
    {
        await using var region = await NewAsync();
        await region.AppendAsync(5);
        await region.NewProjector().CatchUpAsync(default);
        await region.RequestAsync();

        await using (var connection = await Server.Owner.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await Projector.RequestRebuildAsync(connection, region.Code, SystemClock.Instance.GetCurrentInstant(), default);
            await transaction.CommitAsync();
        }

        (await region.ReadStatusAsync()).Beside.Select(g => (g.Number, g.State))
            .ShouldBe([(2, GenerationState.Retired), (3, GenerationState.Building)]);
        await region.NewProjector().CatchUpAsync(default);
        (await region.ReadStatusAsync()).Live!.Number.ShouldBe(3);
        await region.ShouldHoldAllAsync(3);
    }

    /// <summary>A region with an empty log.</summary>
    private protected abstract Task<TestRegion> NewAsync();

    /// <summary>A process that runs a projector.</summary>
    private protected abstract WriterProcess StartProjector(RegionCode region);
}
