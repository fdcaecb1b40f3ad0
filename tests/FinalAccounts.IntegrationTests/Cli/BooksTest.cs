using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

[Collection(FaServerCollection.Name)]
public sealed class BooksTest(FaServer server)
{
    private const string Code = "117005";
    private const string Year = "2024";

    [Fact]
    public async Task A_year_is_imported_closed_reported_reopened_and_closed_again()
    {
        using var database = await server.CreateDatabaseAsync();
        await DoneAsync(database, "init", "430900");

        (await DoneAsync(database, "import", Fa.Sample)).ShouldContain("新存入");
        var positions = await CountAsync(database);
        (await DoneAsync(database, "import", Fa.Sample)).ShouldContain("没有改动");
        (await CountAsync(database)).ShouldBe(positions);

        (await database.FailsAsync(1, "report", Code, Year, "--publish")).ShouldContain("L-");
        (await DoneAsync(database, "submit", Code, Year, "--date", "2025-01-20")).ShouldContain("已报送");
        (await DoneAsync(database, "close", Code, Year)).ShouldContain("已结账");
        (await database.FailsAsync(1, "close", Code, Year)).ShouldContain("L-YEAR-03");
        (await DoneAsync(database, "report", Code, Year, "--publish")).ShouldContain("已登记公开");
        await DoneAsync(database, "reopen", Code, Year, "--reason", "更正", "--authority", "某财〔2025〕1号", "--date", "2025-03-01");
        await DoneAsync(database, "close", Code, Year);
        (await CountAsync(database)).ShouldBe(positions + 5);

        var log = await DoneAsync(database, "log", Code, Year, "--after", $"{positions}");
        string[] kinds = ["决算报送", "结账", "决算公开", "反结账", "更正", "clerk"];
        kinds.ShouldAllBe(kind => log.Contains(kind));
        (await DoneAsync(database, "verify")).ShouldContain("完好");
    }

    [Fact]
    public async Task Last_years_books_are_compared_with_and_what_is_missing_is_listed_and_not_published()
    {
        using var database = await server.CreateDatabaseAsync();
        await DoneAsync(database, "init", "430900");
        await DoneAsync(database, "import", Fa.Sample);
        await DoneAsync(database, "import", Path.Combine(Path.GetDirectoryName(Fa.Sample)!, "yiyang-2023"));
        await DoneAsync(database, "close", Code, "2023");

        var report = JsonDocument.Parse(await DoneAsync(database, "report", Code, "2023", "--json")).RootElement.GetProperty("notes");
        var missing = report.GetProperty("missing").EnumerateArray().ToList();
        missing.Select(m => m.GetProperty("name").GetString()).ShouldContain("机关运行经费");
        missing.ShouldContain(m => m.GetProperty("kind").GetString() == "evaluation" && m.GetProperty("preventsPublication").GetBoolean());
        (await DoneAsync(database, "report", Code, "2023")).ShouldContain("缺少的内容");
        var refusal = await database.FailsAsync(1, "report", Code, "2023", "--publish");
        refusal.ShouldContain("2080101/比年初预算");
        refusal.ShouldNotContain("机关运行经费");

        // 2024 has all it needs: last year's figures come from the books of 2023, and its opening agrees with their carry-over.
        (await DoneAsync(database, "report", Code, Year)).ShouldNotContain("缺少的内容");
        var change = JsonDocument.Parse(await DoneAsync(database, "explain", Code, Year, "说明/九/机关运行经费支出比上年增减额", "--json"))
            .RootElement[0].GetProperty("change");
        change.GetProperty("with").GetString().ShouldBe("prioryear");
        change.GetProperty("amount").GetInt64().ShouldBe(205_717_000 - 263_837_000);
        (await DoneAsync(database, "explain", Code, Year, "说明/九/机关运行经费支出比上年增减额")).ShouldContain("委托业务费");
    }

    [Fact]
    public async Task Books_with_errors_are_refused_with_every_place_and_nothing_is_stored()
    {
        using var database = await server.CreateDatabaseAsync();
        await DoneAsync(database, "init", "430900");
        var books = database.CopySample();
        var file = Path.Combine(books, "expenditure.csv");
        var lines = (await File.ReadAllLinesAsync(file)).Select(l => l.Split(',')).ToArray();
        lines[5][Array.IndexOf(lines[0], "功能科目")] = "9999999";
        lines[9][Array.IndexOf(lines[0], "金额(元)")] = "12.345";
        await File.WriteAllLinesAsync(file, lines.Select(l => string.Join(',', l)));

        var error = await database.FailsAsync(1, "import", books);

        error.ShouldContain("没有存入任何数据");
        error.ShouldContain("expenditure.csv 第 6 行 功能科目，“9999999”");
        error.ShouldContain("expenditure.csv 第 10 行 金额(元)，“12.345”");
        (await CountAsync(database)).ShouldBe(0);
        await DoneAsync(database, "import", Fa.Sample);
    }

    [Fact]
    public async Task A_figure_is_explained_from_its_budget_to_its_postings()
    {
        using var database = await ImportedAsync();

        var text = await DoneAsync(database, "explain", "益阳市社会保险服务中心", Year, "公开05/2080101/本年支出/小计");

        // From the published table: 573.66 万元; the books give 5,736,600.00 元, of which 5,049,200.00 were appropriated.
        string[] expected = ["573.66", "5,736,600.00", "年初预算", "5,049,200.00", "追加", "687,400.00", "2024-01", "2024-12"];
        expected.ShouldAllBe(part => text.Contains(part));

        using var json = JsonDocument.Parse(await DoneAsync(database, "explain", Code, Year, "公开05/2080101/本年支出/小计", "--json"));
        var events = json.RootElement[0].GetProperty("sums")[0].GetProperty("events");
        events.EnumerateArray().Sum(e => e.GetProperty("amount").GetInt64()).ShouldBe(573_660_000);
        events.EnumerateArray().Last().GetProperty("runningTotal").GetInt64().ShouldBe(573_660_000);

        (await database.FailsAsync(1, "explain", Code, Year, "公开05/0000000/小计")).ShouldContain("没有地址");
        (await database.FailsAsync(1, "explain", "无此部门", Year, "x")).ShouldContain("益阳市社会保险服务中心");
    }

    [Fact]
    public async Task Every_figure_is_explained_by_events_that_add_up_to_it()
    {
        using var database = await ImportedAsync();
        using var figures = JsonDocument.Parse(await DoneAsync(database, "figures", Code, Year, "--json"));
        var addresses = figures.RootElement.EnumerateArray().Select(f => f.GetProperty("address").GetString()!).ToArray();
        addresses.Length.ShouldBeGreaterThan(201 + 172);

        using var explained = JsonDocument.Parse(await DoneAsync(database, ["explain", Code, Year, .. addresses, "--json"]));
        explained.RootElement.EnumerateArray().Select(f => f.GetProperty("address").GetString()).ShouldBe(addresses);
        foreach (var figure in explained.RootElement.EnumerateArray())
        {
            var address = figure.GetProperty("address").GetString();
            var (numerator, denominator) = (Whole(figure, "numerator"), Whole(figure, "denominator"));
            var sums = figure.GetProperty("sums").EnumerateArray().Select(s =>
            {
                var total = s.GetProperty("events").EnumerateArray().Sum(e => e.GetProperty("amount").GetInt64());
                total.ShouldBe(s.GetProperty("total").GetInt64(), address);
                return total;
            }).ToList();

            // A computed score is a share of the points that the targets set, its first sum; a total is out of 100 points.
            if (address!.EndsWith("/计算得分", StringComparison.Ordinal))
            {
                var points = address.Count(c => c == '/') > 2 ? sums[0] : 10_000;
                numerator.ShouldBeInRange(0, points * denominator, address);
                continue;
            }

            // A sum; a difference; or a share or rate, whose base is the denominator unless the form gives a share of nothing a value.
            if (sums.Count == 1)
            {
                (numerator, denominator).ShouldBe((sums[0], 1), address);
            }
            else if (denominator == 1)
            {
                numerator.ShouldBe(Math.Abs(sums[0] - sums[1]), address);
            }
            else if (sums[1] == 0)
            {
                (numerator, denominator).ShouldBe((0, 100), address);
            }
            else
            {
                denominator.ShouldBe(sums[1], address);
                numerator.ShouldBeOneOf([sums[0], Math.Abs(sums[0] - sums[1])], address);
            }
        }

        static long Whole(JsonElement figure, string name) => long.Parse(figure.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_report_is_the_same_bytes_each_time_and_its_seal_says_which()
    {
        using var database = await ImportedAsync();
        await DoneAsync(database, "report", Code, Year, "--out", database["first"]);
        await DoneAsync(database, "report", Code, Year, "--out", database["second"]);

        string[] names = ["disclosure.html", "disclosure.docx", "disclosure.xlsx", "disclosure.json"];
        using var seal = JsonDocument.Parse(await File.ReadAllBytesAsync(database["first/disclosure.seal.json"]));
        foreach (var name in names)
        {
            var bytes = await File.ReadAllBytesAsync(database[$"first/{name}"]);
            bytes.ShouldBe(await File.ReadAllBytesAsync(database[$"second/{name}"]));
            seal.RootElement.GetProperty("files").GetProperty(name).GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }

        Directory.EnumerateFiles(database["first"]).Count().ShouldBe(names.Length + 1);
    }

    [Fact]
    public async Task A_report_as_of_a_position_does_not_change_when_the_log_goes_on()
    {
        using var database = await ImportedAsync();
        var position = await CountAsync(database);
        await DoneAsync(database, "report", Code, Year, "--out", database["before"]);
        await DoneAsync(database, "close", Code, Year);

        await DoneAsync(database, "report", Code, Year, "--out", database["after"], "--as-of-position", $"{position}");

        (await File.ReadAllBytesAsync(database["after/disclosure.json"])).ShouldBe(await File.ReadAllBytesAsync(database["before/disclosure.json"]));
        (await File.ReadAllTextAsync(database["after/disclosure.seal.json"])).ShouldBe(await File.ReadAllTextAsync(database["before/disclosure.seal.json"]));
        (await database.FailsAsync(1, "report", Code, Year, "--as-of-position", "1")).ShouldContain("尚未建账");
        (await database.FailsAsync(1, "report", Code, Year, "--as-of-recorded", "2020-01-01T00:00:00Z")).ShouldContain("尚未建账");
        (await database.FailsAsync(2, "report", Code, Year, "--as-of-position", "100000")).ShouldContain("不在日志范围内");
    }

    [Fact]
    public async Task A_changed_event_and_a_cut_off_tail_are_found()
    {
        using var database = await ImportedAsync();
        await DoneAsync(database, "report", Code, Year, "--out", database["out"]);
        (await DoneAsync(database, "verify", "--seal", database["out/disclosure.seal.json"])).ShouldContain("完好");

        await database.ExecuteAsync("update region_430900.events set body = replace(body, '2024', '2023') where position = 7");
        (await database.FailsAsync(1, "verify")).ShouldContain("位置 7");
        await database.ExecuteAsync("update region_430900.events set body = replace(body, '2023', '2024') where position = 7");

        // The tail goes together with all that refers to it.
        await database.ExecuteAsync(
            """
            delete from region_430900.events where position = (select position from region_430900.head);
            update region_430900.head set position = e.position, hash = e.hash
              from (select position, hash from region_430900.events order by position desc limit 1) e;
            update region_430900.streams s set version = (select max(version) from region_430900.events e where e.stream_id = s.stream_id);
            """);
        (await database.FailsAsync(1, "verify", "--seal", database["out/disclosure.seal.json"])).ShouldContain("日志比封印短");
        (await database.FailsAsync(2, "verify", "--seal", Path.Combine(Fa.Sample, "department.yaml"))).ShouldContain("不是封印");
    }

    [Fact]
    public async Task The_application_role_can_change_nothing_that_is_stored()
    {
        using var database = await ImportedAsync();
        string[] forbidden =
        [
            "update region_430900.events set body = 'x'",
            "delete from region_430900.events",
            "truncate region_430900.events",
            "insert into region_430900.streams values (9, 1, 'x')",
            "update region_430900.head set position = 0",
            "drop table region_430900.events",
            "create table public.x (y int)",
        ];

        foreach (var sql in forbidden)
        {
            var refusal = await Should.ThrowAsync<PostgresException>(() => database.ExecuteAsync("finalaccounts_app", sql), sql);
            refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
        }
    }

    [Fact]
    public async Task A_region_that_is_not_set_up_is_named_with_what_to_do()
    {
        using var database = await server.CreateDatabaseAsync();

        (await database.FailsAsync(1, "verify")).ShouldContain("fa init");
        (await database.FailsAsync(1, "import", Fa.Sample)).ShouldContain("fa init 430900");
        await DoneAsync(database, "init", "430900");
        await DoneAsync(database, "init", "430901");
        (await DoneAsync(database, "verify", "--region", "430901")).ShouldContain("430901");
        (await database.FailsAsync(2, "log")).ShouldContain("--region");
    }

    [Fact]
    public async Task Departments_of_several_regions_are_told_apart_by_their_names()
    {
        using var database = await server.CreateDatabaseAsync();
        var other = database.CopySample();
        var profile = Path.Combine(other, "department.yaml");
        await File.WriteAllTextAsync(profile, (await File.ReadAllTextAsync(profile)).Replace("430900", "430800", StringComparison.Ordinal)
            .Replace("单位名称: 益阳市", "单位名称: 张家界市", StringComparison.Ordinal));

        // Both have the code 117005; each goes to its own region's log.
        (await DoneAsync(database, "demo", Fa.Sample, other, "--out", database["out"])).ShouldContain("430800");
        var again = await DoneAsync(database, "demo", Fa.Sample, other, "--out", database["out"]);

        again.Split("没有改动").Length.ShouldBe(3);
        (await DoneAsync(database, "explain", "张家界市社会保险服务中心", Year, "公开01/57/金额")).ShouldContain("张家界市");
        (await database.FailsAsync(2, "explain", Code, Year, "公开01/57/金额")).ShouldContain("430800, 430900");
        (await database.FailsAsync(1, "figures", "益阳", Year)).ShouldContain("张家界市社会保险服务中心");
        (await DoneAsync(database, "verify", "--seal", database["out/yiyang-2024/disclosure.seal.json"])).Split("完好").Length.ShouldBe(3);
        (await database.FailsAsync(2, "verify", "--json")).ShouldContain("--region");

        // The other region's log is changed: only it is found, and the seal is held against its own.
        await database.ExecuteAsync("update region_430800.events set body = replace(body, '2024', '2023') where position = 7");
        var damaged = await database.FailsAsync(1, "verify", "--seal", database["out/yiyang-2024/disclosure.seal.json"]);
        damaged.ShouldContain("430900 的日志完好");
        damaged.ShouldContain("430800 的日志与写入时不符");
    }

    [Fact]
    public async Task A_demonstration_stores_nothing_when_one_of_its_books_has_an_error()
    {
        using var database = await server.CreateDatabaseAsync();
        var other = database.CopySample();
        File.Delete(Path.Combine(other, "income.csv"));

        (await database.FailsAsync(1, "demo", Fa.Sample, other)).ShouldContain("income.csv");

        (await database.FailsAsync(1, "verify")).ShouldContain("fa init");
    }

    private async Task<FaDatabase> ImportedAsync()
    {
        var database = await server.CreateDatabaseAsync();
        await DoneAsync(database, "init", "430900");
        await DoneAsync(database, "import", Fa.Sample);
        return database;
    }

    private static async Task<string> DoneAsync(FaDatabase database, params string[] arguments)
    {
        var result = await database.Fa.RunAsync(arguments);
        result.ExitCode.ShouldBe(0, result.ToString());
        result.Error.ShouldBeEmpty();
        return result.Output;
    }

    private static async Task<long> CountAsync(FaDatabase database) => (long)(await database.ExecuteAsync("select count(*) from region_430900.events"))!;
}
