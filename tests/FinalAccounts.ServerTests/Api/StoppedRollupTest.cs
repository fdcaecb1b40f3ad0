using System.Globalization;
using System.Net;
using Shouldly;

namespace FinalAccounts.ServerTests.Api;

/// <summary>What the sums of a region answer when their tables can't be brought further.</summary>
[Collection(PostgresCollection.Name)]
public sealed class StoppedRollupTest(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Rollups = $"/api/v1/regions/{ApiServer.Region}/rollups";
    private readonly ApiServer server = new(postgres);

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Who_waits_for_a_position_behind_is_told_where_they_have_stopped_and_everybody_else_reads_on()
    {
        // From here on the database takes nothing more into the tables.
        await using (var refuse = server.Server.Superuser.CreateCommand(
            $"alter table region_{ApiServer.Region}.department_years add constraint nothing_more check (false) not valid"))
        {
            await refuse.ExecuteNonQueryAsync();
        }

        using var reopened = await server.Bureau.PostAsync($"{ApiServer.Year}/reopen", """{"reason":"补记","authority":"财政局 1 号","date":"2025-01-05"}""");
        reopened.StatusCode.ShouldBe(HttpStatusCode.Created);
        var position = (await reopened.JsonAsync())["lastPosition"]!.GetValue<long>();

        // That they have stopped is found out by trying, which may take longer than an answer waits on a machine that does much else.
        while (await server.Server.Superuser.CreateCommand(
            $"select state from region_{ApiServer.Region}.projections where is_live").ExecuteScalarAsync() is not "stopped")
        {
        }

        using var refused = await server.Bureau.GetAsync($"{Rollups}?waitFor={position}");

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await refused.JsonAsync();
        problem["type"]!.GetValue<string>().ShouldBe("urn:finalaccounts:problem:rollup-stopped");
        problem["title"]!.GetValue<string>().ShouldBe("汇总已停止");
        var stands = (position - 1).ToString(CultureInfo.InvariantCulture);
        problem["detail"]!.GetValue<string>().ShouldBe($"汇总数据停在位置 {stands}：其后的一笔无法计入，原因见 fa projection status。不带 waitFor 可读到该位置为止的汇总。");
        problem["detailEn"]!.GetValue<string>().ShouldStartWith($"The sums stand at position {stands} and do not go on");

        foreach (var query in new[] { "", $"?waitFor={stands}" })
        {
            (await server.Bureau.ReadAsync(Rollups + query))["standing"]!["position"]!.GetValue<long>().ShouldBe(position - 1);
        }
    }
}
