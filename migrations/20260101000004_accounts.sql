create table accounts (
    account_id    bigint generated always as identity primary key,
    county_id     integer not null references counties,
    -- Lower case. Unique over the whole server, because signing in names no county.
    login         text not null constraint accounts_login_key unique check (length(login) between 2 and 64 and login = lower(login)),
    name          text not null check (length(name) between 1 and 50),
    -- PHC string of argon2id; null until the person sets a password.
    password_hash text,
    disabled_at   timestamptz,
    created_at    timestamptz not null,
    unique (county_id, account_id)
);

-- What the account may do, and where: the region and everything below it.
create table grants (
    county_id   integer not null,
    account_id  bigint not null,
    role        text not null check (role in ('deputy', 'station_keeper', 'working_committee', 'committee', 'unit_handler', 'administrator', 'auditor')),
    region_code text not null,
    deputy_id   bigint,
    unit_id     bigint,
    station_id  bigint,
    primary key (account_id, role, region_code),
    foreign key (county_id, account_id) references accounts (county_id, account_id),
    foreign key (county_id, region_code) references regions,
    foreign key (county_id, deputy_id) references deputies,
    foreign key (county_id, unit_id) references units,
    foreign key (county_id, station_id) references stations,
    check ((role = 'deputy') = (deputy_id is not null)),
    check ((role = 'unit_handler') = (unit_id is not null)),
    check ((role = 'station_keeper') = (station_id is not null))
);
create unique index grants_deputy_key on grants (county_id, deputy_id) where deputy_id is not null;

create table sessions (
    -- SHA-256 of the cookie's token: a copy of this table signs nobody in.
    token_hash   bytea primary key check (length(token_hash) = 32),
    session_id   uuid not null constraint sessions_session_id_key unique,
    account_id   bigint not null references accounts,
    created_at   timestamptz not null,
    last_seen_at timestamptz not null,
    -- Absolute end, whatever the use.
    expires_at   timestamptz not null,
    idle_seconds integer not null check (idle_seconds > 0),
    address      text not null default '',
    user_agent   text not null default ''
);
create index sessions_account_idx on sessions (account_id);

-- Token buckets shared by all processes: (what is limited, the time at which the bucket is full again).
create table rate_limits (
    bucket     text primary key,
    full_at    timestamptz not null
);

-- The first answer to a changing call, so that a repetition gets the same bytes. Scoped by who asked and what.
create table idempotency_keys (
    account_id   bigint not null references accounts,
    operation    text not null,
    key          uuid not null,
    request_hash bytea not null check (length(request_hash) = 32),
    status       smallint not null,
    body         bytea not null,
    created_at   timestamptz not null,
    primary key (account_id, operation, key)
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
