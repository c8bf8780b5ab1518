//! All SQL of the bulletins and the year's report: changes of stage, steps of orders, names, and a year's sums.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::beside::OrderStep;
use super::model::Change;
use super::year::{DeputiesYear, ProjectYear, UnitYear};
use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::county::County;
use crate::ids::{CountyId, SiteId};
use crate::orders::model::number_words;
use crate::sites::Stage;

/// The changes of colour that lie between the snapshot of the month before and this month's, which was looked at from `seen_at`, oldest
/// first. What came within the days of grace for the month before is that month's; what came so for this month is this month's.
pub async fn list_changes(connection: &mut PgConnection, county: &County, month: Month, seen_at: DateTime<Utc>) -> Result<Vec<Change>, sqlx::Error> {
    let previous = month.previous();
    let rows = sqlx::query!(
        r#"select c.site_id, c.at, c.from_stage as "from_stage: Stage", c.to_stage as "to_stage: Stage", c.cause, c.reason,
                  case when c.cause = 'report' then d.name else a.name end as by,
                  case when c.cause = 'report' then r.came_by end as "came_by: CameBy"
           from stage_changes c
           left join accounts a on a.account_id = c.account_id
           left join reports r on r.county_id = c.county_id and r.report_id = c.report_id
           left join deputies d on d.county_id = r.county_id and d.deputy_id = r.deputy_id
           where c.county_id = $1 and c.from_stage <> c.to_stage
             and ((c.at >= $2 and c.at < $3 and (c.at >= $4 or r.month is distinct from $5))
                  or (c.at >= $3 and c.at < $6 and r.month = $7))
           order by c.change_id"#,
        county.county_id.0,
        month.opens_at(county.zone),
        month.closes_at(county.zone),
        county.final_at(previous),
        previous.first_day(),
        seen_at,
        month.first_day()
    )
    .fetch_all(connection)
    .await?;
    let changes = rows.into_iter().map(|row| Change {
        site_id: SiteId(row.site_id),
        at: row.at,
        from_stage: row.from_stage,
        to_stage: row.to_stage,
        cause: row.cause,
        reason: row.reason,
        by: row.by,
        came_by: row.came_by,
    });
    Ok(changes.collect())
}

/// The steps of orders on the days of a month, reminders left out, in the order in which they happened.
pub async fn list_order_steps(connection: &mut PgConnection, county: &County, month: Month) -> Result<Vec<OrderStep>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select s.at, o.prefix, o.year, o.number, u.name as unit, s.kind, s.level, s.due_on,
                  (select count(*) from order_sites c where c.county_id = o.county_id and c.order_id = o.order_id) as "sites!"
           from order_steps s
           join supervision_orders o using (county_id, order_id)
           join units u on u.county_id = o.county_id and u.unit_id = o.unit_id
           where s.county_id = $1 and s.at >= $2 and s.at < $3 and s.kind <> 'reminded'
           order by s.at, o.year, o.number, s.step"#,
        county.county_id.0,
        month.opens_at(county.zone),
        month.closes_at(county.zone)
    )
    .fetch_all(connection)
    .await?;
    let steps = rows.into_iter().map(|row| OrderStep {
        on: county.date_at(row.at),
        number: number_words(&row.prefix, row.year, row.number),
        unit: row.unit,
        sites: row.sites,
        kind: row.kind,
        level: row.level,
        due_on: row.due_on,
    });
    Ok(steps.collect())
}

/// The names of these deputies in the order of their pinyin.
pub async fn list_names(connection: &mut PgConnection, county_id: CountyId, deputies: &[i64]) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select name from deputies where county_id = $1 and deputy_id = any($2) order by name collate "zh-x-icu", deputy_id"#,
        county_id.0,
        deputies
    )
    .fetch_all(connection)
    .await
}

/// The projects of a year with the sites of December's snapshot, in its stages and with the finish planned when the year ended; without a
/// snapshot the sites as they are now. Planned are those whose finish has come on `day`.
pub async fn list_projects_of_year(
    connection: &mut PgConnection,
    county_id: CountyId,
    (year, december): (i16, Month),
    (day, ended_at): (NaiveDate, DateTime<Utc>),
) -> Result<Vec<ProjectYear>, sqlx::Error> {
    sqlx::query_as!(
        ProjectYear,
        r#"with seen as (
               select s.project_id, m.stage, m.struck_off_on,
                      case when later.plan_change_id is null then s.planned_finish_on else later.finish_before end as planned_finish_on
               from month_sites m
               join sites s on s.county_id = m.county_id and s.site_id = m.site_id
               left join lateral (
                   select plan_change_id, finish_before from plan_changes c
                   where c.county_id = s.county_id and c.site_id = s.site_id and c.at >= $5 order by plan_change_id limit 1) later on true
               where m.county_id = $1 and m.month = $3
               union all
               select project_id, stage, struck_off_on, planned_finish_on from sites
               where county_id = $1 and withdrawn_at is null
                 and not exists (select from reporting_months r where r.county_id = $1 and r.month = $3))
           select p.number, p.title, count(s.project_id) as "sites!",
                  count(s.project_id) filter (where planned_finish_on <= $4) as "planned!",
                  count(s.project_id) filter (where stage = 'completed') as "completed!",
                  count(s.project_id) filter (where stage = 'in_progress') as "in_progress!",
                  count(s.project_id) filter (where struck_off_on is not null) as "struck_off!"
           from projects p left join seen s on s.project_id = p.project_id
           where p.county_id = $1 and p.year = $2
           group by p.project_id, p.number, p.title order by p.number"#,
        county_id.0,
        year,
        december.first_day(),
        day,
        ended_at
    )
    .fetch_all(connection)
    .await
}

/// The orders of a year, unit by unit, those with most first, each as it stood when the year ended: what was settled later is not in it.
pub async fn list_units_of_year(
    connection: &mut PgConnection,
    county_id: CountyId,
    year: i16,
    ended_at: DateTime<Utc>,
) -> Result<Vec<UnitYear>, sqlx::Error> {
    sqlx::query_as!(
        UnitYear,
        r#"with stood as (
               select o.unit_id,
                      (select case kind when 'date_agreed' then 'issued' else kind end from order_steps s where s.county_id = $1 and s.order_id = o.order_id and s.at < $3
                         and s.kind in ('issued', 'answered', 'accepted', 'date_agreed', 'sent_back', 'withdrawn', 'lapsed') order by step desc limit 1) as state,
                      (select level from order_steps s where s.county_id = $1 and s.order_id = o.order_id and s.at < $3
                         order by step desc limit 1) as level,
                      exists (select from order_steps s where s.county_id = $1 and s.order_id = o.order_id and s.at < $3
                         and s.kind = 'followed') as was_followed
               from supervision_orders o where o.county_id = $1 and o.year = $2)
           select u.name as unit, count(*) as "issued!", count(*) filter (where state = 'accepted') as "accepted!",
                  count(*) filter (where state in ('issued', 'sent_back') and not was_followed) as "waiting!",
                  count(*) filter (where level = 'key_supervision') as "key_supervision!",
                  count(*) filter (where level = 'special_inquiry') as "special_inquiry!"
           from stood o join units u on u.county_id = $1 and u.unit_id = o.unit_id
           group by u.unit_id, u.name order by 2 desc, u.name"#,
        county_id.0,
        year,
        ended_at
    )
    .fetch_all(connection)
    .await
}

/// What deputies reported for the months of a year.
pub async fn read_deputies_of_year(
    connection: &mut PgConnection,
    county_id: CountyId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<DeputiesYear, sqlx::Error> {
    sqlx::query_as!(
        DeputiesYear,
        r#"select count(distinct deputy_id) as "deputies!", count(distinct site_id) as "sites!", count(*) as "reports!",
                  count(*) filter (where not late) as "on_time!", count(*) filter (where came_by is not null) as "entered!",
                  (select coalesce(sum(owed), 0)::bigint from month_sites m where m.county_id = $1 and m.month between $2 and $3) as "owed!",
                  (select coalesce(sum(received), 0)::bigint from month_sites m where m.county_id = $1 and m.month between $2 and $3) as "received!",
                  (select count(*) from month_exceptions e where e.county_id = $1 and e.month between $2 and $3 and undone_at is null) as "excused!"
           from reports where county_id = $1 and month between $2 and $3 and state = 'standing'"#,
        county_id.0,
        first,
        last
    )
    .fetch_one(connection)
    .await
}
