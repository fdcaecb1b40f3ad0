using FinalAccounts.IntegrationTests.Cli;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary>Imports of <c>fa</c> that are killed (SIGKILL) after a random part of what they write.</summary>
[Collection(FaServerCollection.Name)]
public sealed class KilledImportTest(FaServer server)
{
    private const int Seed = 80;
    private const int Kills = 8;

    [Fact]
    public async Task An_import_killed_8_times_is_stored_whole_or_not_at_all_and_done_again_it_is_as_if_it_had_not_been_killed()
    {
        using var unharmed = await NewAsync();
        await using var beside = await unharmed.ConnectAsync();
        var nothing = await ReadContentsAsync(beside);
        var before = await ReadWrittenAsync(beside);
        await unharmed.DoneAsync("import", Fa.Sample);
        var bytes = await ReadWrittenAsync(beside) - before;
        var whole = await ReadContentsAsync(beside);

        var unfinished = 0;
        for (var n = 0; n < Kills; n++)
        {
            using var database = await NewAsync();
            await using var watcher = await database.ConnectAsync();
            await KillAfterAsync(new Random(Seed + n).NextInt64(1, bytes), database, watcher);
            var left = await ReadContentsAsync(watcher);
            left.ShouldBeOneOf(nothing, whole);
            unfinished += left == nothing ? 1 : 0;

            await database.DoneAsync("import", Fa.Sample);
            (await ReadContentsAsync(watcher)).ShouldBe(whole, $"seed {Seed + n}");
            await database.DoneAsync("verify");
        }

        unfinished.ShouldBeGreaterThan(0);
    }

    private static async Task KillAfterAsync(long bytes, FaDatabase database, NpgsqlConnection watcher)
    {
        var until = await ReadWrittenAsync(watcher) + bytes;
        using var import = database.Fa.Start("import", Fa.Sample);
        while (!import.HasExited && await ReadWrittenAsync(watcher) < until)
        {
        }

        import.Kill();
        await import.WaitForExitAsync();

        // What was on its way to be committed may still be, until the server has noticed.
        while (await QueryAsync<long>(watcher, "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'fa'") > 0)
        {
        }
    }

    private async Task<FaDatabase> NewAsync()
    {
        var database = await server.CreateDatabaseAsync();
        await database.DoneAsync("init", "430900");
        return database;
    }

    /// <summary>How many bytes the server has written to its log of changes.</summary>
    private static Task<long> ReadWrittenAsync(NpgsqlConnection connection) => QueryAsync<long>(connection, "select (pg_current_wal_insert_lsn() - '0/0')::bigint");

    private static Task<string> ReadContentsAsync(NpgsqlConnection connection) => QueryAsync<string>(
        connection,
        "select count(*) || ' ' || coalesce(md5(string_agg(concat_ws('|', e.position, e.stream, e.version, e.type, e.body), ',' order by e.position)), '') from region_430900.events_readable e");

    private static async Task<T> QueryAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
