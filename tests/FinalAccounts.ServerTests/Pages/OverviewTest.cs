using AngleSharp.Dom;
using FinalAccounts.ServerTests.Api;
using Shouldly;

namespace FinalAccounts.ServerTests.Pages;

/// <summary>A region's overview.</summary>
[Collection(PostgresCollection.Name)]
public sealed class OverviewTest(ApiServer server) : IClassFixture<ApiServer>
{
    /// <summary>The region has one department, so that a year's totals are that department's amounts.</summary>
    [Fact]
    public async Task Totals_are_of_one_year_each()
    {
        using var response = await server.Bureau.GetAsync("/regions/430900");
        var page = await response.ReadAsync();

        var years = page.QuerySelectorAll("tbody tr").Select(Cells).ToList();
        var totals = page.QuerySelectorAll("tfoot tr").Select(Cells).ToList();

        totals.Select(t => t[0]).ShouldBe(["2024", "2023"]);
        totals.Select(t => string.Join('|', t[2..6])).ShouldBe(years.Select(y => string.Join('|', y[2..6])));
        totals[0][2].ShouldNotBe(totals[1][2]);
    }

    /// <summary>Year, state and amounts; the heading of a row is not among them.</summary>
    private static string[] Cells(IElement row) => [.. row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim())];
}
