//! Reading the audit log, and proving that nobody wrote in it. The rules kept here: an auditor reads all of their county's lines, and nobody
//! else reads any; anybody may keep the heads of its chain, which say nothing and bind everything before them.
//!
//! Lines are written by the features, beside their writes, and chained by the database at their commit; nothing here writes or removes one.

mod chain;
pub mod command;
mod export;
mod heads;
mod model;
mod routes;
mod store;
mod words;

use chrono::{DateTime, Days, Utc};
use sqlx::PgConnection;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::county::County;
use crate::platform::Platform;

pub use self::export::audit_table;
pub use self::model::may_read_log;
pub use self::routes::AuditQuery;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::list_audit)).routes(routes!(heads::list_audit_heads)).with_state(platform)
}

/// Keeps the head of the county's chain for the day before `now` in the county, once; says whether it was this call. The head also goes into
/// the service's own log, which is usually collected elsewhere.
pub async fn seal_day(connection: &mut PgConnection, county: &County, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let day = county.date_at(now) - Days::new(1);
    let sealed = store::insert_day(connection, county.county_id, day, now).await?;
    if let Some(head) = &sealed {
        tracing::info!(county = %county.code, %day, position = head.position, hash = %hex::encode(&head.hash), "head of the audit log");
    }
    Ok(sealed.is_some())
}
