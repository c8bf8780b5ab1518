//! All SQL of what staff took out, and of what a second person decided about it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{DECIDED_WITHIN, Decision, FileKind, FileState, Taken, WantedList, standing};
use crate::ids::{AccountId, CountyId};

/// A file to be put on record.
pub struct NewFile<'a> {
    pub id: Uuid,
    pub wanted: &'a WantedList,
    pub kind: FileKind,
    pub reason: &'a str,
    pub made_by: AccountId,
    pub made_at: DateTime<Utc>,
    pub rows: usize,
    pub places: Vec<String>,
    pub waits: bool,
}

/// What was decided about a file, by whom and when.
#[derive(Debug, Clone)]
pub struct Decided {
    pub decision: Decision,
    pub name: String,
    pub login: String,
    pub at: DateTime<Utc>,
    pub words: String,
}

/// A file that was asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub id: Uuid,
    pub wanted: WantedList,
    pub kind: FileKind,
    pub reason: String,
    pub made_by: AccountId,
    pub maker: String,
    pub made_at: DateTime<Utc>,
    pub rows: i32,
    pub places: Vec<String>,
    pub waits: bool,
    pub decided: Option<Decided>,
}

impl Asked {
    /// How it stands, and until when.
    pub fn standing(&self, now: DateTime<Utc>) -> (FileState, DateTime<Utc>) {
        standing(self.made_at, self.waits, self.decided.as_ref().map(|decided| (decided.decision, decided.at)), now)
    }
}

/// Most rows with names that one person takes out, and the hours over which they are added up.
pub async fn most_by_one(connection: &mut PgConnection, county_id: CountyId) -> Result<(i32, i16), sqlx::Error> {
    let row = sqlx::query!("select personal_export_rows, personal_export_hours from counties where county_id = $1", county_id.0);
    row.fetch_one(connection).await.map(|row| (row.personal_export_rows, row.personal_export_hours))
}

/// What the person has taken out alone since then. Whoever asks next waits until this transaction ends, so that nothing is counted past.
pub async fn list_taken_alone(
    connection: &mut PgConnection,
    county_id: CountyId,
    made_by: AccountId,
    since: DateTime<Utc>,
) -> Result<Vec<Taken>, sqlx::Error> {
    sqlx::query!("select 1 as one from accounts where account_id = $1 for no key update", made_by.0).fetch_one(&mut *connection).await?;
    let rows = sqlx::query!(
        r#"select wanted as "wanted: Json<WantedList>", made_at, rows from desk_exports
           where county_id = $1 and made_by = $2 and made_at > $3 and not waits order by made_at, export_id"#,
        county_id.0,
        made_by.0,
        since
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| Taken { wanted: row.wanted.0, at: row.made_at, rows: row.rows }).collect())
}

/// The accounts that may confirm a file from these places, but for whoever asked: staff of all of them, or those who keep accounts.
pub async fn list_deciders(
    connection: &mut PgConnection,
    county_id: CountyId,
    (places, of_accounts): (&[String], bool),
    without: AccountId,
) -> Result<Vec<AccountId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select a.account_id as "account_id: AccountId" from accounts a
           where a.county_id = $1 and a.account_id <> $4 and a.disabled_at is null and cardinality($2::text[]) > 0
             and not exists (
                 select from unnest($2::text[]) as place
                 where not exists (
                     select from grants g
                     where g.county_id = $1 and g.account_id = a.account_id and starts_with(place, g.region_code)
                       and case when $3 then g.role in ('administrator', 'security_administrator') else g.role in ('committee', 'working_committee') end))
           order by a.account_id"#,
        county_id.0,
        places,
        of_accounts,
        without.0
    )
    .fetch_all(connection)
    .await
}

pub async fn insert(connection: &mut PgConnection, county_id: CountyId, file: &NewFile<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into desk_exports (county_id, export_id, list, format, wanted, reason, made_by, made_at, rows, places, waits)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        county_id.0,
        file.id,
        file.wanted.list.as_str(),
        file.kind.as_str(),
        Json(file.wanted) as _,
        file.reason,
        file.made_by.0,
        file.made_at,
        i32::try_from(file.rows).unwrap_or(i32::MAX),
        &file.places,
        file.waits
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What was asked for under this id.
pub async fn find(connection: &mut PgConnection, county_id: CountyId, id: Uuid) -> Result<Option<Asked>, sqlx::Error> {
    Ok(list(connection, county_id, Some(id), DateTime::UNIX_EPOCH).await?.into_iter().next())
}

/// What waited for a second person lately, the newest first.
pub async fn list_waiting(connection: &mut PgConnection, county_id: CountyId, now: DateTime<Utc>) -> Result<Vec<Asked>, sqlx::Error> {
    list(connection, county_id, None, now - DECIDED_WITHIN - DECIDED_WITHIN).await
}

async fn list(connection: &mut PgConnection, county_id: CountyId, id: Option<Uuid>, since: DateTime<Utc>) -> Result<Vec<Asked>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select e.export_id, e.wanted as "wanted: Json<WantedList>", e.format, e.reason, e.made_by as "made_by: AccountId", maker.name as maker,
                  e.made_at, e.rows, e.places, e.waits,
                  d.decision as "decision?: Decision", d.decided_at as "decided_at?", d.words as "words?", decider.name as "decider?",
                  decider.login as "decider_login?"
           from desk_exports e
           join accounts maker on maker.account_id = e.made_by
           left join desk_export_decisions d on d.county_id = e.county_id and d.export_id = e.export_id
           left join accounts decider on decider.account_id = d.decided_by
           where e.county_id = $1 and case when $2::uuid is null then e.waits and e.made_at > $3 else e.export_id = $2 end
           order by e.made_at desc, e.export_id limit 200"#,
        county_id.0,
        id,
        since
    )
    .fetch_all(connection)
    .await?;
    let asked = rows.into_iter().map(|row| Asked {
        id: row.export_id,
        wanted: row.wanted.0,
        kind: if row.format == "csv" { FileKind::Csv } else { FileKind::Xlsx },
        reason: row.reason,
        made_by: row.made_by,
        maker: row.maker,
        made_at: row.made_at,
        rows: row.rows,
        places: row.places,
        waits: row.waits,
        decided: row.decision.zip(row.decided_at).map(|(decision, at)| Decided {
            decision,
            at,
            name: row.decider.unwrap_or_default(),
            login: row.decider_login.unwrap_or_default(),
            words: row.words.unwrap_or_default(),
        }),
    });
    Ok(asked.collect())
}

/// Decides about a file, once. False when somebody did before.
pub async fn decide(
    connection: &mut PgConnection,
    (county_id, id): (CountyId, Uuid),
    decision: Decision,
    words: &str,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query!(
        "insert into desk_export_decisions (county_id, export_id, decision, decided_by, decided_at, words) values ($1, $2, $3, $4, $5, $6)
         on conflict (county_id, export_id) do nothing",
        county_id.0,
        id,
        decision as Decision,
        by.0,
        at,
        words
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}
