using FinalAccounts.EventLog;
using NodaTime;
using Npgsql;
using Shouldly;
using static FinalAccounts.IntegrationTests.EventLog.LogTesting;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class ManyStreamsTest(LogServer server)
{
    private const int FewStreams = 20;

    /// <summary>As many as a region with thousands of departments has after some years.</summary>
    private const int ManyStreams = 50_000;

    /// <summary>More than after which a connection keeps a plan.</summary>
    private const int Appends = 10;

    [Fact]
    public async Task An_append_finds_its_streams_by_their_key_however_many_there_are()
    {
        var schema = LogSchema.NameOf(await server.NewLogAsync());
        await server.Superuser.ExecuteAsync($"insert into {schema}.streams select n, 1, 's/' || n from generate_series(1, {FewStreams}) n; update {schema}.head set streams = {FewStreams}");

        // One session: after five calls it keeps the plan that it made while the streams were few; then they become many.
        await server.Superuser.ExecuteAsync(
            $$"""
            do $do$
            declare
                h {{schema}}.head;
            begin
                for i in 1..16 loop
                    if i = 9 then
                        insert into {{schema}}.streams select {{FewStreams}} + n, 1, 't/' || n from generate_series(1, {{ManyStreams}}) n;
                        update {{schema}}.head set streams = {{FewStreams + ManyStreams}};
                    end if;

                    select * into h from {{schema}}.head where id = 1;
                    perform {{schema}}.append_events(
                        h.position, h.hash, h.year_changes, h.recorded_at, h.position + 1, sha256(h.hash), h.last_command, h.streams, '{}', '{}',
                        array(select unnest(array[n, i, i + 1]) from generate_series(1, {{FewStreams}}) n),
                        array[gen_random_uuid()], array[gen_random_uuid()], array[7, i + 1, 8000, 1, 1, 1, 1, 0, 1], array['{}'], sha256(h.hash));
                end loop;
                if (select seq_tup_read from pg_stat_xact_user_tables where schemaname = '{{schema}}' and relname = 'streams') > {{ManyStreams}} then
                    raise exception 'the table of streams was read as a whole';
                end if;
            end $do$
            """);
        (await server.Superuser.QueryAsync<int>($"select version from {schema}.streams where stream = 's/7'")).ShouldBe(17);
    }

    [Fact]
    public async Task An_event_alone_finds_its_stream_by_its_key_however_many_there_are()
    {
        var region = await server.NewLogAsync();
        var schema = LogSchema.NameOf(region);
        await using (var own = NpgsqlDataSource.Create(server.ApplicationConnectionString))
        await using (var log = new PostgresEventLog(own, region, SystemClock.Instance))
        {
            for (var version = 0; version < 2 * Appends; version++)
            {
                if (version == 1)
                {
                    // So that the server knows that they are few.
                    await server.Superuser.ExecuteAsync($"analyze {schema}.streams");
                }

                if (version == Appends)
                {
                    await server.Superuser.ExecuteAsync($"insert into {schema}.streams select 1 + n, 1, 't/' || n from generate_series(1, {ManyStreams}) n");
                }

                await log.AppendAsync(Request("a", version));
            }
        }

        // What a connection has done is counted for others when it is closed.
        while (await CountAsync("n_tup_upd") < (2 * Appends) - 1)
        {
        }

        (await CountAsync("seq_tup_read")).ShouldBeLessThan(ManyStreams);

        Task<long> CountAsync(string what) =>
            server.Superuser.QueryAsync<long>($"select {what} from pg_stat_user_tables where schemaname = '{schema}' and relname = 'streams'");
    }
}
