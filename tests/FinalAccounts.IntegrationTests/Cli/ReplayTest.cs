using System.Text.Json.Nodes;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary>What was published comes out of the log again, byte for byte; and when it does not, exactly what moved is told.</summary>
[Collection(FaServerCollection.Name)]
public sealed class ReplayTest(FaServer server)
{
    private const string Region = "430900";
    private static readonly string Samples = Path.GetFullPath(Path.Combine(Fa.Sample, ".."));
    private static readonly string Forms = Path.GetFullPath(Path.Combine(Samples, "..", "src", "FinalAccounts.Reporting", "Forms"));

    [Fact]
    public async Task Replaying_all_samples_reports_no_drift_and_a_changed_byte_of_a_form_pack_exactly_what_moved()
    {
        using var database = await server.CreateDatabaseAsync();
        var books = Directory.EnumerateFiles(Samples, "department.yaml", SearchOption.AllDirectories).Select(f => Path.GetDirectoryName(f)!).Order(StringComparer.Ordinal).ToArray();
        await database.DoneAsync(["demo", .. books]);
        var regions = books.Select(b => File.ReadAllLines(Path.Combine(b, "department.yaml"))[0][^7..^1]).Distinct().ToList();
        regions.Count.ShouldBeGreaterThan(4);

        var published = 0;
        foreach (var region in regions)
        {
            var report = await ReplayAsync(database, 0, region, database[$"replay/{region}"]);
            report["isFaithful"]!.GetValue<bool>().ShouldBeTrue();
            foreach (var document in report["documents"]!.AsArray())
            {
                var verdict = document!["verdict"]!.GetValue<string>();
                verdict.ShouldBeOneOf("same", "notPublished");
                document["moved"]!.AsArray().ShouldBeEmpty();
                published += verdict == "same" ? 1 : 0;
            }
        }

        // One of each sample that has a published document.
        published.ShouldBe(Directory.EnumerateFiles(Samples, "published.json", SearchOption.AllDirectories).Count());

        // The level of one heading: one byte of one file, and nothing else of the document follows from it.
        var forms = ChangedForms(database, "hunan-2024/narrative.yaml", "  level: 1\n", "  level: 2\n");
        var drifted = await ReplayAsync(database, 1, Region, database["replay/level"], "--forms", forms);
        var moved = Published(drifted);
        Kinds(moved).ShouldBe([("text", "narrative/一、收入支出决算总体情况说明/level", "1", "2")]);
        (moved["cause"]!.GetValue<string>(), moved["form"]!["files"]!.AsArray().Single()!.GetValue<string>()).ShouldBe(("formPack", "hunan-2024/narrative.yaml"));
        File.ReadAllBytes(database["replay/level/117005-2024/published.json"]).ShouldBe(File.ReadAllBytes(database["out/yiyang-2024/disclosure.json"]));

        // The decimals of percentages: each figure and sentence whose text differs is told, and no other.
        forms = ChangedForms(database, "national/pack.yaml", "百分比: { decimals: 2", "百分比: { decimals: 1");
        moved = Published(await ReplayAsync(database, 1, Region, database["replay/decimals"], "--forms", forms));
        var was = await ReadAsync(database["replay/decimals/117005-2024/published.json"]);
        var now = await ReadAsync(database["replay/decimals/117005-2024/disclosure.json"]);
        Kinds(moved).Where(m => m.Kind == "figure").Select(m => m.Where).ShouldBe(
            Figures(was).Where(f => !JsonNode.DeepEquals(Without(f.Value, "where"), Without(Figures(now)[f.Key], "where"))).Select(f => f.Key), ignoreOrder: true);
        Kinds(moved).Where(m => m.Kind == "text").Select(m => (m.Was, m.Now)).ShouldBe(
            Sentences(was).Zip(Sentences(now)).Where(s => s.First != s.Second).Select(s => ((string?)s.First, (string?)s.Second)));
        Kinds(moved).ShouldContain(("figure", "说明/一/收入总计比上年增减率", "8.68", "8.7"));
        Kinds(moved).ShouldNotContain(m => m.Kind == "cell");

        // A pack that the document was not made with changes nothing.
        forms = ChangedForms(database, "yunnan-2023/narrative.yaml", "  level: 1\n", "  level: 2\n");
        (await ReplayAsync(database, 0, Region, database["replay/other"], "--forms", forms))["isFaithful"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_replay_that_is_killed_goes_on_where_it_was_and_comes_to_the_same()
    {
        using var database = await server.CreateDatabaseAsync();
        await database.DoneAsync("demo", Path.Combine(Samples, "yiyang-2023"), Fa.Sample);
        var whole = await ReplayAsync(database, 0, Region, database["whole"]);
        var (done, half) = (database["cut/117005-2023/replay.json"], database["cut/117005-2024"]);

        // It is held up where it reads the published document, until the year that is not published is done.
        await using (var holder = await database.ConnectAsync())
        {
            await ExecuteAsync(holder, $"begin; lock table region_{Region}.documents in access exclusive mode");
            using var replay = database.Fa.Start("replay", Region, "--out", database["cut"]);
            await using var watcher = await database.ConnectAsync();
            while (!File.Exists(done) || await CountWaitingAsync(watcher) == 0)
            {
                replay.HasExited.ShouldBeFalse("the replay ended before it was held up");
                await Task.Delay(20);
            }

            replay.Kill();
            await replay.WaitForExitAsync();
        }

        Directory.Exists(half).ShouldBeFalse();
        var before = File.GetLastWriteTimeUtc(done);

        // What is recorded meanwhile belongs to another replay.
        await database.DoneAsync("reopen", "117005", "2024", "--authority", "市财政局", "--reason", "更正");
        var resumed = await ReplayAsync(database, 0, Region, database["cut"]);

        resumed.ToJsonString().ShouldBe(whole.ToJsonString());
        File.GetLastWriteTimeUtc(done).ShouldBe(before, "what was done is not done again");
        foreach (var file in Directory.EnumerateFiles(database["whole"], "*", SearchOption.AllDirectories))
        {
            (await File.ReadAllBytesAsync(Path.Combine(database["cut"], Path.GetRelativePath(database["whole"], file)))).ShouldBe(await File.ReadAllBytesAsync(file), file);
        }

        (await database.FailsAsync(1, "replay", Region, "--out", database["cut"])).ShouldContain("已完成的重放");
        (await database.FailsAsync(1, "replay", Region, "--out", database["out"])).ShouldContain("其他内容");
    }

    [Fact]
    public async Task Each_publication_is_replayed_as_of_its_own_seal()
    {
        using var database = await server.CreateDatabaseAsync();
        await database.DoneAsync("demo", Fa.Sample);
        await database.DoneAsync("reopen", "117005", "2024", "--authority", "市财政局", "--reason", "更正");
        await database.DoneAsync("close", "117005", "2024");
        await database.DoneAsync("report", "117005", "2024", "--publish", "--out", database["second"]);

        var report = await ReplayAsync(database, 0, Region, database["replay"], "--department", "益阳市社会保险服务中心", "--year", "2024");

        report["documents"]!.AsArray().Select(d => (d!["verdict"]!.GetValue<string>(), d["publication"]!.GetValue<long>(), d["seal"]!["position"]!.GetValue<long>()))
            .ShouldBe([("same", 426, 425), ("same", 429, 428)]);
        Directory.EnumerateDirectories(database["replay"]).Select(Path.GetFileName).Order().ShouldBe(["117005-2024", "117005-2024-426"]);
        (await ReplayAsync(database, 0, Region, database["none"], "--year", "2020"))["documents"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_there_any_more_is_said_and_a_changed_log_is_not_replayed()
    {
        using var database = await server.CreateDatabaseAsync();
        await database.DoneAsync("demo", Fa.Sample);
        var forms = ChangedForms(database, "hunan-2024/narrative.yaml", "  level: 1\n", "  level: 2\n");
        await database.ExecuteAsync($"delete from region_{Region}.documents");

        (await database.DoneAsync("replay", Region, "--out", database["kept"])).ShouldContain("没有偏差");
        var drifted = await database.FailsAsync(1, "replay", Region, "--out", database["lost"], "--forms", forms);
        drifted.ShouldContain("只能比较哈希");
        drifted.ShouldContain("原因不明");

        await database.ExecuteAsync($"update region_{Region}.events set body = replace(body, '2024-03', '2024-04') where position = (select min(position) from region_{Region}.events where body like '%2024-03%')");
        (await database.FailsAsync(3, "replay", Region, "--out", database["changed"])).ShouldContain("位置");
        File.Exists(database["changed/replay.json"]).ShouldBeFalse();
    }

    /// <summary>A folder with one file of a form pack, changed in its first such place.</summary>
    private static string ChangedForms(FaDatabase database, string file, string from, string to)
    {
        var text = File.ReadAllText(Path.Combine(Forms, file));
        var at = text.IndexOf(from, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0);
        var folder = database[$"forms/{Guid.NewGuid():N}"];
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
        File.WriteAllText(Path.Combine(folder, file), text[..at] + to + text[(at + from.Length)..]);
        return folder;
    }

    private static JsonNode Published(JsonNode report) => report["documents"]!.AsArray().Single(d => d!["publication"] is not null)!;

    private static List<(string Kind, string Where, string? Was, string? Now)> Kinds(JsonNode document) => [.. document["moved"]!.AsArray().Select(m =>
        (m!["kind"]!.GetValue<string>(), m["where"]!.GetValue<string>(), m["published"]?.GetValue<string>(), m["now"]?.GetValue<string>()))];

    private static Dictionary<string, JsonNode> Figures(JsonNode document) =>
        document["figures"]!.AsArray().ToDictionary(f => f!["address"]!.GetValue<string>(), f => f!);

    private static JsonNode Without(JsonNode node, string member)
    {
        var copy = node.DeepClone().AsObject();
        copy.Remove(member);
        return copy;
    }

    private static IEnumerable<string> Sentences(JsonNode document) => document["narrative"]!.AsArray()
        .SelectMany(b => System.Text.RegularExpressions.Regex.Split(b!["text"]!.GetValue<string>(), "(?<=[。\n])").Where(s => s.Length > 0));

    private static async Task<JsonNode> ReadAsync(string file) => JsonNode.Parse(await File.ReadAllBytesAsync(file))!;

    private static async Task<JsonNode> ReplayAsync(FaDatabase database, int exitCode, string region, string folder, params string[] more)
    {
        var result = await database.Fa.RunAsync(["replay", region, "--out", folder, "--json", .. more]);
        result.ExitCode.ShouldBe(exitCode, result.ToString());
        result.Error.ShouldBeEmpty();
        return JsonNode.Parse(result.Output)!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountWaitingAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'fa' and wait_event_type = 'Lock'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
