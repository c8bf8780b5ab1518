-- A site's plan changes only with a decision: what was planned before it and after it, the decision's number and day, the reason, who entered it.
-- What did not change stands the same in both columns. The dates first planned stay in sites.original_….
create table plan_changes (
    county_id       integer not null references counties,
    plan_change_id  bigint generated always as identity,
    site_id         bigint not null,
    decision_number text not null check (length(decision_number) between 1 and 100),
    decided_on      date not null,
    reason          text not null check (length(reason) between 1 and 500),
    start_before    date,
    start_after     date,
    finish_before   date,
    finish_after    date,
    quota_before    text not null,
    quota_after     text not null,
    address_before  text not null,
    address_after   text not null,
    region_before   text not null,
    region_after    text not null,
    position_before geometry(Point, 4326) not null,
    position_after  geometry(Point, 4326) not null,
    account_id      bigint not null references accounts,
    at              timestamptz not null,
    primary key (county_id, plan_change_id),
    foreign key (county_id, site_id) references sites,
    constraint plan_changes_something_check check (
        start_before is distinct from start_after or finish_before is distinct from finish_after or quota_before <> quota_after
        or address_before <> address_after or region_before <> region_after or not st_equals(position_before, position_after)),
    check (start_after <= finish_after)
);
-- A site's story asks for its changes, newest first.
create index plan_changes_site_idx on plan_changes (county_id, site_id, plan_change_id desc);
create trigger plan_changes_only_grow before update or delete on plan_changes for each row execute function refuse_change();
