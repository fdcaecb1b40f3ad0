using FinalAccounts.IntegrationTests.Cli;
using FinalAccounts.Projections;
using Npgsql;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Faults;

/// <summary><c>fa restore</c> that is killed (SIGKILL) when the year is back in the log and not yet in the tables.</summary>
[Collection(FaServerCollection.Name)]
public sealed class KilledRestoreTest(FaServer server)
{
    private const string Region = "430900";

    [Fact]
    public async Task The_tables_are_built_anew_by_whoever_projects_next()
    {
        using var database = await server.CreateDatabaseAsync();
        await database.DoneAsync("init", Region);
        await database.DoneAsync("import", Fa.Sample);
        await database.DoneAsync("close", "117005", "2024");
        await database.DoneAsync("archive", "2024", "--out", "away");

        // Somebody else leads and comes to nothing, so that the restore gets as far as to the year's tables and no further.
        await using (var leader = await database.ConnectAsync())
        {
            await using var lead = new NpgsqlCommand($"select pg_advisory_lock({Projector.LockClass}, {Region})", leader);
            await lead.ExecuteNonQueryAsync();
            using var restore = database.Fa.Start("restore", Path.Combine("away", $"{Region}-2024.jsonl.gz"));
            object? left;
            while ("archived" == (string)(left = await database.ExecuteAsync(
                $"""
                select case when exists (select from region_{Region}.archives) then 'archived' else 'restored' end
                    || coalesce((select ', ' || state from region_{Region}.projections where not is_live), '')
                """))! && !restore.HasExited)
            {
            }

            left.ShouldBe("restored, building", "one came with the other");
            restore.HasExited.ShouldBeFalse();
            restore.Kill();
            await restore.WaitForExitAsync();
        }

        await database.DoneAsync("projection", "update");
        (await database.ExecuteAsync($"select generation from region_{Region}.projections where is_live")).ShouldBe(2);
        (await database.ExecuteAsync($"select count(*) from region_{Region}.department_years where generation = 2 and fiscal_year = 2024")).ShouldBe(1L);
        (await database.DoneAsync("verify")).ShouldContain("完好");
    }
}
