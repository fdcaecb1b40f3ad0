using System.Globalization;
using System.Text.Json.Nodes;
using FinalAccounts.IntegrationTests.EventLog;
using Shouldly;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>What all departments come to, whichever host answers. The host has no other departments.</summary>
[Collection(LogServerCollection.Name)]
public abstract class RollupScenarios(HostFixture host)
{
    [Fact]
    public async Task What_was_recorded_is_in_all_sums_for_who_waits_for_it()
    {
        var (one, other) = (await host.Host.NewDepartmentAsync(), await host.Host.NewDepartmentAsync());
        await one.OpenAsync();
        await one.RecordAsync("commands/supplement-budget", Books.Budget("追-1", 300_000));
        await one.RecordAsync("commands/withdraw-budget", Books.Budget("扣-1", 100_000));
        await one.RecordAsync("commands/receive-income", Books.Income("收-1", 700_000));
        await one.RecordAsync("commands/post-expenditure", Books.Expenditure("支-1", 500_000));
        await one.RecordAsync("commands/reverse-expenditure", Books.Reversal("支-2", "支-1", 50_000));
        await other.OpenAsync();
        var last = (await other.RecordAsync("commands/post-expenditure", Books.Expenditure("支-1", 200_000)))["lastPosition"]!.GetValue<long>();

        // 年初预算 twice 1,000,000, 追加 300,000 less 扣回 100,000; 支出 500,000 − 50,000 and 200,000.
        var year = (await ReadAsync(one, "", last))["years"]!.AsArray().ShouldHaveSingleItem()!;
        (Number(year["departments"]), Number(year["open"])).ShouldBe((2, 2));
        Amounts(year["amounts"]!).ShouldBe((2_000_000, 200_000, 2_200_000, 700_000, 650_000));

        var table = await ReadAsync(one, "/2024/table", last);
        table["rows"]!.AsArray().Select(r => r!["key"]!.GetValue<string>()).ShouldBe(["208", "20801", "2080101"]);
        table["rows"]!.AsArray().ShouldAllBe(r => Fen(r!["amounts"]!["expenditure"]) == 650_000);
        Amounts(table["total"]!).ShouldBe((2_000_000, 200_000, 2_200_000, 700_000, 650_000));

        var departments = (await ReadAsync(one, "/2024/departments?function=2080101", last))["departments"]!["items"]!.AsArray();
        departments.Select(d => (d!["code"]!.GetValue<string>(), Fen(d["amounts"]!["expenditure"])))
            .ShouldBe([(one.Code.ToString(), 450_000L), (other.Code.ToString(), 200_000L)]);

        // The year before is not known of anybody.
        var movers = (await ReadAsync(one, "/2024/movers", last))["movers"]!.AsArray();
        movers.Select(m => (m!["key"]!.GetValue<string>(), Fen(m["value"]), m["prior"] is null))
            .ShouldBe([(one.Code.ToString(), 450_000L, true), (other.Code.ToString(), 200_000L, true)]);

        var current = (await ReadAsync(one, "/2024/progress", last))["current"]!;
        Fen(current["budget"]).ShouldBe(2_200_000);

        // June: 500,000 and 200,000; July: −50,000; 650,000 of 2,200,000 is 29.545… %.
        current["months"]!.AsArray().Where(m => Number(m!["month"]) >= 6)
            .Select(m => (Number(m!["month"]), Fen(m["expenditure"]), Fen(m["cumulative"]))).ShouldBe([(6, 700_000, 700_000), (7, -50_000, 650_000)]);
        Number(current["months"]!.AsArray()[^1]!["progressBasisPoints"]).ShouldBe(2_955);

        await ShouldBeKnownAsync(one);
        await ShouldStandAtAsync(last);
    }

    [Fact]
    public async Task A_position_that_is_not_there_is_not_waited_for() =>
        (await (await host.Host.NewDepartmentAsync()).ReadAtAsync($"/api/v1/regions/{host.Host.Region}/rollups?waitFor=1000000", 400))["type"]!
            .GetValue<string>().ShouldBe("urn:finalaccounts:problem:wait-for-outside");

    /// <summary>An answer that the asker has is not made again.</summary>
    private async Task ShouldBeKnownAsync(ApiDepartment department)
    {
        var first = await host.Host.Alba.Scenario(s => department.GetAt(s, Url("/2024/table")));
        await host.Host.Alba.Scenario(s =>
        {
            department.GetAt(s, Url("/2024/table"));
            s.WithRequestHeader("If-None-Match", first.Context.Response.Headers.ETag.ToString());
            s.StatusCodeShouldBe(304);
        });
    }

    private async Task ShouldStandAtAsync(long position)
    {
        var health = JsonNode.Parse(await (await host.Host.Alba.Scenario(s => s.Get.Url("/health/projections"))).ReadAsTextAsync())!;
        var region = health.AsArray().Single(r => r!["region"]!.GetValue<string>() == host.Host.Region.ToString())!;
        (region["state"]!.GetValue<string>(), Number(region["head"]), Number(region["position"]), Number(region["eventsBehind"]), Number(region["millisecondsBehind"]))
            .ShouldBe(("running", position, position, 0, 0));
    }

    private async Task<JsonNode> ReadAsync(ApiDepartment department, string path, long position)
    {
        var answer = await department.ReadAtAsync(Url(path) + string.Create(CultureInfo.InvariantCulture, $"{(path.Contains('?') ? '&' : '?')}waitFor={position}"));
        Number(answer["standing"]!["position"]).ShouldBeGreaterThanOrEqualTo(position);
        Number(answer["standing"]!["behind"]).ShouldBe(0);
        return answer;
    }

    private string Url(string path) => $"/api/v1/regions/{host.Host.Region}/rollups{path}";

    private static (long Initial, long Adjustment, long Budget, long Income, long Expenditure) Amounts(JsonNode amounts) => (
        Fen(amounts["initialBudget"]), Fen(amounts["adjustment"]), Fen(amounts["budget"]), Fen(amounts["income"]), Fen(amounts["expenditure"]));

    private static long Fen(JsonNode? amount) => Number(amount!["fen"]);

    private static long Number(JsonNode? number) => number!.GetValue<long>();
}

/// <summary>On the server that the program starts by default.</summary>
public sealed class ServerRollupTest(ServerHost host) : RollupScenarios(host), IClassFixture<ServerHost>;

/// <summary>On Wolverine and Marten.</summary>
public sealed class WolverineRollupTest(WolverineHost host) : RollupScenarios(host), IClassFixture<WolverineHost>;
