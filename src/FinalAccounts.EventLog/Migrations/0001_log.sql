-- The log of one region. {schema} and {genesis} are filled in by LogSchema.
-- Rules that keep this true on a cluster that places schemas on nodes: every table has a primary key; no foreign key, no
-- sequence, no trigger, no now(); nothing refers to another schema.

-- Where the log stands: one row. Its row lock orders all appends.
create table {schema}.head (
    id          smallint    primary key check (id = 1),
    position    bigint      not null,
    hash        bytea       not null,
    recorded_at timestamptz not null
) with (fillfactor = 10);

insert into {schema}.head (id, position, hash, recorded_at)
values (1, 0, '\x{genesis}', timestamptz '1970-01-01 00:00:00+00');

-- body is text and not json or jsonb, because the hash covers its very bytes; the writer has checked that it is JSON.
create table {schema}.events (
    position        bigint           primary key,
    stream          text collate "C" not null,
    version         bigint           not null,
    type            text collate "C" not null,
    schema_version  integer          not null,
    recorded_at     timestamptz      not null,
    accounting_date date             not null,
    command_id      uuid             not null,
    actor           text             not null,
    body            text             not null,
    hash            bytea            not null
);

create unique index events_by_stream on {schema}.events (stream, version);

-- Where each stream stands.
create table {schema}.streams (
    stream  text collate "C" primary key,
    version bigint           not null
) with (fillfactor = 70);

-- The answers given: a command id that comes again gets the same one.
create table {schema}.commands (
    command_id     uuid   primary key,
    request_hash   bytea  not null,
    first_position bigint not null,
    last_position  bigint not null
);

-- Locks the head until the transaction ends and returns it. The application's role may not update the head itself.
create function {schema}.lock_head(out "position" bigint, out hash bytea, out recorded_at timestamptz)
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$ select h.position, h.hash, h.recorded_at from {schema}.head h where h.id = 1 for update $$;

-- Appends a group of commands: all of it, or nothing.
-- SQLSTATE 40001: the head does not stand at p_position and p_hash. FA001: a stream of p_moved does not stand at its
-- p_moved_from. 23505: a stream of p_created exists, or a command id is known.
create function {schema}.append_events(
    p_position bigint, p_hash bytea, p_new_hash bytea, p_recorded_at timestamptz,
    p_created text[], p_created_to bigint[],
    p_moved text[], p_moved_from bigint[], p_moved_to bigint[],
    p_commands uuid[], p_request_hashes bytea[], p_first bigint[], p_last bigint[],
    p_stream text[], p_version bigint[], p_type text[], p_schema_version integer[],
    p_accounting_date date[], p_command_id uuid[], p_actor text[], p_body text[], p_event_hash bytea[])
returns void
-- One plan for all calls, which finds streams by their key: a plan kept from when they were few would read all of them.
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    n bigint;
begin
    update {schema}.head
       set position = p_position + cardinality(p_stream), hash = p_new_hash, recorded_at = p_recorded_at
     where id = 1 and position = p_position and hash = p_hash;
    if not found then
        raise exception 'the head has moved' using errcode = '40001';
    end if;

    if cardinality(p_moved) > 0 then
        update {schema}.streams s
           set version = m.version_to
          from unnest(p_moved, p_moved_from, p_moved_to) as m (stream, version_from, version_to)
         where s.stream = m.stream and s.version = m.version_from;
        get diagnostics n = row_count;
        if n <> cardinality(p_moved) then
            raise exception 'a stream does not stand at the expected version' using errcode = 'FA001';
        end if;
    end if;

    if cardinality(p_created) > 0 then
        insert into {schema}.streams (stream, version)
        select c.stream, c.version from unnest(p_created, p_created_to) as c (stream, version);
    end if;

    insert into {schema}.commands (command_id, request_hash, first_position, last_position)
    select c.command_id, c.request_hash, c.first_position, c.last_position
      from unnest(p_commands, p_request_hashes, p_first, p_last) as c (command_id, request_hash, first_position, last_position);

    insert into {schema}.events (position, stream, version, type, schema_version, recorded_at, accounting_date, command_id,
                                 actor, body, hash)
    select p_position + e.n, e.stream, e.version, e.type, e.schema_version, p_recorded_at, e.accounting_date, e.command_id,
           e.actor, e.body, e.hash
      from unnest(p_stream, p_version, p_type, p_schema_version, p_accounting_date, p_command_id, p_actor, p_body,
                  p_event_hash)
           with ordinality as e (stream, version, type, schema_version, accounting_date, command_id, actor, body, hash, n);
end $$;

revoke all on function {schema}.lock_head() from public;

revoke all on function {schema}.append_events(
    bigint, bytea, bytea, timestamptz, text[], bigint[], text[], bigint[], bigint[], uuid[], bytea[], bigint[], bigint[],
    text[], bigint[], text[], integer[], date[], uuid[], text[], text[], bytea[]) from public;
