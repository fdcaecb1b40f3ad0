using FinalAccounts.EventLog;
using Shouldly;

namespace FinalAccounts.IntegrationTests.EventLog;

[Collection(LogServerCollection.Name)]
public sealed class ManyStreamsTest(LogServer server)
{
    private const int FewStreams = 20;

    /// <summary>As many as a region with thousands of departments has after some years.</summary>
    private const int ManyStreams = 50_000;

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
                        array(select unnest(case n when 7 then array[n, i + i - 1, i + i] else array[n, i, i + 1] end) from generate_series(1, {{FewStreams}}) n),
                        array[gen_random_uuid()], array[gen_random_uuid()], array[7, i + i, 8000, 1, 1, 1, 1, 0, 1], array['{}'], sha256(h.hash));
                    select * into h from {{schema}}.head where id = 1;
                    perform {{schema}}.append_event(
                        h.position, h.hash, h.year_changes, h.recorded_at, sha256(h.hash), h.last_command, 7, i + i + 1, date '2024-05-01', 1, 1, 1, 0,
                        gen_random_uuid(), '{}');
                end loop;
                if (select seq_tup_read from pg_stat_xact_user_tables where schemaname = '{{schema}}' and relname = 'streams') > {{ManyStreams}} then
                    raise exception 'the table of streams was read as a whole';
                end if;
            end $do$
            """);
        (await server.Superuser.QueryAsync<int>($"select version from {schema}.streams where stream = 's/7'")).ShouldBe(33);
    }
}
