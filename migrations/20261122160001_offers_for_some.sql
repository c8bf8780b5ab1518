-- An offer may be meant for the deputies of one place, or of one group; otherwise it is for all.
alter table site_offers
    add column region_code     text,
    add column deputy_group_id bigint,
    add constraint site_offers_region_fkey foreign key (county_id, region_code) references regions not valid,
    add constraint site_offers_group_fkey foreign key (county_id, deputy_group_id) references deputy_groups not valid;
alter table site_offers validate constraint site_offers_region_fkey;
alter table site_offers validate constraint site_offers_group_fkey;
