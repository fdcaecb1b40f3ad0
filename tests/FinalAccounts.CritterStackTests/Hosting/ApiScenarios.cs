using System.Text.Json.Nodes;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Server.Access;
using Shouldly;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>What the API does, whichever host answers: a department's year from its opening to its publication.</summary>
/// <param name="host">The host, started for all of a class.</param>
[Collection(LogServerCollection.Name)]
public abstract class ApiScenarios(HostFixture host) : IAsyncLifetime
{
    private const string Expenditure = "公开01/57/金额";

    private ApiDepartment department = null!;

    public async Task InitializeAsync() => department = await host.Host.NewDepartmentAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_year_goes_from_its_opening_to_its_close()
    {
        (await department.RecordAsync("commands/open-fiscal-year", Books.Open(department.Code)))["version"]!.GetValue<long>().ShouldBe(1);
        var appropriated = await department.RecordAsync("commands/appropriate-budget", Books.Budget("预-1", 1_000_000));
        appropriated["events"]![0]!["type"]!.GetValue<string>().ShouldBe("budget-appropriated");
        await department.RecordAsync("commands/supplement-budget", Books.Budget("追-1", 300_000));
        await department.RecordAsync("commands/withdraw-budget", Books.Budget("扣-1", 100_000));
        await department.RecordAsync("commands/receive-income", Books.Income("收-1", 1_150_000));
        await department.RecordAsync("commands/post-expenditure", Books.Expenditure("支-1", 1_200_000));
        await department.RecordAsync("commands/reverse-expenditure", Books.Reversal("支-2", "支-1", 50_000));

        // 年初预算 1,000,000 + 追加 300,000 − 扣回 100,000; 支出 1,200,000 − 冲销 50,000.
        var overview = (await department.ReadAsync())["overview"]!;
        overview["version"]!.GetValue<long>().ShouldBe(7);
        overview["budget"]!["fen"]!.GetValue<long>().ShouldBe(1_000_000);
        overview["adjustedBudget"]!["fen"]!.GetValue<long>().ShouldBe(1_200_000);
        overview["income"]!["fen"]!.GetValue<long>().ShouldBe(1_150_000);
        overview["expenditure"]!["fen"]!.GetValue<long>().ShouldBe(1_150_000);

        await department.RecordAsync("submit", """{"date":"2025-01-20"}""", Role.Head);
        var closed = (await department.RecordAsync("close", """{"date":"2025-01-31"}""", Role.Head))["events"]![0]!;
        closed["type"]!.GetValue<string>().ShouldBe("year-closed");
        closed["body"]!["seal"]!["position"]!.GetValue<long>().ShouldBe(closed["position"]!.GetValue<long>() - 1);
        (await department.ReadAsync())["overview"]!["status"]!.GetValue<string>().ShouldBe("closed");
        (await department.RecordAsync("reopen", """{"reason":"更正","authority":"财政局 2 号","date":"2025-04-01"}""", Role.Bureau))["events"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_closed_year_is_published_and_a_publication_that_is_sent_again_is_the_same()
    {
        var sample = await host.Host.NewSampleAsync();
        await sample.RefuseAsync("publish", """{"date":"2025-08-01"}""", 422, Role.Bureau);
        await sample.RecordAsync("close", """{"date":"2025-01-31"}""", Role.Head);

        var published = await sample.RecordAsync("publish", """{"date":"2025-08-01"}""", Role.Bureau, ("Idempotency-Key", "publish"));

        var said = published["events"]!.AsArray().ShouldHaveSingleItem()!;
        said["type"]!.GetValue<string>().ShouldBe("disclosure-published");
        var stored = await host.Host.Live.Log.Documents.ReadAsync(said["body"]!["documentSha256"]!.GetValue<string>(), CancellationToken.None);
        JsonNode.Parse(stored.ShouldNotBeNull().Content).ShouldNotBeNull();
        var again = await sample.RecordAsync("publish", """{"date":"2025-08-01"}""", Role.Bureau, ("Idempotency-Key", "publish"));
        again["firstPosition"]!.GetValue<long>().ShouldBe(published["firstPosition"]!.GetValue<long>());
    }

    [Fact]
    public async Task What_is_imported_is_recorded_once()
    {
        await department.OpenAsync();
        (string, string)[] lines = [("supplement-budget", Books.Budget("追-1", 500)), ("receive-income", Books.Income("收-1", 300))];

        (await department.ImportAsync(lines, 201))["newEvents"]!.GetValue<int>().ShouldBe(2);

        var again = await department.ImportAsync(lines, 200);
        (again["newEvents"]!.GetValue<int>(), again["recorded"]!.GetValue<int>()).ShouldBe((0, 2));
        (await department.ReadAsync())["overview"]!["adjustedBudget"]!["fen"]!.GetValue<long>().ShouldBe(1_000_500);
    }

    [Fact]
    public async Task An_import_with_a_mistake_records_nothing()
    {
        await department.OpenAsync();

        var problem = await department.ImportAsync(
            [("supplement-budget", Books.Budget("追-1", 500)), ("receive-income", Books.Income("收-1", 0))], 422);

        problem["errors"]!.AsArray().ShouldAllBe(e => e!["row"]!.GetValue<int>() == 2);
        (await department.ReadAsync())["overview"]!["version"]!.GetValue<long>().ShouldBe(2);
    }

    [Fact]
    public async Task An_import_can_be_followed_as_a_job()
    {
        await department.OpenAsync();

        var job = await department.FollowAsync(
            await department.ImportAsync([("supplement-budget", Books.Budget("追-1", 500))], 202, ("Prefer", "respond-async")));

        job["import"]!["newEvents"]!.GetValue<int>().ShouldBe(1);
        (await department.ReadAsync())["overview"]!["version"]!.GetValue<long>().ShouldBe(3);
    }

    [Fact]
    public async Task A_log_is_verified_against_seals_kept_elsewhere()
    {
        await department.OpenAsync();
        var intact = await VerifyAsync("{}");
        var head = intact["head"]!;
        (intact["isIntact"]!.GetValue<bool>(), intact["events"]!.GetValue<long>()).ShouldBe((true, head["position"]!.GetValue<long>()));
        await department.RecordAsync("commands/supplement-budget", Books.Budget("追-1", 100));

        var sealedAt = await VerifyAsync($$"""{"seals":[{{head.ToJsonString()}}]}""");
        (sealedAt["isIntact"]!.GetValue<bool>(), sealedAt["events"]!.GetValue<long>()).ShouldBe((true, intact["events"]!.GetValue<long>() + 1));
        sealedAt["seals"]!.GetValue<int>().ShouldBe(intact["seals"]!.GetValue<int>() + 1);

        var wrong = await VerifyAsync($$"""{"seals":[{"position":2,"hash":"{{new string('0', 64)}}"},{"position":999999,"hash":"{{new string('0', 64)}}"}]}""");
        (wrong["isIntact"]!.GetValue<bool>(), wrong["firstBadPosition"]!.GetValue<long>(), wrong["findingsCount"]!.GetValue<int>()).ShouldBe((false, 2, 2));
        wrong["findings"]!.AsArray().Select(f => f!["rule"]!.GetValue<string>()).ShouldBe(["sealMismatch", "sealBeyondHead"]);
    }

    [Fact]
    public async Task A_published_year_is_replayed_byte_for_byte()
    {
        var sample = await host.Host.NewSampleAsync("huaihua-2024");
        await sample.RecordAsync("close", """{"date":"2025-01-31"}""", Role.Head);
        var published = await sample.RecordAsync("publish", """{"date":"2025-08-01"}""", Role.Bureau);
        var sha256 = published["events"]![0]!["body"]!["documentSha256"]!.GetValue<string>();

        // What comes behind the publication is not in it.
        await sample.RecordAsync("reopen", """{"reason":"更正","authority":"财政局 2 号","date":"2025-09-01"}""", Role.Bureau);
        var replay = (await sample.FollowAsync(await sample.SendToRegionAsync("replays", $$"""{"year":2024,"department":"{{sample.Code}}"}""", 202)))["replay"]!;

        (replay["isFaithful"]!.GetValue<bool>(), replay["years"]!.GetValue<int>()).ShouldBe((true, 1));
        var document = replay["documents"]!.AsArray().ShouldHaveSingleItem()!;
        document["verdict"]!.GetValue<string>().ShouldBe("same");
        document["publication"]!.GetValue<long>().ShouldBe(published["firstPosition"]!.GetValue<long>());
        (document["published"]!.GetValue<string>(), document["now"]!.GetValue<string>(), document["isKept"]!.GetValue<bool>()).ShouldBe((sha256, sha256, true));
    }

    [Fact]
    public async Task What_can_not_be_verified_or_replayed_is_refused_at_once()
    {
        var seal = $$"""{"position":1,"hash":"{{new string('0', 64)}}"}""";
        (string Path, string Body, int Status, Role Role)[] refused =
        [
            ("verifications", $$"""{"seals":[{{string.Join(',', Enumerable.Repeat(seal, 1_001))}}]}""", 400, Role.Auditor),
            ("verifications", """{"seals":[{"position":1,"hash":"x"}]}""", 400, Role.Auditor),
            ("verifications", """{"seal":[]}""", 400, Role.Auditor),
            ("verifications", "{}", 403, Role.Clerk),
            ("replays", """{"department":"999999"}""", 404, Role.Auditor),
            ("replays", """{"year":12}""", 404, Role.Auditor),
            ("replays", "{}", 403, Role.Head),
        ];
        foreach (var (path, body, status, role) in refused)
        {
            await department.SendToRegionAsync(path, body, status, role);
        }

        await host.Host.Alba.Scenario(s =>
        {
            s.Post.Text("{}").ContentType("application/json").ToUrl($"/api/v1/regions/{host.Host.Region}/verifications");
            s.StatusCodeShouldBe(401);
        });
    }

    [Fact]
    public async Task A_document_with_gaps_is_not_published()
    {
        await department.OpenAsync();
        await department.RecordAsync("close", """{"date":"2025-01-31"}""", Role.Head);

        await department.RefuseAsync("publish", """{"date":"2025-08-01"}""", 422, Role.Bureau);

        (await department.ReadAsync())["overview"]!["status"]!.GetValue<string>().ShouldBe("closed");
    }

    [Fact]
    public async Task Books_that_do_not_balance_are_not_closed()
    {
        await department.OpenAsync();
        await department.RecordAsync("commands/receive-income", Books.Income("收-1", 1_000));

        var problem = await department.RefuseAsync("close", """{"date":"2025-01-31"}""", 422, Role.Head);

        problem["type"]!.GetValue<string>().ShouldBe("urn:finalaccounts:problem:rules-refuse");
        problem["errors"]!.AsArray().Count.ShouldBeGreaterThan(0);
        (await department.ReadAsync())["overview"]!["status"]!.GetValue<string>().ShouldBe("open");
    }

    [Fact]
    public async Task A_version_that_the_year_does_not_stand_at_changes_nothing()
    {
        await department.OpenAsync();
        var tag = (await host.Host.Alba.Scenario(s => department.Get(s, "/tables"))).Context.Response.Headers.ETag.ToString();
        await department.RecordAsync("commands/supplement-budget", Books.Budget("追-1", 100), headers: ("If-Match", tag));

        var problem = await department.RefuseAsync("commands/supplement-budget", Books.Budget("追-2", 100), 412, headers: ("If-Match", tag));

        problem["version"]!.GetValue<long>().ShouldBe(3);
        (await department.RecordAsync("commands/supplement-budget", Books.Budget("追-2", 100), headers: ("If-Match", "\"3\"")))["version"]!.GetValue<long>().ShouldBe(4);
    }

    [Fact]
    public async Task A_key_that_is_sent_again_records_once()
    {
        await department.OpenAsync();
        var first = await department.RecordAsync("commands/supplement-budget", Books.Budget("追-1", 100), headers: ("Idempotency-Key", "k1"));
        await department.RecordAsync("commands/supplement-budget", Books.Budget("追-2", 100));

        var again = await host.Host.Alba.Scenario(s =>
        {
            department.Post(s, "commands/supplement-budget", Books.Budget("追-1", 100), Role.Clerk, ("Idempotency-Key", "k1"));
            s.StatusCodeShouldBe(201);
            s.Header("Idempotent-Replayed").SingleValueShouldEqual("true");
        });

        JsonNode.DeepEquals(JsonNode.Parse(await again.ReadAsTextAsync()), first).ShouldBeTrue();
        var reused = await department.RefuseAsync("commands/supplement-budget", Books.Budget("追-1", 101), 422, headers: ("Idempotency-Key", "k1"));
        reused["type"]!.GetValue<string>().ShouldBe("urn:finalaccounts:problem:key-reused");
    }

    [Fact]
    public async Task Many_at_once_are_all_recorded_each_once()
    {
        await department.OpenAsync();

        // Each key twice: one records, the other gets its answer. Nobody has named a version, so that a conflict is decided anew.
        var recorded = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            department.RecordAsync("commands/supplement-budget", Books.Budget($"追-{i % 4}", 100), headers: ("Idempotency-Key", $"k{i % 4}"))));

        recorded.Select(r => r["firstPosition"]!.GetValue<long>()).Distinct().Count().ShouldBe(4);
        (await department.ReadAsync())["overview"]!["adjustedBudget"]!["fen"]!.GetValue<long>().ShouldBe(1_000_000 + (4 * 100));
    }

    [Fact]
    public async Task A_rule_that_refuses_is_named_in_both_languages_with_the_member()
    {
        await department.OpenAsync();

        var problem = await department.RefuseAsync("commands/supplement-budget", Books.Budget("追-1", 100).Replace("2080101", "9999999", StringComparison.Ordinal), 422);

        problem["rule"]!.GetValue<string>().ShouldBe("L-CODE-01");
        var error = problem["errors"]!.AsArray().ShouldHaveSingleItem()!;
        error["column"]!.GetValue<string>().ShouldBe("lines[0].function");
        error["text"]!.GetValue<string>().ShouldContain("科目");
        error["textEn"]!.GetValue<string>().ShouldContain("9999999");
    }

    [Theory]
    [InlineData("commands/supplement-budget", "{", 400, "json-wrong")]
    [InlineData("commands/supplement-budget", """{"date":"2024-06-03","documentNumber":"a","purpose":"b","lines":[],"actor":"局长"}""", 400, "json-wrong")]
    [InlineData("commands/close-year", "{}", 404, "not-found")]
    [InlineData("close", """{"date":"2024-12-32"}""", 400, "json-wrong")]
    public async Task A_wrong_body_is_refused(string path, string body, int status, string type) =>
        (await department.RefuseAsync(path, body, status, Role.Bureau))["type"]!.GetValue<string>().ShouldBe($"urn:finalaccounts:problem:{type}");

    [Fact]
    public async Task What_a_role_may_not_do_is_not_done()
    {
        await department.OpenAsync();
        (await department.RefuseAsync("close", "{}", 403))["type"]!.GetValue<string>().ShouldBe("urn:finalaccounts:problem:forbidden");
        await host.Host.Alba.Scenario(s =>
        {
            s.Post.Text("{}").ContentType("application/json").ToUrl($"{department.Year}/close");
            s.StatusCodeShouldBe(401);
        });
    }

    [Fact]
    public async Task A_figure_is_read_and_its_change_explained()
    {
        await department.OpenAsync();
        await department.RecordAsync("commands/receive-income", Books.Income("收-1", 500_000));
        var first = await department.RecordAsync("commands/post-expenditure", Books.Expenditure("支-1", 300_000));
        var second = await department.RecordAsync("commands/post-expenditure", Books.Expenditure("支-2", 200_000));

        var address = Uri.EscapeDataString(Expenditure);
        var figure = await department.ReadAsync($"/figure?address={address}");
        figure["fen"]!.GetValue<long>().ShouldBe(500_000);
        figure["printed"]!.GetValue<string>().ShouldBe("0.50");
        (await department.ReadAsync($"/figure?address={address}&asOfPosition={first["lastPosition"]}"))["fen"]!.GetValue<long>().ShouldBe(300_000);

        var events = (await department.ReadAsync($"/provenance/events?address={address}"))["items"]!.AsArray();
        events.Select(e => e!["position"]!.GetValue<long>()).ShouldBe([first["lastPosition"]!.GetValue<long>(), second["lastPosition"]!.GetValue<long>()]);
        events.Select(e => e!["amount"]!["number"]!.GetValue<long>()).ShouldBe([300_000, 200_000]);
    }

    [Fact]
    public async Task The_events_of_a_year_are_read_page_by_page()
    {
        await department.OpenAsync();
        await department.RecordAsync("commands/supplement-budget", Books.Budget("追-1", 100));

        var page = await department.ReadAsync($"/events?limit=2");
        page["items"]!.AsArray().Select(e => e!["version"]!.GetValue<long>()).ShouldBe([1, 2]);
        var rest = await department.ReadAsync($"/events?cursor={page["next"]}");

        var last = rest["items"]!.AsArray().ShouldHaveSingleItem()!;
        last["type"]!.GetValue<string>().ShouldBe("budget-supplemented");
        last["body"]!["documentNumber"]!.GetValue<string>().ShouldBe("追-1");
        last["actor"]!.GetValue<string>().ShouldStartWith("Clerk-");
        rest["next"].ShouldBeNull();
        await host.Host.Alba.Scenario(s =>
        {
            department.Get(s, "/events?limit=x");
            s.StatusCodeShouldBe(400);
        });
    }

    [Fact]
    public async Task A_reason_is_written_and_read()
    {
        await department.OpenAsync();
        await department.RecordAsync("explanations", """{"date":"2024-12-31","subject":"收入总计/比上年","text":"主要是人员增加","author":"财务科"}""");

        (await department.ReadAsync($"/explanations")).AsArray()
            .Single(e => e!["subject"]!.GetValue<string>() == "收入总计/比上年")!["text"]!.GetValue<string>().ShouldBe("主要是人员增加");
    }

    private async Task<JsonNode> VerifyAsync(string body) =>
        (await department.FollowAsync(await department.SendToRegionAsync("verifications", body, 202)))["verification"]!;
}
