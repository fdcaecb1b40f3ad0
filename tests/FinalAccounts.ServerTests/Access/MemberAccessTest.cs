using System.Net;
using System.Net.Http.Json;
using FinalAccounts.Server.Access;
using FinalAccounts.ServerTests.Api;
using Shouldly;

namespace FinalAccounts.ServerTests.Access;

/// <summary>Nobody gets to another department's books by making it a unit of the own.</summary>
[Collection(PostgresCollection.Name)]
public sealed class MemberAccessTest(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Own = "/api/v1/regions/439900/departments/301/years/2024";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await SampleBooks.StartWithUnitsAsync(postgres);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_clerk_can_not_add_a_unit_whose_books_are_closed_to_the_clerk()
    {
        var clerk = await ProgramAsync("clerk", new Assignment(Role.Clerk, new("439900"), new("301001")));
        const string Unit = "/api/v1/regions/439900/departments/301001/years/2024";

        using var refused = await DetermineAsync(clerk, Unit, "301002");
        using var missing = await DetermineAsync(clerk, Unit, "999999");

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("A-MemberClosed");
        missing.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_clerk_can_not_add_one_by_an_import_either()
    {
        var clerk = await ProgramAsync("clerk", new Assignment(Role.Clerk, new("439900"), new("301001")));
        using var lines = new StringContent(
            """{"command":"determine-members","body":{"date":"2024-12-31","members":["301002"]}}""" + "\n", null, "application/x-ndjson");

        using var refused = await clerk.PostAsync("/api/v1/regions/439900/departments/301001/years/2024/imports", lines);

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, await refused.Content.ReadAsStringAsync());
        (await refused.Content.ReadAsStringAsync()).ShouldContain("A-MemberClosed");
    }

    [Fact]
    public async Task A_clerk_can_not_add_one_on_the_import_page_either()
    {
        const string Import = "/regions/439900/departments/301/years/2024/import";
        var clerk = await server.SignInAsync(await server.NewUserAsync("clerk", new Assignment(Role.Clerk, new("439900"), new("301"))));
        var page = await clerk.OpenAsync(Import);

        using var same = await UploadAsync(text => text);
        using var more = await UploadAsync(text => text.Replace("汇总单位:\n", "汇总单位:\n  - \"301009\"\n", StringComparison.Ordinal));

        same.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        more.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await more.ReadAsync()).QuerySelector("[role=alert]")!.TextContent.ShouldContain("不能把“301009”列为所属单位");

        async Task<HttpResponseMessage> UploadAsync(Func<string, string> change)
        {
            using var form = new MultipartFormDataContent();
            foreach (var field in page.Forms.Single(f => f.QuerySelector("input[type=file]") is not null).QuerySelectorAll("input[type=hidden]"))
            {
                form.Add(new StringContent(field.GetAttribute("value")!), field.GetAttribute("name")!);
            }

            foreach (var file in Directory.EnumerateFiles(Repository.File("samples/consolidated-2024/bureau")).Where(f => Path.GetExtension(f) is ".csv" or ".yaml"))
            {
                form.Add(new StringContent(change(await File.ReadAllTextAsync(file))), "files", Path.GetFileName(file));
            }

            return await clerk.PostAsync(Import, form);
        }
    }

    [Fact]
    public async Task Units_that_the_list_has_already_may_stay()
    {
        var clerk = await ProgramAsync("clerk", new Assignment(Role.Clerk, new("439900"), new("301")));

        using var same = await DetermineAsync(clerk, Own, "301001", "301002");
        using var fewer = await DetermineAsync(clerk, Own, "301001");
        using var more = await DetermineAsync(clerk, Own, "301001", "301009");

        same.IsSuccessStatusCode.ShouldBeTrue(await same.Content.ReadAsStringAsync());
        fewer.IsSuccessStatusCode.ShouldBeTrue(await fewer.Content.ReadAsStringAsync());
        more.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_bureau_determines_the_units_of_all_departments()
    {
        var bureau = await ProgramAsync("bureau", new Assignment(Role.Bureau, new("439900"), null));

        using var done = await DetermineAsync(bureau, Own, "301001", "301002", "301003");

        done.IsSuccessStatusCode.ShouldBeTrue(await done.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> DetermineAsync(HttpClient program, string year, params string[] members) =>
        program.PostAsJsonAsync($"{year}/commands/determine-members", new { date = "2024-12-31", members });

    private async Task<HttpClient> ProgramAsync(string name, Assignment assignment) =>
        await server.NewProgramAsync(await server.NewUserAsync(name, assignment));
}
