-- What is mended on the desk counts its changes, so that nobody overwrites what they have not seen; what is needed no longer closes and stays
-- readable. The names are none that a running server's queries already use of a table beside these.
alter table projects add column entry_rev bigint not null default 1;
alter table units add column entry_rev bigint not null default 1, add column closed_on date;

-- A site taken off the plan by a decision: gone from the map of today, still on those of the months before.
create table site_withdrawals (
    county_id       integer not null references counties,
    withdrawal_id   bigint generated always as identity,
    site_id         bigint not null,
    decision_number text not null check (length(decision_number) between 1 and 100),
    decided_on      date not null,
    reason          text not null check (length(reason) between 1 and 500),
    account_id      bigint not null references accounts,
    at              timestamptz not null,
    primary key (county_id, withdrawal_id),
    foreign key (county_id, site_id) references sites
);
create index site_withdrawals_site_idx on site_withdrawals (county_id, site_id);
create trigger site_withdrawals_only_grow before update or delete on site_withdrawals for each row execute function refuse_change();
