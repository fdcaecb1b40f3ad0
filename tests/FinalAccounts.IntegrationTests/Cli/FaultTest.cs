using System.Globalization;
using FinalAccounts.IntegrationTests.PrivatePostgres;
using FinalAccounts.PrivatePostgres;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Cli;

[Collection(FaServerCollection.Name)]
public sealed class FaultTest(FaServer server) : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_database_that_is_down_is_said_at_the_start()
    {
        var fa = new Fa(directory.Root, new Dictionary<string, string> { ["FINALACCOUNTS_DATABASE"] = $"Host={directory.Root};Username=x;Database=x" });

        var result = await fa.RunAsync("import", Fa.Sample);

        result.ExitCode.ShouldBe(3, result.ToString());
        result.Error.ShouldContain("数据库不可用");
        result.Error.ShouldNotContain("   at ");
    }

    // What keeps the import waiting until the server goes: reading what is stored, or appending to it.
    [Theory]
    [InlineData("lock table region_430900.events in access exclusive mode")]
    [InlineData("select from region_430900.head for update")]
    public async Task A_server_that_goes_down_during_an_import_leaves_all_or_nothing(string obstacle)
    {
        using var database = await server.CreateDatabaseAsync();
        (await database.Fa.RunAsync("init", "430900")).ExitCode.ShouldBe(0);
        await using var holder = await database.ConnectAsync();
        using var import = await StartHeldUpAsync(database, holder, obstacle);

        await server.KillAsync();
        var result = await Fa.FinishAsync(import);
        await server.RestartAsync();

        // Not earlier: a connection that nothing refers to may be closed at any time, and its lock goes with it.
        GC.KeepAlive(holder);
        result.ExitCode.ShouldBe(3, result.ToString());
        result.Error.ShouldContain("数据库不可用");
        result.Error.ShouldNotContain("   at ");
        (await database.ExecuteAsync("select count(*) from region_430900.events")).ShouldBe(0L);
        (await database.ExecuteAsync("select count(*) from region_430900.streams")).ShouldBe(0L);
        var again = await database.Fa.RunAsync("import", Fa.Sample);
        again.ExitCode.ShouldBe(0, again.ToString());
        (await database.Fa.RunAsync("verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_full_disk_of_the_database_stores_nothing_and_the_next_run_works()
    {
        Directory.CreateDirectory(directory["small"]);
        using var disk = SmallDisk.Mount(directory["small"], megabytes: 96);
        var options = new PrivateServerOptions(directory["small/postgres"]);
        try
        {
            var fa = new Fa(directory.Root, new Dictionary<string, string> { ["FINALACCOUNTS_DATA"] = directory["small"] });
            var init = await fa.RunAsync("init", "430900");
            init.ExitCode.ShouldBe(0, init.ToString());
            Fill(directory["small/filler"]);

            var result = await fa.RunAsync("import", Fa.Sample);

            result.ExitCode.ShouldBe(3, result.ToString());
            result.Error.ShouldContain("磁盘已满");
            File.Delete(directory["small/filler"]);
            var again = await fa.RunAsync("import", Fa.Sample);
            again.ExitCode.ShouldBe(0, again.ToString());
            again.Output.ShouldContain("原有 0 条");
            (await fa.RunAsync("verify")).ExitCode.ShouldBe(0);
        }
        finally
        {
            await PrivateServer.StopAsync(options, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_full_disk_of_the_documents_leaves_the_former_ones_whole()
    {
        using var database = await server.CreateDatabaseAsync();
        (await database.Fa.RunAsync("init", "430900")).ExitCode.ShouldBe(0);
        (await database.Fa.RunAsync("import", Fa.Sample)).ExitCode.ShouldBe(0);
        Directory.CreateDirectory(directory["small"]);
        using var disk = SmallDisk.Mount(directory["small"], megabytes: 4);
        (await database.Fa.RunAsync("report", "117005", "2024", "--out", directory["small"])).ExitCode.ShouldBe(0);
        var former = await ContentsAsync();
        Fill(directory["small/filler"]);

        var result = await database.Fa.RunAsync("report", "117005", "2024", "--out", directory["small"]);

        result.ExitCode.ShouldBe(3, result.ToString());
        result.Error.ShouldContain("磁盘已满");
        File.Delete(directory["small/filler"]);
        (await ContentsAsync()).ShouldBe(former);

        async Task<string> ContentsAsync()
        {
            var files = Directory.EnumerateFiles(directory["small"]).Order(StringComparer.Ordinal);
            var hashes = await Task.WhenAll(files.Select(async f =>
                $"{Path.GetFileName(f)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(f)))}"));
            return string.Join('\n', hashes);
        }
    }

    [Fact]
    public async Task Commands_that_are_both_the_first_share_one_private_server()
    {
        var fa = new Fa(directory.Root, new Dictionary<string, string> { ["FINALACCOUNTS_DATA"] = directory["data"] });
        try
        {
            var results = await Task.WhenAll(fa.RunAsync("init", "430900"), fa.RunAsync("init", "430900"), fa.RunAsync("init", "430901"));

            results.ShouldAllBe(r => r.ExitCode == 0, string.Join('\n', results.AsEnumerable()));
            results.Count(r => r.Output.Contains("已启动", StringComparison.Ordinal)).ShouldBe(1);
            (await fa.RunAsync("server", "stop")).Output.ShouldContain("已停止");
            (await fa.RunAsync("server", "stop")).Output.ShouldContain("没有运行");
        }
        finally
        {
            (await fa.RunAsync("server", "delete", "--yes")).ExitCode.ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_demo_runs_from_nothing_and_a_second_one_changes_nothing()
    {
        var fa = new Fa(directory.Root, new Dictionary<string, string> { ["FINALACCOUNTS_DATA"] = directory["data"] });
        try
        {
            var first = await fa.RunAsync("demo", Fa.Sample);
            first.ExitCode.ShouldBe(0, first.ToString());
            var files = Directory.EnumerateFiles(directory["out/yiyang-2024"]).ToDictionary(f => f, File.ReadAllBytes);
            files.Count.ShouldBe(5);

            var second = await fa.RunAsync("demo", Fa.Sample);

            second.ExitCode.ShouldBe(0, second.ToString());
            second.Output.ShouldContain("已在运行");
            second.Output.ShouldContain("没有改动");
            first.Output.ShouldContain("已登记公开（封印位置 425）");
            second.Output.ShouldContain("已登记公开（封印位置 425）");
            foreach (var (file, bytes) in files)
            {
                (await File.ReadAllBytesAsync(file)).ShouldBe(bytes, file);
            }
        }
        finally
        {
            (await fa.RunAsync("server", "delete", "--yes")).ExitCode.ShouldBe(0);
        }
    }

    /// <summary>Starts an import and waits until it stands before the obstacle, which goes only with the server.</summary>
    private static async Task<System.Diagnostics.Process> StartHeldUpAsync(FaDatabase database, NpgsqlConnection holder, string obstacle)
    {
        await using (var command = new NpgsqlCommand("begin; " + obstacle, holder))
        {
            await command.ExecuteNonQueryAsync();
        }

        var import = database.Fa.Start("import", Fa.Sample);
        await using var watcher = await database.ConnectAsync();
        await using var waiting = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'fa' and wait_event_type = 'Lock'", watcher);
        while ((long)(await waiting.ExecuteScalarAsync())! == 0)
        {
            import.HasExited.ShouldBeFalse("the import ended before it met the obstacle");
            await Task.Delay(20);
        }

        return import;
    }

    /// <summary>Takes all the space that is left.</summary>
    private static void Fill(string file)
    {
        using var filler = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(block);
            }
        }
        catch (IOException e) when (e.Message.Contains("No space", StringComparison.Ordinal))
        {
            filler.Length.ToString(CultureInfo.InvariantCulture).ShouldNotBe("0");
        }
    }
}
