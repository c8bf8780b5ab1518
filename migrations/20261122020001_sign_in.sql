-- Attempts to sign in that have not succeeded yet, from one place. The login is what was typed and need not belong to anybody.
-- The fifth locks the pair for a while (server/src/accounts/sign_in_limits.rs); a success removes the row.
create table sign_in_attempts (
    login    text not null,
    -- A network or a known device.
    place    text not null,
    attempts smallint not null check (attempts between 1 and 5),
    last_at  timestamptz not null,
    primary key (login, place)
);
create index sign_in_attempts_last_at_idx on sign_in_attempts (last_at);

-- Browsers in which an account has signed in before. Strangers' attempts do not hinder them.
create table known_devices (
    -- SHA-256 of the device cookie's token.
    token_hash   bytea not null check (length(token_hash) = 32),
    account_id   bigint not null references accounts,
    last_used_at timestamptz not null,
    primary key (token_hash, account_id)
);
create index known_devices_account_idx on known_devices (account_id);
