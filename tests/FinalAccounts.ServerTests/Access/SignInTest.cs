using System.Diagnostics;
using System.Net;
using FinalAccounts.Server.Access;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

[Collection(PostgresCollection.Name)]
public sealed class SignInTest(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Wrong = "not-the-password";

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
        await ShouldBeOutAsync(browser);
    }

    [Fact]
    public async Task The_name_is_found_however_its_letters_are_written()
    {
        var user = await server.NewUserAsync("Clerk-One");

        using var response = await server.NewClient().TrySignInAsync("cLERK-oNE", user.Password);

        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Wrong_name_and_wrong_password_get_the_same_answer()
    {
        await server.NewUserAsync("known");

        using var unknown = await server.NewClient().TrySignInAsync("unknown", Wrong);
        using var known = await server.NewClient().TrySignInAsync("known", Wrong);

        unknown.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        known.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await ProblemAsync(unknown)).ShouldBe(await ProblemAsync(known));
        (await ProblemAsync(known)).ShouldContain("用户名或密码不正确");
    }

    [Fact]
    public async Task An_unknown_name_takes_as_long_as_a_wrong_password()
    {
        await server.NewUserAsync("known");
        var client = server.NewClient();
        var page = await client.OpenAsync("/sign-in");
        await FastestAsync("unknown", 1);

        var known = await FastestAsync("known", 3);
        var unknown = await FastestAsync("unknown", 3);

        // A hash of 210,000 rounds takes tens of milliseconds, all else a few: the quickest of three is the hash in both cases.
        unknown.ShouldBeGreaterThan(known / 2);

        async Task<double> FastestAsync(string name, int times)
        {
            var fastest = double.MaxValue;
            for (var i = 0; i < times; i++)
            {
                var clock = Stopwatch.StartNew();
                using var response = await client.SendFormAsync("/sign-in", page, "sign-in", ("Form.Name", name), ("Form.Password", Wrong));
                fastest = Math.Min(fastest, clock.Elapsed.TotalMilliseconds);
            }

            return fastest;
        }
    }

    [Fact]
    public async Task Wrong_passwords_in_a_row_lock_the_account_also_for_the_right_one()
    {
        var user = await server.NewUserAsync("guessed");
        var browser = await server.SignInAsync(user);
        for (var i = 0; i < AccessLimits.WrongPasswords; i++)
        {
            using var refused = await server.NewClient().TrySignInAsync(user.Name, Wrong);
        }

        using var locked = await server.NewClient().TrySignInAsync(user.Name, user.Password);

        locked.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.GetAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.OK, "others can't end a session by guessing");
        (await server.ExecuteAsync("select action from access.audit where subject = 'guessed' order by position desc limit 1")).ShouldBe("LockedOut");

        await server.ExecuteAsync("update access.users set locked_until = now() - interval '1 second' where name = 'guessed'");
        using var later = await server.NewClient().TrySignInAsync(user.Name, user.Password);
        later.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_right_password_between_wrong_ones_starts_the_count_anew()
    {
        var user = await server.NewUserAsync("clumsy");
        for (var i = 0; i < 2 * AccessLimits.WrongPasswords; i++)
        {
            using var refused = await server.NewClient().TrySignInAsync(user.Name, Wrong);
            if (i % 3 == 2)
            {
                await server.SignInAsync(user);
            }
        }

        await server.SignInAsync(user);
    }

    [Fact]
    public async Task Many_guesses_at_once_are_no_more_than_the_allowed_ones()
    {
        var user = await server.NewUserAsync("rushed");
        var client = server.NewClient();
        var page = await client.OpenAsync("/sign-in");

        // The right one comes last; the server takes them one by one, so that by then the account is locked.
        var guesses = Enumerable.Repeat(Wrong, 2 * AccessLimits.WrongPasswords).ToList();
        await Task.WhenAll(guesses.Select(async guess =>
        {
            using var response = await client.SendFormAsync("/sign-in", page, "sign-in", ("Form.Name", user.Name), ("Form.Password", guess));
        }));

        using var right = await client.SendFormAsync("/sign-in", page, "sign-in", ("Form.Name", user.Name), ("Form.Password", user.Password));
        right.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        server.Log.Count(l => l.Text.Contains("rushed refused: wrong password", StringComparison.Ordinal)).ShouldBe(AccessLimits.WrongPasswords);
    }

    [Fact]
    public async Task A_changed_password_ends_all_other_sessions()
    {
        var user = await server.NewUserAsync("careful");
        var here = await server.SignInAsync(user);
        var elsewhere = await server.SignInAsync(user);
        const string Wanted = "correct horse battery";

        using var changed = await here.SubmitAsync(
            "/account/password", "password", ("Form.Present", user.Password), ("Form.Wanted", Wanted), ("Form.Again", Wanted));

        changed.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await here.GetAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeOutAsync(elsewhere);
        using var old = await server.NewClient().TrySignInAsync(user.Name, user.Password);
        old.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await server.SignInAsync(user with { Password = Wanted });
    }

    [Theory]
    [InlineData(null, "correct horse battery", "correct horse bakery", "不一致")]
    [InlineData("not-the-password", "correct horse battery", "correct horse battery", "原密码不正确")]
    [InlineData(null, "short", "short", "至少12个字符")]
    [InlineData(null, "I am picky, who else?", "I am picky, who else?", "不得包含用户名")]
    public async Task A_password_that_can_not_be_used_is_refused_and_the_old_one_stays(string? present, string wanted, string again, string says)
    {
        var user = await server.NewUserAsync("picky");
        var browser = await server.SignInAsync(user);

        using var refused = await browser.SubmitAsync(
            "/account/password", "password", ("Form.Present", present ?? user.Password), ("Form.Wanted", wanted), ("Form.Again", again));

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await ProblemAsync(refused)).ShouldContain(says);
        await server.SignInAsync(user);
    }

    [Fact]
    public async Task A_lock_ends_sessions_and_tokens_and_unlocking_does_not_bring_sessions_back()
    {
        var user = await server.NewUserAsync("locked");
        var browser = await server.SignInAsync(user);
        var program = await server.NewProgramAsync(user);
        var administrator = await server.NewProgramAsync(await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null)));

        (await administrator.PostAsync($"/api/v1/users/{user.Id}/lock", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await ShouldBeOutAsync(browser);
        await ShouldBeOutAsync(program);
        using var refused = await server.NewClient().TrySignInAsync(user.Name, user.Password);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await administrator.PostAsync($"/api/v1/users/{user.Id}/unlock", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await ShouldBeOutAsync(browser);
        await server.SignInAsync(user);
    }

    [Fact]
    public async Task A_withdrawn_role_counts_at_once()
    {
        await server.ImportAsync("consolidated-2024/bureau");
        var user = await server.NewUserAsync("mover", new Assignment(Role.Auditor, new("439900"), null));
        var program = await server.NewProgramAsync(user);
        const string Route = "/api/v1/regions/439900/access-audit";
        (await program.GetAsync(Route)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var administrator = await server.NewProgramAsync(await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null)));

        using var withdrawn = await administrator.DeleteAsync($"/api/v1/users/{user.Id}/roles?role=Auditor&region=439900");

        withdrawn.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await program.GetAsync(Route)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/account/tokens", "/account/tokens")]
    [InlineData("/regions/430900?x=1", "/regions/430900?x=1")]
    [InlineData("https://example.org/", "/")]
    [InlineData("//example.org/", "/")]
    [InlineData("/\\example.org", "/")]
    [InlineData("~/x", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\texample.org", "/")]
    [InlineData("", "/")]
    public async Task The_sign_in_leads_back_to_this_server_only(string asked, string led)
    {
        var user = await server.NewUserAsync("traveller");

        using var response = await server.NewClient().TrySignInAsync(user.Name, user.Password, $"/sign-in?return={Uri.EscapeDataString(asked)}");

        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        response.Headers.Location!.OriginalString.ShouldBe(led);
    }

    [Fact]
    public async Task A_page_that_needs_an_account_leads_to_the_sign_in_and_back()
    {
        var user = await server.NewUserAsync("reader");
        var browser = server.NewClient();
        using var refused = await browser.GetAsync("/account/tokens?a=%E5%B9%B4&b=1");
        refused.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var signIn = refused.Headers.Location!.OriginalString;

        using var led = await browser.TrySignInAsync(user.Name, user.Password, signIn);

        led.Headers.Location!.OriginalString.ShouldBe("/account/tokens?a=%E5%B9%B4&b=1");
        (await browser.GetAsync(led.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        var user = await server.NewUserAsync("victim");
        var browser = await server.SignInAsync(user);

        using var form = await browser.PostAsync("/account/tokens", new FormUrlEncodedContent(
            [new("_handler", "new-token"), new("New.Label", "stolen"), new("New.Days", "9")]));
        using var signIn = await server.NewClient().PostAsync("/sign-in", new FormUrlEncodedContent(
            [new("_handler", "sign-in"), new("Form.Name", user.Name), new("Form.Password", user.Password)]));

        form.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        signIn.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await server.ExecuteAsync("select count(*) from access.tokens")).ShouldBe(0L);
    }

    [Fact]
    public async Task The_api_wants_the_token_of_a_page_when_it_is_asked_with_a_cookie()
    {
        var user = await server.NewUserAsync("scripted");
        var browser = await server.SignInAsync(user);
        var body = """{"label":"by a script","days":3}""";
        using var without = await browser.PostAsync("/api/v1/tokens", new StringContent(body, null, "application/json"));
        without.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await without.Content.ReadAsStringAsync()).ShouldContain("A-NoAntiforgery");

        var page = await browser.OpenAsync("/account/tokens");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens") { Content = new StringContent(body, null, "application/json") };
        request.Headers.Add(
            "RequestVerificationToken", page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value"));
        using var with = await browser.SendAsync(request);

        with.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_cookie_is_kept_from_scripts_and_other_sites()
    {
        var user = await server.NewUserAsync("eater");

        using var response = await server.NewClient().TrySignInAsync(user.Name, user.Password);

        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("finalaccounts=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        cookie.ShouldContain("path=/", Case.Insensitive);
        cookie.ShouldNotContain("expires", Case.Insensitive);
    }

    [Fact]
    public async Task A_cookie_that_was_tampered_with_is_nobodys()
    {
        var user = await server.NewUserAsync("forger");
        using var response = await server.NewClient().TrySignInAsync(user.Name, user.Password);
        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("finalaccounts=", StringComparison.Ordinal)).Split(';')[0];
        var middle = cookie.Length / 2;
        var changed = cookie[..middle] + (cookie[middle] == 'A' ? 'B' : 'A') + cookie[(middle + 1)..];
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        request.Headers.Add("Cookie", changed);

        using var answer = await server.NewClient().SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task ShouldBeOutAsync(HttpClient client) =>
        (await client.GetAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    private static async Task<string> ProblemAsync(HttpResponseMessage response) =>
        (await response.ReadAsync()).QuerySelector("[role=alert]")!.TextContent.Trim();
}
