-- What staff took out of the desk as files: who, when, why and which list. The file itself is made when it is fetched and is not kept.
create table desk_exports (
    county_id integer not null references counties,
    export_id uuid not null,
    list      text not null check (list ~ '^[a-z_]{1,40}$'),
    format    text not null check (format in ('csv', 'xlsx')),
    -- The month, the part and the filters asked for.
    wanted    jsonb not null,
    reason    text not null check (length(reason) between 1 and 200),
    made_by   bigint not null references accounts,
    made_at   timestamptz not null,
    primary key (county_id, export_id)
);
create trigger desk_exports_only_grow before update or delete on desk_exports for each row execute function refuse_change();
