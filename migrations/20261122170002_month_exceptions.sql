-- A deputy who owes nothing for a month (leave, illness), with the reason; taken back, the entry stays with what took it back.
create table month_exceptions (
    county_id    integer not null references counties,
    exception_id bigint generated always as identity,
    deputy_id    bigint not null,
    month        date not null check (extract(day from month) = 1),
    kind         text not null check (kind in ('leave', 'illness', 'other')),
    reason       text not null check (length(reason) between 1 and 500),
    made_by      bigint not null references accounts,
    made_at      timestamptz not null,
    undone_by    bigint references accounts,
    undone_at    timestamptz,
    undo_reason  text check (length(undo_reason) between 1 and 500),
    primary key (county_id, exception_id),
    foreign key (county_id, deputy_id) references deputies,
    check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (undo_reason is null))
);
create unique index month_exceptions_standing_key on month_exceptions (county_id, deputy_id, month) where undone_at is null;
create index month_exceptions_month_idx on month_exceptions (county_id, month);

-- The meaning of "excused for a month, looked at from an instant" in one place; what owes, what is silent and who is reminded all ask here.
create function deputies_excused_at(in_county integer, in_month date, instant timestamptz) returns table (deputy_id bigint)
language sql stable parallel safe as $$
    select distinct month_exceptions.deputy_id
    from month_exceptions
    where county_id = in_county and month = in_month and made_at < instant and (undone_at is null or undone_at >= instant)
$$;

-- What was found to be wrong with a final month: a dated entry beside its snapshot, which stays as it is.
create table month_corrections (
    county_id     integer not null references counties,
    correction_id bigint generated always as identity,
    month         date not null,
    -- The site whose row was wrong; null when the entry is about the month as a whole.
    site_id       bigint,
    -- As the snapshot has it, and as it should have been; null without a site.
    stage         text check (stage in ('not_started', 'in_progress', 'completed')),
    percent       smallint check (percent between 0 and 100),
    words         text not null check (length(words) between 1 and 1000),
    made_by       bigint not null references accounts,
    made_at       timestamptz not null,
    primary key (county_id, correction_id),
    foreign key (county_id, month) references reporting_months,
    foreign key (county_id, site_id) references sites,
    check ((site_id is null) = (stage is null) and (site_id is null) = (percent is null))
);
create index month_corrections_month_idx on month_corrections (county_id, month);
create trigger month_corrections_only_grow before update or delete on month_corrections for each row execute function refuse_change();

-- Before the end of the days of grace the snapshot itself is put right; only a final month takes entries beside it.
create function refuse_correction_of_unfinished_month() returns trigger language plpgsql as $$
begin
    if not exists (select from reporting_months where county_id = new.county_id and month = new.month and finalized_at is not null) then
        raise exception 'the snapshot of % is not final', new.month using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger month_corrections_after_final before insert on month_corrections for each row execute function refuse_correction_of_unfinished_month();
