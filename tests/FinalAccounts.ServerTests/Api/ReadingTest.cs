using System.Net;
using System.Text.Json.Nodes;
using FinalAccounts.Documents;
using Shouldly;

namespace FinalAccounts.ServerTests.Api;

/// <summary>What is read: regions, departments, years, figures, tables, documents, events.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ReadingTest(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Regions_and_departments_are_listed_as_far_as_the_asker_may_read_them()
    {
        (await server.Bureau.ReadAsync("/api/v1/regions"))["items"]![0]!["departments"]!.GetValue<int>().ShouldBe(1);
        (await server.Bureau.ReadAsync("/api/v1/regions/430900/departments"))["items"]![0]!.Text().ShouldContain("益阳市社会保险服务中心");
        (await server.Stranger.ReadAsync("/api/v1/regions/430900/departments"))["items"]!.AsArray().ShouldBeEmpty();
        (await server.Stranger.ReadAsync("/api/v1/regions/430900/years"))["items"]!.AsArray().ShouldBeEmpty();
        (await server.Stranger.ReadAsync("/api/v1/regions/430900/events"))["items"]!.AsArray().ShouldBeEmpty();
    }

    /// <summary>What is not there and what is not the asker's can't be told apart.</summary>
    [Fact]
    public async Task Another_departments_year_reads_like_one_that_is_not_there()
    {
        string[] own = [ApiServer.Year, $"{ApiServer.Year}/figure?address=x", $"{ApiServer.Year}/document"];
        foreach (var path in own)
        {
            using var foreign = await server.Stranger.GetAsync(path);
            using var missing = await server.Bureau.GetAsync(path.Replace(ApiServer.Department, "000000", StringComparison.Ordinal));

            foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await foreign.Content.ReadAsStringAsync()).ShouldBe(await missing.Content.ReadAsStringAsync());
            Headers(foreign).ShouldBe(Headers(missing));
        }
    }

    [Fact]
    public async Task A_year_says_where_it_stands()
    {
        var year = await server.Clerk.ReadAsync(ApiServer.Year);

        year["overview"]!["status"]!.GetValue<string>().ShouldBe("closed");
        year["isClosed"]!.GetValue<bool>().ShouldBeTrue();
        year["formPack"]!.GetValue<string>().ShouldBe("hunan-2024");
    }

    [Fact]
    public async Task Every_figure_of_the_document_is_listed_over_pages_and_read_by_its_address()
    {
        var expected = SampleBooks.Document("yiyang-2024", "yiyang-2023").AllFigures.ToList();
        List<JsonNode> read = [];
        for (var cursor = ""; ;)
        {
            var page = await server.Clerk.ReadAsync($"{ApiServer.Year}/figures?limit=97{cursor}");
            read.AddRange(page["items"]!.AsArray()!);
            page["total"]!.GetValue<int>().ShouldBe(expected.Count);
            if (page["next"] is not { } next)
            {
                break;
            }

            cursor = $"&cursor={next}";
        }

        read.Select(f => f["address"]!.GetValue<string>()).ShouldBe(expected.Select(f => f.Address));
        foreach (var (figure, item) in expected.Zip(read).Where((_, i) => i % 29 == 0))
        {
            var one = await server.Clerk.ReadAsync($"{ApiServer.Year}/figure?address={Uri.EscapeDataString(figure.Address)}");
            one.Text().ShouldBe(item.Text());
            one["printed"]?.GetValue<string>().ShouldBe(figure.Printed);
            if (figure.IsMoney)
            {
                one["fen"]!.GetValue<long>().ShouldBe((long)figure.Exact.Numerator);
            }
        }
    }

    [Fact]
    public async Task Tables_say_what_is_printed_and_where_it_comes_from()
    {
        var expected = SampleBooks.Document("yiyang-2024", "yiyang-2023").Tables.ToList();
        var tables = (await server.Clerk.ReadAsync($"{ApiServer.Year}/tables")).AsArray();
        tables.Select(t => t!["id"]!.GetValue<string>()).ShouldBe(expected.Select(t => t.Id));

        var one = await server.Clerk.ReadAsync($"{ApiServer.Year}/tables/{Uri.EscapeDataString("公开05")}");

        one.Text().ShouldBe(tables.Single(t => t!["id"]!.GetValue<string>() == "公开05")!.Text());
        Cells(one).ShouldBe(expected.Single(t => t.Id == "公开05").Rows.SelectMany(r => r.Cells).Select(c => (c.Column, c.Text, c.Address)));
    }

    /// <summary>The same bytes as the writers give for the same books; the events' times are in none of them.</summary>
    [Fact]
    public async Task A_document_is_had_in_the_form_that_is_asked_for()
    {
        var document = SampleBooks.Document("yiyang-2024", "yiyang-2023");
        foreach (var (format, mediaType, expected) in new[]
        {
            ("json", "application/json", JsonWriter.Write(document)),
            ("html", "text/html", HtmlWriter.Write(document)),
            ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", DocxWriter.Write(document)),
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XlsxWriter.Write(document)),
        })
        {
            using var byFormat = await server.Auditor.GetAsync($"{ApiServer.Year}/document?format={format}");
            using var byAccept = await server.Auditor.GetAsync($"{ApiServer.Year}/document", ("Accept", $"{mediaType}, */*;q=0.1"));

            byAccept.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType);
            (await byFormat.Content.ReadAsByteArrayAsync()).ShouldBe(expected);
            (await byAccept.Content.ReadAsByteArrayAsync()).ShouldBe(expected);
            byFormat.Headers.ETag.ShouldNotBeNull();
        }

        using var unknown = await server.Auditor.GetAsync($"{ApiServer.Year}/document", ("Accept", "image/png"));
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
    }

    [Fact]
    public async Task A_document_is_had_as_of_any_moment()
    {
        var events = (await server.Auditor.ReadAsync($"{ApiServer.Year}/events?limit=1000"))["items"]!.AsArray();
        var half = events[events.Count / 2]!;

        var asOf = await server.Auditor.ReadAsync($"{ApiServer.Year}/figure?address={Total}&asOfPosition={half["position"]}");
        var now = await server.Auditor.ReadAsync($"{ApiServer.Year}/figure?address={Total}");
        asOf["fen"]!.GetValue<long>().ShouldBeLessThan(now["fen"]!.GetValue<long>());

        var january = await server.Auditor.ReadAsync($"{ApiServer.Year}/figure?address={Total}&asOfDate=2024-01-31");
        january["fen"]!.GetValue<long>().ShouldBe(Expenditure(events, "2024-01-31"));
        (await server.Auditor.ReadAsync($"{ApiServer.Year}/figure?address={Total}&asOfDate=2024-12-31"))["fen"]!.GetValue<long>().ShouldBe(Expenditure(events, "2024-12-31"));
    }

    [Fact]
    public async Task Events_come_in_pages_and_as_lines_that_are_the_same()
    {
        List<string> paged = [];
        for (var cursor = ""; ;)
        {
            var page = await server.Auditor.ReadAsync($"/api/v1/regions/430900/events?limit=50{cursor}");
            paged.AddRange(page["items"]!.AsArray().Select(e => e!.Text()));
            if (page["next"] is not { } next)
            {
                break;
            }

            cursor = $"&cursor={next}";
        }

        using var response = await server.Auditor.GetAsync("/api/v1/regions/430900/events", ("Accept", "application/x-ndjson"));
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        lines.Select(l => JsonNode.Parse(l)!.Text()).ShouldBe(paged);
        lines.Select(l => JsonNode.Parse(l)!["position"]!.GetValue<int>()).ShouldBe(Enumerable.Range(1, lines.Length));
    }

    [Fact]
    public async Task Language_is_that_of_the_asker_and_the_tag_says_so()
    {
        using var chinese = await server.Auditor.GetAsync($"{ApiServer.Year}/events?limit=1");
        using var english = await server.Auditor.GetAsync($"{ApiServer.Year}/events?limit=1", ("Accept-Language", "en-GB,zh;q=0.5"));

        (await chinese.JsonAsync())["items"]![0]!["kind"]!.GetValue<string>().ShouldBe("年度建账");
        (await english.JsonAsync())["items"]![0]!["kind"]!.GetValue<string>().ShouldBe("fiscal year opened");
    }

    private static string Total { get; } = Uri.EscapeDataString("公开01/57/金额");

    /// <summary>What the events say that was spent, without the program's facts.</summary>
    private static long Expenditure(JsonArray events, string until) => events
        .Where(e => string.CompareOrdinal(e!["date"]!.GetValue<string>(), until) <= 0)
        .Sum(e => e!["type"]!.GetValue<string>() switch
        {
            "expenditure-posted" => Lines(e),
            "expenditure-reversed" => -Lines(e),
            _ => 0,
        });

    private static long Lines(JsonNode e) => e["body"]!["lines"]!.AsArray().Sum(l => l!["amount"]!.GetValue<long>());

    private static IEnumerable<(string, string?, string?)> Cells(JsonNode table) => table["rows"]!.AsArray().SelectMany(r => r!["cells"]!.AsArray())
        .Select(c => (c!["name"]!.GetValue<string>(), c["text"]?.GetValue<string>(), c["address"]?.GetValue<string>()));

    private static IEnumerable<string> Headers(HttpResponseMessage response) => response.Headers.Concat(response.Content.Headers)
        .Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(", ", h.Value)}").Order(StringComparer.Ordinal);
}
