//! All SQL of what staff took out.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{FileKind, WantedList};
use crate::ids::{AccountId, CountyId};

/// A file that was asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub wanted: WantedList,
    pub kind: FileKind,
    pub reason: String,
    pub made_at: DateTime<Utc>,
}

pub async fn insert(connection: &mut PgConnection, (county_id, id): (CountyId, Uuid), asked: &Asked, by: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into desk_exports (county_id, export_id, list, format, wanted, reason, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        county_id.0,
        id,
        asked.wanted.list.as_str(),
        asked.kind.as_str(),
        Json(&asked.wanted) as _,
        asked.reason,
        by.0,
        asked.made_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What this person asked for under this id.
pub async fn find(connection: &mut PgConnection, (county_id, id): (CountyId, Uuid), by: AccountId) -> Result<Option<Asked>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select wanted as "wanted: Json<WantedList>", format, reason, made_at from desk_exports
           where county_id = $1 and export_id = $2 and made_by = $3"#,
        county_id.0,
        id,
        by.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Asked {
        wanted: row.wanted.0,
        kind: if row.format == "csv" { FileKind::Csv } else { FileKind::Xlsx },
        reason: row.reason,
        made_at: row.made_at,
    }))
}
