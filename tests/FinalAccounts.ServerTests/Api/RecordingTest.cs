using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace FinalAccounts.ServerTests.Api;

/// <summary>What is written: single records, steps of a year, conditions, and requests that are sent again.</summary>
[Collection(PostgresCollection.Name)]
public sealed class RecordingTest(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ApiServer server = new(postgres);

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        using var reopened = await server.Bureau.PostAsync($"{ApiServer.Year}/reopen", """{"reason":"补记","authority":"财政局 1 号","date":"2025-01-05"}""");
        reopened.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_supplement_is_recorded_by_the_one_who_is_signed_in_and_seen_at_once()
    {
        using var response = await server.Clerk.PostAsync($"{ApiServer.Year}/commands/supplement-budget", Supplement("追-1", 123_400));

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var recorded = await response.JsonAsync();
        var stored = recorded["events"]!.AsArray().ShouldHaveSingleItem()!;
        stored["actor"]!.GetValue<string>().ShouldBe("经办");
        stored["type"]!.GetValue<string>().ShouldBe("budget-supplemented");
        stored["amount"]!["fen"]!.GetValue<long>().ShouldBe(123_400);

        var position = recorded["lastPosition"]!.GetValue<long>();
        var read = await server.Clerk.ReadAsync($"{ApiServer.Year}/events/{position}");
        read["event"]!.Text().ShouldBe(stored.Text());
        (await server.Clerk.ReadAsync(ApiServer.Year))["overview"]!["version"]!.GetValue<long>().ShouldBe(recorded["version"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_request_that_is_sent_again_is_recorded_once_and_gets_the_first_answer()
    {
        var path = $"{ApiServer.Year}/commands/supplement-budget";
        using var first = await server.Clerk.PostAsync(path, Supplement("追-1", 100), ("Idempotency-Key", "k1"));
        using var another = await server.Clerk.PostAsync(path, Supplement("追-2", 100), ("Idempotency-Key", "k2"));
        using var again = await server.Clerk.PostAsync(path, Supplement("追-1", 100), ("Idempotency-Key", "k1"));

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await again.JsonAsync()).Text().ShouldBe((await first.JsonAsync()).Text());
        first.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);

        using var other = await server.Clerk.PostAsync(path, Supplement("追-1", 101), ("Idempotency-Key", "k1"));
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await other.JsonAsync())["type"]!.GetValue<string>().ShouldBe("urn:finalaccounts:problem:key-reused");

        // The key is the actor's own.
        using var bureau = await server.Bureau.PostAsync(path, Supplement("追-3", 100), ("Idempotency-Key", "k1"));
        bureau.StatusCode.ShouldBe(HttpStatusCode.Created);
        bureau.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
    }

    /// <summary>Whoever comes second may find the year changed by the first one before it finds the key.</summary>
    [Fact]
    public async Task The_same_request_sent_many_times_at_once_is_recorded_once()
    {
        var path = $"{ApiServer.Year}/commands/supplement-budget";

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using var response = await server.Clerk.PostAsync(path, Supplement($"追-{i % 4}", 100), ("Idempotency-Key", $"k{i % 4}"));
            return (response.StatusCode, Body: await response.Content.ReadAsStringAsync());
        }));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
        answers.Select(a => a.Body).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task A_key_belongs_to_the_year_that_it_was_first_used_for()
    {
        var headers = ("Idempotency-Key", "one");
        using var first = await server.Clerk.PostAsync($"{ApiServer.Year}/commands/supplement-budget", Supplement("追-1", 100), headers);

        using var other = await server.Clerk.PostAsync(
            $"{ApiServer.Year.Replace("2024", "2023", StringComparison.Ordinal)}/commands/supplement-budget", Supplement("追-1", 100), headers);

        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    /// <summary>A close takes its seal from the log; sent again, it is the first one with the seal of then.</summary>
    [Fact]
    public async Task Closing_submitting_and_publishing_can_be_sent_again()
    {
        foreach (var (client, step) in new[] { (server.Head, "submit"), (server.Head, "close") })
        {
            using var first = await client.PostAsync($"{ApiServer.Year}/{step}", """{"date":"2025-01-31"}""", ("Idempotency-Key", step));
            first.StatusCode.ShouldBe(HttpStatusCode.Created, await first.Content.ReadAsStringAsync());
            using var again = await client.PostAsync($"{ApiServer.Year}/{step}", """{"date":"2025-01-31"}""", ("Idempotency-Key", step));
            (await again.JsonAsync()).Text().ShouldBe((await first.JsonAsync()).Text());
            using var other = await client.PostAsync($"{ApiServer.Year}/{step}", """{"date":"2025-01-30"}""", ("Idempotency-Key", step));
            other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        using var published = await server.Bureau.PostAsync($"{ApiServer.Year}/publish", """{"date":"2025-03-01"}""", ("Idempotency-Key", "publish"));
        published.StatusCode.ShouldBe(HttpStatusCode.Created, await published.Content.ReadAsStringAsync());
        using var publishedAgain = await server.Bureau.PostAsync($"{ApiServer.Year}/publish", """{"date":"2025-03-01"}""", ("Idempotency-Key", "publish"));
        (await publishedAgain.JsonAsync()).Text().ShouldBe((await published.JsonAsync()).Text());
        await PublicReadsAsync(await published.JsonAsync());
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_changes_nothing_and_names_the_version()
    {
        using var read = await server.Clerk.GetAsync($"{ApiServer.Year}/tables");
        var tag = read.Headers.ETag!.Tag;
        using var first = await server.Clerk.PostAsync($"{ApiServer.Year}/commands/supplement-budget", Supplement("追-1", 100), ("If-Match", tag));
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        var version = (await first.JsonAsync())["version"]!.GetValue<long>();

        using var second = await server.Clerk.PostAsync($"{ApiServer.Year}/commands/supplement-budget", Supplement("追-2", 100), ("If-Match", tag));

        second.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await second.JsonAsync())["version"]!.GetValue<long>().ShouldBe(version);
        using var third = await server.Clerk.PostAsync($"{ApiServer.Year}/commands/supplement-budget", Supplement("追-2", 100), ("If-Match", $"\"{version}\""));
        third.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var wrong = await server.Clerk.PostAsync($"{ApiServer.Year}/commands/supplement-budget", Supplement("追-3", 100), ("If-Match", "\"x\""));
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_rule_that_refuses_is_named_in_both_languages_with_the_member()
    {
        using var response = await server.Clerk.PostAsync(
            $"{ApiServer.Year}/commands/supplement-budget", Supplement("追-1", 100).Replace("2080101", "9999999", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await response.JsonAsync();
        problem["rule"]!.GetValue<string>().ShouldBe("L-CODE-01");
        var error = problem["errors"]!.AsArray().ShouldHaveSingleItem()!;
        error["column"]!.GetValue<string>().ShouldBe("lines[0].function");
        error["text"]!.GetValue<string>().ShouldContain("9999999");
        error["textEn"]!.GetValue<string>().ShouldContain("9999999");
        error["textEn"]!.GetValue<string>().ShouldNotBe(error["text"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("commands/supplement-budget", "{", HttpStatusCode.BadRequest, "json-wrong")]
    [InlineData("commands/supplement-budget", """{"date":"2024-06-03","documentNumber":"a","purpose":"b","lines":[],"actor":"局长"}""", HttpStatusCode.BadRequest, "json-wrong")]
    [InlineData("commands/close-year", "{}", HttpStatusCode.NotFound, "not-found")]
    [InlineData("close", """{"date":"2024-12-32"}""", HttpStatusCode.BadRequest, "json-wrong")]
    [InlineData("commands/open-fiscal-year", """{"date":"2024-01-01","department":"999999","year":2024,"formPack":"x","overspending":"拒绝","openingBalances":[],"standards":[]}""", HttpStatusCode.BadRequest, "path-differs")]
    public async Task A_wrong_body_is_refused(string path, string body, HttpStatusCode status, string type)
    {
        using var response = await server.Bureau.PostAsync($"{ApiServer.Year}/{path}", body);

        response.StatusCode.ShouldBe(status);
        (await response.JsonAsync())["type"]!.GetValue<string>().ShouldBe($"urn:finalaccounts:problem:{type}");
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_json_is_refused()
    {
        var path = $"{ApiServer.Year}/commands/supplement-budget";
        using var large = await server.Clerk.PostAsync(path, Supplement(new string('长', 500_000), 100));
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var text = await server.Clerk.PostAsync(path, new StringContent("date=2024-06-03"));
        text.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await text.JsonAsync())["title"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_a_role_may_not_do_is_not_done()
    {
        foreach (var (client, step) in new[] { (server.Clerk, "close"), (server.Clerk, "publish"), (server.Head, "reopen"), (server.Auditor, "submit") })
        {
            using var response = await client.PostAsync($"{ApiServer.Year}/{step}", "{}");
            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task An_explanation_is_written_and_read()
    {
        using var written = await server.Clerk.PostAsync(
            $"{ApiServer.Year}/explanations", """{"date":"2024-12-31","subject":"收入总计/比上年","text":"主要是人员增加","author":"财务科"}""");
        written.StatusCode.ShouldBe(HttpStatusCode.Created, await written.Content.ReadAsStringAsync());

        var explanations = (await server.Clerk.ReadAsync($"{ApiServer.Year}/explanations")).AsArray();

        explanations.Single(e => e!["subject"]!.GetValue<string>() == "收入总计/比上年")!["text"]!.GetValue<string>().ShouldBe("主要是人员增加");
    }

    private async Task PublicReadsAsync(JsonNode published)
    {
        var everybody = server.Server.NewClient();
        var item = (await everybody.ReadAsync("/api/v1/public/years"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        var body = published["events"]![0]!["body"]!;
        item["sha256"]!.GetValue<string>().ShouldBe(body["documentSha256"]!.GetValue<string>());
        const string path = "/api/v1/public/regions/430900/departments/117005/years/2024";
        var bytes = await everybody.GetByteArrayAsync($"{path}/document");
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)).ShouldBe(item["sha256"]!.GetValue<string>());

        using var replay = await server.Auditor.PostAsync("/api/v1/regions/430900/replays", """{"year":2024}""");
        replay.StatusCode.ShouldBe(HttpStatusCode.Accepted, await replay.Content.ReadAsStringAsync());
        var job = await server.Auditor.FollowAsync((await replay.JsonAsync())["events"]!.GetValue<string>());
        job["replay"]!["isFaithful"]!.GetValue<bool>().ShouldBeTrue(job.Text());
        job["replay"]!["documents"]![0]!["verdict"]!.GetValue<string>().ShouldBe("same");

        // What is recorded after the publication is not in it.
        using var reopened = await server.Bureau.PostAsync($"{ApiServer.Year}/reopen", """{"reason":"更正","authority":"财政局 2 号","date":"2025-04-01"}""");
        reopened.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await everybody.ReadAsync("/api/v1/public/years"))["items"]!.AsArray().ShouldBeEmpty();
        (await everybody.GetAsync($"{path}/document")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await everybody.GetAsync($"{ApiServer.Year}/document")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static string Supplement(string number, long fen) => $$"""
        {"date":"2024-06-03","documentNumber":"{{number}}","purpose":"追加","lines":
         [{"function":"2080101","fund":"一般公共预算","kind":"基本支出","amount":{{fen}}}]}
        """;
}
