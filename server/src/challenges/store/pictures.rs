//! The pictures of challenges: which were announced, which have come, and which were shown before.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::CountyId;
use crate::photos::PhotoHash;
use crate::photos::model::Likeness;

/// A picture that a challenge announced.
#[derive(Debug, Clone)]
pub struct Picture {
    pub challenge_id: i64,
    pub sha256: PhotoHash,
    pub arrived: bool,
    /// As the camera noted it; for the office alone.
    pub taken_at: Option<String>,
    /// Metres between where the camera says it was and the site.
    pub taken_distance_m: Option<i32>,
    pub reuses_report_id: Option<Uuid>,
    /// Number of the earlier challenge that shows the same.
    pub reuses_challenge: Option<String>,
}

/// The pictures of these challenges in their order.
pub async fn list_pictures(
    connection: &mut PgConnection,
    county_id: CountyId,
    challenges: &[i64],
) -> Result<HashMap<i64, Vec<Picture>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select shown.challenge_id, shown.sha256, arrived_at is not null as "arrived!", taken_at as "taken_at?",
                  st_distance(taken_at_place::geography, s.position::geography)::integer as taken_distance_m,
                  reuses_report_id, earlier.number as "reuses_challenge?"
           from challenge_photos shown
           join challenges c using (county_id, challenge_id)
           join sites s using (county_id, site_id)
           left join photos p on p.county_id = shown.county_id and p.sha256 = shown.sha256 and shown.arrived_at is not null
           left join challenges earlier on earlier.county_id = shown.county_id and earlier.challenge_id = shown.reuses_challenge_id
           where shown.county_id = $1 and shown.challenge_id = any($2)
           order by shown.challenge_id, shown.place"#,
        county_id.0,
        challenges
    )
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<i64, Vec<Picture>> = HashMap::new();
    for row in rows {
        let Some(sha256) = PhotoHash::from_bytes(&row.sha256) else { continue };
        found.entry(row.challenge_id).or_default().push(Picture {
            challenge_id: row.challenge_id,
            sha256,
            arrived: row.arrived,
            taken_at: row.taken_at,
            taken_distance_m: row.taken_distance_m,
            reuses_report_id: row.reuses_report_id,
            reuses_challenge: row.reuses_challenge,
        });
    }
    Ok(found)
}

/// Whether the challenge announced the picture, and when it came. None when it did not.
pub async fn find_announced(
    connection: &mut PgConnection,
    county_id: CountyId,
    challenge_id: i64,
    hash: PhotoHash,
) -> Result<Option<Option<DateTime<Utc>>>, sqlx::Error> {
    let row = sqlx::query!(
        "select arrived_at from challenge_photos where county_id = $1 and challenge_id = $2 and sha256 = $3",
        county_id.0,
        challenge_id,
        &hash.0[..]
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| row.arrived_at))
}

/// Notes that the holder of the secret has sent the picture, and which earlier report or challenge shows the same: the same bytes, or the
/// same picture saved, sized or cut anew. False when it had come before, or the challenge was settled meanwhile.
pub async fn note_arrival(
    connection: &mut PgConnection,
    county_id: CountyId,
    challenge_id: i64,
    hash: PhotoHash,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let (least, most) = (i64::from(Likeness::LEAST_EDGES), i64::from(64 - Likeness::LEAST_EDGES));
    let noted =
        sqlx::query_file!("src/challenges/arrival.sql", county_id.0, challenge_id, &hash.0[..], at, least, most, i64::from(Likeness::SAME_WITHIN))
            .execute(connection)
            .await?;
    Ok(noted.rows_affected() == 1)
}
