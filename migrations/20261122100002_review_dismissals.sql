-- What the committee has looked at and put aside: a finding of the review list holds again when something newer says so.
create table review_dismissals (
    county_id    integer not null references counties,
    dismissal_id bigint generated always as identity,
    site_id      bigint not null,
    reason_code  text not null check (reason_code ~ '^[a-z_]{1,40}$'),
    words        text not null check (length(words) between 1 and 500),
    dismissed_by bigint not null references accounts,
    dismissed_at timestamptz not null,
    undone_by    bigint references accounts,
    undone_at    timestamptz,
    primary key (county_id, dismissal_id),
    foreign key (county_id, site_id) references sites,
    check ((undone_by is null) = (undone_at is null))
);
create index review_dismissals_site_idx on review_dismissals (county_id, site_id) where undone_at is null;

-- The filters and columns that somebody has given a name, in the order in which they show them.
create table review_views (
    account_id bigint primary key references accounts,
    views      jsonb not null check (jsonb_typeof(views) = 'array'),
    changed_at timestamptz not null
);
