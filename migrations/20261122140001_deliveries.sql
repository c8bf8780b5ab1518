-- The ways out of the app: which are open, what was sent by them and how it ended, what each account wants to hear.

-- A way that some process of this service is set up for. Notices are queued for open ways only.
create table delivery_channels (
    channel   text primary key check (channel in ('mail', 'sms', 'wecom', 'dingtalk')),
    is_open   boolean not null,
    opened_at timestamptz not null
);

-- One row for a notice and a way, written in the transaction of the notice. What travels with the message as its id is the notice's id and
-- the way: a repetition after a lost answer is told by it. No address stands here; it is looked up when the message leaves.
create table deliveries (
    county_id    integer not null,
    delivery_id  bigint generated always as identity,
    notice_id    uuid not null,
    channel      text not null check (channel in ('mail', 'sms', 'wecom', 'dingtalk')),
    state        text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead', 'dropped')),
    -- Since when it is meant to leave: from the notice, or from the last time somebody sent it again.
    queued_at    timestamptz not null,
    -- When it is tried next, by the service's clock.
    due_at       timestamptz not null,
    attempts     smallint not null default 0 check (attempts >= 0),
    -- Why the last attempt failed, as a code; never what the other side wrote, because an address may stand in it.
    fault        text check (fault ~ '^[a-z0-9_]{1,40}$'),
    settled_at   timestamptz,
    -- The worker that has it, until when by the database's clock: workers' clocks may differ.
    lease_id     uuid,
    leased_until timestamptz,
    primary key (county_id, delivery_id),
    constraint deliveries_notice_key unique (county_id, notice_id, channel),
    foreign key (county_id, notice_id) references notices,
    check ((state = 'waiting') = (settled_at is null)),
    check ((lease_id is null) = (leased_until is null))
);
create index deliveries_due_idx on deliveries (due_at, delivery_id) where state = 'waiting';
create index deliveries_dead_idx on deliveries (county_id, delivery_id desc) where state = 'dead';

-- What an account does not want to hear, or wants although it is not usual. Without a row the program's usual choice holds.
create table notice_preferences (
    county_id  integer not null,
    account_id bigint not null,
    kind       text not null check (kind ~ '^[a-z_]{3,40}$'),
    way        text not null check (way in ('app', 'mail', 'sms')),
    wanted     boolean not null,
    primary key (county_id, account_id, kind, way),
    foreign key (county_id, account_id) references accounts (county_id, account_id)
);

-- The mail address an account gave itself, and the one that waits for its code. Never published, never logged.
create table mail_addresses (
    county_id   integer not null,
    account_id  bigint not null,
    address     text check (length(address) between 3 and 254),
    pending     text check (length(pending) between 3 and 254),
    code_hash   text,
    tries       smallint not null default 0 check (tries between 0 and 5),
    expires_at  timestamptz,
    primary key (county_id, account_id),
    foreign key (county_id, account_id) references accounts (county_id, account_id),
    check (address is not null or pending is not null),
    check ((pending is null) = (code_hash is null) and (pending is null) = (expires_at is null))
);

-- A notice of a kind that its person has turned down is kept for the site's file and not shown.
alter table notices add column is_shown boolean not null default true;
