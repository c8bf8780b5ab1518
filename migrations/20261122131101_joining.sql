-- Invitations by which a deputy sets a password: handed over as a card or a link, used once. A copy of this table lets nobody in.
create table invitations (
    county_id       integer not null references counties,
    invitation_id   bigint generated always as identity,
    deputy_id       bigint not null,
    -- SHA-256 of the token.
    token_hash      bytea not null constraint invitations_token_hash_key unique check (length(token_hash) = 32),
    made_by         bigint not null references accounts,
    made_at         timestamptz not null,
    expires_at      timestamptz not null check (expires_at > made_at),
    -- Wrong telephone numbers typed with it; the fifth revokes it.
    mistakes        smallint not null default 0 check (mistakes between 0 and 5),
    used_at         timestamptz,
    revoked_at      timestamptz,
    revoked_because text check (revoked_because in ('withdrawn', 'replaced', 'mistakes')),
    primary key (county_id, invitation_id),
    foreign key (county_id, deputy_id) references deputies,
    check (used_at is null or revoked_at is null),
    check ((revoked_at is null) = (revoked_because is null))
);
create unique index invitations_open_key on invitations (county_id, deputy_id) where used_at is null and revoked_at is null;
create index invitations_deputy_idx on invitations (county_id, deputy_id, invitation_id desc);

-- The code that was last sent to a deputy's telephone, to set a password with. Hashed like a password, because it is as short as one.
create table password_codes (
    county_id  integer not null,
    account_id bigint primary key,
    code_hash  text not null,
    tries      smallint not null default 0 check (tries between 0 and 5),
    expires_at timestamptz not null,
    foreign key (county_id, account_id) references accounts (county_id, account_id)
);

-- Signing in with a telephone number names no county.
create index deputies_phone_idx on deputies (phone);
