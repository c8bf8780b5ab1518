create table reporting_months (
    county_id      integer not null references counties,
    month          date not null check (extract(day from month) = 1),
    -- Taken at the close; 'provisional' until the days of grace are over, then 'final' and never changed again.
    closed_at      timestamptz not null,
    finalized_at   timestamptz,
    primary key (county_id, month)
);

-- The map at the close of a month.
create table month_sites (
    county_id      integer not null,
    month          date not null,
    site_id        bigint not null,
    stage          text not null check (stage in ('not_started', 'in_progress', 'completed')),
    percent        smallint not null,
    start_overdue  boolean not null,
    finish_overdue boolean not null,
    silent         boolean not null,
    struck_off_on  date,
    -- Reports owed by, received from and received on time from the site's adopters: three numbers, never one.
    owed           smallint not null,
    received       smallint not null,
    on_time        smallint not null,
    last_report_at timestamptz,
    primary key (county_id, month, site_id),
    foreign key (county_id, month) references reporting_months,
    foreign key (county_id, site_id) references sites
);
create function refuse_change_of_final_month() returns trigger language plpgsql as $$
begin
    if exists (select from reporting_months where county_id = old.county_id and month = old.month and finalized_at is not null) then
        raise exception 'the snapshot of % is final', old.month using errcode = 'restrict_violation';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger month_sites_final before update or delete on month_sites for each row execute function refuse_change_of_final_month();

create table reminders (
    county_id   integer not null references counties,
    reminder_id bigint generated always as identity,
    site_id     bigint not null,
    -- Whom it nudges: one adopter, or the site's unit.
    deputy_id   bigint,
    unit_id     bigint,
    -- Null when the schedule sent it.
    sent_by     bigint references accounts,
    sent_at     timestamptz not null,
    words       text not null default '' check (length(words) <= 500),
    primary key (county_id, reminder_id),
    foreign key (county_id, site_id) references sites,
    foreign key (county_id, deputy_id) references deputies,
    foreign key (county_id, unit_id) references units,
    check (num_nonnulls(deputy_id, unit_id) = 1)
);
create index reminders_site_idx on reminders (county_id, site_id, sent_at desc);

-- What a signed-in person is told inside the app; written in the transaction of its cause.
create table notices (
    county_id  integer not null,
    notice_id  uuid not null,
    account_id bigint not null,
    kind       text not null check (kind in ('reminder', 'report_returned', 'report_missing', 'stage_corrected', 'struck_off')),
    site_id    bigint,
    words      text not null default '',
    created_at timestamptz not null,
    read_at    timestamptz,
    primary key (county_id, notice_id),
    foreign key (county_id, account_id) references accounts (county_id, account_id),
    foreign key (county_id, site_id) references sites
);
create index notices_account_idx on notices (account_id, created_at desc);
