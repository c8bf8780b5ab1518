//! All SQL of portraits.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{AccountId, CountyId, DeputyId};
use crate::photos::PhotoHash;

/// The region of a deputy; none when there is no such deputy.
pub async fn find_region_of(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select region_code from deputies where county_id = $1 and deputy_id = $2", county_id.0, deputy_id.0)
        .fetch_optional(connection)
        .await
}

/// Puts a portrait in the place of the deputy's present one. False when it is the same picture.
pub async fn set_portrait(
    connection: &mut PgConnection,
    (county_id, deputy_id): (CountyId, DeputyId),
    (hash, picture): (PhotoHash, &[u8]),
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<bool, sqlx::Error> {
    let written = sqlx::query!(
        "insert into portraits as known (county_id, deputy_id, sha256, picture, set_by, set_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (county_id, deputy_id) do update set sha256 = $3, picture = $4, set_by = $5, set_at = $6 where known.sha256 <> $3",
        county_id.0,
        deputy_id.0,
        &hash.0[..],
        picture,
        by.0,
        at
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Removes the deputy's portrait. False when there was none.
pub async fn remove_portrait(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query!("delete from portraits where county_id = $1 and deputy_id = $2", county_id.0, deputy_id.0).execute(connection).await?;
    Ok(removed.rows_affected() == 1)
}

/// The bytes of a portrait that some deputy wears at present.
pub async fn find_picture(connection: &mut PgConnection, county_id: CountyId, hash: PhotoHash) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("select picture from portraits where county_id = $1 and sha256 = $2 limit 1", county_id.0, &hash.0[..])
        .fetch_optional(connection)
        .await
}
