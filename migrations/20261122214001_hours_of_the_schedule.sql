-- When unanswered orders rise and when those who offered sites are told that nobody took them, as each county sets it.

alter table counties
    add column order_rise_hour smallint not null default 8 check (order_rise_hour between 0 and 23),
    add column offer_reminder_days smallint default 3 check (offer_reminder_days between 0 and 20),
    add column offer_reminder_hour smallint not null default 9 check (offer_reminder_hour between 0 and 23);

-- A run was named by its hour. Named by the day, or the month, a changed hour neither repeats a run nor leaves one out.
insert into job_runs (county_id, job, due_at, started_at, finished_at)
select county_id, job, date_trunc(case job when 'orders.rise' then 'day' else 'month' end, due_at at time zone time_zone) at time zone time_zone,
       min(started_at), max(finished_at)
from job_runs join counties using (county_id)
where job in ('orders.rise', 'offers.unanswered')
group by 1, 2, 3
on conflict do nothing;
