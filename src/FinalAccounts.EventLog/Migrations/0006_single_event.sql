-- The append of a caller who is alone, which is the usual case: append_events for one event of a stream that there is, under a command
-- id that is certainly new. One row at a time and without arrays it costs a third less.
-- p_position, p_hash, p_year_changes: where the head must stand. p_version: the event's; its stream must stand one below.
-- SQLSTATE as of append_events: 40001, FA001, 23505, 23514.
create function {schema}.append_event(
    p_position bigint, p_hash bytea, p_year_changes integer, p_recorded_at timestamptz, p_new_hash bytea, p_last_command uuid,
    p_stream_id integer, p_version integer, p_accounting_date date, p_actor_id integer, p_type_id integer, p_schema_version integer,
    p_fiscal_year integer, p_command_id uuid, p_body text)
returns void
-- One plan for all calls, as that of append_events.
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
    set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
as $$
begin
    update {schema}.head
       set position = p_position + 1, hash = p_new_hash, recorded_at = p_recorded_at, last_command = p_last_command
     where id = 1 and position = p_position and hash = p_hash and year_changes = p_year_changes;
    if not found then
        raise exception 'the head has moved' using errcode = '40001';
    end if;

    update {schema}.streams s set version = p_version where s.stream_id = p_stream_id and s.version = p_version - 1;
    if not found then
        raise exception 'a stream does not stand at the expected version' using errcode = 'FA001';
    end if;

    insert into {schema}.events (position, recorded_at, stream_id, version, accounting_date, actor_id, command_events, type_id,
                                 schema_version, fiscal_year, command_id, hash, body)
    values (p_position + 1, p_recorded_at, p_stream_id, p_version, p_accounting_date, p_actor_id, 1, p_type_id,
            p_schema_version, p_fiscal_year, p_command_id, p_new_hash, p_body);
end $$;

revoke all on function {schema}.append_event(
    bigint, bytea, integer, timestamptz, bytea, uuid, integer, integer, date, integer, integer, integer, integer, uuid, text) from public;
