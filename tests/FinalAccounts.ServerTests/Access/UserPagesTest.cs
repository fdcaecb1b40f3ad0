using System.Net;
using FinalAccounts.Server.Access;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

[Collection(PostgresCollection.Name)]
public sealed class UserPagesTest(PostgresFixture postgres) : IAsyncLifetime
{
    private TestServer server = null!;
    private HttpClient administrator = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(postgres);
        administrator = await server.SignInAsync(await server.NewUserAsync("boss", new Assignment(Role.Administrator, null, null)));
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task An_administrator_makes_a_user_gives_a_role_and_the_user_begins_with_a_new_password()
    {
        using var made = await administrator.SubmitAsync("/users", "new-user", ("New.Name", "经办乙"));
        made.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var page = await made.ReadAsync();
        var password = page.QuerySelector("#secret")!.TextContent;
        var userPage = page.QuerySelectorAll("main a[href^='/users/']").Select(a => a.GetAttribute("href")!).First(h => h != "/users/audit");

        using var assigned = await administrator.SubmitAsync(
            userPage, "assign", ("Assign.Role", "Clerk"), ("Assign.Region", "439900"), ("Assign.Department", "301"));

        assigned.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var user = server.NewClient();
        using var signedIn = await user.TrySignInAsync("经办乙", password);
        signedIn.Headers.Location!.OriginalString.ShouldBe("/account/password");
        using var changed = await user.SubmitAsync("/account/password", "password",
            ("Form.Present", password), ("Form.Wanted", "correct horse battery"), ("Form.Again", "correct horse battery"));
        (await user.GetStringAsync("/api/v1/session")).ShouldContain("301");

        using var withdrawn = await administrator.SubmitAsync(userPage, "withdraw-Clerk-439900-301");
        withdrawn.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await user.GetStringAsync("/api/v1/session")).ShouldNotContain("301");

        using var locked = await administrator.SubmitAsync(userPage, "lock");
        locked.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await user.GetAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await administrator.OpenAsync("/users/audit")).Body!.TextContent.ShouldContain("收回角色");
    }

    [Fact]
    public async Task A_page_about_accounts_leads_to_those_that_the_reader_may_open()
    {
        var clerk = await server.SignInAsync(await server.NewUserAsync("clerk", new Assignment(Role.Clerk, new("439900"), new("301"))));

        Tabs(await administrator.OpenAsync("/account/password")).ShouldBe(["/account/password", "/account/tokens", "/users", "/users/audit"]);
        Tabs(await clerk.OpenAsync("/account/password")).ShouldBe(["/account/password", "/account/tokens"]);

        static IEnumerable<string?> Tabs(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelectorAll("nav.tabs a").Select(a => a.GetAttribute("href"));
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_the_form()
    {
        using var taken = await administrator.SubmitAsync("/users", "new-user", ("New.Name", "Boss"));

        taken.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await taken.ReadAsync();
        page.QuerySelector("[role=alert]")!.TextContent.ShouldContain("该用户名已被使用");
        page.QuerySelector("#name")!.GetAttribute("value").ShouldBe("Boss", "it is not typed again");
    }

    [Fact]
    public async Task A_user_that_is_not_there_is_not_found()
    {
        using var response = await administrator.GetAsync($"/users/{Guid.NewGuid()}");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    [InlineData("/account/password")]
    [InlineData("/account/tokens")]
    [InlineData("/users")]
    [InlineData("/users/audit")]
    public async Task A_page_has_one_heading_labelled_fields_and_no_script_of_its_own(string path)
    {
        var page = await administrator.OpenAsync(path);
        page.QuerySelectorAll("h1").Length.ShouldBe(1);
        page.Title.ShouldNotBeNullOrWhiteSpace();
        foreach (var field in page.QuerySelectorAll("input:not([type=hidden]), select"))
        {
            page.QuerySelector($"label[for='{field.Id}']").ShouldNotBeNull(field.OuterHtml);
        }

        page.QuerySelectorAll("script:not([src]), style, [style], [onclick]").ShouldBeEmpty();
        foreach (var form in page.Forms.Where(f => f.Method == "post"))
        {
            form.QuerySelector("input[name=__RequestVerificationToken]").ShouldNotBeNull(form.OuterHtml);
        }
    }
}
