using System.Net;
using AngleSharp.Dom;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Server.Access;
using FinalAccounts.ServerTests;
using Shouldly;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>The pages, whichever host serves them: what they show, and what their forms record.</summary>
[Collection(LogServerCollection.Name)]
public abstract class PageScenarios(HostFixture host)
{
    [Fact]
    public async Task A_year_is_submitted_and_closed_by_its_pages_and_they_show_it()
    {
        var department = await host.Host.NewDepartmentAsync();
        await department.OpenAsync();
        await department.RecordAsync("commands/receive-income", Books.Income("收-1", 1_000_000));
        await department.RecordAsync("commands/post-expenditure", Books.Expenditure("支-1", 1_000_000));
        using var head = await host.Host.SignInAsync(Role.Head, department.Code);
        var year = $"/regions/{host.Host.Region}/departments/{department.Code}/years/2024";

        (await SendAsync("submit", "2025-01-20")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await SendAsync("close", "2025-01-31")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        (await department.ReadAsync())["overview"]!["status"]!.GetValue<string>().ShouldBe("closed");
        var row = (await head.OpenAsync($"/regions/{host.Host.Region}")).QuerySelectorAll("tbody tr").Single(r => r.TextContent.Contains(department.Code.ToString(), StringComparison.Ordinal));
        Text(row).ShouldContain("已结账");

        // 1,000,000 fen are 1.00万元.
        Text((await head.OpenAsync(year)).Body!).ShouldContain("1.00");
        var refused = await SendAsync("close", "2025-01-31");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        Text((await refused.ReadAsync()).QuerySelectorAll("[role=alert] li").ShouldHaveSingleItem()).ShouldContain("结账，不能再记账");

        Task<HttpResponseMessage> SendAsync(string step, string date) => head.SubmitAsync($"{year}/{step}", step, ("Form.Date", date));
    }

    private static string Text(IElement element) => element.TextContent;
}

/// <summary>On the server that the program starts by default.</summary>
public sealed class ServerPageTest(ServerHost host) : PageScenarios(host), IClassFixture<ServerHost>;

/// <summary>On Wolverine and Marten.</summary>
public sealed class WolverinePageTest(WolverineHost host) : PageScenarios(host), IClassFixture<WolverineHost>;
