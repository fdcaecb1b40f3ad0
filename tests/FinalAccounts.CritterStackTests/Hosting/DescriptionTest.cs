using System.Text.Json.Nodes;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Server.Api;
using Shouldly;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>The host describes its routes as the server describes the same ones.</summary>
[Collection(LogServerCollection.Name)]
public sealed class DescriptionTest(WolverineHost host, ServerHost server) : IClassFixture<WolverineHost>, IClassFixture<ServerHost>
{
    [Fact]
    public async Task Each_route_is_described_as_by_the_server()
    {
        var (ours, theirs) = (await DescriptionAsync(host), await DescriptionAsync(server));

        foreach (var (path, operations) in ours["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                operation!.ToJsonString().ShouldBe(theirs["paths"]![path]?[method]?.ToJsonString(), $"{method} {path}");
            }
        }

        foreach (var (name, schema) in ours["components"]!["schemas"]!.AsObject())
        {
            schema!.ToJsonString().ShouldBe(theirs["components"]!["schemas"]![name]?.ToJsonString(), name);
        }
    }

    [Fact]
    public async Task Every_command_has_its_route()
    {
        var paths = (await DescriptionAsync(host))["paths"]!.AsObject();

        foreach (var type in CommandRoutes.Types)
        {
            paths[ApiModule.Prefix + CommandRoutes.PathOf(type).Replace(":int", "", StringComparison.Ordinal)]!["post"].ShouldNotBeNull(type.Name);
        }
    }

    [Fact]
    public async Task The_host_has_all_routes_of_the_server()
    {
        var (ours, theirs) = (await DescriptionAsync(host), await DescriptionAsync(server));

        Routes(ours).ShouldBe(Routes(theirs), ignoreOrder: true);

        static IEnumerable<string> Routes(JsonNode description) =>
            description["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject(), (p, method) => $"{method.Key} {p.Key}");
    }

    private static async Task<JsonNode> DescriptionAsync(HostFixture fixture) =>
        JsonNode.Parse(await (await fixture.Host.Alba.Scenario(s => s.Get.Url("/openapi/v1.json"))).ReadAsTextAsync())!;
}
