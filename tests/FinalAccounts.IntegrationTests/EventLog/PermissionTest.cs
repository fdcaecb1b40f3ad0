using FinalAccounts.EventLog;
using NodaTime;
using Npgsql;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class PermissionTest(LogServer server)
{
    [Fact]
    public async Task The_applications_role_can_read_and_append_and_nothing_else()
    {
        var region = await server.NewLogAsync();
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);
        await log.AppendAsync(Request("a", 0));
        await new DocumentStore(server.Application, region, SystemClock.Instance).StoreAsync([1], "text/plain", CancellationToken.None);
        var schema = LogSchema.NameOf(region);
        string[] tables = ["events_0", "head", "streams", "types", "actors", "years", "documents", "schema_version"];
        var forbidden = tables.SelectMany(t => new[]
        {
            $"delete from {schema}.{t}", $"truncate {schema}.{t}", $"insert into {schema}.{t} select * from {schema}.{t}",
            $"drop table {schema}.{t}", $"alter table {schema}.{t} add x integer",
        }).Concat([
            $"update {schema}.events set body = 'x'", $"update {schema}.head set position = 0", $"update {schema}.streams set version = 0",
            $"update {schema}.years set state = 'archived'", $"delete from {schema}.events", $"truncate {schema}.events", $"drop table {schema}.events", $"alter table {schema}.events detach partition {schema}.events_0", $"update {schema}.documents set content = '\\x00'", $"select * from {schema}.events for update", $"drop schema {schema} cascade",
            $"create table {schema}.mine (id integer primary key)", $"create or replace function {schema}.lock_head() returns integer language sql as 'select 1'",
            $"set role {LogServer.OwnerRole}",
        ]);
        foreach (var statement in forbidden)
        {
            var refused = await Should.ThrowAsync<PostgresException>(() => server.Application.ExecuteAsync(statement), statement);
            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, statement);
        }

        (await log.ReadAllAsync()).Count.ShouldBe(1);
        (await server.VerifyAsync(region)).IsIntact.ShouldBeTrue();
    }

    [Theory]
    [InlineData("append_event(7, '\\x00', 0, now(), '\\x01', gen_random_uuid(), 1, 8, current_date, 1, 1, 1, 0, gen_random_uuid(), '{}')")]
    [InlineData("append_events(7, '\\x00', 0, now(), 8, '\\x01', gen_random_uuid(), 1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '')")]
    public async Task A_callers_search_path_puts_nothing_in_the_place_of_what_a_function_names(string call)
    {
        var region = await server.NewLogAsync();
        await using (var log = new PostgresEventLog(server.Application, region, SystemClock.Instance))
        {
            await log.AppendAsync(Request("a", 0));
        }

        await using var connection = await server.Superuser.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var type in new[] { "bigint", "integer", "bytea" })
        {
            await using var everythingIsEqual = new NpgsqlCommand(
                $"""
                create schema if not exists evil;
                grant usage on schema evil to public;
                create function evil.equal({type}, {type}) returns boolean language sql as 'select true';
                create operator evil.= (leftarg = {type}, rightarg = {type}, function = evil.equal);
                set local search_path = evil, pg_catalog
                """,
                connection);
            await everythingIsEqual.ExecuteNonQueryAsync();
        }

        // The head does not stand at 7.
        await using var append = new NpgsqlCommand($"select {LogSchema.NameOf(region)}.{call}", connection);
        (await Should.ThrowAsync<PostgresException>(() => append.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.SerializationFailure);
    }

    [Fact]
    public async Task Without_a_grant_another_role_gets_nowhere()
    {
        var region = server.NewRegion();
        await LogSchema.MigrateAsync(server.Owner, region, null, CancellationToken.None);
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);

        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendAsync(Request("a", 0)));
        await Should.ThrowAsync<LogUnavailableException>(() => log.ReadAllAsync());
    }

    [Fact]
    public async Task Setting_up_twice_or_at_once_changes_nothing()
    {
        var region = server.NewRegion();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, CancellationToken.None)));
        await using (var log = new PostgresEventLog(server.Application, region, SystemClock.Instance))
        {
            await log.AppendAsync(Request("a", 0));
        }

        await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, CancellationToken.None);

        var result = await server.VerifyAsync(region);
        (result.Events, result.IsIntact).ShouldBe((1, true));
        (await server.Superuser.QueryAsync<long>($"select max(version)::bigint from {LogSchema.NameOf(region)}.schema_version")).ShouldBe(LogSchema.Version);
        (await LogSchema.ListRegionsAsync(server.Application, CancellationToken.None)).ShouldContain(region);
    }

    [Fact]
    public async Task A_schema_newer_than_the_program_is_left_alone()
    {
        var region = await server.NewLogAsync();
        await server.Superuser.ExecuteAsync($"insert into {LogSchema.NameOf(region)}.schema_version values ({LogSchema.Version + 1}, 'future', now())");
        await using var log = new PostgresEventLog(server.Application, region, SystemClock.Instance);

        await Should.ThrowAsync<LogUnavailableException>(() => LogSchema.MigrateAsync(server.Owner, region, null, CancellationToken.None));
        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendAsync(Request("a", 0)));
    }

    [Fact]
    public async Task A_roles_name_is_never_taken_for_a_statement() =>
        await Should.ThrowAsync<ArgumentException>(() => LogSchema.MigrateAsync(server.Owner, server.NewRegion(), "x; drop schema public", CancellationToken.None));
}
