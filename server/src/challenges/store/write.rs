//! Taking a challenge in, moving it from state to state, erasing what has had its day.

use chrono::{DateTime, NaiveDate, Utc};
use geodata::LonLat;
use sqlx::PgConnection;

use crate::challenges::model::{ChallengeState, ChallengeStepKind, Consequence};
use crate::ids::{AccountId, CountyId, SiteId};
use crate::photos::PhotoHash;
use crate::sites::Stage;

/// A challenge that was sent under a key before.
#[derive(Debug, Clone)]
pub struct Sent {
    pub number: String,
    pub secret_sha256: Vec<u8>,
    pub content_mac: Vec<u8>,
    pub site_id: SiteId,
    pub submitted_at: DateTime<Utc>,
}

pub async fn find_sent(connection: &mut PgConnection, county_id: CountyId, key_sha256: &[u8]) -> Result<Option<Sent>, sqlx::Error> {
    sqlx::query_as!(
        Sent,
        r#"select number, secret_sha256, content_mac, site_id as "site_id: SiteId", submitted_at
           from challenges where county_id = $1 and key_sha256 = $2"#,
        county_id.0,
        key_sha256
    )
    .fetch_optional(connection)
    .await
}

/// Lets one transaction at a time decide whether there is room for a further challenge of the site.
pub async fn lock_room(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<(), sqlx::Error> {
    lock(connection, &format!("challenges of {} {}", county_id.0, site_id.0)).await
}

/// Lets one call under a client's key go before the others, so that a repetition finds the first and costs nothing.
pub async fn lock_key(connection: &mut PgConnection, county_id: CountyId, key_sha256: &[u8]) -> Result<(), sqlx::Error> {
    lock(connection, &format!("challenge under {} {}", county_id.0, hex::encode(key_sha256))).await
}

async fn lock(connection: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(r#"select pg_advisory_xact_lock(hashtextextended($1, 0)) as "nothing: ()""#, name).fetch_one(connection).await?;
    Ok(())
}

/// How many challenges of the site nobody has settled.
pub async fn count_open(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from challenges where county_id = $1 and site_id = $2 and state in ('submitted', 'accepted')"#,
        county_id.0,
        site_id.0
    )
    .fetch_one(connection)
    .await
}

/// Takes one from the challenges of the county's day, of which there are `most`. False when there is none left.
pub async fn take_from_day(connection: &mut PgConnection, county_id: CountyId, day: NaiveDate, most: i32) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query!(
        "insert into challenge_days as known (county_id, day, challenges) select $1, $2, 1 where $3::integer > 0
         on conflict (county_id, day) do update set challenges = known.challenges + 1 where known.challenges < $3",
        county_id.0,
        day,
        most
    )
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// A challenge to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewRow<'a> {
    pub county_id: CountyId,
    pub site_id: SiteId,
    pub number: &'a str,
    pub secret_sha256: &'a [u8],
    pub key_sha256: &'a [u8],
    pub content_mac: &'a [u8],
    pub seen: Option<Stage>,
    pub words: &'a str,
    pub place: Option<(LonLat, Option<f32>)>,
    pub photos: &'a [PhotoHash],
    pub at: DateTime<Utc>,
}

/// Writes the challenge with its first step and its announced pictures. None when another call with the same key was faster.
pub async fn insert(connection: &mut PgConnection, new: NewRow<'_>) -> Result<Option<i64>, sqlx::Error> {
    let position = new.place.map(|(position, _)| position);
    let inserted = sqlx::query_scalar!(
        "with added as (
             insert into challenges (county_id, site_id, number, secret_sha256, key_sha256, content_mac, seen, words, position, accuracy_m,
                                     distance_m, submitted_at)
             select $1, site_id, $3, $4, $5, $6, $7, $8, place.position, $11,
                    st_distance(place.position::geography, sites.position::geography)::integer, $12
             from sites
             cross join (select case when $9::float8 is null then null else st_setsrid(st_makepoint($9, $10::float8), 4326) end as position) as place
             where county_id = $1 and site_id = $2 and withdrawn_at is null
             on conflict (county_id, key_sha256) do nothing
             returning challenge_id
         ), noted as (
             insert into challenge_steps (county_id, challenge_id, step, kind, at) select $1, challenge_id, 1, 'submitted', $12 from added
         )
         select challenge_id from added",
        new.county_id.0,
        new.site_id.0,
        new.number,
        new.secret_sha256,
        new.key_sha256,
        new.content_mac,
        new.seen.map(Stage::as_str),
        new.words,
        position.map(LonLat::lon),
        position.map(LonLat::lat),
        new.place.and_then(|(_, accuracy_m)| accuracy_m),
        new.at
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(challenge_id) = inserted else { return Ok(None) };
    let photos: Vec<Vec<u8>> = new.photos.iter().map(|photo| photo.0.to_vec()).collect();
    sqlx::query!(
        "insert into challenge_photos (county_id, challenge_id, place, sha256)
         select $1, $2, place, sha256 from unnest($3::bytea[]) with ordinality as named (sha256, place)",
        new.county_id.0,
        challenge_id,
        &photos
    )
    .execute(connection)
    .await?;
    Ok(Some(challenge_id))
}

/// A step of a challenge, and what it leaves behind.
#[derive(Debug, Clone, Copy)]
pub struct Move<'a> {
    pub to: ChallengeState,
    /// None when the visitor does it.
    pub account_id: Option<AccountId>,
    /// Of the office, for the visitor; the reason of a settled challenge.
    pub words: &'a str,
    pub consequence: Option<Consequence>,
    pub at: DateTime<Utc>,
}

/// Moves the challenge by one statement that names the states it may come from, and appends its step. The new revision; none, and nothing
/// done, when it is in another state.
pub async fn advance(connection: &mut PgConnection, county_id: CountyId, challenge_id: i64, step: Move<'_>) -> Result<Option<i64>, sqlx::Error> {
    let sources: Vec<String> = step.to.sources().iter().map(|state| state.as_str().to_owned()).collect();
    let settled = !step.to.is_open();
    let reason = (settled && step.to != ChallengeState::Withdrawn).then_some(step.words);
    sqlx::query_scalar!(
        "with moved as (
             update challenges
             set state = $4, rev = rev + 1, settled_at = case when $5 then $6::timestamptz end, reason = $7, consequence = $8,
                 words_published = words_published and $9, photos_published = photos_published and $9,
                 edited_words = case when $9 then edited_words end
             where county_id = $1 and challenge_id = $2 and state = any($3)
             returning challenge_id, rev
         ), noted as (
             insert into challenge_steps (county_id, challenge_id, step, kind, at, account_id, words)
             select $1, challenge_id, rev, $4, $6, $10, $11 from moved
         )
         select rev from moved",
        county_id.0,
        challenge_id,
        &sources,
        step.to.as_str(),
        settled,
        step.at,
        reason,
        step.consequence.map(Consequence::as_str),
        step.to.may_be_published(),
        step.account_id.map(|account| account.0),
        step.words
    )
    .fetch_optional(connection)
    .await
}

/// What the office clears for everybody.
#[derive(Debug, Clone, Copy)]
pub struct Clearing<'a> {
    pub words: bool,
    pub photos: bool,
    pub edited_words: Option<&'a str>,
    pub account_id: AccountId,
    pub at: DateTime<Utc>,
}

/// Clears words and pictures, or takes that back. The new revision; none when it has been declined, withdrawn or erased meanwhile.
pub async fn clear(
    connection: &mut PgConnection,
    county_id: CountyId,
    challenge_id: i64,
    clearing: Clearing<'_>,
) -> Result<Option<i64>, sqlx::Error> {
    let kind = if clearing.words || clearing.photos { ChallengeStepKind::Published } else { ChallengeStepKind::Unpublished };
    sqlx::query_scalar!(
        "with cleared as (
             update challenges set words_published = $3, photos_published = $4, edited_words = $5, rev = rev + 1
             where county_id = $1 and challenge_id = $2 and state not in ('declined', 'withdrawn') and erased_at is null
             returning challenge_id, rev
         ), noted as (
             insert into challenge_steps (county_id, challenge_id, step, kind, at, account_id)
             select $1, challenge_id, rev, $6, $7, $8 from cleared
         )
         select rev from cleared",
        county_id.0,
        challenge_id,
        clearing.words,
        clearing.photos,
        clearing.edited_words,
        match kind {
            ChallengeStepKind::Published => "published",
            _ => "unpublished",
        },
        clearing.at,
        clearing.account_id.0
    )
    .fetch_optional(connection)
    .await
}

/// Erases words, place and pictures of what was declined or withdrawn before `before`. Returns how many challenges it was.
pub async fn erase(connection: &mut PgConnection, county_id: CountyId, before: DateTime<Utc>, at: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let erased = sqlx::query_scalar!(
        "update challenges set words = '', position = null, accuracy_m = null, distance_m = null, edited_words = null, erased_at = $3
         where county_id = $1 and state in ('declined', 'withdrawn') and erased_at is null and settled_at < $2
         returning challenge_id",
        county_id.0,
        before,
        at
    )
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query!(
        "update challenge_photos set reuses_challenge_id = null where county_id = $1 and reuses_challenge_id = any($2)",
        county_id.0,
        &erased
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from challenge_photos where county_id = $1 and challenge_id = any($2)", county_id.0, &erased).execute(connection).await?;
    Ok(erased.len() as u64)
}
