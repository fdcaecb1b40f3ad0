using FinalAccounts.IntegrationTests.EventLog.Files;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary>Commands that show bars where they see a terminal, which no other test is.</summary>
[Collection(FaServerCollection.Name)]
public sealed class TerminalTest(FaServer server)
{
    [Fact]
    public async Task Imports_and_exports_show_how_far_they_are()
    {
        using var database = await server.CreateDatabaseAsync();
        var log = new ForgedLog(new("430901"));
        for (var n = 1; n <= 3_000; n++)
        {
            log.Add("year/117005/2024", n);
        }

        await log.WriteAsync(database["log.jsonl.gz"]);

        await ShowsAsync(database, "就绪", "init", "430900");
        await ShowsAsync(database, "新存入", "import", Fa.Sample);
        await ShowsAsync(database, "新增 3,000 条事项", "import", "log", database["log.jsonl.gz"]);
        await ShowsAsync(database, "3,000 条事项", "export", "log", "--region", "430901", "--out", database["again.jsonl.gz"]);
        await ShowsAsync(database, "与日志一致", "projection", "update", "--region", "430900");
    }

    private static async Task ShowsAsync(FaDatabase database, string expected, params string[] arguments)
    {
        var result = await database.Fa.RunInTerminalAsync(arguments);
        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain(expected);
    }
}
