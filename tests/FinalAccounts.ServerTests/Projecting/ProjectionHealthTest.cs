using System.Net;
using System.Text.Json;
using FinalAccounts.ServerTests.Api;
using Shouldly;

namespace FinalAccounts.ServerTests.Projecting;

/// <summary>A running server keeps the tables of its regions up to date, and says how far they are.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ProjectionHealthTest(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task What_is_recorded_comes_into_the_tables()
    {
        while (true)
        {
            using var response = await server.Bureau.GetAsync("/health/projections");
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            var lag = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.EnumerateArray()
                .Single(r => r.GetProperty("region").GetString() == "430900");
            if (lag.GetProperty("state").GetString() == "running" && lag.GetProperty("eventsBehind").GetInt64() == 0)
            {
                lag.GetProperty("position").GetInt64().ShouldBeGreaterThan(400);
                lag.GetProperty("millisecondsBehind").GetInt64().ShouldBe(0);
                return;
            }
        }
    }
}
