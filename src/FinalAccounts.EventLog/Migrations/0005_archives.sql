-- Years whose events stand in a file instead of the database. What the file must hold, and how the chain of hashes goes on across what
-- is not there.

create table {schema}.archives (
    fiscal_year smallint         primary key,
    archived_at timestamptz      not null,
    events      bigint           not null,
    sha256      bytea            not null,
    file_name   text collate "C" not null
);
comment on column {schema}.archives.sha256 is 'Of the file.';

-- The positions of archived events, as runs without a gap.
create table {schema}.archived_runs (
    first_position bigint   primary key,
    last_position  bigint   not null check (last_position >= first_position),
    fiscal_year    smallint not null,
    last_hash      bytea    not null
);
comment on column {schema}.archived_runs.last_hash is 'The hash of the event at last_position.';
