//! Everybody's year in a few numbers: inspections, what was sent back, points. What was owed, the months say.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::model::{points, rule_on};
use super::store::{self, Counted};
use super::view::months_of;
use crate::county::County;
use crate::http::Problem;
use crate::ids::DeputyId;

/// A deputy's year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeputyYear {
    /// Reports that stand.
    pub inspections: i64,
    pub returned: i64,
    pub points: i32,
    pub excused_months: i64,
}

/// The year of every deputy who did something in it or was excused, and whether the county has a table of points.
pub async fn count_year(connection: &mut PgConnection, county: &County, year: i32) -> Result<(HashMap<DeputyId, DeputyYear>, bool), Problem> {
    let months = months_of(year)?;
    let rules = store::list_rules(connection, county.county_id).await?;
    let mut years: HashMap<DeputyId, DeputyYear> = HashMap::new();
    for Counted { deputy_id, received_at, shown, answered } in store::list_counted(connection, county.county_id, months).await? {
        let rule = rule_on(&rules, county.date_at(received_at));
        let given: i32 = rule.map(|rule| points(rule, shown)).unwrap_or_default().iter().map(|(_, points)| i32::from(*points)).sum();
        let year = years.entry(deputy_id).or_default();
        year.inspections += i64::from(!shown.returned);
        year.returned += i64::from(shown.returned);
        year.points += given + i32::from(answered.unwrap_or(0));
    }
    for (deputy_id, months) in store::count_excused_months(connection, county.county_id, months).await? {
        years.entry(deputy_id).or_default().excused_months = months;
    }
    Ok((years, !rules.is_empty()))
}
