-- A term of the county's congress. What its beginning does to the sites of those who leave is written down with it and carried out when its
-- first day has come. Who sat in it follows from when they joined and left.
create table terms (
    county_id  integer not null references counties,
    term_id    bigint generated always as identity,
    number     smallint not null check (number between 1 and 99),
    begins_on  date not null,
    -- The day on which the next term begins.
    ends_on    date check (ends_on > begins_on),
    entered_by bigint references accounts,
    entered_at timestamptz not null,
    -- When its beginning was carried out.
    begun_at   timestamptz,
    primary key (county_id, term_id),
    constraint terms_number_key unique (county_id, number),
    constraint terms_begins_on_key unique (county_id, begins_on)
);
create unique index terms_waiting_key on terms (county_id) where begun_at is null;

-- To whom the sites go that are carried into the term; what is not here is closed when its adopter leaves.
create table term_adoptions (
    county_id      integer not null,
    term_id        bigint not null,
    site_id        bigint not null,
    from_deputy_id bigint not null,
    to_deputy_id   bigint not null,
    primary key (county_id, term_id, site_id, from_deputy_id),
    foreign key (county_id, term_id) references terms on delete cascade,
    foreign key (county_id, site_id) references sites,
    foreign key (county_id, from_deputy_id) references deputies,
    foreign key (county_id, to_deputy_id) references deputies,
    check (from_deputy_id <> to_deputy_id)
);
