using System.Text;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class MigrationTest(LogServer server)
{
    private static readonly Instant Recorded = Instant.FromUtc(2025, 4, 1, 8, 30, 0);

    [Fact]
    public async Task A_log_from_before_the_partitions_is_carried_over_with_its_hashes_and_answers()
    {
        var region = await NewVersion2Async();
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        StoredEvent[] events =
        [
            Stored(1, "department/401001", 1, "department-registered", one, "张三", """{"name":"社保中心"}"""),
            Stored(2, "year/401001/2024", 1, "tested", one, "张三", """{"amount":100}"""),
            Stored(3, "year/401001/2023", 1, "tested", two, "李四", "[ 1 ]"),
            Stored(4, "year/401001/2024", 2, "tested", two, "李四", """{"b" : 1.50, "a":2}"""),
            Stored(5, "year/x/1066", 1, "tested", two, "李四", "null"),
        ];
        await FillAsync(region, events);

        await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, default);

        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        var carried = await log.ReadAllAsync();
        carried.Select(e => Convert.ToHexString(e.Hash)).ShouldBe(events.Select(e => Convert.ToHexString(e.Hash)));
        carried.Select(e => Encoding.UTF8.GetString(e.Body)).ShouldBe(events.Select(e => Encoding.UTF8.GetString(e.Body)));
        (await log.ListStreamsAsync("", default)).ShouldBe(
            [new("department/401001", 1), new("year/401001/2023", 1), new("year/401001/2024", 2), new("year/x/1066", 1)]);

        // The answers given stand: by the id, and for the same events sent again.
        (await log.FindCommandAsync(one, default)).ShouldBe(new AppendResult(1, 2, Repeated: true));
        (await log.AppendAsync(Again(events[2..]))).ShouldBe(new AppendResult(3, 5, Repeated: true));
        await Should.ThrowAsync<CommandIdReusedException>(() => log.AppendAsync(Again(events[2..4])));

        (await log.AppendAsync(Request("year/401001/2023", 1))).ShouldBe(new AppendResult(6, 6, Repeated: false));
        (await server.VerifyAsync(region)).Findings.ShouldBeEmpty();
        (await YearsAsync(region)).ShouldBe("0 1 5, 2023 3 6, 2024 2 4");
    }

    [Fact]
    public async Task A_damaged_log_is_not_carried_over()
    {
        var region = await NewVersion2Async();
        await FillAsync(region, [Stored(1, "a", 1, "tested", Guid.NewGuid(), "张三", "1"), Stored(2, "a", 2, "tested", Guid.NewGuid(), "张三", "2")]);
        await server.Superuser.ExecuteAsync($"delete from {LogSchema.NameOf(region)}.events where position = 1");

        await Should.ThrowAsync<LogUnavailableException>(() => LogSchema.MigrateAsync(server.Owner, region, null, default));

        (await server.Superuser.QueryAsync<long>($"select count(*) from {LogSchema.NameOf(region)}.events")).ShouldBe(1);
    }

    private static StoredEvent Stored(long position, string stream, long version, string type, Guid command, string actor, string body) =>
        new(position, stream, version, type, 1, Recorded, Date, command, actor, Encoding.UTF8.GetBytes(body), []);

    private static AppendRequest Again(StoredEvent[] events) => new(
        events[0].CommandId,
        events[0].Actor,
        [.. events.Select(e => new StreamAppend(e.Stream, 0, [new(e.Type, e.SchemaVersion, e.AccountingDate, e.Body)]))]);

    private async Task<RegionCode> NewVersion2Async()
    {
        var region = server.NewRegion();
        var schema = LogSchema.NameOf(region);
        await server.Owner.ExecuteAsync(
            $"""
            create schema {schema};
            create table {schema}.schema_version (version integer primary key, name text not null, applied_at timestamptz not null);
            {LogSchema.SqlOf(1, region)}
            {LogSchema.SqlOf(2, region)}
            insert into {schema}.schema_version values (1, '0001_log', now()), (2, '0002_documents', now());
            """);
        return region;
    }

    /// <summary>Puts events into the tables of version 2 as that version did, and their hashes into the events.</summary>
    private async Task FillAsync(RegionCode region, StoredEvent[] events)
    {
        var schema = LogSchema.NameOf(region);
        var hash = EventHash.Genesis(region);
        for (var i = 0; i < events.Length; i++)
        {
            hash = EventHash.Of(hash, events[i]);
            events[i] = events[i] with { Hash = hash };
            var e = events[i];
            await using var insert = server.Owner.CreateCommand($"insert into {schema}.events values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
            object[] values =
                [e.Position, e.Stream, e.Version, e.Type, e.SchemaVersion, e.RecordedAt.ToDateTimeUtc(), e.AccountingDate.ToDateOnly(), e.CommandId, e.Actor, Encoding.UTF8.GetString(e.Body), e.Hash];
            insert.Parameters.AddRange(values.Select(v => new NpgsqlParameter { Value = v }).ToArray());
            await insert.ExecuteNonQueryAsync();
        }

        await server.Owner.ExecuteAsync(
            $"""
            insert into {schema}.streams select stream, max(version) from {schema}.events group by stream;
            insert into {schema}.commands select command_id, '', min(position), max(position) from {schema}.events group by command_id;
            update {schema}.head set (position, hash, recorded_at) = (select position, hash, recorded_at from {schema}.events order by position desc limit 1)
            """);
    }

    /// <summary>Each year with its first and last position.</summary>
    private Task<string> YearsAsync(RegionCode region) => server.Superuser.QueryAsync<string>(
        $"select string_agg(concat_ws(' ', y.fiscal_year, y.first, y.last), ', ' order by y.fiscal_year) from (select fiscal_year, min(position) as first, max(position) as last from {LogSchema.NameOf(region)}.events group by fiscal_year) y");
}
