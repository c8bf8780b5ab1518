//! All SQL of the demo: a county's worth of rows at once, each kind in one statement.
//!
//! Identifiers come back in the order of the lists they were made from.

mod duty;
mod history;
mod people;
mod places;

use sqlx::PgConnection;

pub use duty::{insert_contests, insert_duty_rule, insert_excuse, insert_themes};
pub use history::{PhotoRow, insert_changes, insert_photos, insert_plan_changes, insert_reminders, insert_reports, mark_old_notices_read};
pub use people::{
    NewAccount, insert_accounts, insert_adoptions, insert_deputies, insert_grants, insert_groups, insert_offers, insert_portraits, insert_term,
};
pub use places::{insert_grid_cells, insert_projects, insert_regions, insert_sites, insert_stations, insert_units, insert_waters, is_empty};

/// Gives the statements of this transaction more time than serving a request has.
pub async fn take_time(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("set local statement_timeout = '5min'").execute(connection).await?;
    Ok(())
}

/// Tells the planner how much has just come in: without it the months' queries would be planned for empty tables.
pub async fn refresh_statistics(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("select count_tables_anew()").execute(connection).await?;
    Ok(())
}

/// Identifiers are handed out in the order of the rows; this is that order again.
fn in_order(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids
}

/// The rows that other rows refer to, by place in the county's lists.
#[derive(Debug, Default)]
pub struct Ids {
    pub units: Vec<i64>,
    pub stations: Vec<i64>,
    pub groups: Vec<i64>,
    pub deputies: Vec<i64>,
    pub projects: Vec<i64>,
    pub sites: Vec<i64>,
    /// The account of each deputy.
    pub deputy_accounts: Vec<i64>,
    pub committee_account: i64,
    /// Of the unit that can be signed in for.
    pub unit_account: i64,
}
