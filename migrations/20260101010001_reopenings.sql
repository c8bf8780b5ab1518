-- A strike-off that was taken back. The site's own row forgets it; the map of a month that closed in between must not.
create table reopenings (
    county_id       integer not null references counties,
    reopening_id    bigint generated always as identity,
    site_id         bigint not null,
    struck_off_on   date not null,
    struck_off_by   bigint not null references accounts,
    struck_off_note text not null check (length(struck_off_note) > 0),
    reopened_on     date not null,
    reopened_at     timestamptz not null,
    reopened_by     bigint not null references accounts,
    reason          text not null check (length(reason) > 0),
    primary key (county_id, reopening_id),
    foreign key (county_id, site_id) references sites,
    check (struck_off_on <= reopened_on)
);
create index reopenings_site_idx on reopenings (county_id, site_id);
create trigger reopenings_only_grow before update or delete on reopenings for each row execute function refuse_change();

-- Adopters owe reports again on a site that is open again, and are told so.
alter table notices drop constraint notices_kind_check;
alter table notices add constraint notices_kind_check
    check (kind in ('reminder', 'report_returned', 'report_missing', 'stage_corrected', 'struck_off', 'reopened')) not valid;
alter table notices validate constraint notices_kind_check;
