using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Disclosure;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

/// <summary>
/// What a log promises whatever engine it runs on, in terms of <see cref="IEventLog"/>. Each engine has a class of its own that runs it;
/// where an engine can't keep a point, that class says so by overriding a property.
/// </summary>
public abstract class LogContract : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> opened = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var log in opened)
        {
            await log.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_was_appended_is_read_back_byte_for_byte()
    {
        var region = await NewLogAsync();
        var log = Open(region);
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
        var region = await NewLogAsync();
        var log = Open(region);
        await log.AppendAsync(Request("a", 0, Event(), Event()));

        foreach (var expected in new[] { 0L, 1, 3, long.MaxValue - 1 })
        {
            var conflict = await Should.ThrowAsync<VersionConflictException>(() => log.AppendAsync(Request("a", expected)));
            (conflict.Stream, conflict.Expected, conflict.Found).ShouldBe(("a", expected, 2L));
        }

        (await Should.ThrowAsync<VersionConflictException>(() => log.AppendAsync(Request("new", 5)))).Found.ShouldBe(0);
        (await log.ReadHeadAsync(default)).Position.ShouldBe(2);
        await RequireIntactAsync(region);
    }

    [Fact]
    public async Task A_command_sent_again_appends_nothing_and_gets_the_first_answer()
    {
        var region = await NewLogAsync();
        var log = Open(region);
        var request = Request("a", 0, Event(), Event());
        await log.AppendAsync(Request("b", 0));
        var first = await log.AppendAsync(request);
        await log.AppendAsync(Request("a", 2));

        (await log.AppendAsync(request)).ShouldBe(first with { Repeated = true });

        // Another process, and expectations that are of no matter any more.
        var other = Open(region);
        (await other.AppendAsync(request with { Streams = [request.Streams[0] with { ExpectedVersion = 3 }] })).ShouldBe(first with { Repeated = true });
        (await log.ReadHeadAsync(default)).Position.ShouldBe(4);
    }

    [Fact]
    public async Task The_answer_to_a_command_is_found_by_its_id()
    {
        var region = await NewLogAsync();
        var log = Open(region);
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
        var region = await NewLogAsync();
        var log = Open(region);
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
    public async Task Of_a_command_sent_many_times_at_once_one_is_stored()
    {
        var region = await NewLogAsync();
        IEventLog[] logs = [Open(region), Open(region)];
        var request = Request("a", 0, Event("1"), Event("2"));
        var bulk = Guid.NewGuid();

        var single = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => logs[n % 2].AppendAsync(request)));
        var inBulk = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => logs[n % 2].AppendBulkAsync(bulk, "会计", Pieces(new StreamAppend("b", 0, [Event()])), default)));

        single.OrderBy(r => r.Repeated).ShouldBe([new(1, 2, Repeated: false), .. Enumerable.Repeat(new AppendResult(1, 2, Repeated: true), 7)]);
        inBulk.OrderBy(r => r.Repeated).ShouldBe([new(3, 3, Repeated: false), .. Enumerable.Repeat(new AppendResult(3, 3, Repeated: true), 3)]);
        await RequireIntactAsync(region);
    }

    [Fact]
    public async Task Streams_of_one_append_move_together_or_not_at_all()
    {
        var region = await NewLogAsync();
        var log = Open(region);
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
    public async Task Of_many_that_expect_the_same_version_one_wins()
    {
        var region = await NewLogAsync();
        var one = Open(region);
        var two = Open(region);
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

        await RequireIntactAsync(region);
    }

    [Fact]
    public async Task The_recorded_time_never_runs_back_and_has_whole_microseconds()
    {
        var region = await NewLogAsync();
        var noon = Instant.FromUtc(2024, 12, 31, 12, 0);
        var clock = new SetClock(noon.PlusTicks(7));
        var log = Open(region, clock);
        await log.AppendAsync(Request("a", 0));
        clock.Now = noon - Duration.FromHours(1);
        await log.AppendAsync(Request("a", 1));
        clock.Now = noon.PlusTicks(19);
        await log.AppendAsync(Request("a", 2));

        (await log.ReadAllAsync()).Select(e => e.RecordedAt).ShouldBe([noon, noon, noon.PlusTicks(10)]);
        var later = Open(region, new SetClock(noon));
        await later.AppendAsync(Request("a", 3));
        (await log.ReadAllAsync(3))[0].RecordedAt.ShouldBe(noon.PlusTicks(10));
    }

    [Fact]
    public async Task What_is_beyond_a_limit_is_refused_before_anything_is_sent()
    {
        var region = NewRegion();

        // The region has no log: anything sent would fail in another way.
        var log = Open(region);
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
        var region = await NewLogAsync();
        var log = Open(region);
        var largest = "\"" + new string('a', LogLimits.BodyBytes - 2) + "\"";
        var deepest = new string('[', LogLimits.BodyDepth) + new string(']', LogLimits.BodyDepth);
        await log.AppendAsync(
            new(Guid.NewGuid(), new('张', LogLimits.ActorLength), [new(new('a', LogLimits.StreamNameLength), 0, [.. Enumerable.Repeat(Event(largest), 20), Event(deepest)])]));
        await log.AppendAsync(Request("many", 0, [.. Enumerable.Repeat(Event("0"), LogLimits.EventsPerAppend)]));

        (await log.ReadHeadAsync(default)).Position.ShouldBe(21 + LogLimits.EventsPerAppend);
        await RequireIntactAsync(region);
    }

    [Fact]
    public async Task What_was_appended_in_bulk_is_what_single_appends_would_have_stored()
    {
        var region = await NewLogAsync();
        var clock = new SetClock(Instant.FromUtc(2025, 4, 1, 8, 30, 0));
        var log = Open(region, clock);
        await log.AppendAsync(Request("year/401001/2024", 0, Event("1"), Event("2")));
        var commandId = Guid.NewGuid();
        StreamAppend[] pieces =
        [
            new("department/401002", 0, [Event("""{"name":"市财政局 𠮷"}""", "department-registered")]),
            new("year/401001/2024", 2, [Event(), Event("""{"amount":-1}""")]),
            new("year/401002/2019", 0, [Event("[]", "other")]),
            new("year/401002/2024", 0, [.. Enumerable.Range(0, 5_000).Select(n => Event($$"""{"amount":{{n}},"摘要":"办公费"}"""))]),
            new("year/401001/2024", 4, [Event("null")]),
            new("year/401002/2019", 1, [Event(new string(' ', 700_000) + "1")]),
        ];

        (await log.AppendBulkAsync(commandId, "会计", Pieces(pieces), default)).ShouldBe(new AppendResult(3, 5_008, Repeated: false));

        await RequireIntactAsync(region);
        var stored = await log.ReadAllAsync(2);
        stored.Select(e => (e.Stream, e.Type, e.AccountingDate, Encoding.UTF8.GetString(e.Body))).ShouldBe(
            pieces.SelectMany(p => p.Events, (p, e) => (p.Stream, e.Type, e.AccountingDate, Encoding.UTF8.GetString(e.Body))));
        stored.ShouldAllBe(e => e.CommandId == commandId && e.Actor == "会计" && e.RecordedAt == clock.Now && e.SchemaVersion == 1);
        (await log.ReadStreamAsync("year/401001/2024")).Select(e => (e.Version, e.Position)).ShouldBe([(1L, 1L), (2, 2), (3, 4), (4, 5), (5, 5_007)]);

        // What was created is known to who appends next, here and elsewhere.
        (await log.AppendAsync(Request("department/401002", 1))).FirstPosition.ShouldBe(5_009);
        var other = Open(region, clock);
        (await other.AppendAsync(Request("year/401002/2024", 5_000))).FirstPosition.ShouldBe(5_010);
        await RequireIntactAsync(region);
    }

    [Fact]
    public async Task A_command_known_is_answered_without_asking_for_the_pieces()
    {
        var region = await NewLogAsync();
        var log = Open(region);
        var commandId = Guid.NewGuid();
        var first = await log.AppendBulkAsync(commandId, "会计", Pieces(new StreamAppend("a", 0, [Event(), Event()])), default);

        (await log.AppendBulkAsync(commandId, "会计", Failing(new InvalidOperationException()), default)).ShouldBe(first with { Repeated = true });
        (await log.FindCommandAsync(commandId, default)).ShouldBe(first with { Repeated = true });
        (await log.AppendAsync(new(commandId, "会计", [new("a", 2, [Event(), Event()])]))).ShouldBe(first with { Repeated = true });
        (await log.ReadHeadAsync(default)).Position.ShouldBe(2);
    }

    [Fact]
    public async Task A_piece_that_can_not_be_stored_leaves_nothing_of_the_others()
    {
        var region = await NewLogAsync();
        var log = Open(region);
        await log.AppendAsync(Request("year/401001/2024", 0));
        var good = new StreamAppend("year/401001/2024", 1, [.. Enumerable.Repeat(Event(), 3_000)]);

        var conflict = await Should.ThrowAsync<VersionConflictException>(() => BulkAsync(good, good with { ExpectedVersion = 2 }));
        (conflict.Expected, conflict.Found).ShouldBe((2, 3_001));
        (await Should.ThrowAsync<VersionConflictException>(() => BulkAsync(good with { ExpectedVersion = 0 }))).Found.ShouldBe(1);
        (await Should.ThrowAsync<VersionConflictException>(() => BulkAsync(new StreamAppend("new", 1, [Event()])))).Found.ShouldBe(0);
        await Should.ThrowAsync<ArgumentException>(() => BulkAsync(good, new StreamAppend("a", 0, [Event("{")])));
        await Should.ThrowAsync<ArgumentException>(() => BulkAsync(good, new StreamAppend("no name", 0, [Event()])));
        await Should.ThrowAsync<ArgumentException>(() => BulkAsync());
        await Should.ThrowAsync<ArgumentException>(() => log.AppendBulkAsync(Guid.Empty, "会计", Pieces(good), default));
        await Should.ThrowAsync<ArgumentException>(() => log.AppendBulkAsync(Guid.NewGuid(), "", Pieces(good), default));

        // What goes wrong where the pieces are made comes back as it is.
        var own = new IOException("the file");
        (await Should.ThrowAsync<IOException>(() => log.AppendBulkAsync(Guid.NewGuid(), "会计", Failing(own, good), default))).ShouldBeSameAs(own);
        using var given = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => log.AppendBulkAsync(Guid.NewGuid(), "会计", GivenUp(given, good), given.Token));

        (await log.ReadHeadAsync(default)).Position.ShouldBe(1);
        await RequireIntactAsync(region);
        (await log.AppendAsync(Request("year/401001/2024", 1))).FirstPosition.ShouldBe(2);

        Task<AppendResult> BulkAsync(params StreamAppend[] pieces) => log.AppendBulkAsync(Guid.NewGuid(), "会计", Pieces(pieces), default);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(LogLimits.RowsPerPage - 1)]
    [InlineData(LogLimits.RowsPerPage)]
    [InlineData(LogLimits.RowsPerPage + 1)]
    [InlineData((2 * LogLimits.RowsPerPage) + 1)]
    public async Task A_log_is_read_completely_over_the_borders_of_pages(int count)
    {
        var region = await NewLogAsync();
        var log = Open(region);
        if (count > 0)
        {
            await log.AppendAsync(Request("a", 0, [.. Enumerable.Range(1, count).Select(n => Event($"{n}"))]));
        }

        var all = Enumerable.Range(1, count).ToList();
        static int Number(StoredEvent e) => int.Parse(Encoding.UTF8.GetString(e.Body), System.Globalization.CultureInfo.InvariantCulture);
        (await log.ReadAllAsync()).Select(Number).ShouldBe(all);
        (await log.ReadStreamAsync("a")).Select(Number).ShouldBe(all);
        (await log.ReadAllAsync(count / 2)).Select(Number).ShouldBe(all.Skip(count / 2));
        (await log.ReadStreamAsync("a", (count / 2) + 1)).Select(Number).ShouldBe(all.Skip(count / 2));
        (await log.ReadAllAsync(count + 1)).ShouldBeEmpty();
        (await log.ReadStreamAsync("a", count + 1)).ShouldBeEmpty();
        (await log.ReadStreamAsync("unknown'; drop")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_is_handed_over_as_it_is_read()
    {
        var log = Open(await NewLogAsync());
        await log.AppendAsync(Request("year/401001/2024", 0, Event("1"), Event("""{"摘要":"办公费"}""", "other")));
        await log.AppendAsync(Request("year/401002/2024", 0, Event("2")));
        await log.AppendAsync(Request("year/401001/2024", 2, [.. Enumerable.Range(0, LogLimits.RowsPerPage).Select(n => Event($"{n}"))]) with { Actor = "市财政局 𠮷" });
        foreach (var from in new[] { 0, 1, 3, LogLimits.RowsPerPage + 2, LogLimits.RowsPerPage + 3 })
        {
            var seen = new List<(long, string, string, int, Instant, string, string)>();
            (await log.ScanStreamAsync(
                "year/401001/2024",
                from,
                Noting(seen),
                default)).ShouldBe(seen.Count);
            seen.ShouldBe((await log.ReadStreamAsync("year/401001/2024", from)).Select(e =>
                (e.Position, e.Stream, e.Type, e.SchemaVersion, e.RecordedAt, e.Actor, Encoding.UTF8.GetString(e.Body))));
        }

        (await log.ScanStreamAsync("year/401003/2024", 1, (in _) => throw new InvalidOperationException(), default)).ShouldBe(0);
        await Should.ThrowAsync<FormatException>(() => log.ScanStreamAsync("year/401001/2024", 1, (in _) => throw new FormatException(), default));
        (await log.ReadHeadAsync(default)).Position.ShouldBe(LogLimits.RowsPerPage + 3);
    }

    [Fact]
    public async Task A_whole_log_is_shared_among_handlers_each_in_order()
    {
        // More than a range, and the last one not full.
        const int count = LogScan.EventsPerRange + 1_234;
        var log = Open(await NewLogAsync());
        await log.AppendAsync(Request("year/401001/2024", 0, [.. Enumerable.Range(1, count - 2).Select(n => Event($"{n}"))]));
        await log.AppendAsync(Request("department/401001", 0, Event("""{"摘要":"办公费"}""", "other") with { SchemaVersion = 3 }, Event()) with { Actor = "市财政局 𠮷" });
        var head = await log.ReadHeadAsync(default);
        await log.AppendAsync(Request("later", 0));
        var seen = new List<(long, string, string, int, Instant, string, string)>[3];
        var scanned = new Told();

        await log.ScanAllAsync(head, [.. seen.Select((_, i) => Noting(seen[i] = []))], scanned, default);

        seen.SelectMany(s => s).OrderBy(e => e.Item1).ShouldBe((await log.ReadAllAsync()).SkipLast(1).Select(e =>
            (e.Position, e.Stream, e.Type, e.SchemaVersion, e.RecordedAt, e.Actor, Encoding.UTF8.GetString(e.Body))));
        seen.ShouldAllBe(part => part.Select(e => e.Item1).SequenceEqual(part.Select(e => e.Item1).Order()));
        scanned.Sum.ShouldBe(count);
    }

    [Fact]
    public async Task A_log_is_handed_over_piece_by_piece_as_it_is_read()
    {
        var log = Open(await NewLogAsync());
        (await log.ReadPointAsync(default)).Position.ShouldBe(0);
        await log.AppendAsync(Request("year/401001/2024", 0, [.. Enumerable.Range(1, LogLimits.RowsPerPage + 2).Select(n => Event($"{n}"))]));
        await log.AppendAsync(Request("department/401001", 0, Event("{}", "other") with { SchemaVersion = 3 }) with { Actor = "市财政局 𠮷" });
        var all = await log.ReadAllAsync();
        var seen = new List<(long, string, string, int, Instant, string, string)>();

        (await log.ReadPointAsync(default)).ShouldBe(new LogPoint(all[^1].Position, all[^1].RecordedAt));
        foreach (var (after, last) in new[] { (0, 1), (1, 1), (1, 7), (7, all.Count - 1), (all.Count - 1, all.Count) })
        {
            await log.ScanAsync(after, last, Noting(seen), default);
        }

        seen.ShouldBe(all.Select(e => (e.Position, e.Stream, e.Type, e.SchemaVersion, e.RecordedAt, e.Actor, Encoding.UTF8.GetString(e.Body))));
        await Should.ThrowAsync<FormatException>(() => log.ScanAsync(0, 7, (in _) => throw new FormatException(), default));
        (await Should.ThrowAsync<LogDamagedException>(() => log.ScanAsync(7, all.Count + 1, (in _) => { }, default))).Position.ShouldBe(all.Count + 1);

        // What has failed before does no harm.
        seen.Clear();
        await log.ScanAsync(2, 4, Noting(seen), default);
        seen.Select(e => e.Item1).ShouldBe([3, 4]);
    }

    [Fact]
    public async Task Several_may_read_pieces_at_the_same_time()
    {
        var log = Open(await NewLogAsync());
        await log.AppendAsync(Request("a", 0, [.. Enumerable.Repeat(Event(), 500)]));
        var seen = new List<(long, string, string, int, Instant, string, string)>[8];

        await Task.WhenAll(seen.Select((_, i) => Task.Run(() => log.ScanAsync(i * 10, 500, Noting(seen[i] = []), default))));

        seen.Select((s, i) => s.Select(e => e.Item1).SequenceEqual(Enumerable.Range((i * 10) + 1, 500 - (i * 10)).Select(n => (long)n))).ShouldAllBe(same => same);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(true, 4)]
    [InlineData(false, 3)]
    [InlineData(false, 4)]
    public async Task A_piece_names_the_position_that_was_changed_or_removed(bool isChanged, long position)
    {
        var region = await NewLogAsync();
        var log = Open(region);
        await log.AppendAsync(Request("a", 0, Event(), Event(), Event(), Event(), Event()));

        await (isChanged ? ChangeAsync(region, position) : RemoveAsync(region, position));

        (await Should.ThrowAsync<LogDamagedException>(() => log.ScanAsync(2, 5, (in _) => { }, default))).Position.ShouldBe(position);
        await log.ScanAsync(0, 2, (in _) => { }, default);
    }

    [Fact]
    public async Task What_another_process_was_the_first_to_name_is_read()
    {
        var region = await NewLogAsync();
        var (log, other) = (Open(region), Open(region));
        await log.AppendAsync(Request("a", 0));
        await other.AppendAsync(Request("b", 0, Event(type: "first")) with { Actor = "李四" });
        await log.AppendAsync(Request("c", 0, Event(type: "second")) with { Actor = "王五" });
        var seen = new List<(long, string, string, int, Instant, string, string)>();

        (await log.ReadAllAsync()).Select(e => (e.Stream, e.Type, e.Actor)).ShouldBe([("a", "tested", "张三"), ("b", "first", "李四"), ("c", "second", "王五")]);
        await log.ScanAsync(0, 3, Noting(seen), default);
        seen.Select(e => e.Item6).ShouldBe(["张三", "李四", "王五"]);
    }

    [Fact]
    public async Task A_scan_reads_as_far_as_its_seal_and_the_chain_must_lead_there()
    {
        var log = Open(await NewLogAsync());
        var empty = await log.ReadHeadAsync(default);
        await log.ScanAllAsync(empty, [(in _) => throw new InvalidOperationException()], null, default);
        await log.AppendAsync(Request("a", 0, Event(), Event()));
        var earlier = await log.ReadHeadAsync(default);
        await log.AppendAsync(Request("a", 2));
        var head = await log.ReadHeadAsync(default);

        (await PositionsAsync(log, empty)).ShouldBeEmpty();
        (await PositionsAsync(log, earlier)).ShouldBe([1, 2]);
        (await PositionsAsync(log, head)).ShouldBe([1, 2, 3]);

        (await DamagedAsync(log, earlier with { Hash = head.Hash })).ShouldBe(2);
        (await DamagedAsync(log, empty with { Hash = head.Hash })).ShouldBe(0);
        (await DamagedAsync(log, head with { Position = 4 })).ShouldBe(4);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(false, 3)]
    public async Task A_scan_names_the_position_that_was_changed_or_removed(bool isChanged, long position)
    {
        var region = await NewLogAsync();
        var log = Open(region);
        await log.AppendAsync(Request("a", 0, Event(), Event(), Event()));
        var head = await log.ReadHeadAsync(default);

        await (isChanged ? ChangeAsync(region, position) : RemoveAsync(region, position));

        (await DamagedAsync(log, head)).ShouldBe(position);
    }

    [Fact]
    public async Task A_scan_ends_by_its_handler_and_by_who_gives_up()
    {
        var log = Open(await NewLogAsync());

        // More than what an engine has at hand at once.
        await log.AppendAsync(Request("a", 0, [.. Enumerable.Repeat(Event("\"" + new string('a', 20_000) + "\""), 2 * LogLimits.RowsPerPage)]));
        var head = await log.ReadHeadAsync(default);
        using var given = new CancellationTokenSource();

        await Should.ThrowAsync<FormatException>(() => log.ScanAllAsync(head, [(in _) => throw new FormatException(), (in _) => throw new FormatException()], null, default));
        await Should.ThrowAsync<OperationCanceledException>(() => log.ScanAllAsync(head, [(in _) => given.Cancel()], null, given.Token));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => log.ScanAllAsync(head, [], null, default));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            () => log.ScanAllAsync(head, [.. Enumerable.Repeat<ScannedEventHandler>((in _) => { }, LogLimits.ScanHandlers + 1)], null, default));
    }

    [Fact]
    public async Task A_verification_says_what_it_has_looked_at()
    {
        var log = Open(await NewLogAsync());
        var empty = await log.ReadHeadAsync(default);
        var ofNothing = await VerifyAsync(log, empty);
        (ofNothing.IsIntact, ofNothing.Events, ofNothing.Head, ofNothing.Seals).ShouldBe((true, 0, empty, 1));
        await log.AppendAsync(Request("year/401001/2024", 0, [.. Enumerable.Range(0, LogLimits.RowsPerPage).Select(n => Event($"{n}"))]));
        var earlier = await log.ReadHeadAsync(default);
        await log.CloseAsync("year/401001/2024", LogLimits.RowsPerPage);
        var told = new List<long>();

        // One seal in the log, three from outside.
        var verified = await log.VerifyAsync([empty, earlier, earlier with { Hash = earlier.Hash.ToUpperInvariant() }], new Noted(told), default);

        (verified.IsIntact, verified.FirstBadPosition, verified.Events, verified.Seals).ShouldBe((true, null, LogLimits.RowsPerPage + 1, 4));
        verified.Head.ShouldBe(await log.ReadHeadAsync(default));
        told.Take(2).ShouldBe([LogLimits.RowsPerPage, LogLimits.RowsPerPage + 1]);
    }

    [Fact]
    public async Task A_seal_from_outside_that_the_chain_does_not_lead_to_is_found()
    {
        var log = Open(await NewLogAsync());
        await log.AppendAsync(Request("a", 0, Event(), Event()));
        var head = await log.ReadHeadAsync(default);
        var other = new string('0', 64);

        var found = await VerifyAsync(log, new(1, other), new(0, other), head, new(5, other));

        found.Findings.Select(f => (f.Rule, f.Position, f.Arguments[0], f.Arguments[1])).ShouldBe(
            [(LogRule.SealMismatch, 0L, "outside", other), (LogRule.SealMismatch, 1, "outside", other), (LogRule.SealBeyondHead, 3, "outside", "5")]);
        (found.IsIntact, found.FindingsCount, found.Seals, found.FirstBadPosition).ShouldBe((false, 3, 4, 1));
    }

    [Fact]
    public async Task A_seal_in_the_log_that_is_not_the_chains_or_can_not_be_read_is_found()
    {
        var log = Open(await NewLogAsync());
        await log.AppendAsync(Request("a", 0));
        await log.AppendAsync(Request("year/401001/2024", 0, Encoded(new YearClosed(Date, default, default, new(1, new string('0', 64))))));
        await log.AppendAsync(Request("year/401002/2024", 0, Event("{}", "year-closed")));

        (await VerifyAsync(log)).Findings.Select(f => (f.Rule, f.Position, f.Arguments[0])).ShouldBe(
            [(LogRule.SealMismatch, 1L, "2"), (LogRule.SealUnreadable, 3, "year-closed")]);
    }

    [Fact]
    public async Task A_document_that_an_event_names_and_nobody_keeps_is_found()
    {
        var log = Open(await NewLogAsync());
        await log.AppendAsync(Request("a", 0));
        var (head, document) = (await log.ReadHeadAsync(default), new string('1', 64));
        await log.AppendAsync(Request("year/401001/2024", 0, Encoded(new DisclosurePublished(Date, document, head, new("test-2024", document)))));

        var finding = (await VerifyAsync(log)).Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Position, finding.Arguments[0]).ShouldBe((LogRule.DocumentMissing, 2L, document));
    }

    [Fact]
    public async Task Each_event_that_was_changed_or_removed_is_found_and_not_those_behind_it()
    {
        var region = await NewLogAsync();
        var log = Open(region);
        for (var version = 0; version < 5; version++)
        {
            await log.AppendAsync(Request("a", version));
        }

        await ChangeAsync(region, 1);
        await ChangeAsync(region, 3);
        (await VerifyAsync(log)).Findings.Select(f => (f.Rule, f.Position)).ShouldBe([(LogRule.HashMismatch, 1L), (LogRule.HashMismatch, 3)]);

        await RemoveAsync(region, 3);
        var found = await VerifyAsync(log);
        found.Findings.Select(f => (f.Rule, f.Position)).ShouldBe(
            [(LogRule.HashMismatch, 1L), (LogRule.PositionMissing, 3), (LogRule.HashMismatch, 4), (LogRule.StreamVersionMismatch, 4)]);
        (found.Events, found.FirstBadPosition).ShouldBe((4, 1));
    }

    [Fact]
    public async Task An_empty_log_stands_at_the_regions_genesis()
    {
        var region = await NewLogAsync();
        var log = Open(region);

        (await log.ReadHeadAsync(default)).ShouldBe(new(0, Convert.ToHexStringLower(EventHash.Genesis(region))));
        await RequireIntactAsync(region);
    }

    [Fact]
    public async Task Streams_are_listed_by_their_prefix_in_ordinal_order()
    {
        var region = await NewLogAsync();
        var log = Open(region);
        await log.AppendAsync(new(Guid.NewGuid(), "a", [.. new[] { "year/b", "year/B", "year_/a", "yearbook", "other" }.Select(s => new StreamAppend(s, 0, [Event()]))]));

        (await log.ListStreamsAsync("year/", default)).Select(s => s.Stream).ShouldBe(["year/B", "year/b"]);
        (await log.ListStreamsAsync("year_", default)).Select(s => s.Stream).ShouldBe(["year_/a"]);
        (await log.ListStreamsAsync("%", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_subscription_that_waits_ends_when_it_is_cancelled()
    {
        var region = await NewLogAsync();
        var log = Open(region);
        using var cancellation = new CancellationTokenSource();
        await using var subscription = log.SubscribeAsync(0, cancellation.Token).GetAsyncEnumerator();
        var next = subscription.MoveNextAsync();
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next.AsTask());
    }

    /// <summary>A region that has no log.</summary>
    protected abstract RegionCode NewRegion();

    /// <summary>A new region with an empty log.</summary>
    protected abstract Task<RegionCode> NewLogAsync();

    /// <summary>Opens the log once more, as another process would.</summary>
    protected abstract IEventLog OpenLog(RegionCode region, IClock clock);

    /// <summary>Goes through all that is stored, and fails when it is not what was written.</summary>
    protected abstract Task RequireIntactAsync(RegionCode region);

    /// <summary>Changes the body of a stored event, as who may write the tables could.</summary>
    protected abstract Task ChangeAsync(RegionCode region, long position);

    /// <summary>Removes a stored event, as who may write the tables could.</summary>
    protected abstract Task RemoveAsync(RegionCode region, long position);

    private static Task<LogVerification> VerifyAsync(IEventLog log, params Seal[] seals) => log.VerifyAsync(seals, null, default);

    private static ScannedEventHandler Noting(List<(long, string, string, int, Instant, string, string)> seen) => (in e) =>
        seen.Add((e.Position, e.Stream, e.Type, e.SchemaVersion, e.RecordedAt, e.Actor, Encoding.UTF8.GetString(e.Body)));

    private static async Task<List<long>> PositionsAsync(IEventLog log, Seal upTo)
    {
        var seen = new List<long>();
        await log.ScanAllAsync(upTo, [(in e) => seen.Add(e.Position)], null, default);
        return seen;
    }

    private static async Task<long> DamagedAsync(IEventLog log, Seal upTo) =>
        (await Should.ThrowAsync<LogDamagedException>(() => log.ScanAllAsync(upTo, [(in _) => { }, (in _) => { }], null, default))).Position;

    private IEventLog Open(RegionCode region, IClock? clock = null)
    {
        var log = OpenLog(region, clock ?? SystemClock.Instance);
        opened.Add((IAsyncDisposable)log);
        return log;
    }

    private static async IAsyncEnumerable<StreamAppend> Failing(Exception failure, params StreamAppend[] pieces)
    {
        await foreach (var piece in Pieces(pieces))
        {
            yield return piece;
        }

        throw failure;
    }

    private static async IAsyncEnumerable<StreamAppend> GivenUp(CancellationTokenSource given, StreamAppend piece)
    {
        yield return piece;
        await given.CancelAsync();
        yield return piece with { ExpectedVersion = piece.ExpectedVersion + piece.Events.Count };
    }

    private sealed class Noted(List<long> told) : IProgress<long>
    {
        public void Report(long value) => told.Add(value);
    }
}
