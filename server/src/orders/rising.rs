//! Unanswered orders rise by themselves: the unit is reminded before the due date, and after it the order becomes key supervision and then
//! a special inquiry, each rung once and each on record. An order with no site left that could be worked on ends instead of rising. Run every morning by the schedule; what is due follows from the calendar alone.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::model::{Ladder, OrderState, Rung, StepKind};
use super::store::read::{self, Awaiting};
use super::store::write::{self, NewStep};
use crate::audit::{self, Author, Entry, Outcome};
use crate::county::County;
use crate::database::changes;
use crate::ids::Chance;
use crate::notices::{self, NoticeKind};

/// Climbs every rung that is due in the county and ends what has lost its object, in the caller's transaction. Returns how many.
pub async fn raise_unanswered(tx: &mut PgConnection, county: &County, chance: &Chance, now: DateTime<Utc>) -> Result<usize, sqlx::Error> {
    let today = county.date_at(now);
    let (_, ladder) = read::read_settings(tx, county.county_id).await?;
    let mut climbed = 0;
    for order in read::lock_awaiting(tx, county, last_date_of_interest(&ladder, today)).await? {
        if order.without_object {
            lapse(tx, county, chance, &order, now).await?;
            climbed += 1;
            continue;
        }
        for rung in ladder.rungs_due(&order.standing, order.reminded, today) {
            climb(tx, county, chance, &order, rung, now).await?;
            climbed += 1;
        }
    }
    Ok(climbed)
}

fn last_date_of_interest(ladder: &Ladder, today: NaiveDate) -> NaiveDate {
    today + Days::new(ladder.reminder_days.unwrap_or(0).into())
}

async fn climb(tx: &mut PgConnection, county: &County, chance: &Chance, order: &Awaiting, rung: Rung, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let county_id = county.county_id;
    let (kind, level, notice, action) = match rung {
        Rung::Reminder => (StepKind::Reminded, order.standing.level, NoticeKind::OrderReminded, "order.remind"),
        Rung::Level(level) => (StepKind::Raised, level, NoticeKind::OrderRaised, "order.raise"),
    };
    if let Rung::Level(level) = rung {
        write::raise(tx, county_id, order.order_id, level).await?;
    }
    let step = NewStep { kind, at: now, by: None, words: "", due_on: Some(order.standing.due_on), level, photos: &[], came_by: None };
    write::insert_step(tx, county_id, order.order_id, &step).await?;
    let mut told = read::list_handlers(tx, county_id, order.unit_id).await?;
    if matches!(rung, Rung::Level(_)) {
        told.extend(read::list_deciders(tx, county_id, &order.region_code, level).await?);
    }
    notices::tell_of_order(tx, chance, (county_id, order.order_id), notice, &told, "", now).await?;
    let id = order.order_id.to_string();
    let detail = json!({ "number": order.number, "level": level, "due_on": order.standing.due_on });
    audit::record(tx, &Author::schedule(county_id), Entry { action, object: ("order", &id), outcome: Outcome::Done, detail }, now).await?;
    let sites = read::list_site_ids(tx, county_id, order.order_id).await?;
    changes::sites_changed(tx, county_id, &sites, now).await
}

async fn lapse(tx: &mut PgConnection, county: &County, chance: &Chance, order: &Awaiting, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let county_id = county.county_id;
    write::set_state(tx, county_id, order.order_id, OrderState::Lapsed).await?;
    let level = order.standing.level;
    let step = NewStep { kind: StepKind::Lapsed, at: now, by: None, words: "", due_on: None, level, photos: &[], came_by: None };
    write::insert_step(tx, county_id, order.order_id, &step).await?;
    let mut told = read::list_handlers(tx, county_id, order.unit_id).await?;
    told.extend(read::list_deciders(tx, county_id, &order.region_code, level).await?);
    told.sort_unstable();
    told.dedup();
    let words = "所督办的点位均已销号或撤销，无须再答复";
    notices::tell_of_order(tx, chance, (county_id, order.order_id), NoticeKind::OrderWithdrawn, &told, words, now).await?;
    let id = order.order_id.to_string();
    let entry = Entry { action: "order.lapse", object: ("order", &id), outcome: Outcome::Done, detail: json!({ "number": order.number }) };
    audit::record(tx, &Author::schedule(county_id), entry, now).await?;
    let sites = read::list_site_ids(tx, county_id, order.order_id).await?;
    changes::sites_changed(tx, county_id, &sites, now).await
}
