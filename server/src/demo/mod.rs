//! The demo county, put into an empty database: invented land and people, a living history up to today, and drawn photographs.
//!
//! Everything follows from one seed and the day. The rows are one transaction; the pictures are on the disk before it begins. The rules
//! of months are not repeated here: each month is closed by the months themselves, as of its own end.

mod challenges;
pub mod command;
pub mod history;
mod orders;
mod photographs;
mod portraits;
mod store;

use anyhow::{Context, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use geodata::demo_county::{self, DemoCounty};
use serde_json::json;
use sqlx::{PgConnection, PgPool};

use crate::accounts::model::{Grant, Role};
use crate::audit::{self, Author, Entry, Outcome};
use crate::calendar::Month;
use crate::county::County;
use crate::database::changes;
use crate::ids::{AccountId, Chance, CountyId, DeputyId, StationId, UnitId};
use crate::photos::PhotoStore;
use crate::{months, regions};
use history::History;
use orders::Issuing;
use store::{Ids, NewAccount};

const SEED: u64 = 20_260_101;
const ZONE: chrono_tz::Tz = chrono_tz::Tz::Asia__Shanghai;

/// An account to try the demo with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    pub login: &'static str,
    pub name: String,
}

/// Whether there is room for a demo: it goes into a database without any county.
pub async fn may_load(pool: &PgPool) -> Result<bool, sqlx::Error> {
    store::is_empty(&mut *pool.acquire().await?).await
}

/// Loads the demo county as of `now`. All its accounts get `password_hash`. Refuses a database that holds a county.
pub async fn load(pool: &PgPool, photos: &PhotoStore, now: DateTime<Utc>, password_hash: &str) -> anyhow::Result<Vec<DemoAccount>> {
    ensure!(may_load(pool).await?, "a demo county goes into an empty database; this one holds a county");
    let photos = photos.clone();
    let (county, history, pictures, portraits, planned) = tokio::task::spawn_blocking(move || {
        let county = demo_county::generate(SEED);
        let history = history::plan(&county, SEED, now, ZONE);
        let pictures = photographs::take_all(&county, &history, &photos)?;
        let portraits = portraits::take_all(&county)?;
        let planned = challenges::plan(&county, &history, &photos)?;
        anyhow::Ok((county, history, pictures, portraits, planned))
    })
    .await??;
    let mut tx = pool.begin().await?;
    store::take_time(&mut tx).await?;
    let county_id = regions::store::insert_county(&mut tx, county.code.as_str(), &county.name, true, history.entered_at).await?;
    let mut ids = insert_land_and_people(&mut tx, county_id, &county).await?;
    let accounts = insert_accounts(&mut tx, county_id, &county, &history, &mut ids, password_hash).await?;
    insert_work(&mut tx, county_id, &county, &history, &mut ids).await?;
    store::insert_photos(&mut tx, county_id, &history, &ids, &pictures).await?;
    store::insert_changes(&mut tx, county_id, &history, &ids).await?;
    store::insert_plan_changes(&mut tx, county_id, &history, &ids).await?;
    store::insert_portraits(&mut tx, (county_id, history.entered_at), &ids, &portraits).await?;
    store::insert_reminders(&mut tx, county_id, &history.reminders, |site| ids.units[county.sites[site].unit], &ids).await?;
    store::refresh_statistics(&mut tx).await?;
    insert_duties(&mut tx, county_id, &county, &history, &ids, now).await?;
    close_months(&mut tx, county_id, &history, now).await?;
    store::insert_term(&mut tx, (county_id, history.entered_at)).await?;
    store::insert_offers(&mut tx, (county_id, now - TimeDelta::days(2)), &ids).await?;
    let served = find_county(&mut tx, county_id).await?;
    let issuing = Issuing { county: &served, land: &county, history: &history, ids: &ids, pictures: &pictures, now };
    orders::insert_orders(&mut tx, &issuing, &Chance::seeded(SEED + 1)).await?;
    challenges::insert_challenges(&mut tx, &issuing, &planned, &Chance::seeded(SEED + 2)).await?;
    let entry = Entry {
        action: "county.load_demo",
        object: ("county", county.code.as_str()),
        outcome: Outcome::Done,
        detail: json!({ "sites": county.sites.len(), "reports": history.reports.len(), "photos": pictures.len() }),
    };
    audit::record(&mut tx, &Author::command(Some(county_id)), entry, now).await?;
    changes::county_changed(&mut tx, county_id, now).await?;
    tx.commit().await?;
    Ok(accounts)
}

async fn insert_land_and_people(tx: &mut PgConnection, county_id: CountyId, county: &DemoCounty) -> Result<Ids, sqlx::Error> {
    let mut ids = Ids::default();
    store::insert_regions(tx, county_id, county).await?;
    store::insert_waters(tx, county_id, county).await?;
    store::insert_grid_cells(tx, county_id, county).await?;
    ids.units = store::insert_units(tx, county_id, county).await?;
    ids.stations = store::insert_stations(tx, county_id, county).await?;
    ids.groups = store::insert_groups(tx, county_id, county).await?;
    ids.deputies = store::insert_deputies(tx, county_id, county, &ids).await?;
    Ok(ids)
}

async fn insert_work(tx: &mut PgConnection, county_id: CountyId, county: &DemoCounty, history: &History, ids: &mut Ids) -> Result<(), sqlx::Error> {
    ids.projects = store::insert_projects(tx, county_id, county, ids, history.year).await?;
    ids.sites = store::insert_sites(tx, county_id, county, history, ids).await?;
    store::insert_adoptions(tx, county_id, county, ids, history.adopted_on).await?;
    store::insert_reports(tx, county_id, history, ids).await
}

/// One account for each kind of work, one for every deputy. Only those that are shown can be signed in to.
async fn insert_accounts(
    tx: &mut PgConnection,
    county_id: CountyId,
    county: &DemoCounty,
    history: &History,
    ids: &mut Ids,
    password_hash: &str,
) -> Result<Vec<DemoAccount>, sqlx::Error> {
    let troubled = history.reminders.last().map_or(0, |reminder| reminder.site);
    let (township, unit) = (county.sites[troubled].township, county.sites[troubled].unit);
    let right = |role, region: &str| Grant { role, region_code: region.to_owned(), deputy_id: None, unit_id: None, station_id: None };
    let everywhere = county.code.as_str();
    let station = &county.stations[0];
    let offices = [
        ("committee", "县人大常委会".to_owned(), right(Role::Committee, everywhere)),
        (
            "working-committee",
            format!("{}人大工委", county.townships[township].name),
            right(Role::WorkingCommittee, county.townships[township].code.as_str()),
        ),
        ("unit", county.units[unit].clone(), Grant { unit_id: Some(UnitId(ids.units[unit])), ..right(Role::UnitHandler, everywhere) }),
        (
            "keeper",
            format!("{}管理员", station.name),
            Grant { station_id: Some(StationId(ids.stations[0])), ..right(Role::StationKeeper, county.townships[station.township].code.as_str()) },
        ),
        ("admin", "系统管理员".to_owned(), right(Role::Administrator, everywhere)),
        ("security", "安全管理员".to_owned(), right(Role::SecurityAdministrator, everywhere)),
        ("auditor", "审计员".to_owned(), right(Role::Auditor, everywhere)),
    ];
    let mut accounts: Vec<_> =
        offices.iter().map(|(login, name, _)| NewAccount { login: (*login).to_owned(), name: name.clone(), has_password: true }).collect();
    let mut shown: Vec<_> = offices.iter().map(|(login, name, _)| DemoAccount { login, name: name.clone() }).collect();
    for (place, deputy) in county.deputies.iter().enumerate() {
        let login = ["deputy", "deputy2"].into_iter().zip(history.shown_deputies).find(|(_, shown)| *shown == place).map(|(login, _)| login);
        shown.extend(login.map(|login| DemoAccount { login, name: deputy.name.clone() }));
        let login = login.map_or_else(|| deputy.phone.clone(), str::to_owned);
        accounts.push(NewAccount { has_password: !login.starts_with('1'), login, name: deputy.name.clone() });
    }
    let made = store::insert_accounts(tx, county_id, &accounts, password_hash, history.entered_at).await?;
    let (office_accounts, deputy_accounts) = made.split_at(offices.len());
    ids.committee_account = office_accounts[0];
    ids.unit_account = office_accounts[2];
    ids.deputy_accounts = deputy_accounts.to_vec();
    let mut grants: Vec<_> = offices.into_iter().zip(office_accounts).map(|((_, _, grant), account)| (AccountId(*account), grant)).collect();
    for (deputy_id, account) in ids.deputies.iter().zip(deputy_accounts) {
        grants.push((AccountId(*account), Grant { deputy_id: Some(DeputyId(*deputy_id)), ..right(Role::Deputy, everywhere) }));
    }
    store::insert_grants(tx, county_id, &grants).await?;
    Ok(shown)
}

/// The duty record of the deputy who may be signed in as, and what the groups follow; before the months close, because an excuse counts there.
async fn insert_duties(
    tx: &mut PgConnection,
    county_id: CountyId,
    county: &DemoCounty,
    history: &History,
    ids: &Ids,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let first_day = Month::at(history.entered_at, history.zone).first_day();
    store::insert_duty_rule(tx, county_id, ids, (first_day, history.entered_at)).await?;
    let shown = history.shown_deputies[0];
    if let Some(month) = history.excused_month {
        store::insert_excuse(tx, county_id, ids, (shown, month, month.closes_at(history.zone) - TimeDelta::days(10))).await?;
    }
    store::insert_contests(tx, county_id, ids, (shown, now)).await?;
    store::insert_themes(tx, county_id, county, ids).await
}

async fn find_county(tx: &mut PgConnection, county_id: CountyId) -> anyhow::Result<County> {
    let counties = regions::store::list_counties(tx).await?;
    counties.into_iter().find(|county| county.county_id == county_id).context("the county was just made")
}

/// Closes every month that has ended, and makes final what is past its days of grace, each as of its own instant.
async fn close_months(tx: &mut PgConnection, county_id: CountyId, history: &History, now: DateTime<Utc>) -> anyhow::Result<()> {
    let county = &find_county(tx, county_id).await?;
    let chance = Chance::seeded(SEED);
    let settled = TimeDelta::minutes(2);
    for month in &history.closed_months {
        if month.next() == Month::at(now, county.zone) {
            months::remind_missing(tx, county, *month, &chance, county_morning(county, *month)).await?;
        }
        months::close_month(tx, county, *month, &chance, (month.closes_at(county.zone) + settled).min(now)).await?;
        let final_at = county.final_at(*month) + settled;
        if final_at <= now {
            months::finalise_month(tx, county, *month, final_at).await?;
        }
    }
    store::mark_old_notices_read(tx, county_id, Month::at(now, county.zone).previous().last_day()).await?;
    Ok(())
}

/// Nine in the morning, three days before the month's last.
fn county_morning(county: &County, month: Month) -> DateTime<Utc> {
    month.closes_at(county.zone) - TimeDelta::days(4) + TimeDelta::hours(9)
}
