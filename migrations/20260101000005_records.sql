-- Who did what to what; written in the transaction of the act it records.
create table audit_log (
    audit_id    bigint generated always as identity primary key,
    county_id   integer references counties,
    at          timestamptz not null,
    account_id  bigint references accounts,
    -- 'account', 'visitor', 'schedule' or 'command'.
    actor_kind  text not null check (actor_kind in ('account', 'visitor', 'schedule', 'command')),
    roles       text[] not null default '{}',
    action      text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
    object_kind text not null,
    object_id   text not null,
    outcome     text not null check (outcome in ('done', 'refused')),
    address     text not null default '',
    user_agent  text not null default '',
    request_id  uuid,
    detail      jsonb not null default '{}'
);
create index audit_log_county_idx on audit_log (county_id, audit_id desc);
create index audit_log_object_idx on audit_log (county_id, object_kind, object_id, audit_id desc);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'table % only grows', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger audit_log_only_grows before update or delete on audit_log for each row execute function refuse_change();
create trigger audit_log_never_emptied before truncate on audit_log for each statement execute function refuse_change();

-- What the live map has to look at again. Read by every process from its last position.
create table change_log (
    rev       bigint generated always as identity primary key,
    county_id integer not null references counties,
    -- 'site' with its id; anything else makes the process load the county again.
    kind      text not null check (kind in ('site', 'county')),
    object_id bigint not null default 0,
    -- Numbers are handed out before commit, so a lower rev may appear after a higher one. A reader advances only past rows whose
    -- transaction no running transaction can precede.
    written_by xid8 not null default pg_current_xact_id(),
    at        timestamptz not null
);

-- Who runs a job that is due: the process whose insert succeeds.
create table job_runs (
    county_id   integer not null references counties,
    job         text not null,
    due_at      timestamptz not null,
    started_at  timestamptz not null,
    finished_at timestamptz,
    primary key (county_id, job, due_at)
);
