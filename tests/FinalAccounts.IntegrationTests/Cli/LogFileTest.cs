using System.IO.Compression;
using System.Text.Json;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary><c>fa export log</c> and <c>fa import log</c>, from one database into another.</summary>
[Collection(FaServerCollection.Name)]
public sealed class LogFileTest(FaServer server)
{
    private const string Code = "117005";
    private const string Region = "430900";
    private const string Year = "2024";

    [Fact]
    public async Task A_region_that_moves_has_the_same_log_the_same_reports_and_the_same_tables()
    {
        using var from = await server.CreateDatabaseAsync();
        using var to = await server.CreateDatabaseAsync();
        await from.DoneAsync("demo", Fa.Sample, "--out", "published");
        var (file, documents) = (from["log.jsonl.gz"], from["documents"]);

        (await from.DoneAsync("export", "log", "--out", file, "--documents", documents)).ShouldContain("11 个");
        (await to.DoneAsync("import", "log", file, "--documents", documents)).ShouldContain("逐条校验无误");

        (await to.DoneAsync("verify", "--json")).ShouldBe(await from.DoneAsync("verify", "--json"));
        await to.DoneAsync("export", "log", "--out", to["again.jsonl.gz"]);
        (await File.ReadAllBytesAsync(to["again.jsonl.gz"])).ShouldBe(await File.ReadAllBytesAsync(file));
        foreach (var database in (FaDatabase[])[from, to])
        {
            await database.DoneAsync("report", Code, Year, "--out", database["report"]);
            await database.DoneAsync("projection", "update");
            await database.DoneAsync("replay", "--out", database["replay"]);
        }

        var names = Directory.GetFiles(from["report"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToList();
        names.Count.ShouldBeGreaterThan(3);
        foreach (var name in names)
        {
            (await File.ReadAllBytesAsync(Path.Combine(to["report"], name))).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(from["report"], name)), name);
        }

        (await to.DoneAsync("rollup", Year, "--json")).ShouldBe(await from.DoneAsync("rollup", Year, "--json"));
        (await to.DoneAsync("import", "log", file)).ShouldContain("未作改动");
    }

    [Fact]
    public async Task What_is_not_the_regions_log_is_refused_with_file_line_and_position_and_nothing_is_changed()
    {
        using var from = await server.CreateDatabaseAsync();
        using var to = await server.CreateDatabaseAsync();
        await from.DoneAsync("init", Region);
        await from.DoneAsync("import", Fa.Sample);
        await from.DoneAsync("export", "log", "--out", from["log.jsonl"]);
        var lines = await File.ReadAllLinesAsync(from["log.jsonl"]);

        // A body changed in line 100, which holds position 98; and a line that is missing.
        await WriteAsync(to["changed.jsonl"], [.. lines[..99], lines[99].Replace("clerk", "clerc", StringComparison.Ordinal), .. lines[100..]]);
        await WriteAsync(to["missing.jsonl"], [.. lines[..99], .. lines[100..]]);
        var changed = await to.FailsAsync(1, "import", "log", to["changed.jsonl"]);
        changed.ShouldContain("changed.jsonl: 文件第 100 行：位置 98 ");
        changed.ShouldContain("哈希不符");
        (await to.FailsAsync(1, "import", "log", to["missing.jsonl"])).ShouldContain("文件第 100 行：位置 99 与前一行不相接");
        (await to.FailsAsync(1, "import", "log", from["log.jsonl"], "--region", "430901")).ShouldContain("地区 430900 的日志，不是地区 430901");

        // Nothing was made, not even the region.
        (await to.ExecuteAsync($"select count(*) from pg_namespace where nspname = 'region_{Region}'")).ShouldBe(0L);

        // A log of its own: other command ids at other times.
        await to.DoneAsync("init", Region);
        await to.DoneAsync("import", Fa.Sample);
        var seal = await to.DoneAsync("verify", "--json");
        (await to.FailsAsync(1, "import", "log", from["log.jsonl"])).ShouldContain("文件第 3 行：日志中位置 1 已有另一条事项");
        (await to.DoneAsync("verify", "--json")).ShouldBe(seal);
    }

    [Fact]
    public async Task Archived_years_are_named_and_taken_from_their_files()
    {
        using var from = await server.CreateDatabaseAsync();
        await from.DoneAsync("init", Region);
        await from.DoneAsync("import", Fa.Sample);
        await from.DoneAsync("close", Code, Year);
        await from.DoneAsync("export", "log", "--out", "before.jsonl.gz");
        await from.DoneAsync("archive", Year, "--out", "away");

        var refused = await from.FailsAsync(1, "export", "log", "--out", "after.jsonl.gz");
        refused.ShouldContain("2024");
        refused.ShouldContain("430900-2024.jsonl.gz");
        await from.DoneAsync("export", "log", "--out", "after.jsonl.gz", "--archives", "away");

        (await File.ReadAllBytesAsync(from["after.jsonl.gz"])).ShouldBe(await File.ReadAllBytesAsync(from["before.jsonl.gz"]));
        (await from.FailsAsync(1, "import", "log", Path.Combine("away", "430900-2024.jsonl.gz"))).ShouldContain("fa restore");
    }

    [Fact]
    public async Task What_is_not_there_or_not_named_is_a_matter_of_usage()
    {
        using var database = await server.CreateDatabaseAsync();

        (await database.Fa.RunAsync("import", "log", "nowhere.jsonl")).ExitCode.ShouldBe(2);
        (await database.Fa.RunAsync("import", "log")).ExitCode.ShouldBe(2);
        (await database.Fa.RunAsync("export", "log")).ExitCode.ShouldBe(2);
        (await database.Fa.RunAsync("export")).ExitCode.ShouldBe(2);
        await database.DoneAsync("init", Region);
        await database.DoneAsync("init", "430901");
        var ambiguous = await database.Fa.RunAsync("export", "log", "--out", "log.jsonl");
        (ambiguous.ExitCode, ambiguous.Error.Contains("430901", StringComparison.Ordinal)).ShouldBe((2, true));
        var empty = JsonDocument.Parse(await database.DoneAsync("export", "log", "--out", "log.jsonl.gz", "--region", "430901", "--json")).RootElement;
        empty.GetProperty("events").GetInt64().ShouldBe(0);
        await using var packed = new GZipStream(File.OpenRead(database["log.jsonl.gz"]), CompressionMode.Decompress);
        using var lines = new StreamReader(packed);
        (await lines.ReadToEndAsync()).Split('\n')[0].ShouldBe("""{"format":"FinalAccounts log 1","region":"430901"}""");
    }

    private static Task WriteAsync(string path, string[] lines) => File.WriteAllTextAsync(path, string.Concat(lines.Select(l => l + "\n")));
}
