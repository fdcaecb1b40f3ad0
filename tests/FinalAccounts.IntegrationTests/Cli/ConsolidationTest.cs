using System.Text.Json;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary>The constructed department of samples/consolidated-2024; its README derives the figures.</summary>
[Collection(FaServerCollection.Name)]
public sealed class ConsolidationTest(FaServer server)
{
    private static readonly string Samples = Path.Combine(Fa.Sample, "..", "consolidated-2024");

    [Fact]
    public async Task A_department_is_reported_with_its_units()
    {
        using var database = await server.CreateDatabaseAsync();
        await database.DoneAsync("init", "439900");
        await database.DoneAsync("import", Path.Combine(Samples, "bureau"));
        await database.DoneAsync("import", Path.Combine(Samples, "employment"));
        (await database.FailsAsync(1, "report", "301002", "2024", "--consolidated")).ShouldContain("没有汇总单位");
        (await database.FailsAsync(1, "report", "301", "2024", "--consolidated")).ShouldContain("301001");

        await database.DoneAsync("import", Path.Combine(Samples, "social-insurance"));
        var open = await database.DoneAsync("report", "301", "2024", "--consolidated", "--out", database["open"]);
        open.ShouldContain("301002 示例市就业服务中心 尚未结账");
        foreach (var code in new[] { "301", "301001", "301002" })
        {
            await database.DoneAsync("close", code, "2024");
        }

        (await database.DoneAsync("report", "301", "2024", "--consolidated")).ShouldNotContain("尚未结账");
        using var made = JsonDocument.Parse(await File.ReadAllBytesAsync(database["out/301-2024-consolidated/consolidation.json"]));
        made.RootElement.GetProperty("units").EnumerateArray().Select(u => u.GetProperty("code").GetString()).ShouldBe(["301", "301001", "301002"]);
        made.RootElement.GetProperty("units").EnumerateArray().ShouldAllBe(u => u.GetProperty("lastPosition").GetInt64() > 0);
        made.RootElement.GetProperty("transfers").EnumerateArray().Select(t => t.GetProperty("paidFen").GetInt64()).ShouldBe([6_000_000, 4_000_000, 3_000_000]);
        made.RootElement.GetProperty("findings").GetArrayLength().ShouldBe(0);

        using var explained = JsonDocument.Parse(await database.DoneAsync("explain", "301", "2024", "--consolidated", "--json", "公开01/27/金额"));
        var sum = explained.RootElement[0].GetProperty("sums")[0];
        sum.GetProperty("total").GetInt64().ShouldBe(169_456_800);
        sum.GetProperty("units").EnumerateArray().Select(u => (u.GetProperty("amount").GetInt64(), u.GetProperty("total").GetInt64())).ShouldBe(
            [(96_674_800, 93_674_800), (51_212_000, 45_212_000), (34_570_000, 30_570_000)]);
        (await database.DoneAsync("explain", "301", "2024", "--consolidated", "公开01/27/金额")).ShouldContain("与示例市就业服务中心的上缴上级支出／附属单位上缴收入");
        (await database.DoneAsync("explain", "301", "2024", "公开01/27/金额")).ShouldNotContain("抵销");
        (await database.FailsAsync(2, "report", "301", "2024", "--consolidated", "--publish")).ShouldContain("--consolidated");
    }

    [Fact]
    public async Task The_demonstration_reports_a_department_with_its_units_once_all_are_there()
    {
        using var database = await server.CreateDatabaseAsync();
        await database.DoneAsync("demo", Path.Combine(Samples, "bureau"), Path.Combine(Samples, "employment"), Path.Combine(Samples, "social-insurance"));

        using var made = JsonDocument.Parse(await File.ReadAllBytesAsync(database["out/bureau-consolidated/consolidation.json"]));
        made.RootElement.GetProperty("units").EnumerateArray().ShouldAllBe(u => u.GetProperty("isClosed").GetBoolean());
        Directory.Exists(database["out/employment-consolidated"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_unit_that_another_department_has_already_is_refused_with_its_line()
    {
        using var database = await server.CreateDatabaseAsync();
        await database.DoneAsync("init", "439900");
        await database.DoneAsync("import", Path.Combine(Samples, "bureau"));
        var copy = Directory.CreateDirectory(database["copy"]).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Samples, "bureau")))
        {
            var text = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(Path.Combine(copy, Path.GetFileName(file)), text.Replace("单位代码: \"301\"", "单位代码: \"302\"", StringComparison.Ordinal));
        }

        var refused = await database.FailsAsync(1, "import", copy);
        refused.ShouldContain("L-MEM-03");
        refused.ShouldContain("301001");
    }
}
