-- What would let one person act alone is lowered by two: one asks, another of the committee confirms.
create table county_setting_proposals (
    county_id     integer not null references counties,
    proposal_id   bigint generated always as identity,
    setting       text not null check (setting ~ '^[a-z_]{1,40}$'),
    before        smallint not null,
    after         smallint not null check (after < before),
    reason        text not null check (length(reason) between 1 and 500),
    proposed_by   bigint not null references accounts,
    proposed_at   timestamptz not null,
    state         text not null default 'pending' check (state in ('pending', 'confirmed', 'withdrawn')),
    settled_by    bigint references accounts,
    settled_at    timestamptz,
    -- Why it was taken back or refused.
    settled_words text not null default '' check (length(settled_words) <= 500),
    -- Of the settings that it brought about.
    rev           bigint,
    primary key (county_id, proposal_id),
    check ((state = 'pending') = (settled_by is null and settled_at is null)),
    check ((state = 'confirmed') = (rev is not null)),
    constraint county_setting_proposals_two_check check (state <> 'confirmed' or settled_by <> proposed_by)
);
create unique index county_setting_proposals_pending_key on county_setting_proposals (county_id, setting) where state = 'pending';
