-- append_event without settings of its own: restoring them behind each call cost the server a sixth of it (it goes through all its
-- settings). Instead, the connections that append have them (LogSession), and every name here says where it stands: nothing is looked
-- for along a search path, so that a caller's path can't put anything else in its place.
create or replace function {schema}.append_event(
    p_position bigint, p_hash bytea, p_year_changes integer, p_recorded_at timestamptz, p_new_hash bytea, p_last_command uuid,
    p_stream_id integer, p_version integer, p_accounting_date date, p_actor_id integer, p_type_id integer, p_schema_version integer,
    p_fiscal_year integer, p_command_id uuid, p_body text)
returns void
language plpgsql volatile security definer
as $$
begin
    update {schema}.head
       set position = p_position operator(pg_catalog.+) 1, hash = p_new_hash, recorded_at = p_recorded_at, last_command = p_last_command
     where id operator(pg_catalog.=) 1 and position operator(pg_catalog.=) p_position and hash operator(pg_catalog.=) p_hash
           and year_changes operator(pg_catalog.=) p_year_changes;
    if not found then
        raise exception 'the head has moved' using errcode = '40001';
    end if;

    update {schema}.streams s set version = p_version
     where s.stream_id operator(pg_catalog.=) p_stream_id and s.version operator(pg_catalog.=) (p_version operator(pg_catalog.-) 1);
    if not found then
        raise exception 'a stream does not stand at the expected version' using errcode = 'FA001';
    end if;

    insert into {schema}.events (position, recorded_at, stream_id, version, accounting_date, actor_id, command_events, type_id,
                                 schema_version, fiscal_year, command_id, hash, body)
    values (p_position operator(pg_catalog.+) 1, p_recorded_at, p_stream_id, p_version, p_accounting_date, p_actor_id, 1, p_type_id,
            p_schema_version, p_fiscal_year, p_command_id, p_new_hash, p_body);
end $$;
