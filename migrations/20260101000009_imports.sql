-- A file read on its way in: previewed first, then confirmed, perhaps undone.
create table imports (
    county_id    integer not null references counties,
    import_id    uuid not null,
    kind         text not null check (kind in ('sites', 'regions', 'grid_cells', 'stations', 'deputies')),
    file_name    text not null,
    sha256       bytea not null check (length(sha256) = 32),
    -- What was read, as it would be stored, and what was found wrong or doubtful in it.
    rows         jsonb not null,
    findings     jsonb not null,
    created_by   bigint references accounts,
    created_at   timestamptz not null,
    confirmed_at timestamptz,
    -- What confirming made or replaced, so that undoing can restore it.
    effect       jsonb,
    undone_at    timestamptz,
    primary key (county_id, import_id)
);
