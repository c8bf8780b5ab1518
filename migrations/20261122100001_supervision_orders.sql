-- Supervision orders (督办单): the committee's numbered orders to a unit about one or many sites, their answers, and how unanswered ones rise.
alter table counties
    -- Of the numbers, such as 澄人常督; empty: made from the county's name.
    add column order_prefix text not null default '' check (length(order_prefix) <= 20),
    -- The ladder of an unanswered order: days before the due date at which the unit is reminded, days after it at which it rises.
    -- Null leaves the rung out.
    add column order_reminder_days smallint default 3 check (order_reminder_days between 0 and 60),
    add column key_supervision_days smallint default 7 check (key_supervision_days between 1 and 365),
    add column special_inquiry_days smallint default 15 check (special_inquiry_days between 1 and 365),
    add constraint counties_ladder_check check (special_inquiry_days > key_supervision_days);

-- The last number given out in a year. It is raised in the transaction of the order, so that no number is lost or given twice.
create table order_numbers (
    county_id   integer not null references counties,
    year        smallint not null,
    last_number integer not null check (last_number > 0),
    primary key (county_id, year)
);

create table supervision_orders (
    county_id        integer not null references counties,
    order_id         bigint generated always as identity,
    year             smallint not null,
    number           integer not null check (number > 0),
    -- As the order was issued; a county that changes its prefix does not change its orders.
    prefix           text not null check (length(prefix) between 1 and 20),
    -- The place of whoever issued it: the county, or the township of a working committee.
    region_code      text not null,
    unit_id          bigint not null,
    words            text not null check (length(words) between 1 and 2000),
    issued_by        bigint not null references accounts,
    issued_at        timestamptz not null,
    copy_to_deputies boolean not null,
    state            text not null default 'issued' check (state in ('issued', 'answered', 'accepted', 'sent_back')),
    level            text not null default 'order' check (level in ('order', 'key_supervision', 'special_inquiry')),
    first_due_on     date not null,
    due_on           date not null,
    -- When the present due date was set.
    asked_at         timestamptz not null,
    -- The second order that took this one's place.
    followed_by      bigint,
    rev              bigint not null default 1,
    primary key (county_id, order_id),
    constraint supervision_orders_number_key unique (county_id, year, number),
    foreign key (county_id, region_code) references regions,
    foreign key (county_id, unit_id) references units,
    foreign key (county_id, followed_by) references supervision_orders
);
create index supervision_orders_unit_idx on supervision_orders (county_id, unit_id);
create index supervision_orders_waiting_idx on supervision_orders (county_id, due_on) where state in ('issued', 'sent_back') and followed_by is null;

create table order_sites (
    county_id integer not null,
    order_id  bigint not null,
    site_id   bigint not null,
    primary key (county_id, order_id, site_id),
    foreign key (county_id, order_id) references supervision_orders,
    foreign key (county_id, site_id) references sites
);
create index order_sites_site_idx on order_sites (county_id, site_id);

-- Everything that happened to an order, for ever.
create table order_steps (
    county_id  integer not null,
    order_id   bigint not null,
    step       smallint not null check (step > 0),
    kind       text not null check (kind in ('issued', 'reminded', 'raised', 'answered', 'accepted', 'sent_back', 'followed')),
    at         timestamptz not null,
    -- Null when the schedule did it.
    account_id bigint references accounts,
    words      text not null default '' check (length(words) <= 2000),
    -- The date asked for, or in an answer the one proposed.
    due_on     date,
    level      text not null check (level in ('order', 'key_supervision', 'special_inquiry')),
    primary key (county_id, order_id, step),
    foreign key (county_id, order_id) references supervision_orders
);
create trigger order_steps_only_grow before update or delete on order_steps for each row execute function refuse_change();
-- The ladder is climbed once for each due date, however many processes look.
create unique index order_steps_reminded_key on order_steps (county_id, order_id, due_on) where kind = 'reminded';
create unique index order_steps_raised_key on order_steps (county_id, order_id, level) where kind = 'raised';

create table order_photos (
    county_id integer not null,
    order_id  bigint not null,
    step      smallint not null,
    place     smallint not null check (place between 1 and 9),
    sha256    bytea not null,
    primary key (county_id, order_id, step, place),
    foreign key (county_id, order_id, step) references order_steps,
    foreign key (county_id, sha256) references photos
);
create index order_photos_sha256_idx on order_photos (county_id, sha256);

alter table notices
    add column order_id bigint,
    add constraint notices_order_fkey foreign key (county_id, order_id) references supervision_orders not valid;
alter table notices validate constraint notices_order_fkey;
-- Which kinds there are is said in notices/model.rs alone; the former list had to be written anew for each of them.
alter table notices drop constraint notices_kind_check;
alter table notices add constraint notices_kind_check check (kind ~ '^[a-z_]{1,40}$') not valid;
alter table notices validate constraint notices_kind_check;
