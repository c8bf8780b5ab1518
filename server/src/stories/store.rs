//! All SQL of stories: what only a story asks for. Reports, histories and plan changes are read by their own stores.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Adoption, Nudged, Office, OrderStep, Person, Records, Reminder, Snapshot};
use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::challenges::list_published;
use crate::county::County;
use crate::http::shapes::portrait_url;
use crate::ids::{CountyId, DeputyId, OrderId, SiteId};
use crate::orders::model::{OrderLevel, StepKind, number_words};
use crate::photos::PhotoHash;
use crate::plan_changes::store::list_changes;
use crate::reports::store::read::{Wanted, list_reports};
use crate::sites::store::{WantedWithdrawals, list_history, list_sites, list_withdrawals};
use crate::sites::{Site, Stage};

/// Most reports, changes and reminders that one story tells.
const MOST: usize = 1000;

/// The site behind a public code; none when there is no such site or its story is not told.
pub async fn find_site_id(connection: &mut PgConnection, county_id: CountyId, code: &str) -> Result<Option<SiteId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select site_id as "site_id: SiteId" from sites s
           where county_id = $1 and code = $2
             and (withdrawn_at is null or exists (select from site_withdrawals w where w.county_id = s.county_id and w.site_id = s.site_id))"#,
        county_id.0,
        code
    )
    .fetch_optional(connection)
    .await
}

/// Everything a site's story is made from. Call it in a transaction whose statements see one state.
pub async fn find_records(connection: &mut PgConnection, county: &County, site_id: SiteId, now: DateTime<Utc>) -> Result<Records, sqlx::Error> {
    let county_id = county.county_id;
    let wanted = Wanted { site_id: Some(site_id), ..Wanted::default() };
    Ok(Records {
        reports: list_reports(connection, county_id, wanted, MOST).await?,
        events: list_history(connection, (county_id, county.zone), site_id, None, MOST).await?,
        plan_changes: list_changes(connection, county_id, site_id).await?,
        reminders: list_reminders(connection, county_id, site_id, now).await?,
        orders: list_order_steps(connection, county_id, site_id).await?,
        snapshots: list_snapshots(connection, county_id, site_id).await?,
        adoptions: list_adoptions(connection, county_id, site_id).await?,
        people: list_people(connection, county_id, site_id).await?,
        challenges: list_published(connection, county, site_id).await?,
        returned_by: list_returners(connection, county_id, site_id).await?,
        withdrawals: list_withdrawals(connection, county_id, WantedWithdrawals { site_id: Some(site_id), ..WantedWithdrawals::default() }, MOST)
            .await?,
    })
}

fn office(role: Option<String>, region: Option<String>) -> Option<Office> {
    Some(Office { role: role?, region: region? })
}

/// Newest first. What can still be taken back is not told yet.
async fn list_reminders(
    connection: &mut PgConnection,
    county_id: CountyId,
    site_id: SiteId,
    now: DateTime<Utc>,
) -> Result<Vec<Reminder>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select reminder_id, sent_at, words, d.name as "deputy?", u.name as "unit?", office.role as "role?", office.region as "region?"
           from reminders m
           left join deputies d on d.county_id = m.county_id and d.deputy_id = m.deputy_id
           left join units u on u.county_id = m.county_id and u.unit_id = m.unit_id
           left join lateral (
               select g.role, region.name as region from grants g join regions region using (county_id, region_code)
               where g.account_id = m.sent_by and g.role in ('committee', 'working_committee')
               order by length(g.region_code), g.region_code limit 1) as office on true
           where m.county_id = $1 and site_id = $2 and m.taken_back_at is null
             and not exists (select from notices n where n.county_id = $1 and n.sending_id = m.sending_id and n.visible_from > $4)
           order by sent_at desc, reminder_id desc
           limit $3"#,
        county_id.0,
        site_id.0,
        MOST as i64,
        now
    )
    .fetch_all(connection)
    .await?;
    let reminders = rows.into_iter().map(|row| Reminder {
        reminder_id: row.reminder_id,
        at: row.sent_at,
        to: row.deputy.map_or_else(|| Nudged::Unit(row.unit.unwrap_or_default()), Nudged::Deputy),
        words: row.words,
        by: office(row.role, row.region),
    });
    Ok(reminders.collect())
}

/// Newest first; of one moment the later step first.
async fn list_order_steps(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<OrderStep>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select order_id as "order_id: OrderId", o.prefix, o.year, o.number, u.name as unit, s.kind as "kind: StepKind", s.at, s.words, s.due_on,
                  s.level as "level: OrderLevel", s.came_by as "came_by: CameBy", office.role as "role?", office.region as "region?",
                  array(select sha256 from order_photos p
                        where p.county_id = $1 and p.order_id = s.order_id and p.step = s.step order by place) as "photos!"
           from order_sites
           join supervision_orders o using (county_id, order_id)
           join order_steps s using (county_id, order_id)
           join units u using (county_id, unit_id)
           left join lateral (
               select g.role, region.name as region from grants g join regions region using (county_id, region_code)
               where g.account_id = s.account_id and g.role in ('committee', 'working_committee')
               order by length(g.region_code), g.region_code limit 1) as office on true
           where county_id = $1 and site_id = $2
           order by s.at desc, order_id desc, s.step desc
           limit $3"#,
        county_id.0,
        site_id.0,
        MOST as i64
    )
    .fetch_all(connection)
    .await?;
    let steps = rows.into_iter().map(|row| OrderStep {
        order_id: row.order_id,
        number: number_words(&row.prefix, row.year, row.number),
        unit: row.unit,
        kind: row.kind,
        at: row.at,
        words: row.words,
        due_on: row.due_on,
        level: row.level,
        photos: row.photos.iter().filter_map(|bytes| PhotoHash::from_bytes(bytes)).collect(),
        by: office(row.role, row.region),
        came_by: row.came_by,
    });
    Ok(steps.collect())
}

async fn list_snapshots(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<Snapshot>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select month, finalized_at is not null as "is_final!", stage as "stage: Stage", percent, start_overdue, finish_overdue, struck_off_on,
                  owed, received, on_time
           from month_sites join reporting_months using (county_id, month)
           where county_id = $1 and site_id = $2 order by month"#,
        county_id.0,
        site_id.0
    )
    .fetch_all(connection)
    .await?;
    let snapshots = rows.into_iter().map(|row| Snapshot {
        month: Month::of(row.month),
        is_final: row.is_final,
        stage: row.stage,
        percent: row.percent,
        start_overdue: row.start_overdue,
        finish_overdue: row.finish_overdue,
        struck_off_on: row.struck_off_on,
        owed: row.owed,
        received: row.received,
        on_time: row.on_time,
    });
    Ok(snapshots.collect())
}

async fn list_adoptions(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<Adoption>, sqlx::Error> {
    sqlx::query_as!(
        Adoption,
        r#"select deputy_id as "deputy_id: DeputyId", adopted_on, ended_on
           from adoptions where county_id = $1 and site_id = $2 order by adopted_on, deputy_id"#,
        county_id.0,
        site_id.0
    )
    .fetch_all(connection)
    .await
}

async fn list_people(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<HashMap<DeputyId, Person>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select deputy_id, d.name, d.constituency, p.sha256 as "portrait?"
           from deputies d left join portraits p using (county_id, deputy_id)
           where county_id = $1
             and (deputy_id in (select a.deputy_id from adoptions a where a.county_id = $1 and a.site_id = $2)
                  or deputy_id in (select r.deputy_id from reports r where r.county_id = $1 and r.site_id = $2))"#,
        county_id.0,
        site_id.0
    )
    .fetch_all(connection)
    .await?;
    let people = rows.into_iter().map(|row| {
        let deputy_id = DeputyId(row.deputy_id);
        let portrait_url = row.portrait.as_deref().map(portrait_url);
        (deputy_id, Person { deputy_id, name: row.name, constituency: row.constituency, portrait_url })
    });
    Ok(people.collect())
}

async fn list_returners(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<HashMap<Uuid, Office>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select report_id, office.role, office.region
           from reports r
           join lateral (
               select g.role, region.name as region from grants g join regions region using (county_id, region_code)
               where g.account_id = r.returned_by and g.role in ('committee', 'working_committee')
               order by length(g.region_code), g.region_code limit 1) as office on true
           where r.county_id = $1 and r.site_id = $2 and r.state = 'returned'"#,
        county_id.0,
        site_id.0
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.report_id, Office { role: row.role, region: row.region })).collect())
}

/// The deputy whose personal code this is.
pub async fn find_deputy_by_code(connection: &mut PgConnection, county_id: CountyId, code: &str) -> Result<Option<DeputyId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select deputy_id as "deputy_id: DeputyId" from deputies where county_id = $1 and personal_code = $2"#, county_id.0, code)
        .fetch_optional(connection)
        .await
}

/// The sites that a deputy has adopted at present, in order of their codes.
pub async fn list_adopted_by(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<Vec<Site>, sqlx::Error> {
    let adopted = sqlx::query_scalar!(
        r#"select site_id as "site_id: SiteId" from adoptions where county_id = $1 and deputy_id = $2 and ended_on is null"#,
        county_id.0,
        deputy_id.0
    )
    .fetch_all(&mut *connection)
    .await?;
    list_sites(connection, county_id, Some(&adopted)).await
}
