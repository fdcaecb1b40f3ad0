using System.Net;
using FinalAccounts.Server.Access;
using FinalAccounts.ServerTests.Api;
using Shouldly;

namespace FinalAccounts.ServerTests.Pages;

/// <summary>The pages of a year's steps.</summary>
[Collection(PostgresCollection.Name)]
public sealed class StepPageTest(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task What_is_refused_is_said_with_what_to_do_about_it()
    {
        var user = await server.Server.NewUserAsync("steps", new Assignment(Role.Head, new(ApiServer.Region), new(ApiServer.Department)));
        using var head = await server.Server.SignInAsync(user);

        using var refused = await head.SubmitAsync(
            $"/regions/{ApiServer.Region}/departments/{ApiServer.Department}/years/2024/close", "close", ("Form.Date", "2024-12-31"));

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var said = (await refused.ReadAsync()).QuerySelectorAll("[role=alert] li").ShouldHaveSingleItem().TextContent;
        said.ShouldContain("结账，不能再记账。");
        said.ShouldEndWith("确需更正的，经批准反结账后再记账。");
    }
}
