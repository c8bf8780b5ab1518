create table projects (
    county_id    integer not null references counties,
    project_id   bigint generated always as identity,
    year         smallint not null check (year between 2000 and 2100),
    number       smallint not null check (number between 1 and 999),
    title        text not null check (length(title) between 1 and 200),
    lead_unit_id bigint not null,
    primary key (county_id, project_id),
    constraint projects_number_key unique (county_id, year, number),
    foreign key (county_id, lead_unit_id) references units
);

create table sites (
    county_id                  integer not null references counties,
    site_id                    bigint generated always as identity,
    -- Public code, stable for ever: it is printed and linked to.
    code                       text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,39}$'),
    project_id                 bigint not null,
    name                       text not null check (length(name) between 1 and 200),
    address                    text not null default '' check (length(address) <= 300),
    region_code                text not null,
    position                   geometry(Point, 4326) not null,
    -- As the office wrote it, before any conversion.
    source_datum               text not null check (source_datum in ('wgs84', 'cgcs2000', 'gcj02', 'bd09')),
    source_position            text not null,
    unit_id                    bigint not null,
    quota                      text not null default '' check (length(quota) <= 200),
    people_served              integer check (people_served >= 0),
    remarks                    text not null default '' check (length(remarks) <= 2000),
    planned_start_on           date,
    planned_finish_on          date,
    original_planned_start_on  date,
    original_planned_finish_on date,
    -- Set only together with a row of stage_changes.
    stage                      text not null default 'not_started' check (stage in ('not_started', 'in_progress', 'completed')),
    percent                    smallint not null default 0 check (percent between 0 and 100),
    stage_since                timestamptz not null,
    struck_off_on              date,
    struck_off_by              bigint references accounts,
    struck_off_note            text,
    last_report_at             timestamptz,
    -- Grows with every change of the row; carried by live events and asked back as If-Match.
    rev                        bigint not null default 1,
    created_at                 timestamptz not null,
    -- Set when the import that brought the site is undone; such a site is nowhere shown.
    withdrawn_at               timestamptz,
    grams                      text[] not null generated always as (cjk_grams(code || ' ' || name || ' ' || address)) stored,
    primary key (county_id, site_id),
    constraint sites_code_key unique (county_id, code),
    foreign key (county_id, project_id) references projects,
    foreign key (county_id, region_code) references regions,
    foreign key (county_id, unit_id) references units,
    check (planned_start_on <= planned_finish_on),
    -- Strike-off needs a completed site, a person, a date and a note.
    constraint sites_struck_off_check check (
        (struck_off_on is null and struck_off_by is null and struck_off_note is null)
        or (struck_off_on is not null and struck_off_by is not null and length(struck_off_note) > 0 and stage = 'completed'))
);
create index sites_project_idx on sites (county_id, project_id);
create index sites_region_idx on sites (county_id, region_code);
create index sites_grams_idx on sites using gin (grams);

create table adoptions (
    county_id    integer not null references counties,
    adoption_id  bigint generated always as identity,
    site_id      bigint not null,
    deputy_id    bigint not null,
    adopted_on   date not null,
    ended_on     date,
    ended_reason text,
    primary key (county_id, adoption_id),
    foreign key (county_id, site_id) references sites,
    foreign key (county_id, deputy_id) references deputies,
    check (adopted_on <= ended_on)
);
create unique index adoptions_current_key on adoptions (county_id, site_id, deputy_id) where ended_on is null;
create index adoptions_deputy_idx on adoptions (county_id, deputy_id);
