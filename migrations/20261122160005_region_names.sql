-- In which township a site lay when a month closed, under the name it had: neither a renaming nor a merger changes the totals of old months.
-- Months closed before this was noted show the township of today. The names are none that a running server's queries use.
alter table month_sites add column lay_in_code text, add column lay_in_name text;

-- What a region was called until when, and by which decision the name changed.
create table region_names (
    county_id       integer not null,
    region_name_id  bigint generated always as identity,
    region_code     text not null,
    name            text not null check (length(name) between 1 and 100),
    -- The first day on which it had another name.
    until_on        date not null,
    decision_number text not null check (length(decision_number) between 1 and 100),
    reason          text not null check (length(reason) between 1 and 300),
    account_id      bigint not null references accounts,
    at              timestamptz not null,
    primary key (county_id, region_name_id),
    foreign key (county_id, region_code) references regions
);
create trigger region_names_only_grow before update or delete on region_names for each row execute function refuse_change();
