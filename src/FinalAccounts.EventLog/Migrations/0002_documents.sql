-- What was published is kept as it was, by its hash: the documents that publications name, and what they were made with.

create table {schema}.documents (
    sha256     bytea            primary key check (length(sha256) = 32),
    content    bytea            not null,
    media_type text collate "C" not null,
    stored_at  timestamptz      not null
);

-- Keeps a document; nothing happens when it is kept already, so that the same call may be made again.
-- SQLSTATE 22023: the hash is not that of the content. 54000: the content is too long.
create function {schema}.store_document(p_sha256 bytea, p_content bytea, p_media_type text, p_stored_at timestamptz)
returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if length(p_content) > 67108864 then
        raise exception 'the document is too long' using errcode = '54000';
    end if;

    if p_sha256 is distinct from sha256(p_content) then
        raise exception 'the hash is not that of the document' using errcode = '22023';
    end if;

    insert into {schema}.documents (sha256, content, media_type, stored_at)
    values (p_sha256, p_content, p_media_type, p_stored_at)
    on conflict (sha256) do nothing;
end $$;

revoke all on function {schema}.store_document(bytea, bytea, text, timestamptz) from public;
