-- Events by fiscal year, in lean rows. The hashed bytes of an event stay what they are; only how they are kept changes: streams, types
-- and actors stand once, under numbers, and an event names them by these.
-- A region's years are few and its streams some ten thousands; both tables are read as a whole by every process.

alter table {schema}.head
    add column streams      integer not null default 0,
    add column year_changes integer not null default 0,
    add column last_command uuid    not null default '00000000-0000-0000-0000-000000000000';
comment on column {schema}.head.streams is 'How many streams there are: they are numbered 1, 2, 3, … in the order of their first events.';
comment on column {schema}.head.year_changes is 'Goes up when a year is archived or restored, so that a writer that knows the years as they were is refused.';
comment on column {schema}.head.last_command is 'The greatest of all command ids of version 7, which grow with time: one that is greater has never been appended under.';

-- Texts that many events share.
create table {schema}.types (
    type_id smallint         primary key,
    type    text collate "C" not null unique
);

create table {schema}.actors (
    actor_id integer          primary key,
    actor    text collate "C" not null unique
);

-- The years that events are kept by; 0 is for streams that are no year's.
create table {schema}.years (
    fiscal_year smallint         primary key check (fiscal_year = 0 or fiscal_year between 2007 and 2099),
    state       text collate "C" not null check (state in ('open', 'archived'))
);

-- The year that a stream's events are kept under.
create function {schema}.fiscal_year_of(p_stream text) returns smallint
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select case when p_stream ~ '^year/[^/]*/(200[7-9]|20[1-9][0-9])$' then right(p_stream, 4)::smallint else 0::smallint end
$$;

-- What was there before.
alter table {schema}.events rename to events_before;
alter table {schema}.streams rename to streams_before;
drop function {schema}.append_events(
    bigint, bytea, bytea, timestamptz, text[], bigint[], text[], bigint[], bigint[], uuid[], bytea[], bigint[], bigint[],
    text[], bigint[], text[], integer[], date[], uuid[], text[], text[], bytea[]);
drop function {schema}.lock_head();

-- The columns stand in the order in which none needs padding. What is fixed in width stands first.
create table {schema}.events (
    position        bigint      not null,
    recorded_at     timestamptz not null,
    stream_id       integer     not null,
    version         integer     not null,
    accounting_date date        not null,
    actor_id        integer     not null,
    -- At the last event of a command the number of its events, else 0.
    command_events  integer     not null,
    type_id         smallint    not null,
    schema_version  smallint    not null,
    fiscal_year     smallint    not null,
    command_id      uuid        not null,
    hash            bytea       not null,
    body            text        not null
) partition by list (fiscal_year);

-- Where each stream stands.
create table {schema}.streams (
    stream_id integer          primary key,
    version   integer          not null,
    stream    text collate "C" not null unique
) with (fillfactor = 50);

-- The ends of the commands in archived years: what their events say where they are not archived.
create table {schema}.archived_commands (
    last_position bigint   primary key,
    command_id    uuid     not null unique,
    events        integer  not null,
    fiscal_year   smallint not null
);

-- The table of a year's events, beside the others.
create function {schema}.make_partition(p_year smallint) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('create table {schema}.%I (like {schema}.events including defaults, primary key (position) with (fillfactor = 100), unique (stream_id, version), check (fiscal_year = %s))', 'events_' || p_year, p_year);
    execute format('create unique index %I on {schema}.%I (command_id) where command_events > 0', 'events_' || p_year || '_commands', 'events_' || p_year);
end $$;

-- Puts it among the others. The check tells that nothing in it belongs elsewhere, so that it is not read for that.
create function {schema}.attach_partition(p_year smallint) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
declare
    partition text := 'events_' || p_year;
begin
    execute format('alter table {schema}.events attach partition {schema}.%I for values in (%s)', partition, p_year);
    execute format('alter table {schema}.%I drop constraint %I', partition, partition || '_fiscal_year_check');
end $$;

-- Makes a year ready for appends, once, however many ask for it at once. Readers and writers of other years go on meanwhile.
-- SQLSTATE 23514: there can be no such year.
create function {schema}.open_year(p_year smallint, out state text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    select y.state into open_year.state from {schema}.years y where y.fiscal_year = p_year;
    if found then
        return;
    end if;

    lock table {schema}.years in share row exclusive mode;
    select y.state into open_year.state from {schema}.years y where y.fiscal_year = p_year;
    if found then
        return;
    end if;

    insert into {schema}.years (fiscal_year, state) values (p_year, 'open') returning years.state into open_year.state;
    perform {schema}.make_partition(p_year);
    perform {schema}.attach_partition(p_year);
end $$;

-- The numbers of types and actors; those that have none get one.
create function {schema}.number_texts(p_types text[], p_actors text[], out kind "char", out number integer, out text text)
returns setof record
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    lock table {schema}.types, {schema}.actors in share row exclusive mode;
    insert into {schema}.types (type_id, type)
    select (select coalesce(max(t.type_id), 0) from {schema}.types t) + row_number() over (order by p.type), p.type
      from (select distinct u.type collate "C" as type from unnest(p_types) as u (type)) p
     where p.type not in (select t.type from {schema}.types t);
    insert into {schema}.actors (actor_id, actor)
    select (select coalesce(max(a.actor_id), 0) from {schema}.actors a) + row_number() over (order by p.actor), p.actor
      from (select distinct u.actor collate "C" as actor from unnest(p_actors) as u (actor)) p
     where p.actor not in (select a.actor from {schema}.actors a);
    return query
    select 't'::"char", t.type_id::integer, t.type from {schema}.types t where t.type = any (p_types)
    union all select 'a'::"char", a.actor_id, a.actor from {schema}.actors a where a.actor = any (p_actors);
end $$;

-- Locks the head until the transaction ends and returns it. The application's role may not update the head itself.
create function {schema}.lock_head(
    out "position" bigint, out hash bytea, out recorded_at timestamptz, out streams integer, out year_changes integer, out last_command uuid)
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$ select h.position, h.hash, h.recorded_at, h.streams, h.year_changes, h.last_command from {schema}.head h where h.id = 1 for update $$;

-- Appends a group of commands: all of it, or nothing. The events are given, or were copied in by the same transaction.
-- p_created: new streams, numbered behind p_streams, and the versions that they get. p_moved: number, old and new version of each
-- other stream. p_doubtful: those of the commands that may have been appended under already. p_events: of each event, stream,
-- version, days since 2000-01-01, actor, the number of its command's events if it is the last of them else 0, type, schema version,
-- year and the place of its command in p_commands. p_hashes: 32 bytes of each event.
-- SQLSTATE 40001: the head does not stand at p_position and p_hash, or the years have changed. FA001: a stream of p_moved does not
-- stand at its old version. 23505: a stream of p_created exists, or a command id is known. 23514: a year is not open.
create function {schema}.append_events(
    p_position bigint, p_hash bytea, p_year_changes integer, p_recorded_at timestamptz, p_new_position bigint, p_new_hash bytea,
    p_last_command uuid, p_streams integer, p_created text[], p_created_to integer[], p_moved integer[],
    p_doubtful uuid[], p_commands uuid[], p_events integer[], p_bodies text[], p_hashes bytea)
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
       set position = p_new_position, hash = p_new_hash, recorded_at = p_recorded_at, streams = p_streams + cardinality(p_created),
           last_command = p_last_command
     where id = 1 and position = p_position and hash = p_hash and year_changes = p_year_changes;
    if not found then
        raise exception 'the head has moved' using errcode = '40001';
    end if;

    if p_doubtful <> '{}' then
        if exists (select from {schema}.events e where e.command_id = any (p_doubtful) and e.command_events > 0)
           or exists (select from {schema}.archived_commands a where a.command_id = any (p_doubtful)) then
            raise exception 'a command id is known' using errcode = '23505';
        end if;
    end if;

    if p_moved <> '{}' then
        update {schema}.streams s
           set version = m.version_to
          from (select p_moved[3 * i - 2] as stream_id, p_moved[3 * i - 1] as version_from, p_moved[3 * i] as version_to
                  from generate_series(1, cardinality(p_moved) / 3) i) m
         where s.stream_id = m.stream_id and s.version = m.version_from;
        get diagnostics n = row_count;
        if 3 * n <> cardinality(p_moved) then
            raise exception 'a stream does not stand at the expected version' using errcode = 'FA001';
        end if;
    end if;

    if p_created <> '{}' then
        insert into {schema}.streams (stream_id, version, stream)
        select p_streams + c.i, p_created_to[c.i], c.stream from unnest(p_created) with ordinality as c (stream, i);
    end if;

    if p_bodies <> '{}' then
        insert into {schema}.events (position, recorded_at, stream_id, version, accounting_date, actor_id, command_events, type_id,
                                     schema_version, fiscal_year, command_id, hash, body)
        select p_position + e.i, p_recorded_at, p_events[9 * e.i - 8], p_events[9 * e.i - 7],
               date '2000-01-01' + p_events[9 * e.i - 6], p_events[9 * e.i - 5], p_events[9 * e.i - 4], p_events[9 * e.i - 3],
               p_events[9 * e.i - 2], p_events[9 * e.i - 1], p_commands[p_events[9 * e.i]],
               substring(p_hashes from (32 * e.i - 31)::integer for 32), e.body
          from unnest(p_bodies) with ordinality as e (body, i);
    end if;
end $$;

revoke all on function {schema}.fiscal_year_of(text) from public;
revoke all on function {schema}.make_partition(smallint) from public;
revoke all on function {schema}.attach_partition(smallint) from public;
revoke all on function {schema}.open_year(smallint) from public;
revoke all on function {schema}.number_texts(text[], text[]) from public;
revoke all on function {schema}.lock_head() from public;
revoke all on function {schema}.append_events(
    bigint, bytea, integer, timestamptz, bigint, bytea, uuid, integer, text[], integer[], integer[], uuid[], uuid[], integer[], text[], bytea)
    from public;

-- Carries over what was there before.
select {schema}.open_year(0::smallint);
select {schema}.open_year(y.fiscal_year)
  from (select distinct {schema}.fiscal_year_of(s.stream) as fiscal_year from {schema}.streams_before s) y;

insert into {schema}.types (type_id, type)
select row_number() over (order by min(e.position)), e.type from {schema}.events_before e group by e.type;

insert into {schema}.actors (actor_id, actor)
select row_number() over (order by min(e.position)), e.actor from {schema}.events_before e group by e.actor;

insert into {schema}.streams (stream_id, version, stream)
select row_number() over (order by f.position), s.version, s.stream
  from {schema}.streams_before s join {schema}.events_before f on f.stream = s.stream and f.version = 1;

update {schema}.head
   set streams = (select count(*) from {schema}.streams),
       last_command = coalesce((select c.command_id from {schema}.commands c where c.command_id::text like '______________7%'
                                 order by c.command_id desc limit 1), last_command);

insert into {schema}.events (position, recorded_at, stream_id, version, accounting_date, actor_id, command_events, type_id, schema_version,
                             fiscal_year, command_id, hash, body)
select e.position, e.recorded_at, s.stream_id, e.version, e.accounting_date, a.actor_id,
       case when c.last_position = e.position then c.last_position - c.first_position + 1 else 0 end, t.type_id, e.schema_version,
       {schema}.fiscal_year_of(e.stream), e.command_id, e.hash, e.body
  from {schema}.events_before e
  join {schema}.streams s on s.stream = e.stream
  join {schema}.types t on t.type = e.type
  join {schema}.actors a on a.actor = e.actor
  join {schema}.commands c on c.command_id = e.command_id
 order by e.position;

-- Nothing is dropped that was not carried over.
do $$
begin
    if (select count(*) from {schema}.events) <> (select count(*) from {schema}.events_before)
       or (select count(*) from {schema}.streams) <> (select count(*) from {schema}.streams_before) then
        raise exception 'the log is damaged: verify it with the version of the program that it was made with';
    end if;
end $$;

drop table {schema}.events_before;
drop table {schema}.streams_before;
drop table {schema}.commands;

-- For people: the events with their texts.
create view {schema}.events_readable as
select e.position, s.stream, e.version, t.type, e.schema_version, e.recorded_at, e.accounting_date, e.command_id, a.actor, e.body,
       e.hash, e.fiscal_year
  from {schema}.events e
  left join {schema}.streams s using (stream_id)
  left join {schema}.types t using (type_id)
  left join {schema}.actors a using (actor_id);
