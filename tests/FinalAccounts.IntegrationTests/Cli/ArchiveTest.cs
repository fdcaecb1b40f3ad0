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
        await DoneAsync(database, "init", "430900");
        (await DoneAsync(database, "archive")).ShouldContain("没有归档的年度");
        await DoneAsync(database, "import", Fa.Sample);
        (await FailsAsync(database, "archive", Year)).ShouldContain("尚未结账，不能归档：117005");
        await DoneAsync(database, "close", Code, Year);
        var report = await DoneAsync(database, "report", Code, Year, "--json");

        (await DoneAsync(database, "archive", Year, "--out", "away")).ShouldContain("已归档");
        var file = Path.Combine("away", "430900-2024.jsonl.gz");
        (await DoneAsync(database, "archive")).ShouldContain("430900-2024.jsonl.gz");
        (await FailsAsync(database, "archive", Year)).ShouldContain("已经归档");
        (await FailsAsync(database, "report", Code, Year)).ShouldContain("fa restore");
        (await FailsAsync(database, "reopen", Code, Year, "--reason", "更正", "--authority", "某财〔2025〕1号")).ShouldContain("2024 年度已归档");
        (await DoneAsync(database, "verify")).ShouldContain("--archives");
        (await DoneAsync(database, "verify", "--archives", "away")).ShouldNotContain("--archives");
        (await FailsAsync(database, "restore", Path.Combine(Fa.Sample, "department.yaml"))).ShouldContain("不是 gzip");

        (await DoneAsync(database, "restore", file)).ShouldContain("已放回日志");
        (await DoneAsync(database, "projection", "status", "--json")).ShouldContain("\"number\": 2");
        (await FailsAsync(database, "restore", file)).ShouldContain("没有归档");
        (await DoneAsync(database, "report", Code, Year, "--json")).ShouldBe(report);
        (await DoneAsync(database, "verify")).ShouldContain("完好");
    }

    private static async Task<string> DoneAsync(FaDatabase database, params string[] arguments)
    {
        var result = await database.Fa.RunAsync(arguments);
        result.ExitCode.ShouldBe(0, result.ToString());
        return result.Output;
    }

    private static async Task<string> FailsAsync(FaDatabase database, params string[] arguments)
    {
        var result = await database.Fa.RunAsync(arguments);
        result.ExitCode.ShouldBe(1, result.ToString());
        return result.Error;
    }
}
