using System.Net;
using System.Text.Json;
using FinalAccounts.Server.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

[Collection(PostgresCollection.Name)]
public sealed class RefusalTest(PostgresFixture postgres) : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(postgres, Map);
        await server.ImportAsync("consolidated-2024/bureau", "consolidated-2024/employment", "shuangpai-2024");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/test/439900/301002", "/api/v1/test/439900/999999")]
    [InlineData("/api/v1/test/439900/301002", "/api/v1/test/439900/9")]
    [InlineData("/api/v1/test/431123/325006", "/api/v1/test/990000/325006")]
    [InlineData("/api/v1/test/431123/325006", "/api/v1/test/43112/325006")]
    [InlineData("/api/v1/regions/431123/access-audit", "/api/v1/regions/990000/access-audit")]
    [InlineData("/test/431123/325006", "/test/990000/325006")]
    public async Task Anothers_data_is_byte_for_byte_like_what_is_not_there(string foreign, string missing)
    {
        var clerk = await server.NewUserAsync("curious", new Assignment(Role.Clerk, new("439900"), new("301")));
        var program = await server.NewProgramAsync(clerk);

        foreach (var method in foreign.Contains("/test/", StringComparison.Ordinal) ? (HttpMethod[])[HttpMethod.Get, HttpMethod.Head] : [HttpMethod.Get])
        {
            using var one = await program.SendAsync(new(method, foreign));
            using var other = await program.SendAsync(new(method, missing));

            one.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await one.Content.ReadAsByteArrayAsync()).ShouldBe(await other.Content.ReadAsByteArrayAsync());
            Headers(one).ShouldBe(Headers(other));
        }
    }

    [Theory]
    [InlineData("/regions/431123", "/regions/990000")]
    [InlineData("/test/439900/301002", "/test/439900/999999")]
    [InlineData("/test/439900/301002?figure=1", "/test/990000/1234?point=2")]
    public async Task A_page_of_anothers_data_is_byte_for_byte_like_one_that_is_not_there(string foreign, string missing)
    {
        var clerk = await server.NewUserAsync("curious", new Assignment(Role.Clerk, new("439900"), new("301")));
        var browser = await server.SignInAsync(clerk);

        using var one = await browser.GetAsync(foreign);
        using var other = await browser.GetAsync(missing);

        one.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        one.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await one.Content.ReadAsStringAsync()).ShouldBe(await other.Content.ReadAsStringAsync());
        Headers(one).ShouldBe(Headers(other));
    }

    [Fact]
    public async Task What_may_be_read_but_not_done_is_forbidden()
    {
        var clerk = await server.NewUserAsync("eager", new Assignment(Role.Clerk, new("439900"), new("301")));
        var program = await server.NewProgramAsync(clerk);

        using var read = await program.GetAsync("/api/v1/test/439900/301");
        using var close = await program.PostAsync("/api/v1/test/439900/301/close", null);

        read.StatusCode.ShouldBe(HttpStatusCode.OK);
        close.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var problem = JsonDocument.Parse(await close.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("rule").GetString().ShouldBe("A-Forbidden");
        problem.GetProperty("title").GetString().ShouldBe("没有权限。");
        problem.GetProperty("titleEn").GetString().ShouldBe("You may not do this.");
        problem.GetProperty("status").GetInt32().ShouldBe(403);
    }

    [Fact]
    public async Task A_route_that_names_no_right_is_refused_to_everybody()
    {
        var administrator = await server.NewProgramAsync(await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null)));

        (await administrator.GetAsync("/api/v1/test/naked")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await server.NewClient().GetAsync("/api/v1/test/naked")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_code_can_not_be_written_in_another_way_to_get_around()
    {
        var clerk = await server.NewUserAsync("cunning", new Assignment(Role.Clerk, new("439900"), new("301")));
        var program = await server.NewProgramAsync(clerk);

        foreach (var path in (string[])[
            "/api/v1/test/439900/301%2F..%2F301002", "/api/v1/test/439900/301/../301002", "/api/v1/test/439900/301%00", "/api/v1/test/439900/%20301",
            "/api/v1/test/439900/301002?department=301", "/api/v1/test/４３９９００/301"])
        {
            using var response = await program.GetAsync(path);
            response.StatusCode.ShouldBeOneOf([HttpStatusCode.NotFound, HttpStatusCode.BadRequest], path);
        }
    }

    [Fact]
    public async Task The_router_answers_a_wrong_method_itself()
    {
        using var response = await server.NewClient().DeleteAsync("/health/live");

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_route_that_is_not_there_is_not_found()
    {
        using var api = await server.NewClient().GetAsync("/api/v1/nothing");
        using var page = await server.NewClient().GetAsync("/nothing");

        api.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        api.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>Routes with a region and a department, whatever the real ones are called.</summary>
    private static void Map(WebApplication app)
    {
        app.MapMethods("/api/v1/test/{region}/{department}", ["GET", "HEAD"], (string department) => $"the books of {department}").Needs(Right.ReadBooks);
        app.MapMethods("/test/{region}/{department}", ["GET", "HEAD"], (string department) => $"the books of {department}").Needs(Right.ReadBooks);
        app.MapPost("/api/v1/test/{region}/{department}/close", () => Results.NoContent()).Needs(Right.Close);
        app.MapGet("/api/v1/test/naked", () => "anything");
    }

    private static string Headers(HttpResponseMessage response) => string.Join('\n', response.Headers.Concat(response.Content.Headers)
        .Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {string.Join(',', h.Value)}"));
}
