using System.Net;
using FinalAccounts.Server.Access;
using Microsoft.AspNetCore.Builder;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

[Collection(PostgresCollection.Name)]
public sealed class HeadersTest(PostgresFixture postgres) : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(
        postgres,
        app => app.MapGet("/api/v1/test/broken", string () => throw new InvalidOperationException("the secret of the house")).Needs(Right.Anything),
        "--Proxy=127.0.0.1");

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("GET", "/sign-in", HttpStatusCode.OK)]
    [InlineData("GET", "/health/live", HttpStatusCode.OK)]
    [InlineData("GET", "/account/tokens", HttpStatusCode.SeeOther)]
    [InlineData("POST", "/sign-in", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/v1/session", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/health/live", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/v1/test/broken", HttpStatusCode.InternalServerError)]
    public async Task Every_kind_of_answer_has_the_secure_headers(string method, string path, HttpStatusCode status)
    {
        using var response = await server.NewClient().SendAsync(new(new(method), path));

        response.StatusCode.ShouldBe(status);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldBe(
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        response.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
        response.Headers.CacheControl.ShouldNotBeNull();
        response.Headers.Contains("Server").ShouldBeFalse();
        response.Headers.Contains("X-Powered-By").ShouldBeFalse();
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("the secret of the house");
    }

    [Fact]
    public async Task Behind_a_proxy_with_https_cookies_are_secure_and_browsers_stay_with_https()
    {
        var user = await server.NewUserAsync("safe");
        var client = server.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Host = "books.example.org";
        using var page = await client.GetAsync("/sign-in");
        page.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=");

        // The client sends over http and would keep the secure cookie to itself.
        var form = await page.ReadAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([
                new("_handler", "sign-in"), new("Form.Name", user.Name), new("Form.Password", user.Password),
                new("__RequestVerificationToken", form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!)]),
        };
        var cookie = page.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("; secure", Case.Insensitive);
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var signedIn = await client.SendAsync(request);

        signedIn.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        signedIn.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("finalaccounts=", StringComparison.Ordinal))
            .ShouldContain("; secure", Case.Insensitive);
    }

    [Fact]
    public async Task Without_a_proxy_in_the_settings_nobodys_word_is_taken()
    {
        await using var plain = await TestServer.StartAsync(postgres, "--Limits:AddressBurst=3", "--Limits:AddressPerSecond=1");
        var client = plain.NewClient();
        client.DefaultRequestHeaders.Host = "books.example.org";
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var first = await client.GetAsync("/health/live");
        first.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();

        // As many addresses as one likes to invent are still one.
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 100 && !statuses.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
            request.Headers.Add("X-Forwarded-For", $"192.0.2.{i}");
            using var response = await client.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
    }
}
