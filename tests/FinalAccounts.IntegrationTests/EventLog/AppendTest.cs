using System.Text;
using FinalAccounts.EventLog;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class AppendTest(LogServer server)
{
    [Fact]
    public async Task What_was_appended_is_read_back_byte_for_byte()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var bodies = new[] { """ {"b" : 1.50, "a":"决算 \u0000 \ud83d\ude00 😀", "a":2} """, "null", "0", "[]", "\"\"", """{"deep":[[[[]]]]}""" };
        var request = new AppendRequest(
            Guid.NewGuid(), "市财政局 王𠮷", [new("year/401001/2024", 0, [.. bodies.Select(b => new NewEvent("income-received", 7, new(2024, 2, 29), Encoding.UTF8.GetBytes(b)))])]);

        (await log.AppendAsync(request)).ShouldBe(new AppendResult(1, bodies.Length, Repeated: false));

        var stored = await log.ReadAllAsync();
        stored.Select(e => Encoding.UTF8.GetString(e.Body)).ShouldBe(bodies);
        stored.Select(e => e.Position).ShouldBe(Enumerable.Range(1, bodies.Length).Select(n => (long)n));
        stored.ShouldAllBe(e => e.Stream == "year/401001/2024" && e.Version == e.Position && e.Type == "income-received" && e.SchemaVersion == 7
            && e.AccountingDate == new LocalDate(2024, 2, 29) && e.CommandId == request.CommandId && e.Actor == "市财政局 王𠮷");
        (await log.ReadStreamAsync("year/401001/2024")).Select(e => e.Hash).ShouldBe(stored.Select(e => e.Hash));
    }

    [Fact]
    public async Task A_conflict_changes_nothing_and_names_the_version_found()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0, Event(), Event()));

        foreach (var expected in new[] { 0L, 1, 3, long.MaxValue - 1 })
        {
            var conflict = await Should.ThrowAsync<VersionConflictException>(() => log.AppendAsync(Request("a", expected)));
            (conflict.Stream, conflict.Expected, conflict.Found).ShouldBe(("a", expected, 2L));
        }

        (await Should.ThrowAsync<VersionConflictException>(() => log.AppendAsync(Request("new", 5)))).Found.ShouldBe(0);
        (await log.ReadHeadAsync(default)).Position.ShouldBe(2);
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_command_sent_again_appends_nothing_and_gets_the_first_answer()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var request = Request("a", 0, Event(), Event());
        await log.AppendAsync(Request("b", 0));
        var first = await log.AppendAsync(request);
        await log.AppendAsync(Request("a", 2));

        (await log.AppendAsync(request)).ShouldBe(first with { Repeated = true });

        // Another process, and expectations that are of no matter any more.
        await using var other = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        (await other.AppendAsync(request with { Streams = [request.Streams[0] with { ExpectedVersion = 3 }] })).ShouldBe(first with { Repeated = true });
        (await log.ReadHeadAsync(default)).Position.ShouldBe(4);
    }

    [Fact]
    public async Task The_answer_to_a_command_is_found_by_its_id()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var request = Request("a", 0, Event(), Event());
        await log.AppendAsync(Request("b", 0));
        (await log.FindCommandAsync(request.CommandId, default)).ShouldBeNull();

        await log.AppendAsync(request);

        (await log.FindCommandAsync(request.CommandId, default)).ShouldBe(new AppendResult(2, 3, Repeated: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_id_with_other_events_is_refused(bool isTimeOrdered)
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var request = Request("a", 0, Event("1"), Event("2")) with { CommandId = isTimeOrdered ? Guid.CreateVersion7() : Guid.NewGuid() };
        await log.AppendAsync(request);
        var stream = request.Streams[0];
        AppendRequest[] others =
        [
            request with { Actor = "李四" },
            request with { Streams = [stream with { Stream = "b" }] },
            request with { Streams = [stream with { Stream = "year/401001/2024" }] },
            request with { Streams = [stream with { Events = [Event("1")] }] },
            request with { Streams = [stream with { Events = [Event("2"), Event("1")] }] },
            request with { Streams = [stream with { Events = [Event("1"), Event("2") with { SchemaVersion = 2 }] }] },
            request with { Streams = [stream with { Events = [Event("1"), Event("2", "other")] }] },
            request with { Streams = [stream with { Events = [Event("1"), Event("2") with { AccountingDate = Date.PlusDays(1) }] }] },
        ];

        foreach (var other in others)
        {
            (await Should.ThrowAsync<CommandIdReusedException>(() => log.AppendAsync(other))).CommandId.ShouldBe(request.CommandId);
        }

        (await log.ReadHeadAsync(default)).Position.ShouldBe(2);
    }

    [Fact]
    public async Task Streams_of_one_append_move_together_or_not_at_all()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("b", 0));
        var request = new AppendRequest(Guid.NewGuid(), "a", [new("a", 0, [Event("1"), Event("2")]), new("b", 0, [Event("3")])]);

        (await Should.ThrowAsync<VersionConflictException>(() => log.AppendAsync(request))).Stream.ShouldBe("b");
        (await log.ReadStreamAsync("a")).ShouldBeEmpty();

        // Refused commands may come again.
        await log.AppendAsync(request with { Streams = [request.Streams[0], request.Streams[1] with { ExpectedVersion = 1 }] });
        (await log.ReadAllAsync(1)).Select(e => (e.Stream, e.Version)).ShouldBe([("a", 1L), ("a", 2), ("b", 2)]);
        (await log.ListStreamsAsync("", default)).ShouldBe([new("a", 2), new("b", 2)]);
    }

    [Fact]
    public async Task Each_append_of_a_group_is_decided_by_itself()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var known = Request("known", 0);
        await log.AppendAsync(known);

        var holder = await server.HoldHeadAsync(region);
        var waiting = log.AppendAsync(Request("first", 0));
        var twice = Request("twice", 0);
        var good = Enumerable.Range(0, 20).Select(i => log.AppendAsync(Request($"good/{i}", 0))).ToList();
        var chain = Enumerable.Range(0, 5).Select(i => log.AppendAsync(Request("chain", i))).ToList();
        var conflicting = new[] { log.AppendAsync(Request("known", 0)), log.AppendAsync(Request("chain", 3)), log.AppendAsync(Request("good/1", 9)) };
        var repeated = log.AppendAsync(known);
        var reused = log.AppendAsync(known with { Actor = "李四" });
        var (original, copy) = (log.AppendAsync(twice), log.AppendAsync(twice));
        var reusedInGroup = log.AppendAsync(twice with { Actor = "李四" });
        await holder.ReleaseAsync();

        (await waiting).FirstPosition.ShouldBe(2);
        foreach (var append in good.Concat(chain))
        {
            (await append).Repeated.ShouldBeFalse();
        }

        var found = new List<long>();
        foreach (var append in conflicting)
        {
            found.Add((await Should.ThrowAsync<VersionConflictException>(() => append)).Found);
        }

        found.ShouldBe([1, 5, 1]);
        (await repeated).ShouldBe(new AppendResult(1, 1, Repeated: true));
        await Should.ThrowAsync<CommandIdReusedException>(() => reused);
        (await original).Repeated.ShouldBeFalse();
        (await copy).ShouldBe(await original with { Repeated = true });
        await Should.ThrowAsync<CommandIdReusedException>(() => reusedInGroup);
        (await log.ReadAllAsync()).Count.ShouldBe(28);
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_many_that_expect_the_same_version_one_wins()
    {
        var region = await server.NewLogAsync();
        await using var one = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await using var two = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        for (var version = 0; version < 20; version++)
        {
            var attempts = Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? one : two).AppendAsync(Request("contended", version))).ToList();
            var won = 0;
            foreach (var attempt in attempts)
            {
                try
                {
                    await attempt;
                    won++;
                }
                catch (VersionConflictException conflict)
                {
                    conflict.Found.ShouldBe(version + 1);
                }
            }

            won.ShouldBe(1);
        }

        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task The_recorded_time_never_runs_back_and_has_whole_microseconds()
    {
        var region = await server.NewLogAsync();
        var noon = Instant.FromUtc(2024, 12, 31, 12, 0);
        var clock = new SetClock(noon.PlusTicks(7));
        await using var log = new PostgresEventLog(server.Application, region, clock);
        await log.AppendAsync(Request("a", 0));
        clock.Now = noon - Duration.FromHours(1);
        await log.AppendAsync(Request("a", 1));
        clock.Now = noon.PlusTicks(19);
        await log.AppendAsync(Request("a", 2));

        (await log.ReadAllAsync()).Select(e => e.RecordedAt).ShouldBe([noon, noon, noon.PlusTicks(10)]);
        await using var later = new PostgresEventLog(server.Application, region, new SetClock(noon));
        await later.AppendAsync(Request("a", 3));
        (await log.ReadAllAsync(3))[0].RecordedAt.ShouldBe(noon.PlusTicks(10));
    }

    [Fact]
    public async Task What_is_beyond_a_limit_is_refused_before_anything_is_sent()
    {
        var region = server.NewRegion();

        // The region has no log: anything sent would fail in another way.
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var good = Request("a", 0);
        AppendRequest Body(byte[] body) => Request("a", 0, new NewEvent("t", 1, Date, body));
        AppendRequest Text(string body) => Body(Encoding.UTF8.GetBytes(body));
        AppendRequest Stream(string stream) => Request(stream, 0);
        AppendRequest[] bad =
        [
            good with { CommandId = Guid.Empty },
            good with { Actor = "" },
            good with { Actor = null! },
            good with { Actor = new('张', LogLimits.ActorLength + 1) },
            good with { Actor = "a\0b" },
            good with { Actor = "a\nb" },
            good with { Actor = "\ud800" },
            good with { Actor = "a\udc00b" },
            good with { Streams = [] },
            good with { Streams = null! },
            good with { Streams = [null!] },
            good with { Streams = [good.Streams[0], good.Streams[0]] },
            good with { Streams = [good.Streams[0] with { Events = [] }] },
            good with { Streams = [good.Streams[0] with { Events = null! }] },
            good with { Streams = [good.Streams[0] with { Events = [null!] }] },
            good with { Streams = [good.Streams[0] with { ExpectedVersion = -1 }] },
            good with { Streams = [good.Streams[0] with { ExpectedVersion = long.MaxValue }] },
            good with { Streams = [good.Streams[0] with { Events = new NewEvent[LogLimits.EventsPerAppend + 1] }] },
            Stream(""), Stream(null!), Stream("a b"), Stream("a'b"), Stream("决算"), Stream("a\0"), Stream(new('a', LogLimits.StreamNameLength + 1)),
            Request("a", 0, Event(type: "")), Request("a", 0, Event(type: "A")), Request("a", 0, Event(type: new('a', LogLimits.TypeLength + 1))),
            Request("a", 0, Event() with { SchemaVersion = 0 }),
            Request("a", 0, Event() with { AccountingDate = new(0, 1, 1) }),
            Request("a", 0, Event() with { AccountingDate = new(2024, 1, 1, CalendarSystem.Julian) }),
            Body(null!), Body([]), Body([0xEF, 0xBB, 0xBF, (byte)'1']), Body([(byte)'"', 0xFF, (byte)'"']), Body([(byte)'"', 0xED, 0xA0, 0x80, (byte)'"']), Body([(byte)'1', 0]),
            Text(""), Text("{"), Text("{}{}"), Text("{'a':1}"), Text("[1,]"), Text("NaN"), Text("\"a\nb\""), Text("01"),
            Text(new string('[', LogLimits.BodyDepth + 1) + new string(']', LogLimits.BodyDepth + 1)),
            Text("\"" + new string('a', LogLimits.BodyBytes) + "\""),
            good with { Streams = [good.Streams[0] with { Events = [.. Enumerable.Repeat(Event("\"" + new string('a', LogLimits.BodyBytes - 2) + "\""), 65)] }] },
        ];

        for (var i = 0; i < bad.Length; i++)
        {
            await Should.ThrowAsync<ArgumentException>(() => log.AppendAsync(bad[i]), $"request {i}");
        }

        // And the good one gets as far as the database.
        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendAsync(good));
    }

    [Fact]
    public async Task What_is_just_within_the_limits_is_stored()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var largest = "\"" + new string('a', LogLimits.BodyBytes - 2) + "\"";
        var deepest = new string('[', LogLimits.BodyDepth) + new string(']', LogLimits.BodyDepth);
        await log.AppendAsync(
            new(Guid.NewGuid(), new('张', LogLimits.ActorLength), [new(new('a', LogLimits.StreamNameLength), 0, [.. Enumerable.Repeat(Event(largest), 20), Event(deepest)])]));
        await log.AppendAsync(Request("many", 0, [.. Enumerable.Repeat(Event("0"), LogLimits.EventsPerAppend)]));

        var result = await server.VerifyAsync(region);
        result.IsIntact.ShouldBeTrue();
        result.Events.ShouldBe(21 + LogLimits.EventsPerAppend);
    }

    [Fact]
    public async Task More_callers_than_the_queue_holds_wait_and_are_all_served()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var callers = (2 * LogLimits.QueuedAppends) + 10;
        var holder = await server.HoldHeadAsync(region);
        var appends = Enumerable.Range(0, callers).Select(i => log.AppendAsync(Request($"caller/{i}", 0))).ToList();
        appends.ShouldAllBe(a => !a.IsCompleted);
        await holder.ReleaseAsync();
        var results = await Task.WhenAll(appends);

        results.Select(r => r.FirstPosition).Order().ShouldBe(Enumerable.Range(1, callers).Select(n => (long)n));
    }

    [Fact]
    public async Task An_append_given_up_in_the_queue_is_not_stored()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));
        using var cancellation = new CancellationTokenSource();
        var holder = await server.HoldHeadAsync(region);
        var underWay = log.AppendAsync(Request("a", 1));
        while (await server.Superuser.QueryAsync<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") == 0)
        {
            await Task.Yield();
        }

        var givenUp = log.AppendAsync(Request("b", 0), cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => givenUp);
        await holder.ReleaseAsync();
        await underWay;
        await log.AppendAsync(Request("a", 2));

        (await log.ReadStreamAsync("b")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_closed_log_answers_what_waits_and_takes_no_more()
    {
        var region = await server.NewLogAsync();
        var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var appends = Enumerable.Range(0, 50).Select(i => log.AppendAsync(Request($"a/{i}", 0))).ToList();
        await log.DisposeAsync();

        appends.ShouldAllBe(a => a.IsCompletedSuccessfully);
        await Should.ThrowAsync<ObjectDisposedException>(() => log.AppendAsync(Request("b", 0)));
    }
}
