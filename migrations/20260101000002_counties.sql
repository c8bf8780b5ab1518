-- A database may hold many counties. Every table below carries county_id first in its keys, so that no reference can cross from one
-- county to another, and so that the tables can later be distributed by it.
create table counties (
    county_id      integer generated always as identity primary key,
    -- GB/T 2260 code of the county.
    code           text not null constraint counties_code_key unique check (code ~ '^[0-9]{6}$'),
    name           text not null check (length(name) between 1 and 100),
    -- Months and deadlines are counted in this zone by the server's code, whatever the zone of the machine or the session.
    time_zone      text not null default 'Asia/Shanghai',
    -- Shown on every map; an invented county says that it is one.
    is_demo        boolean not null default false,
    -- Days after a month's close during which late reports still enter its snapshot.
    grace_days     smallint not null default 5 check (grace_days between 0 and 25),
    -- Hours after a month's close within which a report written before it still counts for it.
    offline_hours  smallint not null default 72 check (offline_hours between 0 and 240),
    -- Age in days past which a pin's evidence is drawn as unverified.
    stale_days     smallint not null default 40 check (stale_days between 7 and 366),
    -- Distance from the site past which a report is marked off-site.
    off_site_m     integer not null default 500 check (off_site_m between 10 and 100000),
    -- Fewest sites a unit, township or deputy must have to be ranked.
    minimum_ranked smallint not null default 5 check (minimum_ranked between 1 and 1000),
    created_at     timestamptz not null
);

create table regions (
    county_id   integer not null references counties,
    -- Division code: 6 digits county, 9 township, 12 village. A region lies in another exactly when the other's code begins its own.
    region_code text not null check (region_code ~ '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$'),
    name        text not null check (length(name) between 1 and 100),
    boundary    geometry(MultiPolygon, 4326) check (st_isvalid(boundary)),
    primary key (county_id, region_code)
);
create index regions_boundary_idx on regions using gist (boundary);

-- Lakes and rivers of the county's own drawing, under the pins.
create table waters (
    county_id integer not null references counties,
    water_id  integer generated always as identity,
    kind      text not null check (kind in ('lake', 'river')),
    name      text not null default '',
    shape     geometry(Geometry, 4326) not null check (geometrytype(shape) in ('POLYGON', 'MULTIPOLYGON', 'LINESTRING', 'MULTILINESTRING')),
    primary key (county_id, water_id)
);

create table grid_cells (
    county_id    integer not null references counties,
    grid_cell_id bigint generated always as identity,
    code         text not null check (length(code) between 1 and 40),
    name         text not null check (length(name) between 1 and 100),
    region_code  text not null,
    boundary     geometry(MultiPolygon, 4326) not null check (st_isvalid(boundary)),
    rev          bigint not null default 0,
    primary key (county_id, grid_cell_id),
    constraint grid_cells_code_key unique (county_id, code),
    foreign key (county_id, region_code) references regions
);
create index grid_cells_boundary_idx on grid_cells using gist (boundary);
