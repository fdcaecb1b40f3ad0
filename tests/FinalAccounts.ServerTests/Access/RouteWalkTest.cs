using System.Net;
using System.Text.RegularExpressions;
using FinalAccounts.Ledger;
using FinalAccounts.Server.Access;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

/// <summary>Every route of the running server, asked as every role, against the table in docs/access.md.</summary>
[Collection(PostgresCollection.Name)]
public sealed partial class RouteWalkTest(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly RegionCode OwnRegion = new("439900");
    private static readonly RegionCode OtherRegion = new("431123");
    private static readonly DepartmentCode OwnDepartment = new("301");
    private static readonly DepartmentCode OtherDepartment = new("301002");
    private static readonly DepartmentCode OtherRegionsDepartment = new("325006");

    private TestServer server = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(postgres, "--Limits:AddressBurst=100000", "--Limits:AccountBurst=100000");
        await server.ImportAsync("consolidated-2024/bureau", "consolidated-2024/employment", "shuangpai-2024");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public void Every_route_names_its_right() =>
        AccessRoute.Of(server.App).Where(r => r.Right is null).ShouldBeEmpty();

    [Fact]
    public async Task The_page_has_the_tables_that_the_code_has()
    {
        var page = await File.ReadAllTextAsync(Repository.File("docs/access.md"));

        AccessDocument.Update(page, AccessRoute.Of(server.App)).ShouldBe(page, "run `make docs`");
    }

    [Fact]
    public void A_right_over_books_is_asked_for_a_region() => AccessRoute.Of(server.App)
        .Where(r => !r.HasRegion && r.Right is Right.ReadRegion or Right.Record or Right.Submit or Right.Close or Right.Reopen or Right.Publish or Right.Verify)
        .ShouldBeEmpty();

    [Fact]
    public async Task Every_request_of_every_role_is_answered_as_the_table_says()
    {
        var table = ReadTable(await File.ReadAllTextAsync(Repository.File("docs/access.md")));
        var wrong = new List<string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            var (browser, program) = await ClientsAsync(role);
            foreach (var route in AccessRoute.Of(server.App))
            {
                var expected = table[(route.Method, route.Pattern)][role].Split(" · ");
                foreach (var (whose, mark) in AccessDocument.Scopes(route).Zip(expected))
                {
                    var client = route.Pattern.StartsWith("/api", StringComparison.Ordinal) ? program : browser;
                    var answer = await AskAsync(client, route, whose);
                    if (answer != mark)
                    {
                        wrong.Add($"{role} {route.Method} {route.Pattern} {whose}: {answer}, not {mark}");
                    }
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    private async Task<(HttpClient Browser, HttpClient Program)> ClientsAsync(Role role)
    {
        if (role == Role.Public)
        {
            return (server.NewClient(), server.NewClient());
        }

        var user = await server.NewUserAsync($"walk-{role}", AccessDocument.Assign(role, OwnRegion, OwnDepartment));
        return (await server.SignInAsync(user), await server.NewProgramAsync(user));
    }

    /// <returns>What the table calls it: a mark when the middleware allowed, the status when it refused.</returns>
    private async Task<string> AskAsync(HttpClient client, AccessRoute route, Whose whose)
    {
        server.Log.Clear();
        using var request = new HttpRequestMessage(new(route.Method), Address(route.Pattern, whose));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var decided = server.Log.Where(l => l.Category == "FinalAccounts.Server.Access.AccessMiddleware").ToList();
        decided.ShouldNotBeEmpty($"{route.Method} {route.Pattern} was not decided on: {response.StatusCode}");
        ((string)decided[0]["Route"]!).Trim('/').ShouldBe(route.Pattern.Trim('/'));
        if (decided[0]["Decision"] is not AccessDecision decision)
        {
            response.StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized);
            return AccessDocument.Mark(AccessDecision.Allowed);
        }

        if (response.StatusCode == HttpStatusCode.SeeOther)
        {
            decision.ShouldBe(AccessDecision.NotSignedIn);
            response.Headers.Location!.OriginalString.ShouldStartWith("/sign-in?return=");
            return AccessDocument.Mark(decision);
        }

        return ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Address(string pattern, Whose whose) => Parameter().Replace(pattern, match => match.Groups["name"].Value switch
    {
        "region" => (whose == Whose.OtherRegion ? OtherRegion : OwnRegion).ToString(),
        "department" => (whose switch
        {
            Whose.Own => OwnDepartment,
            Whose.OtherDepartment => OtherDepartment,
            _ => OtherRegionsDepartment,
        }).ToString(),
        _ when match.Groups["constraint"].Value.Contains("guid", StringComparison.Ordinal) => "00000000-0000-0000-0000-000000000000",
        "year" => "2024",
        _ => "1",
    });

    private static Dictionary<(string Method, string Pattern), Dictionary<Role, string>> ReadTable(string page)
    {
        const string Begin = "<!-- generated: routes -->";
        var from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var rows = page[from..page.IndexOf("<!-- end -->", from, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim('|').Split(" | ").Select(c => c.Trim()).ToList()).ToList();
        var roles = rows[0].Skip(3).Select(c => Enum.Parse<Role>(c.Split(' ')[^1])).ToList();
        return rows.Skip(2).ToDictionary(
            r => (r[0], r[1].Trim('`')), r => roles.Select((role, i) => (role, Mark: r[i + 3])).ToDictionary(x => x.role, x => x.Mark));
    }

    [GeneratedRegex(@"\{\*{0,2}(?<name>\w+)(?<constraint>:[^}]*)?\??\}")]
    private static partial Regex Parameter();
}
