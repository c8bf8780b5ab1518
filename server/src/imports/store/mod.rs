//! All SQL of imports: the imports themselves here, what they are compared with in `facts`, what confirming writes in `apply_…`, and the
//! way back in `undo`.

pub mod apply_places;
pub mod apply_sites;
pub mod facts;
pub mod undo;

use chrono::{DateTime, Utc};
use geodata::datum::Datum;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::finding::Finding;
use super::model::{Drafts, ImportKind};
use super::outlook::Outlook;
use super::records::ColumnUse;
use crate::ids::{AccountId, CountyId};

/// What a file was read as, kept between preview and confirmation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Prepared {
    pub datum: Datum,
    pub year: i32,
    pub columns: Vec<ColumnUse>,
    pub drafts: Drafts,
    pub outlook: Outlook,
}

/// What confirming made and what stood there before.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Effect {
    pub regions_made: Vec<String>,
    /// Provisional code and the code that replaced it.
    pub regions_moved: Vec<(String, String)>,
    pub regions_before: Vec<serde_json::Value>,
    pub units_made: Vec<i64>,
    pub projects_made: Vec<i64>,
    pub sites_made: Vec<i64>,
    pub sites_before: Vec<serde_json::Value>,
    pub grid_cells_made: Vec<i64>,
    pub grid_cells_before: Vec<serde_json::Value>,
    pub stations_made: Vec<i64>,
    pub stations_before: Vec<serde_json::Value>,
    pub groups_made: Vec<i64>,
    pub deputies_made: Vec<i64>,
    pub deputies_before: Vec<serde_json::Value>,
    pub adoptions_made: Vec<i64>,
}

/// An import as stored.
#[derive(Clone, Debug)]
pub struct Import {
    pub import_id: Uuid,
    pub kind: ImportKind,
    pub file_name: String,
    pub prepared: Prepared,
    pub findings: Vec<Finding>,
    pub created_by: Option<AccountId>,
    pub created_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub effect: Option<Effect>,
    pub undone_at: Option<DateTime<Utc>>,
}

/// A file that was just read.
#[derive(Clone, Debug)]
pub struct NewImport<'a> {
    pub import_id: Uuid,
    pub kind: ImportKind,
    pub file_name: &'a str,
    pub sha256: [u8; 32],
    pub prepared: &'a Prepared,
    pub findings: &'a [Finding],
    pub created_by: Option<AccountId>,
}

fn to_json(value: &impl Serialize) -> Result<serde_json::Value, sqlx::Error> {
    serde_json::to_value(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

fn from_json<T: for<'de> Deserialize<'de>>(value: serde_json::Value) -> Result<T, sqlx::Error> {
    serde_json::from_value(value).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Only one import of a county is confirmed or undone at a time.
pub async fn lock_county(connection: &mut PgConnection, county_id: CountyId) -> Result<(), sqlx::Error> {
    sqlx::query!("select county_id from counties where county_id = $1 for no key update", county_id.0).fetch_one(connection).await?;
    Ok(())
}

/// Keeps a file that was read.
pub async fn insert_import(connection: &mut PgConnection, county_id: CountyId, import: NewImport<'_>, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into imports (county_id, import_id, kind, file_name, sha256, rows, findings, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        county_id.0,
        import.import_id,
        import.kind.as_str(),
        import.file_name,
        &import.sha256[..],
        to_json(import.prepared)?,
        to_json(&import.findings)?,
        import.created_by.map(|account| account.0),
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

struct ImportRow {
    import_id: Uuid,
    kind: String,
    file_name: String,
    rows: serde_json::Value,
    findings: serde_json::Value,
    created_by: Option<i64>,
    created_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    effect: Option<serde_json::Value>,
    undone_at: Option<DateTime<Utc>>,
}

impl TryFrom<ImportRow> for Import {
    type Error = sqlx::Error;

    fn try_from(row: ImportRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            import_id: row.import_id,
            kind: ImportKind::from_name(&row.kind).ok_or_else(|| sqlx::Error::Decode("unknown kind of import".into()))?,
            file_name: row.file_name,
            prepared: from_json(row.rows)?,
            findings: from_json(row.findings)?,
            created_by: row.created_by.map(AccountId),
            created_at: row.created_at,
            confirmed_at: row.confirmed_at,
            effect: row.effect.map(from_json).transpose()?,
            undone_at: row.undone_at,
        })
    }
}

/// The import with this id.
pub async fn find_import(connection: &mut PgConnection, county_id: CountyId, import_id: Uuid) -> Result<Option<Import>, sqlx::Error> {
    let row = sqlx::query_as!(
        ImportRow,
        "select import_id, kind, file_name, rows, findings, created_by, created_at, confirmed_at, effect, undone_at
         from imports where county_id = $1 and import_id = $2",
        county_id.0,
        import_id
    )
    .fetch_optional(connection)
    .await?;
    row.map(Import::try_from).transpose()
}

/// An import as the list shows it.
#[derive(Clone, Debug)]
pub struct ImportLine {
    pub import_id: Uuid,
    pub kind: ImportKind,
    pub file_name: String,
    pub created_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub undone_at: Option<DateTime<Utc>>,
    pub rows: i64,
    pub new: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub can_confirm: bool,
}

/// The latest imports, newest first; those of one person when `created_by` is given. The rows themselves stay in the database.
pub async fn list_imports(
    connection: &mut PgConnection,
    county_id: CountyId,
    created_by: Option<AccountId>,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Vec<ImportLine>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select import_id, kind, file_name, created_at, confirmed_at, undone_at,
                  jsonb_array_length(rows -> 'drafts' -> 'rows')::bigint as "rows!",
                  jsonb_array_length(jsonb_path_query_array(rows, '$.outlook.rows[*] ? (@.change == "new")'))::bigint as "new!",
                  jsonb_array_length(jsonb_path_query_array(rows, '$.outlook.rows[*] ? (@.change == "changed")'))::bigint as "changed!",
                  jsonb_array_length(jsonb_path_query_array(rows, '$.outlook.rows[*] ? (@.change == "unchanged")'))::bigint as "unchanged!",
                  findings @> '[{"severity": "error"}]' as "has_errors!"
           from imports where county_id = $1 and ($2::bigint is null or created_by = $2) and ($3::uuid is null or import_id < $3)
           order by import_id desc limit $4"#,
        county_id.0,
        created_by.map(|account| account.0),
        before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ImportLine {
                import_id: row.import_id,
                kind: ImportKind::from_name(&row.kind).ok_or_else(|| sqlx::Error::Decode("unknown kind of import".into()))?,
                file_name: row.file_name,
                created_at: row.created_at,
                confirmed_at: row.confirmed_at,
                undone_at: row.undone_at,
                can_confirm: row.confirmed_at.is_none() && !row.has_errors && row.rows > 0,
                rows: row.rows,
                new: row.new,
                changed: row.changed,
                unchanged: row.unchanged,
            })
        })
        .collect()
}

/// Marks the import confirmed with what it did. False when it was confirmed already.
pub async fn mark_confirmed(
    connection: &mut PgConnection,
    county_id: CountyId,
    import_id: Uuid,
    effect: &Effect,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let marked = sqlx::query!(
        "update imports set confirmed_at = $3, effect = $4 where county_id = $1 and import_id = $2 and confirmed_at is null",
        county_id.0,
        import_id,
        now,
        to_json(effect)?
    )
    .execute(connection)
    .await?;
    Ok(marked.rows_affected() == 1)
}

/// Marks the import undone. False when it was undone already.
pub async fn mark_undone(connection: &mut PgConnection, county_id: CountyId, import_id: Uuid, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let marked = sqlx::query!(
        "update imports set undone_at = $3 where county_id = $1 and import_id = $2 and confirmed_at is not null and undone_at is null",
        county_id.0,
        import_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(marked.rows_affected() == 1)
}

/// The file name of an import confirmed after this one and not undone, if there is one.
pub async fn find_later_import(connection: &mut PgConnection, county_id: CountyId, import_id: Uuid) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select later.file_name from imports later join imports this on this.county_id = later.county_id and this.import_id = $2
         where later.county_id = $1 and later.import_id <> $2 and later.undone_at is null
           and (later.confirmed_at, later.import_id) > (this.confirmed_at, this.import_id)
         order by later.confirmed_at desc limit 1",
        county_id.0,
        import_id
    )
    .fetch_optional(connection)
    .await
}
