using FinalAccounts.Server.Access;
using FinalAccounts.ServerTests.Api;
using Shouldly;

namespace FinalAccounts.ServerTests.Pages;

/// <summary>A posting of a unit is behind the unit's own document and that of the department with its units.</summary>
[Collection(PostgresCollection.Name)]
public sealed class TouchedDocumentTest(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Unit = "/api/v1/regions/439900/departments/301001/years/2024";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await SampleBooks.StartWithUnitsAsync(postgres);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Who_may_read_the_department_sees_its_document_with_all_units_among_them()
    {
        var auditor = await ProgramAsync("审计", new Assignment(Role.Auditor, new("439900"), null));
        var position = await PostingAsync(auditor);

        (await DocumentsAsync(auditor, position)).ShouldBe([("301001", false), ("301", true)]);
        (await TitlesAsync(auditor, position)).Count(title => title.Contains("（含所属单位）", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Who_may_read_the_unit_only_does_not()
    {
        var clerk = await ProgramAsync("经办", new Assignment(Role.Clerk, new("439900"), new("301001")));
        var position = await PostingAsync(clerk);

        (await DocumentsAsync(clerk, position)).ShouldBe([("301001", false)]);
        (await TitlesAsync(clerk, position)).ShouldHaveSingleItem().ShouldNotContain("（含所属单位）");
    }

    private async Task<HttpClient> ProgramAsync(string name, Assignment assignment) =>
        await server.NewProgramAsync(await server.NewUserAsync(name, assignment));

    /// <summary>The position of the unit's first expenditure.</summary>
    private static async Task<long> PostingAsync(HttpClient client) => (await client.ReadAsync($"{Unit}/events"))["items"]!.AsArray()
        .First(e => (string?)e!["type"] == "expenditure-posted")!["position"]!.GetValue<long>();

    private static async Task<IReadOnlyList<(string Department, bool Consolidated)>> DocumentsAsync(HttpClient client, long position) =>
        [.. (await client.ReadAsync($"{Unit}/events/{position}/figures")).AsArray().Select(d => ((string)d!["department"]!, d["consolidated"]!.GetValue<bool>()))];

    /// <summary>What the event's page says above the figures of each document.</summary>
    private static async Task<IReadOnlyList<string>> TitlesAsync(HttpClient client, long position)
    {
        using var response = await client.GetAsync($"/regions/439900/events/{position}");
        return [.. (await response.ReadAsync()).QuerySelectorAll("caption").Select(c => c.TextContent).Where(c => c.Contains("部门决算", StringComparison.Ordinal))];
    }
}
