using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.EventLog.Files;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.Ledger;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.EventLog.Files;

/// <summary>What is found in the file of a whole log before anything is stored.</summary>
public sealed class LogImportFileTest : IDisposable
{
    private static readonly RegionCode Region = new("430900");
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("log.jsonl.gz")]
    [InlineData("log.jsonl")]
    public async Task A_whole_log_is_good_compressed_or_not(string name)
    {
        var path = await Good().WriteAsync(folder[name]);

        var contents = await LogImport.CheckAsync(path, null, default);

        (contents.Events, contents.Header).ShouldBe((4, new LogFileHeader(Region, null)));
        contents.Runs.ShouldHaveSingleItem().Last.Hash.ShouldBe(Convert.ToHexStringLower(Good().Events[^1].Hash));
        (await LogImport.CheckAsync(await new ForgedLog(Region).WriteAsync(folder["empty" + name]), null, default)).Events.ShouldBe(0);
    }

    [Fact]
    public async Task The_bare_lines_are_those_of_the_compressed_file()
    {
        var packed = await File.ReadAllBytesAsync(await Good().WriteAsync(folder["log.jsonl.gz"]));
        await using var unpacked = new System.IO.Compression.GZipStream(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress);
        using var lines = new MemoryStream();
        await unpacked.CopyToAsync(lines);

        lines.ToArray().ShouldBe(await File.ReadAllBytesAsync(await Good().WriteAsync(folder["log.jsonl"])));
    }

    [Fact]
    public async Task Every_byte_that_is_changed_is_refused_or_says_the_same()
    {
        var text = await File.ReadAllBytesAsync(await Good().WriteAsync(folder["log.jsonl"]));
        var expected = Good().Events.Select(Comparable).ToList();
        foreach (var bit in (byte[])[0x01, 0x20])
        {
            for (var i = 0; i < text.Length; i++)
            {
                var changed = text.ToArray();
                changed[i] ^= bit;
                await File.WriteAllBytesAsync(folder["changed.jsonl"], changed);
                try
                {
                    await LogImport.CheckAsync(folder["changed.jsonl"], null, default);
                    (await ReadAsync(folder["changed.jsonl"])).Select(Comparable).ShouldBe(expected, $"byte {i}");
                }
                catch (Exception e) when (e is LogFileException or LogImportException)
                {
                }
            }
        }
    }

    [Fact]
    public async Task No_line_can_be_left_out_or_doubled()
    {
        var lines = await File.ReadAllLinesAsync(await Good().WriteAsync(folder["log.jsonl"]));
        for (var i = 0; i < lines.Length; i++)
        {
            await RefusedAsync([.. lines[..i], .. lines[(i + 1)..]]);
            await RefusedAsync([.. lines[..i], lines[i], .. lines[i..]]);
        }

        // A run that does not begin at the log's beginning.
        var run = """{"after":{"position":2,"hash":"HASH"}}""".Replace("HASH", Convert.ToHexStringLower(Good().Events[1].Hash), StringComparison.Ordinal);
        (await RefusedAsync([.. lines[..2], run, .. lines[4..]])).ShouldBe((LogFileProblem.PositionMissing, 4, 3));
    }

    [Fact]
    public async Task What_no_log_would_store_is_refused_although_the_chain_fits()
    {
        await RefusedAsync(LogFileProblem.VersionMismatch, l => l.Add("a", 4));
        await RefusedAsync(LogFileProblem.VersionMismatch, l => l.Add("a", 2));
        await RefusedAsync(LogFileProblem.VersionMismatch, l => l.Add("new", 2));
        await RefusedAsync(LogFileProblem.TimeRunsBack, l => l.Add("new", recordedAt: ForgedLog.Time - Duration.FromTicks(10)));
        await RefusedAsync(LogFileProblem.OutsideLimits, l => l.Add("new", recordedAt: ForgedLog.Time + Duration.FromNanoseconds(1)));
        await RefusedAsync(LogFileProblem.OutsideLimits, l => l.Add("no name"));
        await RefusedAsync(LogFileProblem.OutsideLimits, l => l.Add("new", body: "{"));
        await RefusedAsync(LogFileProblem.OutsideLimits, l => l.Add("new", type: "Type"));
        await RefusedAsync(LogFileProblem.OutsideLimits, l => l.Add("new", schemaVersion: 0));
        await RefusedAsync(LogFileProblem.OutsideLimits, l => l.Add("new", actor: ""));
        await RefusedAsync(LogFileProblem.OutsideLimits, l => l.Add("new", commandId: Guid.Empty));

        async Task RefusedAsync(LogFileProblem problem, Func<ForgedLog, ForgedLog> forge)
        {
            var path = await forge(new ForgedLog(Region).Add("a").Add("a", 2)).Add("b").WriteAsync(folder["forged.jsonl"]);
            var refused = await Should.ThrowAsync<LogFileException>(() => LogImport.CheckAsync(path, null, default));
            (refused.Problem, refused.Line, refused.Position).ShouldBe((problem, 5, 3));
        }
    }

    [Fact]
    public async Task The_file_of_a_year_is_no_whole_log()
    {
        var path = await Good().WriteAsync(folder["year.jsonl.gz"], new FiscalYear(2023));

        (await Should.ThrowAsync<LogImportException>(() => LogImport.CheckAsync(path, null, default))).Problem.ShouldBe(LogImportProblem.NotAWholeLog);
    }

    [Fact]
    public async Task Another_region_in_the_header_does_not_fit_the_chain()
    {
        var lines = await File.ReadAllLinesAsync(await Good().WriteAsync(folder["log.jsonl"]));
        lines[0] = lines[0].Replace("430900", "430901", StringComparison.Ordinal);

        (await RefusedAsync(lines)).ShouldBe((LogFileProblem.HashMismatch, 2, 0));
    }

    private static ForgedLog Good()
    {
        var command = new Guid("00112233-4455-6677-8899-aabbccddeeff");
        return new ForgedLog(Region).Add("department/117005", commandId: command).Add("year/117005/2023", body: """{"摘要": "办公费"}""", commandId: command)
            .Add("year/117005/2023", 2, commandId: new("019c0000-0000-7000-8000-000000000000"), recordedAt: ForgedLog.Time + Duration.FromTicks(10))
            .Add("year/117006/2024", commandId: new("019c0000-0000-7000-8000-000000000001"), recordedAt: ForgedLog.Time + Duration.FromTicks(10));
    }

    private static object Comparable(StoredEvent e) => (e with { Body = [], Hash = [] }, Encoding.UTF8.GetString(e.Body), Convert.ToHexStringLower(e.Hash));

    private static async Task<List<StoredEvent>> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        await using var reader = await LogFileReader.OpenAsync(file, isCompressed: false, default);
        var events = new List<StoredEvent>();
        await foreach (var e in reader.ReadAsync(default))
        {
            events.Add(e);
        }

        return events;
    }

    private async Task<(LogFileProblem Problem, long Line, long? Position)> RefusedAsync(string[] lines)
    {
        await File.WriteAllTextAsync(folder["changed.jsonl"], string.Concat(lines.Select(l => l + "\n")));
        var refused = await Should.ThrowAsync<LogFileException>(() => LogImport.CheckAsync(folder["changed.jsonl"], null, default), string.Join('\n', lines));
        return (refused.Problem, refused.Line, refused.Position);
    }
}
