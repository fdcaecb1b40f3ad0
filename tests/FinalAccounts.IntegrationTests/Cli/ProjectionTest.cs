using System.Text.Json.Nodes;
using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary><c>fa projection</c> brings the tables up to date, builds them anew, and says where they stand.</summary>
[Collection(FaServerCollection.Name)]
public sealed class ProjectionTest(FaServer server)
{
    [Fact]
    public async Task It_updates_rebuilds_and_says_what_it_cant_take()
    {
        using var database = await server.CreateDatabaseAsync();
        await RunAsync(database, 0, "init", "430900");
        await RunAsync(database, 0, "import", Fa.Sample);
        (await RunAsync(database, 0, "projection", "status")).ShouldContain("尚无汇总数据");

        (await RunAsync(database, 0, "projection", "update")).ShouldContain("与日志一致");
        var updated = await StatusAsync(database, 0, "status");
        (Number(updated["position"]), Number(updated["eventsBehind"])).ShouldBe((Number(updated["head"]), 0));
        var expenditure = await ExpenditureAsync(database);
        expenditure.ShouldBeGreaterThan(0);

        var rebuilt = (await StatusAsync(database, 0, "rebuild"))["generations"]!.AsArray().ShouldHaveSingleItem()!;
        (Number(rebuilt["number"]), rebuilt["isLive"]!.GetValue<bool>()).ShouldBe((2, true));
        (await ExpenditureAsync(database)).ShouldBe(expenditure);

        await using (var dataSource = NpgsqlDataSource.Create(database.As("finalaccounts_app")))
        await using (var log = new PostgresEventLog(dataSource, new RegionCode("430900"), SystemClock.Instance))
        {
            await log.AppendAsync(LogTesting.Request("year/117005/2023", 0, LogTesting.Event(type: "no-such-event")));
        }

        (await RunAsync(database, 3, "projection", "update")).ShouldContain("no-such-event");
        (await RunAsync(database, 1, "projection", "status")).ShouldContain($"停在位置 {Number(updated["head"]) + 1} 的事项之前");
        (await RunAsync(database, 3, "projection", "rebuild", "--lang", "en")).ShouldContain("no-such-event");
        (await ExpenditureAsync(database)).ShouldBe(expenditure);
    }

    private static async Task<string> RunAsync(FaDatabase database, int exitCode, params string[] arguments)
    {
        var result = await database.Fa.RunAsync(arguments);
        result.ExitCode.ShouldBe(exitCode, result.ToString());
        return result.Output + result.Error;
    }

    private static async Task<JsonNode> StatusAsync(FaDatabase database, int exitCode, string command) =>
        JsonNode.Parse(await RunAsync(database, exitCode, "projection", command, "--json"))!.AsArray().ShouldHaveSingleItem()!;

    private static long Number(JsonNode? node) => node!.GetValue<long>();

    private static async Task<long> ExpenditureAsync(FaDatabase database) => (long)(await database.ExecuteAsync(
        "select y.expenditure::bigint from region_430900.department_years y join region_430900.projections p using (generation) where p.is_live"))!;
}
