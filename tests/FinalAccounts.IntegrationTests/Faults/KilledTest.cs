using System.Collections.Concurrent;
using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Archives;
using FinalAccounts.EventLog.Files;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.IntegrationTests.EventLog.Files;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.IntegrationTests.Projections;
using FinalAccounts.Ledger;
using FinalAccounts.LogWriter;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>
/// Processes that are killed (SIGKILL) at random moments while they append and project, rebuild, append in bulk, archive, restore and import;
/// <see cref="CrashTest"/> kills those that only append. What is random follows from a seed, as far as the machine lets it.
/// </summary>
[Collection(LogServerCollection.Name)]
public sealed class KilledTest(LogServer server)
{
    private const int Seed = 20;
    private const int Writers = 3;
    private static readonly string Where = $"seed {Seed}";

    [Fact]
    public async Task Posting_projecting_and_rebuilding_go_on_after_20_kills_as_if_nothing_had_been()
    {
        const int Lanes = 2;
        const int KillsPerLane = 10;
        await using var region = await TestRegion.NewAsync(server);
        await region.BeginAsync();
        using var enough = new CancellationTokenSource();
        var reading = Task.Run(() => ReadUntilAsync(region, enough.Token));
        ConcurrentBag<Acknowledged> answers = [];
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
        {
            for (var n = 0; n < KillsPerLane; n++)
            {
                var seed = Seed + (lane * KillsPerLane) + n;
                using var process = new WriterProcess(server.ApplicationConnectionString, "books", region.Code, seed, Writers);
                var random = new Random(seed);
                await ReadAsync(process, random.Next(1, 150), answers);
                if (random.Next(2) == 0)
                {
                    await region.RequestAsync();
                    await ReadAsync(process, random.Next(1, 100), answers);
                }

                process.Kill();
                await ReadAsync(process, int.MaxValue, answers);
            }
        })));

        // Started once more, and asked nothing: it comes to where the log is by itself.
        using var last = new WriterProcess(server.ApplicationConnectionString, "project", region.Code);
        var status = await region.UntilAsync(s => s.EventsBehind == 0 && s.Beside.Count == 0);
        await enough.CancelAsync();
        (await reading).ShouldBeGreaterThan(0);

        status.Live!.Position.ShouldBe(status.Head.Position);
        var events = await region.Log.ReadAllAsync();
        answers.Count.ShouldBeGreaterThan(20 * 20);
        answers.ShouldAllBeStored(events, Where);
        (await server.VerifyAsync(region.Code)).Findings.ShouldBeEmpty(Where);
        await region.ShouldHoldAllAsync(status.Live.Number);
        await region.ShouldHaveNothingButAsync(status.Live.Number);
    }

    [Fact]
    public async Task Bulk_appends_are_stored_once_and_whole_after_15_kills_and_projected_once()
    {
        const int Bulks = 40;
        const int EventsPerBulk = BulkWriter.Years * BulkWriter.PiecesPerYear * BulkWriter.EventsPerPiece;
        await using var region = await TestRegion.NewAsync(server);
        using var projecting = region.Run();
        ConcurrentBag<Acknowledged> answers = [];
        for (var n = 0; n < 15; n++)
        {
            using var process = new WriterProcess(server.ApplicationConnectionString, "bulk", region.Code, Bulks);
            for (var lines = new Random(Seed + n).Next(1, 3 * BulkWriter.Years * BulkWriter.PiecesPerYear); lines > 0 && await process.ReadLineAsync() is { } line;)
            {
                if (WriterProcess.Parse(line) is { } answer)
                {
                    answers.Add(answer);
                }

                // What is only answered again is over in no time.
                lines -= line.Contains("repeated", StringComparison.Ordinal) ? 0 : 1;
            }

            process.Kill();
            await ReadAsync(process, int.MaxValue, answers);
            ((await region.Log.ReadHeadAsync(default)).Position % EventsPerBulk).ShouldBe(0, Where);
        }

        using var last = new WriterProcess(server.ApplicationConnectionString, "bulk", region.Code, Bulks);
        await ReadAsync(last, int.MaxValue, answers);
        await last.ExitAsync();

        var events = await region.Log.ReadAllAsync();
        events.Count.ShouldBe(Bulks * EventsPerBulk);
        answers.Select(a => a.CommandId).Distinct().Count().ShouldBe(Bulks);
        answers.ShouldContain(a => a.Repeated);
        answers.ShouldAllBeStored(events, Where);
        (await server.VerifyAsync(region.Code)).Findings.ShouldBeEmpty(Where);
        await region.UntilAsync(s => s.EventsBehind == 0);
        await region.ShouldHoldAllAsync();
        (await Answers.ReadSpentAsync(server.Application, region.Code)).ShouldBe(answers.DistinctBy(a => a.CommandId).Sum(a => a.Fen));
    }

    [Fact]
    public async Task A_year_is_in_the_log_or_in_its_file_after_each_of_15_kills_while_others_append()
    {
        using var folder = new TemporaryDirectory();
        const int Events = 6_000;
        var year = new FiscalYear(2022);
        await using var region = await TestRegion.NewAsync(server);
        for (var n = 0; n < Events; n += 1_000)
        {
            await region.AppendAsync(1_000, year);
        }

        await region.CloseAsync(year);
        var file = folder[YearArchive.FileNameOf(region.Code, year)];
        HashSet<int> archived = [];
        for (var n = 0; n < 15; n++)
        {
            using var process = new WriterProcess(server.OwnerConnectionString, "archive", region.Code, year, folder.Root);
            var random = new Random(Seed + n);
            for (var lines = random.Next(1, 35); lines > 0 && await process.ReadLineAsync() is not null; lines--)
            {
            }

            // And on, to somewhere in a step: the others are not kept from appending.
            for (var appends = random.Next(0, 10); appends > 0; appends--)
            {
                await region.AppendAsync(1);
            }

            process.Kill();
            await NothingOfAsync(LogServer.OwnerRole);
            archived.Add(await ShouldBeWholeAsync(region, file));
        }

        archived.ShouldBe([0, 1], ignoreOrder: true, "the kills met it both here and there");
        if ((await YearArchive.ListAsync(server.Owner, region.Code, default)).Count > 0)
        {
            await YearArchive.RestoreAsync(server.Owner, region.Code, file, null, null, default);
        }

        (await ShouldBeWholeAsync(region, file)).ShouldBe(0);
        using var projecting = region.Run();
        await region.UntilAsync(s => s.EventsBehind == 0);
        await region.ShouldHoldAllAsync();
    }

    [Fact]
    public async Task A_log_is_imported_as_it_is_in_its_file_after_15_kills()
    {
        const int Commands = 5_000;
        using var folder = new TemporaryDirectory();
        var region = await server.NewLogAsync();
        var forged = new ForgedLog(region);
        for (var n = 1; n <= Commands; n++)
        {
            var id = Guid.CreateVersion7();
            for (var i = 0; i < n % 6 + 1; i++)
            {
                forged.Add(string.Create(CultureInfo.InvariantCulture, $"year/{n:000000}/{2020 + (n / 1_000)}"), i + 1, commandId: id);
            }
        }

        var ends = forged.Events.Where((e, i) => i == forged.Events.Count - 1 || forged.Events[i + 1].CommandId != e.CommandId).Select(e => e.Position).ToHashSet();
        var file = await forged.WriteAsync(folder["log.jsonl.gz"]);
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        HashSet<long> heads = [];
        for (var n = 0; n < 15; n++)
        {
            using var process = new WriterProcess(server.OwnerConnectionString, "import", region, file);
            for (var lines = new Random(Seed + n).Next(1, 25); lines > 0 && await process.ReadLineAsync() is not null; lines--)
            {
            }

            process.Kill();
            await NothingOfAsync(LogServer.OwnerRole);
            var head = await log.ReadHeadAsync(default);
            heads.Add(head.Position);
            (head.Position == 0 || ends.Contains(head.Position)).ShouldBeTrue(Where);
            (await server.VerifyAsync(region)).Findings.ShouldBeEmpty(Where);
        }

        heads.Count.ShouldBeGreaterThan(5, "the kills met it on its way");
        using var last = new WriterProcess(server.OwnerConnectionString, "import", region, file);
        while (await last.ReadLineAsync() is not null)
        {
        }

        await last.ExitAsync();
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty(Where);
        await LogExport.WriteAsync(log, region, [], folder["again.jsonl.gz"], null, default);
        (await File.ReadAllBytesAsync(folder["again.jsonl.gz"])).ShouldBe(await File.ReadAllBytesAsync(file));
    }

    /// <summary>With the file, if the year is in it, the verification sees every event once.</summary>
    /// <returns>How many years are archived.</returns>
    private async Task<int> ShouldBeWholeAsync(TestRegion region, string file)
    {
        var archived = await YearArchive.ListAsync(server.Owner, region.Code, default);
        var result = await LogVerifier.VerifyAsync(server.Superuser, region.Code, [], archived.Count > 0 ? [file] : [], null, default);
        result.Findings.ShouldBeEmpty(Where);
        result.Archived.ShouldBeEmpty(Where);
        result.Events.ShouldBe((await region.Log.ReadHeadAsync(default)).Position, Where);
        return archived.Count;
    }

    /// <summary>Waits until the server has noticed that a process is gone: what was on its way to be committed may still be.</summary>
    private async Task NothingOfAsync(string role)
    {
        while (await server.Superuser.QueryAsync<long>(
            $"select count(*) from pg_stat_activity where usename = '{role}' and application_name = '{WriterProcess.Name}'") > 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>Reads up to so many answers of a process.</summary>
    private static async Task ReadAsync(WriterProcess process, int atMost, ConcurrentBag<Acknowledged> answers)
    {
        for (; atMost > 0 && await process.ReadAsync() is { } answer; atMost--)
        {
            answers.Add(answer);
        }
    }

    /// <summary>What is read is always the sum of a whole beginning of the log, and never goes back.</summary>
    /// <returns>How often it was read.</returns>
    private static async Task<int> ReadUntilAsync(TestRegion region, CancellationToken enough)
    {
        var reads = 0;
        for (long seen = 0; !enough.IsCancellationRequested; reads++)
        {
            var read = await region.Reader.ReadChangesAsync(0, default);
            read.Years.Sum(y => y.Version).ShouldBe(read.Position, Where);
            read.Position.ShouldBeGreaterThanOrEqualTo(seen, Where);
            seen = read.Position;
        }

        return reads;
    }
}
