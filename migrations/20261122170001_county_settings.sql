-- The figures a county sets for itself can be changed on the desk. What a month was closed under stays with the month.
alter table counties
    -- Days before the last day of a month on which those who have not reported are reminded, and the hour; null leaves the reminder out.
    add column month_reminder_days smallint default 3 check (month_reminder_days between 0 and 20),
    add column month_reminder_hour smallint not null default 9 check (month_reminder_hour between 0 and 23),
    add column settings_rev bigint not null default 1;

-- Who changed which figure, when and why, for ever. Values are written as people read them; null leaves a rung or reminder out.
create table county_setting_changes (
    county_id  integer not null references counties,
    rev        bigint not null check (rev > 1),
    setting    text not null check (setting ~ '^[a-z_]{1,40}$'),
    before     text,
    after      text,
    reason     text not null check (length(reason) between 1 and 500),
    changed_by bigint not null references accounts,
    changed_at timestamptz not null,
    primary key (county_id, rev, setting)
);
create trigger county_setting_changes_only_grow before update or delete on county_setting_changes for each row execute function refuse_change();

-- The rules a month was closed under: a later change of the settings neither moves its deadline nor redraws its map.
alter table reporting_months
    add column grace_days smallint not null default 5,
    add column stale_days smallint not null default 40,
    add column minimum_ranked smallint not null default 5;
-- Those closed so far were closed under the present rules. A final month refuses changes of what it says; this only writes down what was so.
alter table reporting_months disable trigger reporting_months_final;
update reporting_months m set grace_days = c.grace_days, stale_days = c.stale_days, minimum_ranked = c.minimum_ranked from counties c where c.county_id = m.county_id;
alter table reporting_months enable trigger reporting_months_final;
