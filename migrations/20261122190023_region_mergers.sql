-- Townships that became part of another by a decision. The row stays, because the past refers to it; nothing new lies in it.
alter table regions
    add column merged_into text,
    add column merged_on   date,
    add constraint regions_merged_check check (num_nonnulls(merged_into, merged_on) in (0, 2) and merged_into <> region_code),
    add constraint regions_merged_into_fkey foreign key (county_id, merged_into) references regions (county_id, region_code);

create table region_mergers (
    county_id            integer not null,
    merger_id            bigint generated always as identity,
    from_code            text not null,
    from_name            text not null,
    into_code            text not null,
    into_name            text not null,
    effective_on         date not null,
    decision_number      text not null check (length(decision_number) between 1 and 100),
    reason               text not null check (length(reason) between 1 and 300),
    -- How many of what moved.
    moved                jsonb not null,
    -- The two outlines as they were.
    from_boundary        geometry(MultiPolygon, 4326),
    into_boundary_before geometry(MultiPolygon, 4326),
    account_id           bigint not null references accounts,
    at                   timestamptz not null,
    primary key (county_id, merger_id),
    foreign key (county_id, from_code) references regions (county_id, region_code),
    foreign key (county_id, into_code) references regions (county_id, region_code)
);
create trigger region_mergers_only_grow before update or delete on region_mergers for each row execute function refuse_change();

-- Where a site lay until a merger: a month that closed before it keeps that township, also when it becomes final afterwards.
create table site_regions_before (
    county_id   integer not null,
    site_id     bigint not null,
    region_code text not null,
    region_name text not null,
    until_at    timestamptz not null,
    primary key (county_id, site_id, until_at),
    foreign key (county_id, site_id) references sites
);
create trigger site_regions_before_only_grow before update or delete on site_regions_before for each row execute function refuse_change();

-- A merged township answers like one that does not exist. Reading its row waits for a merger that is under way.
create function refuse_merged_region() returns trigger language plpgsql as $$
declare gone text;
begin
    if new.region_code is null or (tg_op = 'UPDATE' and new.region_code is not distinct from old.region_code) then
        return new;
    end if;
    select merged_into into gone from regions where county_id = new.county_id and region_code = new.region_code for key share;
    if gone is not null then
        raise exception 'region % was merged into %', new.region_code, gone using errcode = 'foreign_key_violation', constraint = tg_argv[0];
    end if;
    return new;
end
$$;
create trigger sites_merged_region before insert or update of region_code on sites
    for each row execute function refuse_merged_region('sites_county_id_region_code_fkey');
create trigger stations_merged_region before insert or update of region_code on stations
    for each row execute function refuse_merged_region('stations_county_id_region_code_fkey');
create trigger deputies_merged_region before insert or update of region_code on deputies
    for each row execute function refuse_merged_region('deputies_county_id_region_code_fkey');
create trigger grid_cells_merged_region before insert or update of region_code on grid_cells
    for each row execute function refuse_merged_region('grid_cells_county_id_region_code_fkey');
create trigger grants_merged_region before insert or update of region_code on grants
    for each row execute function refuse_merged_region('grants_county_id_region_code_fkey');
create trigger site_offers_merged_region before insert or update of region_code on site_offers
    for each row execute function refuse_merged_region('site_offers_region_fkey');
create trigger supervision_orders_merged_region before insert or update of region_code on supervision_orders
    for each row execute function refuse_merged_region('supervision_orders_county_id_region_code_fkey');
