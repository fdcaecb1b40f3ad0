-- What is derived from the log for reading across departments. All of it can be thrown away and made anew from the events; the
-- program that fills it is FinalAccounts.Projections (docs/projections.md). A rebuild fills a generation of its own beside the one
-- that is read, and is switched to in one transaction: every table but fact_keys has the generation in its primary key.
-- Amounts are whole fen, other values whole numbers; numeric, because a sum over a region has no upper bound.

-- Where a projection stands. Readers take the generation that is live, and it alone.
create table {schema}.projections (
    name           text collate "C" not null,
    generation     integer          not null check (generation > 0),
    is_live        boolean          not null,
    -- 'building': being filled beside the live one; 'running'; 'stopped': at an event that it can't take, see error;
    -- 'retired': no longer read, being removed.
    state          text collate "C" not null check (state in ('building', 'running', 'stopped', 'retired')),
    -- Everything up to this position of the log is in the tables, and nothing of what comes behind it.
    position       bigint           not null check (position >= 0),
    -- When the log recorded the event at that position.
    recorded_at    timestamptz      not null,
    -- What the program made of the events: a program with a higher number builds anew.
    definition     integer          not null,
    updated_at     timestamptz      not null,
    error          text,
    error_position bigint,
    primary key (name, generation)
) with (fillfactor = 10);

create unique index projections_live on {schema}.projections (name) where is_live;

-- What facts are about. A key keeps its number for ever and is shared by all generations. Parts that do not apply are null.
create table {schema}.fact_keys (
    key_id       integer          primary key,
    -- Measure, Fund, SpendingKind and IncomeSource by their numbers in the program.
    measure      smallint         not null,
    function     text collate "C",
    economic     text collate "C",
    fund         smallint,
    kind         smallint,
    project      text,
    source       smallint,
    name         text,
    counterparty text collate "C",
    -- SHA-256 of all parts: a name is too long for an index, and null is not equal to null.
    identity     bytea            not null unique check (length(identity) = 32)
);

-- The numbers of keys, in the order of the arguments; keys that are new get the next numbers.
create function {schema}.fact_key_ids(
    p_identity bytea[], p_measure smallint[], p_function text[], p_economic text[], p_fund smallint[], p_kind smallint[],
    p_project text[], p_source smallint[], p_name text[], p_counterparty text[])
returns integer[]
language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
declare
    found_ids integer[];
begin
    loop
        select array_agg(k.key_id order by p.n), count(k.key_id)
          from unnest(p_identity) with ordinality as p (identity, n)
          left join {schema}.fact_keys k on k.identity = p.identity
          into found_ids;
        if array_position(found_ids, null) is null then
            return found_ids;
        end if;

        -- Who else adds keys meanwhile may take a number or a key away: what is still missing then is tried again.
        insert into {schema}.fact_keys (key_id, measure, function, economic, fund, kind, project, source, name, counterparty, identity)
        select (select coalesce(max(key_id), 0) from {schema}.fact_keys) + row_number() over (order by p.n),
               p.measure, p.function, p.economic, p.fund, p.kind, p.project, p.source, p.name, p.counterparty, p.identity
          from unnest(p_identity, p_measure, p_function, p_economic, p_fund, p_kind, p_project, p_source, p_name, p_counterparty)
               with ordinality as p (identity, measure, function, economic, fund, kind, project, source, name, counterparty, n)
         where not exists (select from {schema}.fact_keys k where k.identity = p.identity)
            on conflict do nothing;
    end loop;
end $$;

-- The sums of the facts of a department's year.
create table {schema}.facts (
    generation  integer          not null,
    fiscal_year smallint         not null,
    department  text collate "C" not null,
    key_id      integer          not null,
    value       numeric          not null,
    primary key (generation, fiscal_year, department, key_id)
) with (fillfactor = 70);

-- The sums of the facts of all departments by month of the accounting date (days before the year count as month 1, days after it
-- as 12). Only facts without a name; their keys here are without project and counterparty, and by function and by economic item apart
-- (RegionFacts.PartsOf): a table by function adds up the keys that have one, a table by economic item those that have none.
create table {schema}.region_facts (
    generation  integer  not null,
    fiscal_year smallint not null,
    month       smallint not null check (month between 1 and 12),
    key_id      integer  not null,
    value       numeric  not null,
    primary key (generation, fiscal_year, month, key_id)
) with (fillfactor = 50);

-- The register of departments.
create table {schema}.departments (
    generation    integer          not null,
    department    text collate "C" not null,
    -- As it was registered; its code until it is.
    name          text             not null,
    -- Of its stream.
    version       bigint           not null,
    last_position bigint           not null,
    -- The bodies of the last department-registered and of the profile-revised with the latest date; null when there is none.
    registration  text,
    profile       text,
    primary key (generation, department)
) with (fillfactor = 70);

-- A department's year in a few numbers: YearOverview.
create table {schema}.department_years (
    generation       integer          not null,
    department       text collate "C" not null,
    fiscal_year      smallint         not null,
    -- YearStatus by its number.
    status           smallint         not null,
    version          bigint           not null,
    last_position    bigint           not null,
    last_recorded_at timestamptz      not null,
    budget           numeric          not null,
    adjusted_budget  numeric          not null,
    income           numeric          not null,
    expenditure      numeric          not null,
    -- Body and position of the disclosure-published that stands; null when none does.
    published        text,
    published_at     bigint,
    primary key (generation, department, fiscal_year)
) with (fillfactor = 50);

-- Every list of a department's members that was determined; the last one up to a point counts as of then.
create table {schema}.member_lists (
    generation      integer            not null,
    fiscal_year     smallint           not null,
    department      text collate "C"   not null,
    position        bigint             not null,
    recorded_at     timestamptz        not null,
    accounting_date date               not null,
    members         text[] collate "C" not null,
    primary key (generation, fiscal_year, department, position)
);

-- Takes the tables of a generation from one position of the log to a later one: all of it, or nothing. What is added up comes as
-- what it changes, everything else as it is now.
-- SQLSTATE 40001: the generation does not stand at p_from, or is not to be filled any more.
create function {schema}.project(
    p_name text, p_generation integer, p_from bigint, p_to bigint, p_recorded_at timestamptz, p_updated_at timestamptz,
    p_fact_year smallint[], p_fact_department text[], p_fact_key integer[], p_fact_change numeric[],
    p_month_year smallint[], p_month smallint[], p_month_key integer[], p_month_change numeric[],
    p_department text[], p_department_name text[], p_department_version bigint[], p_department_position bigint[],
    p_registration text[], p_profile text[],
    p_year_department text[], p_year smallint[], p_status smallint[], p_year_version bigint[], p_year_position bigint[],
    p_year_recorded_at timestamptz[], p_budget numeric[], p_adjusted_budget numeric[], p_income numeric[], p_expenditure numeric[],
    p_published text[], p_published_at bigint[],
    p_list_year smallint[], p_list_department text[], p_list_position bigint[], p_list_recorded_at timestamptz[], p_list_date date[],
    -- The codes of a list with commas between them.
    p_list_members text[])
returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
begin
    update {schema}.projections
       set position = p_to, recorded_at = p_recorded_at, updated_at = p_updated_at
     where name = p_name and generation = p_generation and position = p_from and state in ('building', 'running');
    if not found then
        raise exception 'the projection has moved' using errcode = '40001';
    end if;

    insert into {schema}.facts as f (generation, fiscal_year, department, key_id, value)
    select p_generation, c.fiscal_year, c.department, c.key_id, c.change
      from unnest(p_fact_year, p_fact_department, p_fact_key, p_fact_change) as c (fiscal_year, department, key_id, change)
        on conflict (generation, fiscal_year, department, key_id) do update set value = f.value + excluded.value;

    insert into {schema}.region_facts as f (generation, fiscal_year, month, key_id, value)
    select p_generation, c.fiscal_year, c.month, c.key_id, c.change
      from unnest(p_month_year, p_month, p_month_key, p_month_change) as c (fiscal_year, month, key_id, change)
        on conflict (generation, fiscal_year, month, key_id) do update set value = f.value + excluded.value;

    insert into {schema}.departments as d (generation, department, name, version, last_position, registration, profile)
    select p_generation, n.department, n.name, n.version, n.last_position, n.registration, n.profile
      from unnest(p_department, p_department_name, p_department_version, p_department_position, p_registration, p_profile)
           as n (department, name, version, last_position, registration, profile)
        on conflict (generation, department) do update
       set name = excluded.name, version = excluded.version, last_position = excluded.last_position,
           registration = excluded.registration, profile = excluded.profile;

    insert into {schema}.department_years as y (generation, department, fiscal_year, status, version, last_position, last_recorded_at,
                                                budget, adjusted_budget, income, expenditure, published, published_at)
    select p_generation, n.department, n.fiscal_year, n.status, n.version, n.last_position, n.last_recorded_at,
           n.budget, n.adjusted_budget, n.income, n.expenditure, n.published, n.published_at
      from unnest(p_year_department, p_year, p_status, p_year_version, p_year_position, p_year_recorded_at,
                  p_budget, p_adjusted_budget, p_income, p_expenditure, p_published, p_published_at)
           as n (department, fiscal_year, status, version, last_position, last_recorded_at, budget, adjusted_budget, income, expenditure,
                 published, published_at)
        on conflict (generation, department, fiscal_year) do update
       set status = excluded.status, version = excluded.version, last_position = excluded.last_position,
           last_recorded_at = excluded.last_recorded_at, budget = excluded.budget, adjusted_budget = excluded.adjusted_budget,
           income = excluded.income, expenditure = excluded.expenditure, published = excluded.published,
           published_at = excluded.published_at;

    insert into {schema}.member_lists (generation, fiscal_year, department, position, recorded_at, accounting_date, members)
    select p_generation, n.fiscal_year, n.department, n.position, n.recorded_at, n.accounting_date, string_to_array(n.members, ',')
      from unnest(p_list_year, p_list_department, p_list_position, p_list_recorded_at, p_list_date, p_list_members)
           as n (fiscal_year, department, position, recorded_at, accounting_date, members);
end $$;

revoke all on function {schema}.fact_key_ids from public;

revoke all on function {schema}.project from public;
