using System.Text.Json.Nodes;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Api;
using Shouldly;

namespace FinalAccounts.ServerTests.Api;

/// <summary>The description of the API is that of the routes that there are.</summary>
[Collection(PostgresCollection.Name)]
public sealed class DescriptionTest(PostgresFixture postgres) : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(postgres);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_description_in_the_repository_is_the_one_that_is_served()
    {
        var kept = await File.ReadAllTextAsync(Repository.File("docs/openapi.json"));

        (await ApiDescription.TextAsync(server.App.Services, CancellationToken.None)).ShouldBe(kept, "run `make docs`");
        JsonNode.DeepEquals(await server.NewClient().ReadAsync("/openapi/v1.json"), JsonNode.Parse(kept)).ShouldBeTrue();
    }

    [Fact]
    public async Task Every_route_of_the_api_is_described_with_its_answers_and_their_shapes()
    {
        var description = JsonNode.Parse(await File.ReadAllTextAsync(Repository.File("docs/openapi.json")))!;
        description["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        var described = description["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => (Method: o.Key.ToUpperInvariant(), Path: p.Key, Operation: o.Value!))).ToList();
        var routes = AccessRoute.Of(server.App).Where(r => r.Pattern.StartsWith("/api/", StringComparison.Ordinal));

        described.Select(d => (d.Method, d.Path)).ShouldBe(routes.Select(r => (r.Method, WithoutConstraints(r.Pattern))), ignoreOrder: true);
        foreach (var (method, path, operation) in described)
        {
            operation["summary"].ShouldNotBeNull($"{method} {path}");
            operation["responses"]!.AsObject().Count.ShouldBeGreaterThan(0);
        }

        // No shape that says nothing but that something is there.
        foreach (var (name, schema) in description["components"]!["schemas"]!.AsObject().Where(s => s.Key is not "JsonElement"))
        {
            (schema!["type"] ?? schema["enum"]).ShouldNotBeNull(name);
        }
    }

    private static string WithoutConstraints(string pattern) =>
        System.Text.RegularExpressions.Regex.Replace(pattern, @"\{(\w+):[^}]+\}", "{$1}");
}
