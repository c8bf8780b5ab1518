-- A site the committee offers for adoption: deputies take it on by themselves while there are places.
create table site_offers (
    county_id  integer not null references counties,
    site_id    bigint not null,
    -- How many more deputies are wanted.
    places     smallint not null check (places between 1 and 20),
    words      text not null default '' check (length(words) <= 200),
    offered_at timestamptz not null,
    offered_by bigint not null references accounts,
    primary key (county_id, site_id),
    foreign key (county_id, site_id) references sites
);

-- Who handed a site to whom, when and why. The reason is between the deputies and the committee and is never published.
create table hand_overs (
    county_id      integer not null references counties,
    hand_over_id   bigint generated always as identity,
    site_id        bigint not null,
    from_deputy_id bigint not null,
    to_deputy_id   bigint not null,
    at             timestamptz not null,
    account_id     bigint not null references accounts,
    reason         text not null check (reason in ('leave', 'illness', 'end_of_term', 'other')),
    words          text not null default '' check (length(words) <= 300),
    primary key (county_id, hand_over_id),
    foreign key (county_id, site_id) references sites,
    foreign key (county_id, from_deputy_id) references deputies,
    foreign key (county_id, to_deputy_id) references deputies,
    check (from_deputy_id <> to_deputy_id)
);
create index hand_overs_site_idx on hand_overs (county_id, site_id, hand_over_id);
create trigger hand_overs_only_grow before update or delete on hand_overs for each row execute function refuse_change();

-- Which kinds of notices there are the program says, in one list; here only that a kind is a word.
alter table notices drop constraint if exists notices_kind_check;
alter table notices add constraint notices_kind_check check (kind ~ '^[a-z_]{3,40}$') not valid;
alter table notices validate constraint notices_kind_check;
