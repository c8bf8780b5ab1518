-- A file of many rows that name persons is taken out by two: one asks, another of the same right confirms.
alter table counties add column personal_export_rows integer not null default 1000 check (personal_export_rows between 1 and 1000000);

alter table desk_exports
    add column rows integer not null default 0 check (rows >= 0),
    -- The places the list was taken from: whoever confirms has the same right in all of them.
    add column places text[] not null default '{}',
    -- Whether it waits until another person confirms it.
    add column waits boolean not null default false;
create index desk_exports_waiting_idx on desk_exports (county_id, made_at desc) where waits;

create table desk_export_decisions (
    county_id  integer not null,
    export_id  uuid not null,
    decision   text not null check (decision in ('confirmed', 'refused', 'withdrawn')),
    decided_by bigint not null references accounts,
    decided_at timestamptz not null,
    -- Why it was refused.
    words      text not null default '' check (length(words) <= 500),
    -- One decision for each file: of two at once the second finds it taken.
    primary key (county_id, export_id),
    foreign key (county_id, export_id) references desk_exports,
    check (decision <> 'refused' or words <> '')
);
create trigger desk_export_decisions_only_grow before update or delete on desk_export_decisions for each row execute function refuse_change();

-- Whatever the program does: nobody confirms or refuses their own file, nobody else takes it back, and only what waits is decided about.
create function desk_export_needs_two() returns trigger language plpgsql as $$
begin
    if not exists (select from desk_exports e where e.county_id = new.county_id and e.export_id = new.export_id and e.waits
                   and (e.made_by = new.decided_by) = (new.decision = 'withdrawn')) then
        raise exception 'file % is not decided about by two persons', new.export_id
            using errcode = 'integrity_constraint_violation', constraint = 'desk_exports_by_two';
    end if;
    return new;
end $$;
create trigger desk_exports_by_two before insert on desk_export_decisions for each row execute function desk_export_needs_two();
