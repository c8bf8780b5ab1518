//! What each account wants to hear, and by which way.

use sqlx::PgConnection;

use crate::ids::{AccountId, CountyId};
use crate::notices::model::NoticeKind;

/// A choice that somebody made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub kind: String,
    /// `app`, `mail` or `sms`.
    pub way: String,
    pub wanted: bool,
}

pub async fn list_choices(connection: &mut PgConnection, (county_id, account_id): (CountyId, AccountId)) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        "select kind, way, wanted from notice_preferences where county_id = $1 and account_id = $2 order by kind, way",
        county_id.0,
        account_id.0
    )
    .fetch_all(connection)
    .await
}

/// Keeps choices, each in the place of the one made before.
pub async fn keep_choices(
    connection: &mut PgConnection,
    (county_id, account_id): (CountyId, AccountId),
    choices: &[(NoticeKind, &str, bool)],
) -> Result<(), sqlx::Error> {
    let kinds: Vec<String> = choices.iter().map(|(kind, ..)| kind.as_str().to_owned()).collect();
    let ways: Vec<String> = choices.iter().map(|(_, way, _)| (*way).to_owned()).collect();
    let wanted: Vec<bool> = choices.iter().map(|(.., wanted)| *wanted).collect();
    sqlx::query!(
        "insert into notice_preferences (county_id, account_id, kind, way, wanted)
         select $1, $2, kind, way, wanted from unnest($3::text[], $4::text[], $5::boolean[]) as chosen (kind, way, wanted)
         on conflict (county_id, account_id, kind, way) do update set wanted = excluded.wanted",
        county_id.0,
        account_id.0,
        &kinds,
        &ways,
        &wanted
    )
    .execute(connection)
    .await?;
    Ok(())
}
