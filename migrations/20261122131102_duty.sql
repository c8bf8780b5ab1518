-- By which table a county counts its deputies' points, from a day on. Rows are added and never changed: what was counted once stays explained.
create table duty_rules (
    county_id      integer not null references counties,
    rule_id        bigint generated always as identity,
    effective_from date not null,
    inspection     smallint not null check (inspection between 0 and 100),
    on_time        smallint not null check (on_time between 0 and 100),
    evidence       smallint not null check (evidence between 0 and 100),
    on_site        smallint not null check (on_site between 0 and 100),
    note           text not null default '' check (length(note) <= 500),
    made_by        bigint not null references accounts,
    made_at        timestamptz not null,
    primary key (county_id, rule_id),
    constraint duty_rules_day_key unique (county_id, effective_from)
);
create trigger duty_rules_only_grow before update or delete on duty_rules for each row execute function refuse_change();

-- A deputy contests what one of their inspections counted, once; the answer stands beside it.
create table duty_contests (
    county_id   integer not null references counties,
    contest_id  bigint generated always as identity,
    report_id   uuid not null,
    deputy_id   bigint not null,
    words       text not null check (length(words) between 1 and 500),
    made_at     timestamptz not null,
    answer      text check (length(answer) between 1 and 500),
    -- Added to what the inspection counts; none when it stays as it is.
    points      smallint check (points between -100 and 100),
    answered_by bigint references accounts,
    answered_at timestamptz,
    primary key (county_id, contest_id),
    constraint duty_contests_report_key unique (county_id, report_id),
    foreign key (county_id, report_id) references reports,
    foreign key (county_id, deputy_id) references deputies,
    check ((answer is null) = (answered_at is null) and (answer is null) = (points is null) and (answer is null) = (answered_by is null))
);
