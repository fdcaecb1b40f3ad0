using System.Net;
using System.Net.Http.Headers;
using FinalAccounts.Server.Access;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

[Collection(PostgresCollection.Name)]
public sealed class LimitsTest(PostgresFixture postgres)
{
    [Fact]
    public async Task Attempts_to_sign_in_are_limited_by_address()
    {
        await using var server = await TestServer.StartAsync(postgres, "--Limits:SignInsPerMinute=3");
        var client = server.NewClient();
        for (var i = 0; i < 3; i++)
        {
            using var tried = await client.TrySignInAsync($"nobody{i}", "whatever it is");
            tried.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        using var refused = await client.TrySignInAsync("nobody", "whatever it is");

        ShouldBeTooMany(refused);
        (await client.GetAsync("/sign-in")).StatusCode.ShouldBe(HttpStatusCode.OK, "the page itself is not limited so");
    }

    [Fact]
    public async Task Requests_are_limited_by_address_and_by_account()
    {
        await using var server = await TestServer.StartAsync(
            postgres, "--Limits:AddressBurst=5", "--Limits:AddressPerSecond=1", "--Limits:AccountBurst=8", "--Limits:AccountPerSecond=1");
        var program = await server.NewProgramAsync(await server.NewUserAsync("busy"));
        var other = await server.NewProgramAsync(await server.NewUserAsync("idle"));

        using var anonymous = await UntilRefusedAsync(server.NewClient(), "/health/live");
        using var account = await UntilRefusedAsync(program, "/api/v1/session");

        ShouldBeTooMany(anonymous);
        ShouldBeTooMany(account);
        (await account.Content.ReadAsStringAsync()).ShouldContain("A-TooMany");
        (await other.GetAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.OK, "another account has its own limit");
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        await using var server = await TestServer.StartAsync(postgres, "--Limits:BodyBytes=10000");
        var administrator = await server.NewProgramAsync(await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null)));
        using var body = new StringContent($$"""{"name":"{{new string('x', 20_000)}}"}""", MediaTypeHeaderValue.Parse("application/json"));

        using var refused = await administrator.PostAsync("/api/v1/users", body);

        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static async Task<HttpResponseMessage> UntilRefusedAsync(HttpClient client, string path)
    {
        // More than burst and refill can be worth while the test runs.
        for (var i = 0; i < 1_000; i++)
        {
            var response = await client.GetAsync(path);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return response;
            }

            response.Dispose();
        }

        throw new InvalidOperationException("Nothing was refused.");
    }

    private static void ShouldBeTooMany(HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
    }
}
