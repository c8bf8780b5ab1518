-- The security administrator stands beside the system administrator and the auditor, and no account is two of the three.
do $$
declare
    doubled text;
begin
    select string_agg(distinct login, ', ') into doubled
    from (select account_id from grants where role in ('administrator', 'auditor') group by account_id having count(*) > 1) as both_roles
    join accounts using (account_id);
    if doubled is not null then
        raise exception 'these accounts are both administrator and auditor, which is no longer possible: %. Take one right from each (delete from grants …) and start again', doubled;
    end if;
end $$;

alter table grants drop constraint grants_role_check;
alter table grants add constraint grants_role_check
    check (role in ('deputy', 'station_keeper', 'working_committee', 'committee', 'unit_handler', 'administrator', 'security_administrator', 'auditor'));
-- Each of the three is held over the whole county only, so that one row is one role, also for two that are given at the same moment.
create unique index grants_one_administrator_key on grants (account_id) where role in ('administrator', 'security_administrator', 'auditor');

alter table accounts
    -- When the password was chosen; null for those older than this column, which count from when the account was made.
    add column password_set_at timestamptz,
    -- Chosen by somebody else: changed at the first sign-in where the profile wants it.
    add column password_is_temporary boolean not null default false,
    -- Signs in only after the security administrator has confirmed what the system administrator did with it.
    add column awaits_confirmation_since timestamptz;

-- Hashes of passwords used before, where the profile forbids them to come back.
create table former_passwords (
    account_id    bigint not null references accounts,
    password_hash text not null,
    replaced_at   timestamptz not null,
    primary key (account_id, replaced_at)
);

create table second_factors (
    account_id    bigint primary key references accounts,
    -- Nonce and AES-256-GCM ciphertext of the shared secret; the key lies outside of the database.
    sealed_secret bytea not null,
    begun_at      timestamptz not null,
    -- Null until a first code has shown that the telephone knows the secret; until then it is not asked for.
    confirmed_at  timestamptz,
    -- The time step of the last code that was taken: that one and those before it count no more.
    last_step     bigint not null default 0
);

-- For a telephone that was lost: each counts once. 80 random bits, so a plain SHA-256 cannot be guessed back.
create table recovery_codes (
    account_id bigint not null references accounts,
    code_hash  bytea not null check (length(code_hash) = 32),
    used_at    timestamptz,
    primary key (account_id, code_hash)
);

-- Somebody has given the right password, and something more is asked of them. This is no session and opens nothing else.
create table pending_sign_ins (
    token_hash bytea primary key check (length(token_hash) = 32),
    account_id bigint not null references accounts,
    -- Whether the second factor has been shown.
    code_given boolean not null,
    tries      smallint not null default 0,
    expires_at timestamptz not null
);
create index pending_sign_ins_account_idx on pending_sign_ins (account_id);

create index audit_log_account_idx on audit_log (county_id, account_id, audit_id desc);
