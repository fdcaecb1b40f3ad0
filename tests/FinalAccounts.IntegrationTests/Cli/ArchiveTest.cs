using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

[Collection(FaServerCollection.Name)]
public sealed class ArchiveTest(FaServer server)
{
    private const string Code = "117005";
    private const string Year = "2024";

    [Fact]
    public async Task A_year_goes_into_a_file_and_comes_back_with_the_same_report()
    {
        using var database = await server.CreateDatabaseAsync();
        await database.DoneAsync("init", "430900");
        (await database.DoneAsync("archive")).ShouldContain("没有归档的年度");
        await database.DoneAsync("import", Fa.Sample);
        (await database.FailsAsync(1, "archive", Year)).ShouldContain("尚未结账，不能归档：117005");
        await database.DoneAsync("close", Code, Year);
        var report = await database.DoneAsync("report", Code, Year, "--json");

        (await database.DoneAsync("archive", Year, "--out", "away")).ShouldContain("已归档");
        var file = Path.Combine("away", "430900-2024.jsonl.gz");
        (await database.DoneAsync("archive")).ShouldContain("430900-2024.jsonl.gz");
        (await database.FailsAsync(1, "archive", Year)).ShouldContain("已经归档");
        (await database.FailsAsync(1, "report", Code, Year)).ShouldContain("fa restore");
        (await database.FailsAsync(1, "reopen", Code, Year, "--reason", "更正", "--authority", "某财〔2025〕1号")).ShouldContain("2024 年度已归档");
        (await database.DoneAsync("verify")).ShouldContain("--archives");
        (await database.DoneAsync("verify", "--archives", "away")).ShouldNotContain("--archives");
        (await database.FailsAsync(1, "restore", Path.Combine(Fa.Sample, "department.yaml"))).ShouldContain("不是 gzip");

        (await database.DoneAsync("restore", file)).ShouldContain("已放回日志");
        (await database.DoneAsync("projection", "status", "--json")).ShouldContain("\"number\": 2");
        (await database.FailsAsync(1, "restore", file)).ShouldContain("没有归档");
        (await database.DoneAsync("report", Code, Year, "--json")).ShouldBe(report);
        (await database.DoneAsync("verify")).ShouldContain("完好");
    }
}
