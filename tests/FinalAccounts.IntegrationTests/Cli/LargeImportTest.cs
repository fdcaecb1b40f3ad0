using FinalAccounts.Benchmarks;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

/// <summary>Lists that are larger than what an import holds of them.</summary>
[Collection(FaServerCollection.Name)]
public sealed class LargeImportTest(FaServer server)
{
    private const int Vouchers = 200_000;

    private const string Stream = "year/990001/2024";

    [Fact]
    public async Task A_large_list_in_no_order_is_recorded_by_date_all_or_nothing_however_often_it_is_cut_off()
    {
        using var database = await server.CreateDatabaseAsync();
        (await database.Fa.RunAsync("init", "430900")).ExitCode.ShouldBe(0);
        var folder = Directory.CreateDirectory(database["large"]).FullName;
        var written = DepartmentFiles.Write(folder, new("430900"), new("990001"), Vouchers, areSplit: true);

        // The last row spends what there is not.
        var expenditure = Path.Combine(folder, "expenditure.csv");
        var right = await File.ReadAllBytesAsync(expenditure);
        await File.AppendAllTextAsync(expenditure, "末-1,2024-12-31,超支,2101101,30201,一般公共预算,基本支出,,财政拨款收入,0.01,\n");
        var refused = await database.Fa.RunAsync("import", folder);
        refused.ExitCode.ShouldBe(1, refused.ToString());
        refused.Error.ShouldContain($"expenditure.csv 第 {written.Rows + 2} 行");
        refused.Error.ShouldContain("L-BUD-02");
        (await database.ExecuteAsync("select count(*) from region_430900.events")).ShouldBe(0L);
        await File.WriteAllBytesAsync(expenditure, right);

        // Killed when it comes, while it waits for the log, while it writes, and when all is written and only its streams are not entered.
        const string IsThere = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'fa'";
        const string Waits = IsThere + " and wait_event_type = 'Lock'";
        const string Writes = "select count(*) from pg_stat_progress_copy where datname = current_database() and tuples_processed > 20000";
        const string Log = "select from region_430900.head for update";
        const string Streams = "lock table region_430900.streams in share mode";
        await KillAsync(database, folder, IsThere, Log);
        await KillAsync(database, folder, Waits, Log);
        await KillAsync(database, folder, $"select ({Waits}) + ({Writes})", Streams);
        await KillAsync(database, folder, Waits, Streams);
        (await database.ExecuteAsync("select count(*) from region_430900.events")).ShouldBe(0L);

        var imported = await database.Fa.RunAsync("import", folder);
        imported.ExitCode.ShouldBe(0, imported.ToString());
        (await database.ExecuteAsync("select count(*) from region_430900.events")).ShouldBe(written.Events);
        (await database.ExecuteAsync($"select count(*) from (select accounting_date < lag(accounting_date) over (order by version) as is_back from region_430900.events_readable where stream = '{Stream}') e where is_back")).ShouldBe(0L);
        (await database.ExecuteAsync("select count(*) from region_430900.events_readable where type = 'expenditure-reversed'")).ShouldBe((long)(Vouchers / DepartmentFiles.ReversalEvery));
        (await database.Fa.RunAsync("verify")).ExitCode.ShouldBe(0);

        var again = await database.Fa.RunAsync("import", folder);
        again.ExitCode.ShouldBe(0, again.ToString());
        again.Output.ShouldContain("没有改动");
        (await database.ExecuteAsync("select count(*) from region_430900.events")).ShouldBe(written.Events);
    }

    /// <summary>Ends an import as a lack of power would, once a question to the server has an answer above zero.</summary>
    /// <param name="hold">What another holds meanwhile, so that the import can't come to its end however late it is killed.</param>
    private static async Task KillAsync(FaDatabase database, string folder, string until, string hold)
    {
        await using var holder = await database.ConnectAsync();
        await using (var begin = new NpgsqlCommand("begin; " + hold, holder))
        {
            await begin.ExecuteNonQueryAsync();
        }

        using var import = database.Fa.Start("import", folder);
        await using var watcher = await database.ConnectAsync();
        await using var reached = new NpgsqlCommand(until, watcher);
        while ((long)(await reached.ExecuteScalarAsync())! == 0)
        {
            import.HasExited.ShouldBeFalse("the import ended before it was killed");
        }

        import.Kill();
        await import.WaitForExitAsync();
    }
}
