-- The two roles of the program, in the database that it is to use. Run once, as a superuser or the database's owner with
-- CREATEROLE; running it again changes nothing:
--
--   psql --set ON_ERROR_STOP=1 --dbname finalaccounts --file ops/roles.sql
--
-- There are no passwords here. Where the server asks for one, set it by \password, so that it stands in no file and no log.

do $$
begin
    -- Owns the regions' schemas: migrations only.
    if not exists (select from pg_catalog.pg_roles where rolname = 'finalaccounts_owner') then
        create role finalaccounts_owner login;
    end if;

    -- Runs the program: reads the logs and appends to them. `fa init` grants it that, region by region; it never gets UPDATE,
    -- DELETE or TRUNCATE on events.
    if not exists (select from pg_catalog.pg_roles where rolname = 'finalaccounts_app') then
        create role finalaccounts_app login;
    end if;

    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect, create on database %I to finalaccounts_owner', current_database());
    execute format('grant connect on database %I to finalaccounts_app', current_database());
end
$$;

-- Before PostgreSQL 15 everybody could create tables here.
revoke create on schema public from public;
