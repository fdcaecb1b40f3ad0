using System.Diagnostics;
using System.Globalization;
using FinalAccounts.PrivatePostgres;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.PrivatePostgres;

public sealed class PrivateServerTest : IDisposable
{
    private readonly TemporaryDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task A_first_start_makes_a_server_that_listens_on_a_private_socket_only()
    {
        await using var server = await StartAsync("data");

        server.WasRunning.ShouldBeFalse();
        (await ScalarAsync(server, "show listen_addresses")).ShouldBe("");
        (await ScalarAsync(server, "show server_encoding")).ShouldBe("UTF8");
        (await ScalarAsync(server, "select datcollate from pg_database where datname = current_database()")).ShouldBe("C");
        (await ScalarAsync(server, "show data_checksums")).ShouldBe("on");
        ModeOf(server.SocketDirectory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_server_outlives_the_one_who_started_it_and_the_next_start_finds_it_with_its_data()
    {
        await using (var first = await PrivateServer.StartAsync(Options("data") with { StopOnDispose = false }, default))
        {
            await ExecuteAsync(first, "create table kept as select 42 as answer");
        }

        await using var second = await StartAsync("data");

        second.WasRunning.ShouldBeTrue();
        (await ScalarAsync(second, "select answer from kept")).ShouldBe("42");
    }

    [Fact]
    public async Task A_stopped_server_starts_again_with_its_data()
    {
        await using (var first = await StartAsync("data"))
        {
            await ExecuteAsync(first, "create table kept as select 42 as answer");
            await first.StopAsync(immediate: true);
            await Should.ThrowAsync<NpgsqlException>(() => ScalarAsync(first, "select 1"));
        }

        await using var second = await StartAsync("data");

        second.WasRunning.ShouldBeFalse();
        (await ScalarAsync(second, "select answer from kept")).ShouldBe("42");
    }

    [Fact]
    public async Task Starts_at_the_same_time_make_one_server()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => StartAsync("data"))));

        servers.Count(s => !s.WasRunning).ShouldBe(1);
        foreach (var server in servers)
        {
            (await ScalarAsync(server, "select 1")).ShouldBe("1");
        }

        await servers[0].DisposeAsync();
    }

    [Fact]
    public async Task A_killed_server_starts_again_though_its_process_number_now_belongs_to_another_program()
    {
        await using var killed = await StartAsync("data");
        await ExecuteAsync(killed, "create table kept as select 42 as answer");
        var processFile = Path.Combine(temporary["data"], "cluster", "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(processFile);
        var dataOwner = await OwnerAsync(Path.Combine(temporary["data"], "cluster"));
        using (var postmaster = Process.GetProcessById(int.Parse(lines[0], CultureInfo.InvariantCulture)))
        {
            postmaster.Kill();
            await postmaster.WaitForExitAsync();
        }

        // Of the same user as the server, as in the worst case: PostgreSQL itself then takes it for the server.
        using var other = Process.Start("/usr/bin/env", Environment.UserName == "root"
            ? ["setpriv", $"--reuid={dataOwner}", "--clear-groups", "sleep", "300"]
            : ["sleep", "300"]);
        try
        {
            lines[0] = other.Id.ToString(CultureInfo.InvariantCulture);
            await File.WriteAllLinesAsync(processFile, lines);

            await using var again = await StartAsync("data");

            again.WasRunning.ShouldBeFalse();
            (await ScalarAsync(again, "select answer from kept")).ShouldBe("42");
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public async Task An_initialisation_that_was_cut_short_is_done_again()
    {
        Directory.CreateDirectory(Path.Combine(temporary["data"], "cluster.new", "base"));
        await File.WriteAllTextAsync(Path.Combine(temporary["data"], "cluster.new", "PG_VERSION"), "15\n");

        await using var server = await StartAsync("data");

        (await ScalarAsync(server, "select 1")).ShouldBe("1");
        Directory.Exists(Path.Combine(temporary["data"], "cluster.new")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_directory_in_the_place_of_the_data_that_is_none_of_ours_is_not_touched()
    {
        var theirs = Path.Combine(temporary["data"], "cluster", "theirs.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(theirs)!);
        await File.WriteAllTextAsync(theirs, "theirs");

        var failure = await Should.ThrowAsync<PrivateServerException>(() => StartAsync("data"));

        failure.Failure.ShouldBe(PrivateServerFailure.DirectoryNotUsable);
        (await File.ReadAllTextAsync(theirs)).ShouldBe("theirs");
    }

    [Theory]
    [InlineData("with space, comma and 'quotes\"")]
    [InlineData("$(touch injected);`touch injected`")]
    [InlineData("决算")]
    [InlineData("a-path-that-is-longer-than-a-socket-address-can-be/a-path-that-is-longer-than-a-socket-address-can-be")]
    public async Task Any_path_will_do(string path)
    {
        await using (var server = await StartAsync(path))
        {
            (await ScalarAsync(server, "select 1")).ShouldBe("1");
            ModeOf(server.SocketDirectory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await using var same = await StartAsync(path);
            same.SocketDirectory.ShouldBe(server.SocketDirectory);
            same.WasRunning.ShouldBeTrue();
        }

        Directory.EnumerateFileSystemEntries(temporary.Root, "injected", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_clone_that_only_its_owner_can_enter_is_no_obstacle()
    {
        Directory.CreateDirectory(temporary["mine"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using (var first = await StartAsync("mine/data"))
        {
            await ExecuteAsync(first, "create table kept as select 42 as answer");
        }

        await using (var second = await StartAsync("mine/data"))
        {
            (await ScalarAsync(second, "select answer from kept")).ShouldBe("42");
        }

        // Root's server runs as another user, so that its files must lie elsewhere; the directory says where.
        var location = temporary["mine/data/location"];
        File.Exists(location).ShouldBe(Environment.UserName == "root");
        if (File.Exists(location))
        {
            var place = (await File.ReadAllTextAsync(location)).Trim();
            (await OwnerAsync(place)).ShouldNotBe("0");
            Directory.Delete(place, recursive: true);
        }
    }

    [Fact]
    public async Task A_running_server_whose_socket_was_removed_is_started_again()
    {
        await using var first = await StartAsync("data");
        Directory.Delete(first.SocketDirectory, recursive: true);

        await using var second = await StartAsync("data");

        (await ScalarAsync(second, "select 1")).ShouldBe("1");
    }

    [Fact]
    public async Task Missing_programs_are_named()
    {
        var failure = await Should.ThrowAsync<PrivateServerException>(
            () => PrivateServer.StartAsync(Options("data") with { BinaryDirectory = temporary.Root }, default));

        failure.Failure.ShouldBe(PrivateServerFailure.BinariesMissing);
        failure.Subject.ShouldBe("PostgreSQL 13+");
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_are_named()
    {
        await using (await StartAsync("data"))
        {
        }

        await File.WriteAllTextAsync(Path.Combine(temporary["data"], "cluster", "PG_VERSION"), "99\n");

        var failure = await Should.ThrowAsync<PrivateServerException>(() => StartAsync("data"));

        failure.Failure.ShouldBe(PrivateServerFailure.BinariesMissing);
        failure.Subject.ShouldBe("PostgreSQL 99");
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(temporary["file"], "");

        var failure = await Should.ThrowAsync<PrivateServerException>(() => StartAsync("file/data"));

        failure.Failure.ShouldBe(PrivateServerFailure.DirectoryNotUsable);
        failure.Subject.ShouldBe(temporary["file/data"]);
    }

    [Fact]
    public async Task A_server_that_does_not_start_shows_the_end_of_its_log()
    {
        var options = Options("data") with { Settings = new Dictionary<string, string> { ["shared_buffers"] = "much" } };

        var failure = await Should.ThrowAsync<PrivateServerException>(() => PrivateServer.StartAsync(options, default));

        failure.Failure.ShouldBe(PrivateServerFailure.StartFailed);
        failure.Detail.ShouldContain("shared_buffers");
    }

    [Fact]
    public async Task A_full_disk_is_told_from_other_failures_and_leaves_nothing_in_the_way()
    {
        Directory.CreateDirectory(temporary["small"]);
        using (var disk = SmallDisk.Mount(temporary["small"], megabytes: 12))
        {
            var failure = await Should.ThrowAsync<PrivateServerException>(() => StartAsync("small/data"));
            failure.Failure.ShouldBe(PrivateServerFailure.DiskFull);

            disk.Grow(megabytes: 200);
            await using var server = await StartAsync("small/data");
            (await ScalarAsync(server, "select 1")).ShouldBe("1");
        }
    }

    [Fact]
    public async Task A_directory_that_another_start_holds_for_too_long_is_given_up()
    {
        Directory.CreateDirectory(temporary["data"]);
        await using var held = new FileStream(temporary["data/lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var failure = await Should.ThrowAsync<PrivateServerException>(
            () => PrivateServer.StartAsync(Options("data") with { Timeout = TimeSpan.FromMilliseconds(200) }, default));

        failure.Failure.ShouldBe(PrivateServerFailure.TimedOut);
    }

    private Task<PrivateServer> StartAsync(string path) => PrivateServer.StartAsync(Options(path), default);

    private PrivateServerOptions Options(string path) => new(temporary[path]) { StopOnDispose = true, Durable = false };

    private static UnixFileMode ModeOf(string path) => File.GetUnixFileMode(path);

    private static async Task<string> OwnerAsync(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%u", path]) { RedirectStandardOutput = true })!;
        return (await stat.StandardOutput.ReadToEndAsync()).Trim();
    }

    private static async Task<string?> ScalarAsync(PrivateServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static Task ExecuteAsync(PrivateServer server, string sql) => ScalarAsync(server, sql);
}
