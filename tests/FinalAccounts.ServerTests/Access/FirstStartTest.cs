using System.Net;
using FinalAccounts.Server;
using FinalAccounts.Server.Access;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

[Collection(PostgresCollection.Name)]
public sealed class FirstStartTest(PostgresFixture postgres) : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(postgres);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_first_start_makes_an_administrator_whose_password_is_shown_once_and_logged_nowhere()
    {
        var password = PasswordOf(server.Terminal);

        await server.SignInAsync(new(Guid.Empty, "admin", password, []));

        server.Log.ShouldAllBe(l => !l.Text.Contains(password, StringComparison.Ordinal));
        await using var again = new StringWriter();
        await ServerApplication.PrepareAsync(server.App, again, CancellationToken.None);
        again.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_keys_of_the_cookies_are_nobody_elses_to_read()
    {
        await server.SignInAsync(await server.NewUserAsync("somebody"));

        var keys = Path.Combine(server.DataDirectory, "keys");
        Directory.GetFiles(keys).ShouldNotBeEmpty();
        File.GetUnixFileMode(keys).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Until_the_first_password_is_replaced_nothing_else_can_be_done()
    {
        var administrator = new TestUser(Guid.Empty, "admin", PasswordOf(server.Terminal), []);
        var browser = await server.SignInAsync(administrator);
        using var page = await browser.GetAsync("/users");
        page.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        page.Headers.Location!.OriginalString.ShouldBe("/account/password");
        (await browser.GetAsync("/api/v1/users")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        const string Wanted = "correct horse battery";
        using var changed = await browser.SubmitAsync(
            "/account/password", "password", ("Form.Present", administrator.Password), ("Form.Wanted", Wanted), ("Form.Again", Wanted));

        changed.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.GetAsync("/users")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.GetAsync("/api/v1/users")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_demonstration_has_a_user_per_role_and_keeps_their_passwords()
    {
        await server.ExecuteAsync("truncate access.assignments, access.audit, access.tokens, access.users");
        await server.ImportAsync("consolidated-2024/bureau", "shuangpai-2024");
        await using var terminal = new StringWriter();

        (await AccessCommands.RunAsync(server.App, "demo-users", "439900/301", terminal, CancellationToken.None)).ShouldBe(0);

        var shown = terminal.ToString().Split('\n').Where(l => l.StartsWith("  ", StringComparison.Ordinal))
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(w => w[0], w => w[1]);
        shown.Keys.ShouldBe(["demo-clerk", "demo-head", "demo-bureau", "demo-auditor", "admin"]);
        foreach (var (name, password) in shown)
        {
            await server.SignInAsync(new(Guid.Empty, name, password, []));
        }

        var auditor = await server.SignInAsync(new(Guid.Empty, "demo-auditor", shown["demo-auditor"], []));
        var session = await auditor.GetStringAsync("/api/v1/session");
        session.ShouldContain("439900");
        session.ShouldContain("431123");

        await using var again = new StringWriter();
        await AccessCommands.RunAsync(server.App, "demo-users", "439900/301", again, CancellationToken.None);
        shown.Values.ShouldAllBe(password => !again.ToString().Contains(password, StringComparison.Ordinal));
        again.ToString().ShouldContain("make password NAME=demo-clerk");
        await server.SignInAsync(new(Guid.Empty, "demo-clerk", shown["demo-clerk"], []));
    }

    [Fact]
    public async Task A_lost_password_is_replaced_from_the_terminal()
    {
        var user = await server.NewUserAsync("forgetful");
        var browser = await server.SignInAsync(user);
        await using var terminal = new StringWriter();

        (await AccessCommands.RunAsync(server.App, "reset-password", "forgetful", terminal, CancellationToken.None)).ShouldBe(0);

        var password = terminal.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();
        (await browser.GetAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var signedIn = await server.NewClient().TrySignInAsync(user.Name, password);
        signedIn.Headers.Location!.OriginalString.ShouldBe("/account/password");
    }

    [Theory]
    [InlineData("reset-password", "nobody")]
    [InlineData("demo-users", "439900")]
    [InlineData("demo-users", "4399/301")]
    [InlineData("demo-users", "439900/3 1")]
    public async Task A_wrong_argument_changes_nothing(string command, string argument)
    {
        await using var terminal = new StringWriter();

        (await AccessCommands.RunAsync(server.App, command, argument, terminal, CancellationToken.None)).ShouldBe(2);

        (await server.ExecuteAsync("select count(*) from access.users")).ShouldBe(1L);
    }

    private static string PasswordOf(string terminal) => terminal.Split('\n')[0].Split('：')[^1].Trim();
}
