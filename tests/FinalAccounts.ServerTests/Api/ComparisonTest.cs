using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace FinalAccounts.ServerTests.Api;

/// <summary>Comparisons over the API: a late supplement changes exactly what reads otherwise, and is named as the cause.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ComparisonTest(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task What_a_late_supplement_changes_is_exactly_what_the_comparison_reports()
    {
        var before = await FiguresAsync("");
        var head = (await server.Bureau.ReadAsync("/api/v1/regions/430900"))["position"]!.GetValue<long>();
        await RecordAsync("reopen", """{"reason":"补记追加","authority":"财政局","date":"2025-02-01"}""");
        const string supplement = """{"date":"2024-11-05","documentNumber":"追-99","purpose":"追加","lines":[{"function":"2080101","fund":"一般公共预算","kind":"基本支出","amount":1234500}]}""";
        var preview = await DryRunAsync(supplement);
        var position = (await RecordAsync("commands/supplement-budget", supplement))["lastPosition"]!.GetValue<long>();

        var comparison = await server.Bureau.ReadAsync($"{ApiServer.Year}/comparison?with=position:{head}");

        var after = await FiguresAsync("");
        (await FiguresAsync($"&asOfPosition={head}")).ShouldBe(before);
        var changed = before.Keys.Union(after.Keys).Where(a => before.GetValueOrDefault(a) != after.GetValueOrDefault(a)).Order(StringComparer.Ordinal).ToList();
        changed.ShouldNotBeEmpty();
        var reported = comparison["figures"]!.AsArray();
        reported.Select(f => f!["address"]!.GetValue<string>()).Order(StringComparer.Ordinal).ShouldBe(changed);
        foreach (var difference in reported.Concat(comparison["texts"]!.AsArray()))
        {
            difference!["causes"]!.AsArray().Select(c => c!["position"]!.GetValue<long>()).ShouldContain(position);
        }

        // What the dry run foretold is what came.
        preview["figures"]!.AsArray().Select(f => f!["address"]!.Text()).ShouldBe(reported.Select(f => f!["address"]!.Text()));
        preview["texts"]!.AsArray().Select(f => f!["right"]?.Text()).ShouldBe(comparison["texts"]!.AsArray().Select(f => f!["right"]?.Text()));
    }

    [Fact]
    public async Task A_document_differs_from_itself_in_nothing()
    {
        var events = (await server.Auditor.ReadAsync($"{ApiServer.Year}/events?limit=1000"))["items"]!.AsArray();
        var last = events[^1]!["position"]!;

        var comparison = await server.Auditor.ReadAsync($"{ApiServer.Year}/comparison?with=position:{last}&asOfPosition={last}");

        comparison["kind"]!.GetValue<string>().ShouldBe("pointsInTime");
        comparison["figures"]!.AsArray().ShouldBeEmpty();
        comparison["texts"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_years_are_compared_figure_by_figure()
    {
        var comparison = await server.Auditor.ReadAsync($"{ApiServer.Year}/comparison?with=year:2023");

        comparison["kind"]!.GetValue<string>().ShouldBe("years");
        var total = comparison["figures"]!.AsArray().Single(f => f!["address"]!.GetValue<string>() == "公开01/57/金额")!;
        var last = await server.Auditor.ReadAsync($"{ApiServer.Year.Replace("2024", "2023", StringComparison.Ordinal)}/figure?address={Uri.EscapeDataString("公开01/57/金额")}");
        total["left"]!["numerator"]!.GetValue<string>().ShouldBe(last["fen"]!.ToString());
    }

    [Fact]
    public async Task A_transcription_of_the_published_document_is_the_other_side()
    {
        var transcription = await File.ReadAllTextAsync(Repository.File("samples/yiyang-2024/published.json"));

        using var response = await server.Auditor.PostAsync($"{ApiServer.Year}/comparison", transcription);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.JsonAsync())["kind"]!.GetValue<string>().ShouldBe("published");
        using var wrong = await server.Auditor.PostAsync($"{ApiServer.Year}/comparison", "{}");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("nothing", HttpStatusCode.BadRequest)]
    [InlineData("position:x", HttpStatusCode.BadRequest)]
    [InlineData("position:99999999", HttpStatusCode.BadRequest)]
    [InlineData("date:2024-13-01", HttpStatusCode.BadRequest)]
    [InlineData("year:2022", HttpStatusCode.NotFound)]
    [InlineData("year:99999", HttpStatusCode.NotFound)]
    [InlineData("department:999999", HttpStatusCode.NotFound)]
    [InlineData("published", HttpStatusCode.NotFound)]
    public async Task What_can_not_be_compared_with_is_refused(string with, HttpStatusCode status)
    {
        using var response = await server.Auditor.GetAsync($"{ApiServer.Year}/comparison?with={with}");

        response.StatusCode.ShouldBe(status);
    }

    /// <summary>Items against last year, from the postings of both years as they are stored.</summary>
    [Fact]
    public async Task Movers_are_the_differences_of_the_postings_by_item()
    {
        var (now, before) = (await SpentAsync(ApiServer.Year), await SpentAsync(ApiServer.Year.Replace("2024", "2023", StringComparison.Ordinal)));

        var movers = (await server.Auditor.ReadAsync($"{ApiServer.Year}/movers")).AsArray();

        movers.Select(m => (Key: m!["key"]!.GetValue<string>(), Difference: m["difference"]!["fen"]!.GetValue<long>())).OrderBy(m => m.Key, StringComparer.Ordinal)
            .ShouldBe(now.Keys.Union(before.Keys).Order(StringComparer.Ordinal).Select(k => (k, now.GetValueOrDefault(k) - before.GetValueOrDefault(k))));
        movers.Select(m => Math.Abs(m!["difference"]!["fen"]!.GetValue<long>())).ShouldBeInOrder(SortDirection.Descending);
        (await server.Auditor.GetAsync($"{ApiServer.Year}/movers?by=event")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_months_of_the_timeline_add_up_to_the_year()
    {
        var timeline = await server.Auditor.ReadAsync($"{ApiServer.Year}/timeline");

        var spent = timeline["months"]!.AsArray().SelectMany(m => m!["amounts"]!.AsArray())
            .Where(a => a!["measure"]!.GetValue<string>() == "支出").Sum(a => a!["amount"]!["fen"]!.GetValue<long>());
        spent.ShouldBe((await SpentAsync(ApiServer.Year)).Values.Sum());
    }

    [Fact]
    public async Task Scores_stand_beside_what_was_reported()
    {
        var expected = SampleBooks.Document("yiyang-2024", "yiyang-2023").Scores;

        var scores = (await server.Auditor.ReadAsync($"{ApiServer.Year}/scores")).AsArray();

        scores.Select(s => s!["total"]!["reported"]?.GetValue<long>()).ShouldBe(expected.Select(s => s.Total.Reported));
        scores.Select(s => s!["lines"]!.AsArray().Count).ShouldBe(expected.Select(s => s.Lines.Count));
    }

    private async Task<Dictionary<string, long>> SpentAsync(string year) => (await server.Auditor.ReadAsync($"{year}/events?limit=1000"))["items"]!.AsArray()
        .Select(e => (Sign: e!["type"]!.GetValue<string>() switch { "expenditure-posted" => 1, "expenditure-reversed" => -1, _ => 0 }, Event: e))
        .Where(e => e.Sign != 0)
        .SelectMany(e => e.Event!["body"]!["lines"]!.AsArray(), (e, line) => (Item: line!["function"]!.GetValue<string>(), Fen: e.Sign * line["amount"]!.GetValue<long>()))
        .GroupBy(l => l.Item).ToDictionary(g => g.Key, g => g.Sum(l => l.Fen));

    private async Task<Dictionary<string, string>> FiguresAsync(string moment) =>
        (await server.Bureau.ReadAsync($"{ApiServer.Year}/figures?limit=1000{moment}"))["items"]!.AsArray()
            .ToDictionary(f => f!["address"]!.GetValue<string>(), f => $"{f!["printed"]} {f["fen"]} {f["numerator"]}/{f["denominator"]}");

    private async Task<JsonNode> RecordAsync(string path, string body)
    {
        using var response = await server.Bureau.PostAsync($"{ApiServer.Year}/{path}", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    private async Task<JsonNode> DryRunAsync(string supplement)
    {
        using var content = new StringContent($$"""{"command":"supplement-budget","body":{{supplement}}}""");
        content.Headers.ContentType = new("application/x-ndjson");
        using var response = await server.Clerk.PostAsync($"{ApiServer.Year}/imports?dryRun=true", content);
        return (await response.JsonAsync())["changes"]!;
    }
}
