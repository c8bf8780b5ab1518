-- Pictures taken in on each day of the counties' calendar, all accounts together.
create table upload_days (
    day      date primary key,
    pictures bigint not null check (pictures >= 0)
);
create index portraits_set_by_idx on portraits (set_by, set_at);
