-- Who may sign in, what they may do, and who changed that. One schema beside the regions' own. Nothing here refers to a region's schema.

create table access.users (
    id                   uuid             primary key,
    name                 text             not null check (char_length(name) between 2 and 100),
    -- What a sign-in looks for: the name in capitals.
    normalized_name      text collate "C" not null unique,
    password_hash        text             not null,
    -- Changes with the password and with a lock; a session that has another one ends.
    security_stamp       text             not null,
    must_change_password boolean          not null,
    -- By an administrator, until unlocked.
    locked               boolean          not null,
    -- By wrong passwords in a row.
    failed_attempts      integer          not null,
    locked_until         timestamptz,
    created_at           timestamptz      not null,
    -- Counts the changes: who wants to change what has changed since it was read, reads again.
    version              integer          not null
);

create table access.assignments (
    user_id    uuid             not null references access.users (id),
    role       text             not null,
    -- Empty for a role of the installation.
    region     text collate "C" not null,
    -- Empty unless the role is that of a department.
    department text collate "C" not null,
    primary key (user_id, role, region, department)
);

create index assignments_by_region on access.assignments (region, user_id);

create table access.tokens (
    id           uuid        primary key,
    user_id      uuid        not null references access.users (id),
    label        text        not null,
    -- The beginning, by which its owner knows it again.
    prefix       text        not null,
    -- SHA-256 of the token, which itself is not kept.
    hash         bytea       not null unique,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    revoked_at   timestamptz,
    last_used_on date
);

create index tokens_by_user on access.tokens (user_id);

-- Who changed which account and when. Only added to: nobody but the owner may change it, and position and time are the database's.
create table access.audit (
    position   bigint           generated always as identity primary key,
    at         timestamptz      not null default clock_timestamp(),
    actor      text             not null,
    action     text collate "C" not null,
    subject_id uuid             not null,
    subject    text             not null,
    -- What was given, taken or named. Empty when the action is about none.
    role       text             not null,
    region     text collate "C" not null,
    department text collate "C" not null,
    detail     text             not null
);

create index audit_by_region on access.audit (region, position);

create index audit_by_subject on access.audit (subject_id, position);
