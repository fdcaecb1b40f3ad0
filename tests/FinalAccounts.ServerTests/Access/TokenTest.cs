using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FinalAccounts.Server.Access;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

[Collection(PostgresCollection.Name)]
public sealed class TokenTest(PostgresFixture postgres) : IAsyncLifetime
{
    private TestServer server = null!;
    private TestUser user = null!;
    private HttpClient browser = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(postgres);
        user = await server.NewUserAsync("programmer");
        browser = await server.SignInAsync(user);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_token_made_on_the_page_signs_in_a_program_until_it_is_revoked()
    {
        using var made = await browser.SubmitAsync("/account/tokens", "new-token", ("New.Label", "nightly import"), ("New.Days", "7"));
        made.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var page = await made.ReadAsync();
        var text = page.QuerySelector("#secret")!.TextContent;
        var program = Program(text);
        (await program.GetStringAsync("/api/v1/session")).ShouldContain("programmer");
        (await browser.OpenAsync("/account/tokens")).Body!.TextContent.ShouldNotContain(text);

        var form = (await browser.OpenAsync("/account/tokens")).QuerySelector("input[name=_handler][value^=revoke-]")!.GetAttribute("value")!;
        using var revoked = await browser.SubmitAsync("/account/tokens", form);

        revoked.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await ShouldBeRefusedAsync(program);
        (await AuditAsync()).ShouldBe(["TokenRevoked", "TokenCreated", "Created"]);
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        var program = await server.NewProgramAsync(user);
        (await program.GetAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await server.ExecuteAsync("update access.tokens set expires_at = now()");

        await ShouldBeRefusedAsync(program);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_also_where_the_public_may_read()
    {
        foreach (var text in (string[])["", "x", "fa_" + new string('A', 43), "fa_" + new string('A', 10_000)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {text}");
            using var response = await server.NewClient().SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, text);
        }
    }

    [Fact]
    public async Task Only_the_hash_of_a_token_and_how_it_begins_are_stored()
    {
        var program = await server.NewProgramAsync(user);
        var text = program.DefaultRequestHeaders.Authorization!.Parameter!;

        var stored = (string)(await server.ExecuteAsync("select t::text from access.tokens t"))!;

        stored.ShouldNotContain(text);
        stored.ShouldContain(text[..11]);
        stored.ShouldNotContain(text[..12]);
        stored.ShouldContain(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public async Task The_day_of_its_last_use_is_kept()
    {
        var program = await server.NewProgramAsync(user);
        (await server.ExecuteAsync("select last_used_on from access.tokens")).ShouldBe(DBNull.Value);

        await program.GetAsync("/api/v1/session");

        var token = (await program.GetFromJsonAsync<JsonElement>("/api/v1/tokens"))[0];
        token.GetProperty("lastUsedOn").GetString().ShouldBe((string)(await server.ExecuteAsync("select (now() at time zone 'UTC')::date::text"))!);
        token.TryGetProperty("text", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_token_makes_no_tokens()
    {
        var program = await server.NewProgramAsync(user);

        using var refused = await program.PostAsJsonAsync("/api/v1/tokens", new { label = "child", days = 1 });

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("A-TokenByToken");
    }

    [Fact]
    public async Task A_token_of_another_is_neither_seen_nor_revoked()
    {
        await server.NewProgramAsync(user);
        var id = (Guid)(await server.ExecuteAsync("select id from access.tokens"))!;
        var other = await server.NewProgramAsync(await server.NewUserAsync("other"));

        (await other.GetFromJsonAsync<JsonElement>("/api/v1/tokens")).GetArrayLength().ShouldBe(1);
        using var refused = await other.DeleteAsync($"/api/v1/tokens/{id}");
        using var unknown = await other.DeleteAsync($"/api/v1/tokens/{Guid.NewGuid()}");

        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await refused.Content.ReadAsByteArrayAsync()).ShouldBe(await unknown.Content.ReadAsByteArrayAsync());
        (await server.ExecuteAsync("select count(*) from access.tokens where revoked_at is not null")).ShouldBe(0L);
    }

    [Theory]
    [InlineData("", "7", "1至100个字符")]
    [InlineData("x", "0", "1至366天")]
    [InlineData("x", "367", "1至366天")]
    public async Task A_token_beyond_the_limits_is_refused(string label, string days, string says)
    {
        using var refused = await browser.SubmitAsync("/account/tokens", "new-token", ("New.Label", label), ("New.Days", days));

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.ReadAsync()).QuerySelector("[role=alert]")!.TextContent.ShouldContain(says);
    }

    [Fact]
    public async Task An_account_has_a_limited_number_of_tokens()
    {
        for (var i = 0; i < AccessLimits.TokensPerAccount; i++)
        {
            await server.NewProgramAsync(user);
        }

        using var refused = await browser.SubmitAsync("/account/tokens", "new-token", ("New.Label", "one more"), ("New.Days", "1"));

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await server.ExecuteAsync("update access.tokens set expires_at = now() where id = (select id from access.tokens limit 1)");
        using var made = await browser.SubmitAsync("/account/tokens", "new-token", ("New.Label", "one more"), ("New.Days", "1"));
        made.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private HttpClient Program(string token)
    {
        var client = server.NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private async Task<string[]> AuditAsync() =>
        (string[])(await server.ExecuteAsync("select array_agg(action::text order by position desc) from access.audit where subject = 'programmer'"))!;

    private static async Task ShouldBeRefusedAsync(HttpClient program)
    {
        using var response = await program.GetAsync("/api/v1/session");
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }
}
