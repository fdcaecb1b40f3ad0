using System.Globalization;
using System.Text;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary>Lists that are larger than what an import holds of them.</summary>
[Collection(FaServerCollection.Name)]
public sealed class LargeImportTest(FaServer server)
{
    private const int Vouchers = 200_000;

    /// <summary>Every fiftieth voucher takes back half of the one before it.</summary>
    private const int ReversalEvery = 50;

    private const string Stream = "year/990001/2024";

    /// <summary>Registration, profile, opening and one budget document come with the vouchers.</summary>
    private const long Events = Vouchers + 4;

    [Fact]
    public async Task A_large_list_in_no_order_is_recorded_by_date_all_or_nothing_however_often_it_is_cut_off()
    {
        using var database = await server.CreateDatabaseAsync();
        (await database.Fa.RunAsync("init", "430900")).ExitCode.ShouldBe(0);
        var folder = Directory.CreateDirectory(database["large"]).FullName;
        WriteLists(folder, out var rows);

        // The last row spends what there is not.
        var expenditure = Path.Combine(folder, "expenditure.csv");
        var right = await File.ReadAllBytesAsync(expenditure);
        await File.AppendAllTextAsync(expenditure, "末-1,2024-12-31,超支,2101101,30201,一般公共预算,基本支出,,财政拨款收入,0.01,\n");
        var refused = await database.Fa.RunAsync("import", folder);
        refused.ExitCode.ShouldBe(1, refused.ToString());
        refused.Error.ShouldContain($"expenditure.csv 第 {rows + 2} 行");
        refused.Error.ShouldContain("L-BUD-02");
        (await database.ExecuteAsync("select count(*) from region_430900.events")).ShouldBe(0L);
        await File.WriteAllBytesAsync(expenditure, right);

        // Killed while it waits for the log, and while it writes.
        await KillAsync(database, folder, "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'fa'", hold: null);
        await KillAsync(database, folder, "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'fa' and wait_event_type = 'Lock'", "select from region_430900.head for update");
        await KillAsync(database, folder, "select count(*) from pg_stat_progress_copy where datname = current_database() and tuples_processed > 20000", hold: null);
        (await database.ExecuteAsync("select count(*) from region_430900.events")).ShouldBe(0L);

        var imported = await database.Fa.RunAsync("import", folder);
        imported.ExitCode.ShouldBe(0, imported.ToString());
        (await database.ExecuteAsync("select count(*) from region_430900.events")).ShouldBe(Events);
        (await database.ExecuteAsync($"select count(*) from (select accounting_date < lag(accounting_date) over (order by version) as is_back from region_430900.events_readable where stream = '{Stream}') e where is_back")).ShouldBe(0L);
        (await database.ExecuteAsync("select count(*) from region_430900.events_readable where type = 'expenditure-reversed'")).ShouldBe((long)(Vouchers / ReversalEvery));
        (await database.Fa.RunAsync("verify")).ExitCode.ShouldBe(0);

        var again = await database.Fa.RunAsync("import", folder);
        again.ExitCode.ShouldBe(0, again.ToString());
        again.Output.ShouldContain("没有改动");
        (await database.ExecuteAsync("select count(*) from region_430900.events")).ShouldBe(Events);
    }

    /// <summary>Ends an import as a lack of power would, once a question to the server has an answer above zero.</summary>
    private static async Task KillAsync(FaDatabase database, string folder, string until, string? hold)
    {
        await using var holder = await database.ConnectAsync();
        if (hold is not null)
        {
            await using var begin = new NpgsqlCommand("begin; " + hold, holder);
            await begin.ExecuteNonQueryAsync();
        }

        using var import = database.Fa.Start("import", folder);
        await using var watcher = await database.ConnectAsync();
        await using var reached = new NpgsqlCommand(until, watcher);
        while ((long)(await reached.ExecuteScalarAsync())! == 0)
        {
            import.HasExited.ShouldBeFalse("the import ended before it was killed");
            await Task.Delay(5);
        }

        import.Kill();
        await import.WaitForExitAsync();
    }

    /// <summary>Vouchers of one or two rows, which do not stand beside each other, on days in no order.</summary>
    private static void WriteLists(string folder, out int rows)
    {
        File.WriteAllText(Path.Combine(folder, "department.yaml"), """
            地区代码: "430900"
            地区名称: 某省某市
            单位代码: "990001"
            单位名称: 某市大型机构
            登记日期: 2024-01-01
            年度: 2024
            报表格式: hunan-2024
            超预算支出: 拒绝
            概况日期: 2024-12-31
            自称: 我单位
            部门职责:
              - 某项职责。
            编制人数: 48
            在职人数: 43
            退休人数: 27
            """);
        File.WriteAllText(
            Path.Combine(folder, "budget.csv"),
            "类型,文号,日期,事由,功能科目,支出性质,项目,预算类别,经济科目,金额(元)\n年初预算,预〔2024〕1号,2024-01-01,年度预算,2080101,基本支出,,一般公共预算,,500000000.00\n");
        File.WriteAllText(Path.Combine(folder, "income.csv"), "凭证号,日期,摘要,功能科目,收入来源,预算类别,金额(元)\n");
        StringBuilder first = new("凭证号,日期,摘要,功能科目,经济科目,预算类别,支出性质,项目,资金来源,金额(元),冲销凭证号\n"), second = new();
        rows = 0;
        for (var n = 0; n < Vouchers; n++)
        {
            var isReversal = n % ReversalEvery == ReversalEvery - 1;
            var of = isReversal ? n - 1 : n;
            var date = new DateTime(2024, 1, 1).AddDays(of * 7_919L % 366).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            Row(first, "30201");
            if (n % 3 == 0 && !isReversal && n % ReversalEvery != ReversalEvery - 2)
            {
                Row(second, "30202");
                rows++;
            }

            rows++;

            void Row(StringBuilder part, string economic) => part.Append(
                CultureInfo.InvariantCulture,
                $"记-{n},{date},第{n}批办公用品,2080101,{economic},一般公共预算,基本支出,,财政拨款收入,{(isReversal ? "-2.00" : "4.00")},{(isReversal ? $"记-{of}" : "")}\n");
        }

        File.WriteAllText(Path.Combine(folder, "expenditure.csv"), first.Append(second).ToString());
    }
}
