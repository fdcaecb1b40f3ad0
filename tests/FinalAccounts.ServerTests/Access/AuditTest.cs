using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FinalAccounts.Server.Access;
using Npgsql;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

[Collection(PostgresCollection.Name)]
public sealed class AuditTest(PostgresFixture postgres) : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(postgres);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_applications_role_can_add_to_the_audit_and_change_nothing_in_it()
    {
        await server.NewUserAsync("somebody");
        const string Insert = "insert into access.audit (actor, action, subject_id, subject, role, region, department, detail";
        string[] forbidden =
        [
            "delete from access.audit", "truncate access.audit", "update access.audit set actor = 'x'", "drop table access.audit",
            "alter table access.audit disable trigger all", "alter table access.audit add x integer", "drop schema access cascade",
            $"{Insert}, at) values ('x', 'Created', gen_random_uuid(), 'x', '', '', '', '', now() - interval '1 year')",
            $"{Insert}, position) overriding system value values ('x', 'Created', gen_random_uuid(), 'x', '', '', '', '', 1)",
            "delete from access.users", "truncate access.users", "update access.users set name = 'x'", "update access.users set normalized_name = 'X'",
            "update access.users set created_at = now()", "delete from access.tokens", "update access.tokens set hash = ''",
            "update access.tokens set expires_at = now()", "update access.tokens set user_id = user_id", "update access.assignments set role = 'x'",
            "insert into access.schema_version values (9, 'x', now())", "create table access.mine (id integer)", "select setval('access.audit_position_seq', 1)",
            "set role finalaccounts_owner",
        ];
        foreach (var statement in forbidden)
        {
            await using var command = server.Database.Application.CreateCommand(statement);
            var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(), statement);
            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, statement);
        }

        (await server.ExecuteAsync("select count(*) from access.audit where subject = 'somebody'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Everything_that_is_done_to_an_account_leaves_an_entry()
    {
        var boss = await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null));
        var administrator = await server.NewProgramAsync(boss);
        using var made = await administrator.PostAsJsonAsync("/api/v1/users", new { name = "新经办" });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        await DoneAsync(administrator.PostAsJsonAsync($"/api/v1/users/{id}/roles", new { role = "Clerk", region = "439900", department = "301" }));
        await DoneAsync(administrator.PostAsJsonAsync($"/api/v1/users/{id}/roles", new { role = "Clerk", region = "439900", department = "301" }));
        await DoneAsync(administrator.DeleteAsync($"/api/v1/users/{id}/roles?role=Clerk&region=439900&department=301"));
        await DoneAsync(administrator.DeleteAsync($"/api/v1/users/{id}/roles?role=Clerk&region=439900&department=301"));
        await DoneAsync(administrator.PostAsync($"/api/v1/users/{id}/lock", null));
        await DoneAsync(administrator.PostAsync($"/api/v1/users/{id}/unlock", null));
        await DoneAsync(administrator.PostAsync($"/api/v1/users/{id}/password", null));

        var entries = (await administrator.GetFromJsonAsync<JsonElement>("/api/v1/access-audit")).GetProperty("entries").EnumerateArray()
            .Where(e => e.GetProperty("subject").GetString() == "新经办").ToList();

        entries.Select(e => e.GetProperty("action").GetString()).ShouldBe(
            ["PasswordReset", "Unlocked", "Locked", "Withdrawn", "Assigned", "Created"], "what was there already is not done again");
        entries.ShouldAllBe(e => e.GetProperty("actor").GetString() == "boss");
        entries[4].GetProperty("role").GetProperty("department").GetString().ShouldBe("301");
    }

    [Fact]
    public async Task An_auditor_reads_what_concerns_the_own_region_only()
    {
        await server.ImportAsync("consolidated-2024/bureau", "shuangpai-2024");
        await server.NewUserAsync("here", new Assignment(Role.Clerk, new("439900"), new("301")));
        await server.NewUserAsync("elsewhere", new Assignment(Role.Clerk, new("431123"), new("325006")));
        var auditor = await server.NewUserAsync("auditor", new Assignment(Role.Auditor, new("439900"), null));
        var program = await server.NewProgramAsync(auditor);

        var subjects = (await program.GetFromJsonAsync<JsonElement>("/api/v1/regions/439900/access-audit")).GetProperty("entries").EnumerateArray()
            .Select(e => e.GetProperty("subject").GetString()).Distinct().ToList();
        var page = await (await server.SignInAsync(auditor)).OpenAsync("/regions/439900/access-audit");

        subjects.ShouldBe(["auditor", "here"], ignoreOrder: true);
        page.QuerySelectorAll("tbody tr").Length.ShouldBe(5, "two users made, two roles given, a token made");
        page.Body!.TextContent.ShouldNotContain("elsewhere");
    }

    [Fact]
    public async Task A_long_audit_is_read_page_by_page()
    {
        var administrator = await server.NewProgramAsync(await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null)));
        await server.ExecuteAsync(
            $"""
            insert into access.audit (actor, action, subject_id, subject, role, region, department, detail)
            select 'x', 'Created', gen_random_uuid(), 'u' || n, '', '', '', '' from generate_series(1, {2 * AccessLimits.PageSize}) n
            """);
        var all = Convert.ToInt64(await server.ExecuteAsync("select count(*) from access.audit"), System.Globalization.CultureInfo.InvariantCulture);

        var positions = new List<long>();
        for (long? before = null; ;)
        {
            var body = await administrator.GetFromJsonAsync<JsonElement>("/api/v1/access-audit" + (before is null ? "" : $"?before={before}"));
            positions.AddRange(body.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("position").GetInt64()));
            if (!body.TryGetProperty("before", out var next))
            {
                break;
            }

            before = next.GetInt64();
        }

        positions.Count.ShouldBe((int)all);
        positions.ShouldBe(positions.OrderDescending());
    }

    [Fact]
    public async Task An_administrator_can_not_shut_everybody_out()
    {
        var boss = await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null));
        var administrator = await server.NewProgramAsync(boss);

        (await administrator.PostAsync($"/api/v1/users/{boss.Id}/lock", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await administrator.DeleteAsync($"/api/v1/users/{boss.Id}/roles?role=Administrator")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("x")]
    [InlineData(" leading")]
    [InlineData("BOSS")]
    [InlineData("a\u0007b")]
    public async Task A_name_that_can_not_be_used_or_is_taken_is_refused(string name)
    {
        var administrator = await server.NewProgramAsync(await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null)));

        using var refused = await administrator.PostAsJsonAsync("/api/v1/users", new { name });

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("Public", "439900", "301")]
    [InlineData("Clerk", "439900", null)]
    [InlineData("Bureau", null, null)]
    [InlineData("Bureau", "4399", null)]
    [InlineData("Auditor", "439900", "301")]
    [InlineData("3", "439900", null)]
    [InlineData("bureau", "439900", null)]
    public async Task A_role_without_its_place_is_refused(string role, string? region, string? department)
    {
        var boss = await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null));
        var administrator = await server.NewProgramAsync(boss);

        using var refused = await administrator.PostAsJsonAsync($"/api/v1/users/{boss.Id}/roles", new { role, region, department });

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.ExecuteAsync("select count(*) from access.assignments where user_id = (select id from access.users where name = 'boss')")).ShouldBe(1L);
    }

    private static async Task DoneAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        response.IsSuccessStatusCode.ShouldBeTrue(response.StatusCode.ToString());
    }
}
