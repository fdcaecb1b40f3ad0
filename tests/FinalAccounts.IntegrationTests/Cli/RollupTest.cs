using System.Text.Json.Nodes;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary>What all departments of one region, and of all regions, come to.</summary>
[Collection(FaServerCollection.Name)]
public sealed class RollupTest(FaServer server)
{
    private static readonly string[] Regions = ["990001", "990002"];

    [Fact]
    public async Task All_regions_come_to_the_sum_of_each()
    {
        using var database = await server.CreateDatabaseAsync();
        foreach (var region in Regions)
        {
            var simulated = await database.Fa.RunAsync("simulate", region, "--departments", "2", "--years", "2024", "--postings", "10", "--seed", region);
            simulated.ExitCode.ShouldBe(0, simulated.ToString());
        }

        foreach (var (arguments, figure) in new[] { (Array.Empty<string>(), "/0/amounts"), (["2024"], "/total"), (["2024", "--by", "month"], "") })
        {
            var all = await ReadAsync([.. arguments, "--all-regions"]);
            all["regions"]!.AsArray().Select(r => r!["region"]!.GetValue<string>()).ShouldBe(Regions);
            var each = new List<JsonNode>();
            foreach (var region in Regions)
            {
                each.Add(await ReadAsync([.. arguments, "--region", region]));
            }

            var name = figure.Length == 0 ? "budgetFen" : "expenditureFen";
            Fen(all).ShouldBe(each.Sum(Fen), string.Join(' ', arguments));
            Fen(all).ShouldBeGreaterThan(0);

            long Fen(JsonNode said)
            {
                var node = said["result"]!;
                foreach (var part in figure.Split('/', StringSplitOptions.RemoveEmptyEntries))
                {
                    node = part == "0" ? node[0]! : node[part]!;
                }

                return node[name]!.GetValue<long>();
            }
        }

        (await database.Fa.RunAsync("rollup", "2024", "--all-regions")).Output.ShouldContain("地区 990002：");
        (await database.Fa.RunAsync("rollup", "2024", "--all-regions", "--by", "department")).ExitCode.ShouldBe(2);
        (await database.Fa.RunAsync("rollup", "2024", "--all-regions", "--region", "990001")).ExitCode.ShouldBe(2);

        async Task<JsonNode> ReadAsync(string[] arguments)
        {
            var said = await database.Fa.RunAsync(["rollup", .. arguments, "--json"]);
            said.ExitCode.ShouldBe(0, said.ToString());
            return JsonNode.Parse(said.Output)!;
        }
    }
}
