-- A township's working committee numbers its orders by itself, as the county's committee does. Orders issued before keep their numbers.
create table order_series (
    county_id   integer not null,
    region_code text not null,
    year        smallint not null,
    last_number integer not null check (last_number > 0),
    primary key (county_id, region_code, year),
    foreign key (county_id, region_code) references regions
);
alter table supervision_orders drop constraint supervision_orders_number_key;
alter table supervision_orders add constraint supervision_orders_series_key unique (county_id, region_code, year, number);
