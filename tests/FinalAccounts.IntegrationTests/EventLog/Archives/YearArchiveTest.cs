using System.IO.Compression;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.EventLog.Files;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using NodaTime;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog.Archives;

[Collection(LogServerCollection.Name)]
public sealed class YearArchiveTest(LogServer server) : IDisposable
{
    private static readonly FiscalYear Year = new(2022);
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_archived_year_is_in_the_file_and_not_in_the_log_and_comes_back_as_it_was()
    {
        var region = await NewLogOfYearsAsync();
        await using var log = Open(region);
        var before = await log.ReadAllAsync();

        var archived = await ArchiveAsync(region);
        archived.Events.ShouldBe(before.LongCount(IsOfYear));
        archived.Sha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(PathOf(archived)))));
        (await ReadFileAsync(PathOf(archived))).Select(Comparable).ShouldBe(before.Where(IsOfYear).Select(Comparable));
        (await log.ReadAllAsync()).Select(Comparable).ShouldBe(before.Where(e => !IsOfYear(e)).Select(Comparable));
        (await YearArchive.ListAsync(server.Application, region, default)).Select(a => a.Year).ShouldBe([Year]);

        await YearArchive.RestoreAsync(server.Owner, region, PathOf(archived), null, null, default);
        (await log.ReadAllAsync()).Select(Comparable).ShouldBe(before.Select(Comparable));
        (await log.ReadStreamAsync("year/117001/2022")).Count.ShouldBe(4);
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        (await YearArchive.ListAsync(server.Application, region, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_log_goes_on_while_a_year_is_away()
    {
        var region = await NewLogOfYearsAsync();
        await using var log = Open(region);
        var head = (await log.ReadHeadAsync(default)).Position;
        await ArchiveAsync(region);

        (await log.AppendAsync(Request("year/117001/2024", 1))).FirstPosition.ShouldBe(head + 1);
        (await log.AppendAsync(Request("department/117009", 0))).FirstPosition.ShouldBe(head + 2);

        (await log.ReadAllAsync(head)).Select(e => e.Position).ShouldBe([head + 1, head + 2]);
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        await ScanAsync(region);
    }

    [Fact]
    public async Task Nothing_can_be_read_of_or_added_to_a_year_that_is_away()
    {
        var region = await NewLogOfYearsAsync();
        await using var log = Open(region);
        await using var other = Open(region);
        await other.AppendAsync(Request("year/117001/2024", 1));
        await ArchiveAsync(region);

        foreach (var writer in new[] { log, other })
        {
            (await Should.ThrowAsync<YearArchivedException>(() => writer.ReadStreamAsync("year/117001/2022"))).Year.ShouldBe(Year.Value);
            var neighbour = writer.AppendAsync(Request("department/" + Guid.NewGuid(), 0));
            (await Should.ThrowAsync<YearArchivedException>(() => writer.AppendAsync(Request("year/117001/2022", 4)))).Year.ShouldBe(Year.Value);
            (await Should.ThrowAsync<YearArchivedException>(() => writer.AppendAsync(Request("year/117099/2022", 0)))).Year.ShouldBe(Year.Value);
            await neighbour;
        }
    }

    [Fact]
    public async Task A_command_of_a_year_that_is_away_still_gets_its_first_answer()
    {
        var region = await NewLogOfYearsAsync();
        await using var log = Open(region);
        var request = new AppendRequest(Guid.NewGuid(), "王", [new("year/117001/2021", 0, [Event()])]);
        var first = await log.AppendAsync(request);
        await log.CloseAsync("year/117001/2021", 1);
        await ArchiveAsync(region, new(2021));

        var again = await log.AppendAsync(request);

        again.ShouldBe(first with { Repeated = true });
        (await log.FindCommandAsync(request.CommandId, default)).ShouldBe(first with { Repeated = true });
    }

    [Fact]
    public async Task The_id_of_a_command_of_a_year_that_is_away_can_not_be_used_for_another()
    {
        var region = await NewLogOfYearsAsync();
        await using var log = Open(region);
        var known = (await log.ReadStreamAsync("year/117001/2022"))[0].CommandId;
        await ArchiveAsync(region);

        // Twice: the second time the writer knows where the head is, and leaves it to the database to find the id.
        var other = Request("department/117009", 0) with { CommandId = known };
        await Should.ThrowAsync<CommandIdReusedException>(() => log.AppendAsync(other));
        await log.AppendAsync(Request("department/117010", 0));
        await Should.ThrowAsync<CommandIdReusedException>(() => log.AppendAsync(other));
        (await log.ReadStreamAsync("department/117009")).ShouldBeEmpty();
    }

    [Fact]
    public async Task With_the_file_the_verification_looks_at_every_event()
    {
        var region = await NewLogOfYearsAsync();
        await using var log = Open(region);
        var all = (await log.ReadAllAsync()).Count;
        var archived = await ArchiveAsync(region);

        var without = await server.VerifyAsync(region);
        without.IsIntact.ShouldBeTrue();
        without.Events.ShouldBe(all - archived.Events);
        without.Archived.ShouldBe([Year]);

        var with = await VerifyAsync(region, PathOf(archived));
        with.IsIntact.ShouldBeTrue();
        with.Events.ShouldBe(all);
        with.Archived.ShouldBeEmpty();

        // A clerk may have given it another name.
        File.Copy(PathOf(archived), folder["renamed"]);
        (await VerifyAsync(region, folder["renamed"])).Events.ShouldBe(all);
    }

    [Fact]
    public async Task Another_file_and_a_changed_list_of_what_is_away_are_found()
    {
        var region = await NewLogOfYearsAsync();
        var archived = await ArchiveAsync(region);
        var schema = LogSchema.NameOf(region);

        File.Copy(PathOf(archived), folder["right.jsonl.gz"]);
        await RewriteAsync(PathOf(archived));
        (await VerifyAsync(region, PathOf(archived))).Findings.ShouldContain(f => f.Rule == LogRule.ArchiveMismatch);
        (await Should.ThrowAsync<ArchiveException>(() => YearArchive.RestoreAsync(server.Owner, region, PathOf(archived), null, null, default)))
            .Problem.ShouldBe(ArchiveProblem.OtherFile);

        foreach (var change in new[]
        {
            "set last_hash = sha256(last_hash) where first_position = (select min(first_position) from {0}.archived_runs)",
            "set last_hash = sha256(last_hash) where first_position = (select max(first_position) from {0}.archived_runs)",
            "set last_position = last_position + 1 where first_position = (select min(first_position) from {0}.archived_runs)",
            "set first_position = first_position - 1 where first_position = (select max(first_position) from {0}.archived_runs)",
        })
        {
            await server.Superuser.ExecuteAsync($"create table {schema}.kept as select * from {schema}.archived_runs");
            await server.Superuser.ExecuteAsync($"update {schema}.archived_runs " + string.Format(System.Globalization.CultureInfo.InvariantCulture, change, schema));
            (await server.VerifyAsync(region)).IsIntact.ShouldBeFalse(change);
            (await VerifyAsync(region, folder["right.jsonl.gz"])).Findings.ShouldContain(f => f.Rule == LogRule.ArchiveMismatch, change);
            await server.Superuser.ExecuteAsync(
                $"delete from {schema}.archived_runs; insert into {schema}.archived_runs select * from {schema}.kept; drop table {schema}.kept");
        }

        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        await server.Superuser.ExecuteAsync($"delete from {schema}.archived_runs");
        (await server.VerifyAsync(region)).Findings.ShouldContain(f => f.Rule == LogRule.PositionMissing);
    }

    [Fact]
    public async Task Years_can_be_archived_one_after_the_other_and_restored_in_any_order()
    {
        var region = await NewLogOfYearsAsync();
        await using var log = Open(region);
        await log.CloseAsync("year/117001/2024", 1);
        var before = await log.ReadAllAsync();

        var files = new List<ArchivedYear>();
        foreach (var year in new[] { 2022, 2023, 2024 })
        {
            files.Add(await ArchiveAsync(region, new(year)));
        }

        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        (await VerifyAsync(region, [.. files.Select(PathOf)])).Events.ShouldBe(before.Count);
        (await log.ReadAllAsync()).ShouldAllBe(e => e.Stream.StartsWith("department/", StringComparison.Ordinal));
        foreach (var archived in new[] { files[1], files[0], files[2] })
        {
            await YearArchive.RestoreAsync(server.Owner, region, PathOf(archived), null, null, default);
            (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        }

        (await log.ReadAllAsync()).Select(Comparable).ShouldBe(before.Select(Comparable));
    }

    [Fact]
    public async Task The_same_year_gives_the_same_file()
    {
        var region = await NewLogOfYearsAsync();
        var first = await ArchiveAsync(region);
        await YearArchive.RestoreAsync(server.Owner, region, PathOf(first), null, null, default);

        (await ArchiveAsync(region)).Sha256.ShouldBe(first.Sha256);
    }

    [Fact]
    public async Task Only_a_closed_year_before_a_closed_year_is_archived()
    {
        var region = await NewLogOfYearsAsync();
        await using var log = Open(region);

        (await RefusedAsync(region, new(2019))).Problem.ShouldBe(ArchiveProblem.NoSuchYear);
        var open = await RefusedAsync(region, new(2024));
        (open.Problem, string.Join(",", open.Arguments)).ShouldBe((ArchiveProblem.NotClosed, "117001"));
        var next = await RefusedAsync(region, new(2023));
        (next.Problem, string.Join(",", next.Arguments)).ShouldBe((ArchiveProblem.NextYearNotClosed, "117001"));
        await log.AppendAsync(Request("year/117001/2022", 4, Encoded(new YearReopened(Date, "更正", "财政局"))));
        (await RefusedAsync(region, Year)).Problem.ShouldBe(ArchiveProblem.NotClosed);
        await log.CloseAsync("year/117001/2022", 5);
        await ArchiveAsync(region);
        (await RefusedAsync(region, Year)).Problem.ShouldBe(ArchiveProblem.AlreadyArchived);
        Directory.GetFiles(folder.Root).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_applications_role_can_take_nothing_out_of_the_log()
    {
        var region = await NewLogOfYearsAsync();

        await Should.ThrowAsync<LogUnavailableException>(() => YearArchive.ArchiveAsync(
            server.Application, region, Year, folder.Root, SystemClock.Instance, null, default));

        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        (await YearArchive.ListAsync(server.Application, region, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_year_that_changes_while_it_is_written_stays()
    {
        var region = await NewLogOfYearsAsync();
        await using var log = Open(region);
        var appended = false;
        var writing = new Hook(() =>
        {
            // Between the writing of the file and taking the year out.
            appended = true;
            log.AppendAsync(Request("year/117001/2022", 4, [.. Enumerable.Repeat(Event(), LogLimits.RowsPerPage)])).GetAwaiter().GetResult();
        });
        await log.AppendAsync(Request("year/117002/2022", 0, [.. Enumerable.Repeat(Event(), LogLimits.RowsPerPage)]));
        await log.CloseAsync("year/117002/2022", LogLimits.RowsPerPage);

        (await Should.ThrowAsync<ArchiveException>(() => YearArchive.ArchiveAsync(
            server.Owner, region, Year, folder.Root, SystemClock.Instance, writing, default))).Problem.ShouldBe(ArchiveProblem.ChangedMeanwhile);

        appended.ShouldBeTrue();
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
        (await log.ReadStreamAsync("year/117001/2022")).Count.ShouldBe(4 + LogLimits.RowsPerPage);
    }

    private static bool IsOfYear(StoredEvent e) => e.Stream.EndsWith("/2022", StringComparison.Ordinal);

    private static object Comparable(StoredEvent e) => (e with { Body = [], Hash = [] }, Convert.ToHexStringLower(e.Body), Convert.ToHexStringLower(e.Hash));

    private static async Task<List<StoredEvent>> ReadFileAsync(string path)
    {
        await using var file = File.OpenRead(path);
        await using var reader = await LogFileReader.OpenAsync(file, default);
        var events = new List<StoredEvent>();
        await foreach (var e in reader.ReadAsync(default))
        {
            events.Add(e);
        }

        return events;
    }

    /// <summary>The same text, packed in another way: each line is right, but it is not the file that was written.</summary>
    private static async Task RewriteAsync(string path)
    {
        using var text = new MemoryStream();
        await using (var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
        {
            await packed.CopyToAsync(text);
        }

        await using var again = new GZipStream(File.Create(path), CompressionLevel.NoCompression);
        text.Position = 0;
        await text.CopyToAsync(again);
    }

    /// <summary>2022 and 2023 are closed, 2024 is open; the years' events lie among each other.</summary>
    private async Task<RegionCode> NewLogOfYearsAsync()
    {
        var region = await server.NewLogAsync();
        await using var log = Open(region);
        await log.AppendAsync(Request("department/117001", 0));
        await log.AppendAsync(Request("year/117001/2022", 0, Event(), Event()));
        await log.AppendAsync(Request("year/117001/2023", 0));
        await log.AppendAsync(Request("year/117001/2022", 2));
        await log.CloseAsync("year/117001/2022", 3);
        await log.AppendAsync(Request("department/117001", 1));
        await log.CloseAsync("year/117001/2023", 1);
        await log.AppendAsync(Request("year/117001/2024", 0));
        return region;
    }

    private PostgresEventLog Open(RegionCode region) => new(server.Application, region, SystemClock.Instance);

    private string PathOf(ArchivedYear archived) => folder[archived.FileName];

    private Task<ArchivedYear> ArchiveAsync(RegionCode region, FiscalYear? year = null) => YearArchive.ArchiveAsync(
        server.Owner, region, year ?? Year, folder.Root, SystemClock.Instance, null, default);

    private Task<ArchiveException> RefusedAsync(RegionCode region, FiscalYear year) => Should.ThrowAsync<ArchiveException>(() => ArchiveAsync(region, year));

    private Task<LogVerification> VerifyAsync(RegionCode region, params string[] files) =>
        LogVerifier.VerifyAsync(server.Superuser, region, [], files, null, default);

    private async Task ScanAsync(RegionCode region)
    {
        await using var log = Open(region);
        var seen = new List<long>();
        await log.ScanAllAsync(await log.ReadHeadAsync(default), [(in ScannedEvent e) => seen.Add(e.Position)], null, default);
        seen.ShouldBe((await log.ReadAllAsync()).Select(e => e.Position));
    }

    private sealed class Hook(Action once) : IProgress<long>
    {
        private bool done;

        public void Report(long value)
        {
            if (!done)
            {
                done = true;
                once();
            }
        }
    }
}
