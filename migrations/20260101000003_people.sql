create table units (
    county_id integer not null references counties,
    unit_id   bigint generated always as identity,
    name      text not null check (length(name) between 1 and 100),
    primary key (county_id, unit_id),
    constraint units_name_key unique (county_id, name)
);

create table stations (
    county_id            integer not null references counties,
    station_id           bigint generated always as identity,
    code                 text not null check (length(code) between 1 and 40),
    name                 text not null check (length(name) between 1 and 100),
    kind                 text not null check (kind in ('home', 'station', 'point', 'window', 'post', 'mobile')),
    integrity_monitoring boolean not null default false,
    region_code          text not null,
    address              text not null default '' check (length(address) <= 300),
    telephone            text not null default '' check (length(telephone) <= 40),
    opening_hours        text not null default '' check (length(opening_hours) <= 200),
    position             geometry(Point, 4326) not null,
    source_datum         text not null default 'wgs84' check (source_datum in ('wgs84', 'cgcs2000', 'gcj02', 'bd09')),
    source_position      text not null default '',
    rev                  bigint not null default 0,
    primary key (county_id, station_id),
    constraint stations_code_key unique (county_id, code),
    foreign key (county_id, region_code) references regions
);

create table deputy_groups (
    county_id       integer not null references counties,
    deputy_group_id bigint generated always as identity,
    name            text not null check (length(name) between 1 and 100),
    theme           text not null default '',
    primary key (county_id, deputy_group_id),
    constraint deputy_groups_name_key unique (county_id, name)
);

create table deputies (
    county_id       integer not null references counties,
    deputy_id       bigint generated always as identity,
    name            text not null check (length(name) between 1 and 50),
    level           text not null check (level in ('national', 'provincial', 'city', 'county', 'township')),
    constituency    text not null default '' check (length(constituency) <= 100),
    region_code     text not null,
    deputy_group_id bigint,
    station_id      bigint,
    -- Printed in the deputy's QR code; tells nothing about the person.
    personal_code   text not null,
    -- Mainland mobile number, the identity under which deputies are imported. Never published.
    phone           text check (phone ~ '^1[3-9][0-9]{9}$'),
    primary key (county_id, deputy_id),
    constraint deputies_personal_code_key unique (county_id, personal_code),
    constraint deputies_phone_key unique (county_id, phone),
    foreign key (county_id, region_code) references regions,
    foreign key (county_id, deputy_group_id) references deputy_groups,
    foreign key (county_id, station_id) references stations
);
