using System.Text.Json.Nodes;
using FinalAccounts.Reporting;
using Shouldly;

namespace FinalAccounts.ServerTests.Api;

/// <summary>From a number down to the vouchers, and from a voucher up to the numbers.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ProvenanceTest(ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly string Total = Uri.EscapeDataString("公开01/57/金额");

    [Fact]
    public async Task The_vouchers_behind_a_total_add_up_to_the_fen()
    {
        List<JsonNode> events = [];
        for (var cursor = ""; ;)
        {
            var page = await server.Auditor.ReadAsync($"{ApiServer.Year}/provenance/events?address={Total}&limit=60{cursor}");
            events.AddRange(page["items"]!.AsArray()!);
            if (page["next"] is not { } next)
            {
                page["total"]!.GetValue<int>().ShouldBe(events.Count);
                break;
            }

            cursor = $"&cursor={next}";
        }

        var fen = (await server.Auditor.ReadAsync($"{ApiServer.Year}/figure?address={Total}"))["fen"]!.GetValue<long>();
        events.Sum(e => e["amount"]!["number"]!.GetValue<long>()).ShouldBe(fen);
        events[^1]["runningTotal"]!["number"]!.GetValue<long>().ShouldBe(fen);

        // The vouchers themselves, as they are stored, say the same.
        var stored = await VouchersAsync();
        events.Sum(e => stored[e["position"]!.GetValue<long>()]).ShouldBe(fen);
    }

    [Fact]
    public async Task Every_decomposition_and_every_change_adds_up()
    {
        foreach (var figure in SampleBooks.Document("yiyang-2024", "yiyang-2023").AllFigures.Where((f, i) => i % 41 == 0 || f.Query is RateQuery))
        {
            var item = await server.Auditor.ReadAsync($"{ApiServer.Year}/provenance?address={Uri.EscapeDataString(figure.Address)}");
            foreach (var operand in item["operands"]!.AsArray())
            {
                var total = operand!["total"]!["number"]!.GetValue<long>();
                foreach (var parts in operand["decompositions"]!.AsArray())
                {
                    parts!["parts"]!.AsArray().Sum(p => p!["amount"]!["number"]!.GetValue<long>()).ShouldBe(total, figure.Address);
                }
            }

            foreach (var change in new[] { item["change"], item["againstPrior"] }.OfType<JsonNode>())
            {
                foreach (var breakdown in change["breakdowns"]!.AsArray().Where(b => b!["parts"] is not null))
                {
                    (breakdown!["parts"]!.AsArray().Sum(p => p!["amount"]!["number"]!.GetValue<long>()) + breakdown["rest"]!["fen"]!.GetValue<long>())
                        .ShouldBe(change["amount"]!["fen"]!.GetValue<long>(), figure.Address);
                }
            }
        }
    }

    [Fact]
    public async Task A_part_is_asked_for_by_itself()
    {
        var item = await server.Auditor.ReadAsync($"{ApiServer.Year}/provenance?address={Total}");
        var months = item["operands"]![0]!["decompositions"]!.AsArray().Single(d => d!["aspect"]!.GetValue<string>() == "month")!["parts"]!.AsArray();
        foreach (var month in months)
        {
            var key = month!["key"]!.GetValue<string>();
            var events = await server.Auditor.ReadAsync($"{ApiServer.Year}/provenance/events?address={Total}&aspect=month&key={key}&limit=1000");
            events["items"]!.AsArray().ShouldAllBe(e => e!["date"]!.GetValue<string>().StartsWith(key, StringComparison.Ordinal));
            events["items"]!.AsArray().Sum(e => e!["amount"]!["number"]!.GetValue<long>()).ShouldBe(month["amount"]!["number"]!.GetValue<long>());
        }
    }

    [Fact]
    public async Task An_event_names_the_figures_that_it_touches_this_year_and_next()
    {
        var year2023 = ApiServer.Year.Replace("2024", "2023", StringComparison.Ordinal);
        var posted = (await server.Auditor.ReadAsync($"{year2023}/events?limit=1000"))["items"]!.AsArray()
            .First(e => e!["type"]!.GetValue<string>() == "expenditure-posted")!;
        var (position, fen) = (posted["position"]!.GetValue<long>(), posted["amount"]!["fen"]!.GetValue<long>());

        var touched = (await server.Auditor.ReadAsync($"{year2023}/events/{position}/figures")).AsArray();

        touched.Select(t => t!["year"]!.GetValue<int>()).ShouldBe([2023, 2024]);
        var total = touched[0]!["figures"]!.AsArray().Single(f => f!["address"]!.GetValue<string>() == "公开01/57/金额");
        total!["sums"]!.AsArray().ShouldHaveSingleItem()!["adds"]!.GetValue<long>().ShouldBe(fen);
        touched[1]!["figures"]!.AsArray().ShouldNotBeEmpty();
    }

    /// <summary>What each posting says, from the bodies as they are stored.</summary>
    private async Task<Dictionary<long, long>> VouchersAsync() => (await server.Auditor.ReadAsync($"{ApiServer.Year}/events?limit=1000"))["items"]!.AsArray()
        .Where(e => e!["type"]!.GetValue<string>() is "expenditure-posted" or "expenditure-reversed")
        .ToDictionary(
            e => e!["position"]!.GetValue<long>(),
            e => (e!["type"]!.GetValue<string>() == "expenditure-posted" ? 1 : -1) * e["body"]!["lines"]!.AsArray().Sum(l => l!["amount"]!.GetValue<long>()));
}
