-- A deputy's portrait: a small square picture, encoded by the gate, kept with the row it belongs to. Named by the SHA-256 of its own bytes.
create table portraits (
    county_id integer not null references counties,
    deputy_id bigint not null,
    sha256    bytea not null check (length(sha256) = 32),
    picture   bytea not null check (length(picture) between 1 and 262144),
    set_by    bigint not null references accounts,
    set_at    timestamptz not null,
    primary key (county_id, deputy_id),
    foreign key (county_id, deputy_id) references deputies
);
create index portraits_sha256_idx on portraits (county_id, sha256);
