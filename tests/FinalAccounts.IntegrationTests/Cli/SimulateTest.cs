using System.Text.Json.Nodes;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary>Books that are made up fill an empty region, whatever comes between.</summary>
[Collection(FaServerCollection.Name)]
public sealed class SimulateTest(FaServer server)
{
    private const string Region = "990001";

    [Fact]
    public async Task Killed_while_it_runs_it_goes_on_when_it_is_run_again()
    {
        using var database = await server.CreateDatabaseAsync();
        string[] city = ["simulate", Region, "--departments", "60", "--years", "2023-2024", "--postings", "600", "--seed", "5", "--json"];
        (await database.Fa.RunAsync("init", Region)).ExitCode.ShouldBe(0);
        using (var killed = database.Fa.Start(city))
        {
            // As soon as something is stored.
            while (!killed.HasExited && (long)(await database.ExecuteAsync($"select position from region_{Region}.head"))! == 0)
            {
            }

            killed.Kill();
            await killed.WaitForExitAsync();
        }

        var done = await database.Fa.RunAsync(city);

        done.ExitCode.ShouldBe(0, done.ToString());
        var told = JsonNode.Parse(done.Output)!;
        told["departments"]!.GetValue<int>().ShouldBe(60);
        ((long)(await database.ExecuteAsync($"select position from region_{Region}.head"))!).ShouldBe(told["position"]!.GetValue<long>());
        ((long)(await database.ExecuteAsync($"select count(*) from region_{Region}.events_readable where type = 'expenditure-posted'"))!).ShouldBe(60 * 600 * 2);
        ((long)(await database.ExecuteAsync($"select count(*) from region_{Region}.events_readable where type = 'year-closed'"))!).ShouldBe(60 * 2);
        (await database.Fa.RunAsync("verify", "--region", Region)).ExitCode.ShouldBe(0);
        (await database.Fa.RunAsync("report", "100001", "2024", "--region", Region)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_region_with_other_books_is_refused_and_stays_as_it_is()
    {
        using var database = await server.CreateDatabaseAsync();
        var first = await database.Fa.RunAsync("simulate", Region, "--departments", "2", "--postings", "10");
        first.ExitCode.ShouldBe(0, first.ToString());
        var head = await database.ExecuteAsync($"select position from region_{Region}.head");

        var other = await database.Fa.RunAsync("simulate", Region, "--departments", "2", "--postings", "11");

        (other.ExitCode, other.Error.Contains("已有别的账簿", StringComparison.Ordinal)).ShouldBe((1, true));
        (await database.ExecuteAsync($"select position from region_{Region}.head")).ShouldBe(head);
    }

    [Theory]
    [InlineData(1, "没有 2021 年度的收支分类科目", "--years", "2021-2024")]
    [InlineData(2, "“2024-2022”不是年度", "--years", "2024-2022")]
    [InlineData(2, "“2020-2024-”不是年度", "--years", "2020-2024-")]
    [InlineData(2, "--departments 是 0", "--departments", "0")]
    [InlineData(2, "--postings 是 -1", "--postings", "-1")]
    [InlineData(1, "没有报表格式“none”", "--form", "none")]
    public async Task What_can_not_be_made_up_is_refused_before_anything_is_made(int exitCode, string message, string option, string value)
    {
        using var database = await server.CreateDatabaseAsync();

        var result = await database.Fa.RunAsync("simulate", Region, option, value);

        (result.ExitCode, result.Error.Contains(message, StringComparison.Ordinal)).ShouldBe((exitCode, true), result.ToString());
        (await database.ExecuteAsync("select count(*) from pg_namespace where nspname like 'region%'")).ShouldBe(0L);
    }
}
