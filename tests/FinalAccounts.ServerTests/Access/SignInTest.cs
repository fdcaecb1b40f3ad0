using System.Net;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

[Collection(PostgresCollection.Name)]
public sealed class SignInTest(PostgresFixture postgres) : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(postgres);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_session_begins_with_the_right_password_and_ends_with_the_sign_out()
    {
        var user = await server.NewUserAsync("经办甲");
        var browser = await server.SignInAsync(user);
        (await browser.GetStringAsync("/api/v1/session")).ShouldContain("经办甲");

        using var left = await browser.SubmitAsync("/sign-out", "sign-out");

        left.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.GetAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
