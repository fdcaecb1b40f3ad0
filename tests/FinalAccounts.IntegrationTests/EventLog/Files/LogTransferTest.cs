using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.EventLog.Files;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog.Files;

/// <summary>A log goes into a file, and from there into another database.</summary>
[Collection(LogServerCollection.Name)]
public sealed class LogTransferTest(LogServer server) : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("log.jsonl.gz")]
    [InlineData("log.jsonl")]
    public async Task A_log_exported_imported_and_exported_again_is_the_same_file(string name)
    {
        var (region, _) = await NewLogAsync();
        await using var other = await OtherDatabase.NewAsync(server, region);
        await using var from = Open(server.Application, region);
        await using var to = Open(other.Application, region);
        var before = await from.ReadAllAsync();

        var contents = await ExportAsync(from, region, name);
        (await ImportAsync(other, to, region, name)).ShouldBe(new LogImported(before.Count, await from.ReadHeadAsync(default)));

        contents.Events.ShouldBe(before.Count);
        (await to.ReadAllAsync()).Select(Comparable).ShouldBe(before.Select(Comparable));
        (await to.ReadHeadAsync(default)).ShouldBe(await from.ReadHeadAsync(default));
        var verified = await other.VerifyAsync(region);
        verified.Findings.ShouldBeEmpty();
        verified.Events.ShouldBe(before.Count);
        await ExportAsync(to, region, "again-" + name);
        (await ReadAsync("again-" + name)).ShouldBe(await ReadAsync(name));
        await ExportAsync(from, region, "twice-" + name);
        (await ReadAsync("twice-" + name)).ShouldBe(await ReadAsync(name));
    }

    [Fact]
    public async Task Commands_get_their_first_answers_and_appends_go_on()
    {
        var (region, requests) = await NewLogAsync();
        await using var other = await OtherDatabase.NewAsync(server, region);
        await using var from = Open(server.Application, region);
        await using var to = Open(other.Application, region);

        // Has known the log when it was empty.
        (await to.ReadAllAsync()).ShouldBeEmpty();
        await ExportAsync(from, region, "log.jsonl.gz");
        await ImportAsync(other, to, region, "log.jsonl.gz", eventsPerPiece: 3);

        foreach (var request in requests)
        {
            var answer = await from.AppendAsync(request);
            answer.Repeated.ShouldBeTrue();
            (await to.AppendAsync(request)).ShouldBe(answer);
            (await to.FindCommandAsync(request.CommandId, default)).ShouldBe(answer);
        }

        await Should.ThrowAsync<CommandIdReusedException>(() => to.AppendAsync(requests[0] with { Actor = "李四" }));
        await Should.ThrowAsync<VersionConflictException>(() => to.AppendAsync(Request("department/117001", 0)));
        var head = await to.ReadHeadAsync(default);
        (await to.AppendAsync(Request("department/117001", 1, Event(type: "never-seen-before")))).FirstPosition.ShouldBe(head.Position + 1);
        (await to.AppendAsync(Request("year/117077/2031", 0))).FirstPosition.ShouldBe(head.Position + 2);
        (await other.VerifyAsync(region)).Findings.ShouldBeEmpty();

        // The file is a part of what the log has now.
        (await ImportAsync(other, to, region, "log.jsonl.gz")).ShouldBe(new LogImported(0, head));
    }

    [Fact]
    public async Task Broken_off_anywhere_it_goes_on_and_the_log_is_the_same()
    {
        var (region, _) = await NewLogAsync();
        await using var from = Open(server.Application, region);
        var contents = await ExportAsync(from, region, "log.jsonl.gz");
        await using var other = await OtherDatabase.NewAsync(server, region);
        await using var to = Open(other.Application, region);
        var heads = new List<long>();
        for (var taken = 1; (await to.ReadHeadAsync(default)).Position < contents.Events; taken = taken < 10 ? taken + 1 : 3 * taken)
        {
            var breaking = new BreakingOff(new PostgresLogHistory(other.Owner, region), taken);
            try
            {
                await new LogImport(to, breaking) { EventsPerPiece = 4 }.RunAsync(folder["log.jsonl.gz"], null, default);
            }
            catch (BrokenOffException)
            {
            }

            heads.Add((await to.ReadHeadAsync(default)).Position);
            (await other.VerifyAsync(region)).Findings.ShouldBeEmpty($"after {heads[^1]}");
        }

        heads.Distinct().Count().ShouldBeGreaterThan(3);
        await ExportAsync(to, region, "again.jsonl.gz");
        (await ReadAsync("again.jsonl.gz")).ShouldBe(await ReadAsync("log.jsonl.gz"));
    }

    [Fact]
    public async Task A_command_is_never_there_in_part()
    {
        var (region, _) = await NewLogAsync();
        await using var other = await OtherDatabase.NewAsync(server, region);
        await using var from = Open(server.Application, region);
        await using var to = Open(other.Application, region);
        await ExportAsync(from, region, "log.jsonl.gz");
        var pieces = new Pieces(new PostgresLogHistory(other.Owner, region));

        await new LogImport(to, pieces) { EventsPerPiece = 2 }.RunAsync(folder["log.jsonl.gz"], null, default);

        var all = await from.ReadAllAsync();
        pieces.Sizes.Sum().ShouldBe(all.Count);
        pieces.Sizes.ShouldContain(s => s >= 2_500);
        pieces.Ends.ShouldAllBe(p => p == all.Count || all[(int)p].CommandId != all[(int)p - 1].CommandId);
    }

    [Fact]
    public async Task Another_log_is_refused_with_the_first_position_that_differs_and_nothing_is_changed()
    {
        var (region, requests) = await NewLogAsync();
        await using var from = Open(server.Application, region);
        var contents = await ExportAsync(from, region, "log.jsonl.gz");
        for (var same = 0; same < 3; same++)
        {
            await using var other = await OtherDatabase.NewAsync(server, region);
            await using var to = Open(other.Application, region);
            await ExportAsync(from, region, "part.jsonl", upToCommands: same);
            await ImportAsync(other, to, region, "part.jsonl");
            var differs = (await to.ReadHeadAsync(default)).Position + 1;
            await to.AppendAsync(Request("elsewhere", 0));
            var few = await to.ReadHeadAsync(default);
            await RefusedAsync(few);

            // Also when it has more events than the file.
            await to.AppendAsync(Request("elsewhere", 1, [.. Enumerable.Repeat(Event(), (int)contents.Events)]));
            await RefusedAsync(await to.ReadHeadAsync(default));

            async Task RefusedAsync(Seal head)
            {
                var refused = await Should.ThrowAsync<LogImportException>(() => ImportAsync(other, to, region, "log.jsonl.gz"));
                (refused.Problem, refused.Position, refused.Line).ShouldBe((LogImportProblem.OtherEvents, differs, differs + 2));
                (await to.ReadHeadAsync(default)).ShouldBe(head);
                (await other.VerifyAsync(region)).Findings.ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public async Task Who_appends_meanwhile_stops_the_import_and_loses_nothing()
    {
        var (region, _) = await NewLogAsync();
        await using var other = await OtherDatabase.NewAsync(server, region);
        await using var from = Open(server.Application, region);
        await using var to = Open(other.Application, region);
        await ExportAsync(from, region, "log.jsonl.gz");
        var pieces = new Pieces(new PostgresLogHistory(other.Owner, region), () => to.AppendAsync(Request("elsewhere", 0)));

        var refused = await Should.ThrowAsync<LogImportException>(() => new LogImport(to, pieces) { EventsPerPiece = 2 }.RunAsync(folder["log.jsonl.gz"], null, default));

        (refused.Problem, refused.Position).ShouldBe((LogImportProblem.ChangedMeanwhile, pieces.Ends[0] + 1));
        (await to.ReadHeadAsync(default)).Position.ShouldBe(pieces.Ends[0] + 1);
        (await other.VerifyAsync(region)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_applications_role_can_not_import()
    {
        var (region, _) = await NewLogAsync();
        await using var other = await OtherDatabase.NewAsync(server, region);
        await using var from = Open(server.Application, region);
        await using var to = Open(other.Application, region);
        await ExportAsync(from, region, "log.jsonl.gz");

        await Should.ThrowAsync<LogUnavailableException>(() =>
            new LogImport(to, new PostgresLogHistory(other.Application, region)).RunAsync(folder["log.jsonl.gz"], null, default));

        (await to.ReadHeadAsync(default)).Position.ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_can_not_stand_behind_the_last_one_leaves_nothing_of_those_before_it()
    {
        var region = server.NewRegion();
        await using var other = await OtherDatabase.NewAsync(server, region);
        await using var to = Open(other.Application, region);
        var history = new PostgresLogHistory(other.Owner, region);
        await history.AppendAsync(Stream(new ForgedLog(region).Add("a").Add("year/117001/2023").Events), default);
        var head = await to.ReadHeadAsync(default);
        var first = (await to.ReadAllAsync()).Select(e => e.CommandId).ToList();
        ForgedLog Forge() => new ForgedLog(region).Add("a", commandId: first[0]).Add("year/117001/2023", commandId: first[1]).Add("b");

        await RefusedAsync(LogFileProblem.VersionMismatch, Forge().Add("b", 3));
        await RefusedAsync(LogFileProblem.VersionMismatch, Forge().Add("a", 1));
        await RefusedAsync(LogFileProblem.VersionMismatch, Forge().Add("a", 3));
        await RefusedAsync(LogFileProblem.TimeRunsBack, Forge().Add("b", 2, recordedAt: ForgedLog.Time - Duration.FromSeconds(1)));
        await RefusedAsync(LogFileProblem.OutsideLimits, Forge().Add("b", 2, body: "{"));
        await RefusedAsync(LogFileProblem.PositionMissing, Forge().Add("b", 2, position: 5));
        await RefusedAsync(LogFileProblem.PositionMissing, Forge().Add("b", 2, position: 3));
        var command = Guid.CreateVersion7();
        await RefusedAsync(LogFileProblem.CommandRepeated, Forge().Add("c", commandId: command).Add("d").Add("e", commandId: command), at: 6);

        // Of a command that is stored: kept under the same year, and under another one.
        await RefusedAsync(LogFileProblem.CommandRepeated, Forge().Add("b", 2, commandId: first[0]));
        await RefusedAsync(LogFileProblem.CommandRepeated, Forge().Add("b", 2, commandId: first[1]));
        var changed = Forge().Add("b", 2).Events.ToArray();
        changed[3] = changed[3] with { Body = "2"u8.ToArray() };
        await RefusedEventsAsync(LogFileProblem.HashMismatch, changed, 4);

        // What goes wrong where the events come from comes back as it is.
        var own = new IOException("the file");
        (await Should.ThrowAsync<IOException>(() => history.AppendAsync(Stream(Forge().Events.Skip(2), own), default))).ShouldBeSameAs(own);
        (await to.ReadHeadAsync(default)).ShouldBe(head);
        await history.AppendAsync(Stream(Forge().Events.Skip(2)), default);
        (await to.ReadHeadAsync(default)).Position.ShouldBe(3);
        (await other.VerifyAsync(region)).Findings.ShouldBeEmpty();

        Task RefusedAsync(LogFileProblem problem, ForgedLog forged, long at = 4) => RefusedEventsAsync(problem, forged.Events, forged.Events.Count < 6 ? forged.Events[3].Position : at);

        async Task RefusedEventsAsync(LogFileProblem problem, IEnumerable<StoredEvent> events, long at)
        {
            var refused = await Should.ThrowAsync<LogHistoryException>(() => history.AppendAsync(Stream(events.Skip(2)), default), problem.ToString());
            (refused.Problem, refused.Position).ShouldBe((problem, at));
            (await to.ReadHeadAsync(default)).ShouldBe(head);
            (await other.VerifyAsync(region)).Findings.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_file_that_is_spoilt_behind_what_was_looked_at_stops_at_the_last_whole_piece()
    {
        var (region, _) = await NewLogAsync();
        await using var other = await OtherDatabase.NewAsync(server, region);
        await using var from = Open(server.Application, region);
        await using var to = Open(other.Application, region);
        await ExportAsync(from, region, "log.jsonl");
        var lines = await File.ReadAllLinesAsync(folder["log.jsonl"]);
        lines[8] = lines[8].Replace("张三", "李四", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["spoilt.jsonl"], string.Concat(lines.Select(l => l + "\n")));

        var refused = await Should.ThrowAsync<LogFileException>(() => ImportAsync(other, to, region, "spoilt.jsonl", eventsPerPiece: 1));

        (refused.Problem, refused.Line, refused.Position).ShouldBe((LogFileProblem.HashMismatch, 9, 7));
        (await to.ReadHeadAsync(default)).Position.ShouldBeLessThan(7);
        (await other.VerifyAsync(region)).Findings.ShouldBeEmpty();
        await ExportAsync(from, region, "log.jsonl");
        await ImportAsync(other, to, region, "log.jsonl");
        (await to.ReadHeadAsync(default)).ShouldBe(await from.ReadHeadAsync(default));
    }

    [Fact]
    public async Task Years_that_are_away_are_taken_from_their_files()
    {
        var (region, _) = await NewLogAsync();
        await using var from = Open(server.Application, region);
        await ExportAsync(from, region, "whole.jsonl.gz");
        var archived = await YearArchive.ArchiveAsync(server.Owner, region, new(2022), folder.Root, SystemClock.Instance, null, default);

        var missing = await Should.ThrowAsync<EventsAwayException>(() => ExportAsync(from, region, "without.jsonl.gz"));
        missing.Position.ShouldBe(2);
        Directory.GetFiles(folder.Root, "without*").ShouldBeEmpty();
        await LogExport.WriteAsync(from, region, [folder["whole.jsonl.gz"], folder[archived.FileName]], folder["with.jsonl.gz"], null, default);
        (await ReadAsync("with.jsonl.gz")).ShouldBe(await ReadAsync("whole.jsonl.gz"));

        // The file of a year that is back is left aside.
        await YearArchive.RestoreAsync(server.Owner, region, folder[archived.FileName], null, null, default);
        await LogExport.WriteAsync(from, region, [folder[archived.FileName]], folder["back.jsonl.gz"], null, default);
        (await ReadAsync("back.jsonl.gz")).ShouldBe(await ReadAsync("whole.jsonl.gz"));
    }

    [Fact]
    public async Task A_log_with_years_away_takes_what_follows_and_nothing_of_the_years()
    {
        var (region, _) = await NewLogAsync();
        await using var from = Open(server.Application, region);
        await ExportAsync(from, region, "log.jsonl.gz");
        await using var other = await OtherDatabase.NewAsync(server, region);
        await using var to = Open(other.Application, region);
        await ImportAsync(other, to, region, "log.jsonl.gz");
        await YearArchive.ArchiveAsync(other.Owner, region, new(2022), folder.Root, SystemClock.Instance, null, default);
        await from.AppendAsync(Request("department/117002", 1));
        await ExportAsync(from, region, "more.jsonl.gz");
        (await ImportAsync(other, to, region, "more.jsonl.gz")).NewEvents.ShouldBe(1);
        (await to.ReadHeadAsync(default)).ShouldBe(await from.ReadHeadAsync(default));

        await from.AppendAsync(Request("year/117009/2022", 0));
        await ExportAsync(from, region, "more.jsonl.gz");
        (await Should.ThrowAsync<YearArchivedException>(() => ImportAsync(other, to, region, "more.jsonl.gz"))).Year.ShouldBe(2022);
        (await other.VerifyAsync(region)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_log_is_not_exported()
    {
        var (region, _) = await NewLogAsync();
        await using var log = Open(server.Application, region);
        await server.Superuser.ExecuteAsync($"update {LogSchema.NameOf(region)}.events set body = '2' where position = 3");

        (await Should.ThrowAsync<LogDamagedException>(() => ExportAsync(log, region, "log.jsonl.gz"))).Position.ShouldBe(3);

        Directory.GetFiles(folder.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task Documents_go_along_in_a_folder()
    {
        var region = await server.NewLogAsync();
        await using var other = await OtherDatabase.NewAsync(server, region);
        var (from, to) = (new DocumentStore(server.Application, region, SystemClock.Instance), new DocumentStore(other.Application, region, SystemClock.Instance));
        var hashes = new[] { await from.StoreAsync([1, 2], "application/json", default), await from.StoreAsync([], "text/plain; charset=utf-8", default) };

        (await DocumentFiles.WriteAsync(from, folder["docs"], default)).ShouldBe(2);
        (await DocumentFiles.StoreAsync(to, folder["docs"], default)).ShouldBe(2);

        (await to.ListAsync(default)).ShouldBe(hashes.Order(StringComparer.Ordinal));
        (await to.ReadAsync(hashes[1], default))!.MediaType.ShouldBe("text/plain; charset=utf-8");
        (await to.ReadAsync(hashes[0], default))!.Content.ShouldBe([1, 2]);
        await DocumentFiles.WriteAsync(to, folder["again"], default);
        foreach (var file in Directory.GetFiles(folder["docs"]).Select(f => Path.GetFileName(f)))
        {
            (await ReadAsync(Path.Combine("again", file))).ShouldBe(await ReadAsync(Path.Combine("docs", file)));
        }

        await File.WriteAllBytesAsync(Path.Combine(folder["docs"], hashes[0]), [1, 3]);
        (await Should.ThrowAsync<DocumentFileException>(() => DocumentFiles.StoreAsync(to, folder["docs"], default))).File.ShouldBe(hashes[0]);
        await File.WriteAllTextAsync(Path.Combine(folder["docs"], DocumentFiles.ListName), """{"sha256":"../../secret","mediaType":"text/plain"}""");
        (await Should.ThrowAsync<DocumentFileException>(() => DocumentFiles.StoreAsync(to, folder["docs"], default))).Line.ShouldBe(1);
    }

    private static object Comparable(StoredEvent e) => (e with { Body = [], Hash = [] }, Encoding.UTF8.GetString(e.Body), Convert.ToHexStringLower(e.Hash));

    private static PostgresEventLog Open(Npgsql.NpgsqlDataSource dataSource, RegionCode region) => new(dataSource, region, SystemClock.Instance);

    private static async IAsyncEnumerable<StoredEvent> Stream(IEnumerable<StoredEvent> events, Exception? end = null)
    {
        await Task.Yield();
        foreach (var e in events)
        {
            yield return e;
        }

        if (end is not null)
        {
            throw end;
        }
    }

    private Task<byte[]> ReadAsync(string name) => File.ReadAllBytesAsync(folder[name]);

    private Task<LogFileContents> ExportAsync(PostgresEventLog log, RegionCode region, string name) =>
        LogExport.WriteAsync(log, region, [], folder[name], null, default);

    /// <summary>Writes the log up to the end of its first so many commands.</summary>
    private async Task ExportAsync(PostgresEventLog log, RegionCode region, string name, int upToCommands)
    {
        var events = await log.ReadAllAsync();
        var commands = events.Select(e => e.CommandId).Distinct().Take(upToCommands).ToHashSet();
        await using var file = File.Create(folder[name]);
        await using var writer = new LogFileWriter(file, new(region, null), LogFileName.IsCompressed(name));
        await writer.BeginRunAsync(new(0, Convert.ToHexStringLower(EventHash.Genesis(region))), default);
        foreach (var e in events.TakeWhile(e => commands.Contains(e.CommandId)))
        {
            await writer.WriteAsync(e, default);
        }

        await writer.EndAsync(default);
    }

    private Task<LogImported> ImportAsync(
        OtherDatabase other, PostgresEventLog log, RegionCode region, string name, int eventsPerPiece = LogLimits.EventsPerImportedPiece) =>
        new LogImport(log, new PostgresLogHistory(other.Owner, region)) { EventsPerPiece = eventsPerPiece }.RunAsync(folder[name], null, default);

    /// <summary>Commands of one and several events and streams, of ids that grow with time and others; a bulk append over years; closed years.</summary>
    private async Task<(RegionCode Region, IReadOnlyList<AppendRequest> Requests)> NewLogAsync()
    {
        var region = await server.NewLogAsync();
        await using var log = Open(server.Application, region);
        List<AppendRequest> requests =
        [
            Request("department/117001", 0, Event("""{"name":"市财政局 𠮷"}""", "department-registered")),
            new(Guid.CreateVersion7(), "张三", [new("year/117001/2022", 0, [Event(), Event("[1,\n 2]")]), new("department/117002", 0, [Event()])]),
            Request("year/117001/2022", 2),
            new(Guid.CreateVersion7(), "\"李\\四\"", [new("year/117001/2023", 0, [Event()])]),
        ];
        foreach (var request in requests)
        {
            await log.AppendAsync(request);
        }

        await CloseAsync("year/117001/2022", 3);
        await CloseAsync("year/117001/2023", 1);
        await log.AppendBulkAsync(Guid.NewGuid(), "会计", Pieces(), default);
        requests.Add(new(Guid.NewGuid(), "张三", [new("year/117001/2024", 1_000, [Event(new string(' ', 300_000) + "1")])]));
        await log.AppendAsync(requests[^1]);
        return (region, requests);

        async Task CloseAsync(string stream, long version)
        {
            var closed = new YearClosed(Date, default, default, await log.ReadHeadAsync(default));
            var encoded = EventCodec.Encode(closed);
            requests.Add(Request(stream, version, new NewEvent(encoded.Type, encoded.SchemaVersion, closed.Date, encoded.Body)));
            await log.AppendAsync(requests[^1]);
        }

        static async IAsyncEnumerable<StreamAppend> Pieces()
        {
            await Task.Yield();
            yield return new("year/117001/2024", 0, [.. Enumerable.Range(0, 1_000).Select(n => Event($$"""{"amount":{{n}},"摘要":"办公费"}"""))]);
            yield return new("year/117003/2025", 0, [.. Enumerable.Repeat(Event(), 1_500)]);
        }
    }

    private sealed class BrokenOffException : Exception;

    /// <summary>Lets so many events through, and then breaks off.</summary>
    private sealed class BreakingOff(ILogHistory history, int events) : ILogHistory
    {
        private int left = events;

        public Task AppendAsync(IAsyncEnumerable<StoredEvent> taken, CancellationToken cancellationToken) => history.AppendAsync(Count(taken), cancellationToken);

        private async IAsyncEnumerable<StoredEvent> Count(IAsyncEnumerable<StoredEvent> taken)
        {
            await foreach (var e in taken)
            {
                if (left-- == 0)
                {
                    throw new BrokenOffException();
                }

                yield return e;
            }
        }
    }

    /// <summary>Notes where pieces end; between the first and the second something may happen.</summary>
    private sealed class Pieces(ILogHistory history, Func<Task>? behindFirst = null) : ILogHistory
    {
        public List<int> Sizes { get; } = [];

        public List<long> Ends { get; } = [];

        public async Task AppendAsync(IAsyncEnumerable<StoredEvent> events, CancellationToken cancellationToken)
        {
            if (Sizes.Count == 1 && behindFirst is not null)
            {
                await behindFirst();
            }

            Sizes.Add(0);
            Ends.Add(0);
            await history.AppendAsync(Count(events), cancellationToken);
        }

        private async IAsyncEnumerable<StoredEvent> Count(IAsyncEnumerable<StoredEvent> events)
        {
            await foreach (var e in events)
            {
                Sizes[^1]++;
                Ends[^1] = e.Position;
                yield return e;
            }
        }
    }
}
