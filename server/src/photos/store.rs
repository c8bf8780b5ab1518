//! All SQL of photographs.

use chrono::{DateTime, NaiveDate, Utc};
use geodata::LonLat;
use sqlx::PgConnection;
use uuid::Uuid;

use super::crops::Window;
use super::gate::Prepared;
use super::model::{Likeness, PhotoHash};
use crate::ids::{AccountId, CountyId, SiteId};

fn stored(hashes: &[PhotoHash]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.0.to_vec()).collect()
}

/// Lets one transaction at a time decide about each of these pictures: a report that announces one and its arrival cannot miss each other.
pub async fn lock_photos(connection: &mut PgConnection, county_id: CountyId, hashes: &[PhotoHash]) -> Result<(), sqlx::Error> {
    if hashes.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"select pg_advisory_xact_lock(number) as "nothing: ()"
           from (select distinct hashtextextended($1::text || encode(sha256, 'hex'), 0) as number
                 from unnest($2::bytea[]) as named (sha256) order by number) as numbers"#,
        county_id.0.to_string(),
        &stored(hashes)
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

/// Those of `hashes` that have not arrived, in the order given.
pub async fn missing_of(connection: &mut PgConnection, county_id: CountyId, hashes: &[PhotoHash]) -> Result<Vec<PhotoHash>, sqlx::Error> {
    let arrived = sqlx::query_scalar!("select sha256 from photos where county_id = $1 and sha256 = any($2)", county_id.0, &stored(hashes))
        .fetch_all(connection)
        .await?;
    Ok(hashes.iter().copied().filter(|hash| !arrived.iter().any(|arrived| arrived == &hash.0)).collect())
}

/// Width and height of a published picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimensions {
    pub width: i32,
    pub height: i32,
}

/// A picture that has arrived.
pub async fn find_photo(connection: &mut PgConnection, county_id: CountyId, hash: PhotoHash) -> Result<Option<Dimensions>, sqlx::Error> {
    sqlx::query_as!(Dimensions, "select width, height from photos where county_id = $1 and sha256 = $2", county_id.0, &hash.0[..])
        .fetch_optional(connection)
        .await
}

/// Whether the public may see the picture: it belongs to a report on a site whose story is told, to a unit's answer to an order
/// about one, or to a challenge of one whose pictures were cleared. Told is what stands in the plan or left it by a decision.
pub async fn is_published(connection: &mut PgConnection, county_id: CountyId, hash: PhotoHash) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with told as (
               select county_id, site_id from sites s
               where county_id = $1
                 and (withdrawn_at is null or exists (select from site_withdrawals w where w.county_id = s.county_id and w.site_id = s.site_id)))
           select exists (
               select from photos
               join report_photos using (county_id, sha256)
               join reports using (county_id, report_id)
               join told using (county_id, site_id)
               where county_id = $1 and sha256 = $2)
           or exists (
               select from order_photos
               join order_sites using (county_id, order_id)
               join told using (county_id, site_id)
               where county_id = $1 and sha256 = $2)
           or exists (
               select from challenge_photos
               join challenges using (county_id, challenge_id)
               join told using (county_id, site_id)
               where county_id = $1 and sha256 = $2 and photos_published and arrived_at is not null) as "published!""#,
        county_id.0,
        &hash.0[..]
    )
    .fetch_one(connection)
    .await
}

/// How many pictures the account has brought in since `since`.
pub async fn count_sent(connection: &mut PgConnection, account_id: AccountId, since: DateTime<Utc>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select (select count(*) from photos where uploaded_by = $1 and received_at >= $2)
                + (select count(*) from portraits where set_by = $1 and set_at >= $2) as "count!""#,
        account_id.0,
        since
    )
    .fetch_one(connection)
    .await
}

/// Takes one from the pictures of the day, of which there are `most` for everybody together. False when there is none left.
pub async fn take_from_day(connection: &mut PgConnection, day: NaiveDate, most: i64) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query!(
        "insert into upload_days as known (day, pictures) select $1, 1 where $2::bigint > 0
         on conflict (day) do update set pictures = known.pictures + 1 where known.pictures < $2",
        day,
        most
    )
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Notes a picture whose files are safely on the disk. False when it was known already.
pub async fn insert_photo(
    connection: &mut PgConnection,
    (county_id, hash): (CountyId, PhotoHash),
    prepared: &Prepared,
    // None: a visitor.
    uploaded_by: Option<AccountId>,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let place = prepared.evidence.taken_at_place;
    let (across, down): (Vec<i64>, Vec<i64>) = prepared.windows.iter().map(|window| (window.across.to_stored(), window.down.to_stored())).unzip();
    let inserted = sqlx::query!(
        "insert into photos (county_id, sha256, uploaded_by, received_at, width, height, likeness, taken_at, taken_at_place,
                             windows_across, windows_down)
         values ($1, $2, $3, $4, $5, $6, $7, $8,
                 case when $9::float8 is null then null else st_setsrid(st_makepoint($9, $10::float8), 4326) end, $11, $12)
         on conflict do nothing",
        county_id.0,
        &hash.0[..],
        uploaded_by.map(|account| account.0),
        at,
        i32::try_from(prepared.width).unwrap_or(i32::MAX),
        i32::try_from(prepared.height).unwrap_or(i32::MAX),
        prepared.likeness.to_stored(),
        prepared.evidence.taken_at,
        place.map(LonLat::lon),
        place.map(LonLat::lat),
        &across,
        &down
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Marks reports that show a picture of an earlier report again, as far as `hashes` have to do with it: the same bytes, or the same
/// picture saved or sized anew. Versions of one deputy's report on one site for one month may of course share their pictures.
/// Returns the sites whose reports were marked.
pub async fn mark_repeats(connection: &mut PgConnection, county_id: CountyId, hashes: &[PhotoHash]) -> Result<Vec<SiteId>, sqlx::Error> {
    let repeats = find_repeats(connection, county_id, hashes).await?;
    if repeats.is_empty() {
        return Ok(Vec::new());
    }
    let (later, earlier): (Vec<Uuid>, Vec<Uuid>) = repeats.iter().map(|repeat| (repeat.report_id, repeat.earlier_report_id)).unzip();
    let places: Vec<i16> = repeats.iter().map(|repeat| repeat.place).collect();
    sqlx::query!(
        "update report_photos p set reuses_report_id = found.earlier
         from unnest($2::uuid[], $3::smallint[], $4::uuid[]) as found (report_id, place, earlier)
         where p.county_id = $1 and p.report_id = found.report_id and p.place = found.place",
        county_id.0,
        &later,
        &places,
        &earlier
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query_scalar!(
        r#"update reports set reused_photo = true where county_id = $1 and report_id = any($2) and not reused_photo
           returning site_id as "site_id: SiteId""#,
        county_id.0,
        &later
    )
    .fetch_all(connection)
    .await
}

#[derive(Debug)]
struct Repeat {
    report_id: Uuid,
    place: i16,
    earlier_report_id: Uuid,
}

async fn find_repeats(connection: &mut PgConnection, county_id: CountyId, hashes: &[PhotoHash]) -> Result<Vec<Repeat>, sqlx::Error> {
    let (least, most) = (Likeness::LEAST_EDGES.cast_signed(), 64 - Likeness::LEAST_EDGES.cast_signed());
    sqlx::query_file_as!(
        Repeat,
        "src/photos/repeats.sql",
        county_id.0,
        &stored(hashes),
        i64::from(least),
        i64::from(most),
        i64::from(Likeness::SAME_WITHIN),
        i64::from(Window::SAME_WITHIN)
    )
    .fetch_all(connection)
    .await
}

/// Sites whose reports show this picture.
pub async fn list_sites_showing(connection: &mut PgConnection, county_id: CountyId, hash: PhotoHash) -> Result<Vec<SiteId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct site_id as "site_id: SiteId" from report_photos join reports using (county_id, report_id)
           where county_id = $1 and sha256 = $2"#,
        county_id.0,
        &hash.0[..]
    )
    .fetch_all(connection)
    .await
}

/// Pictures that arrived before `before` and that no report, no answer and no challenge shows.
pub async fn list_unclaimed(connection: &mut PgConnection, county_id: CountyId, before: DateTime<Utc>) -> Result<Vec<PhotoHash>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        "select sha256 from photos where county_id = $1 and received_at < $2
         and not exists (select from report_photos r where r.county_id = photos.county_id and r.sha256 = photos.sha256)
         and not exists (select from order_photos o where o.county_id = photos.county_id and o.sha256 = photos.sha256)
         and not exists (select from challenge_photos c where c.county_id = photos.county_id and c.sha256 = photos.sha256)",
        county_id.0,
        before
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().filter_map(|bytes| PhotoHash::from_bytes(bytes)).collect())
}

/// Forgets a picture that no report, no answer and no challenge shows. False when one does, or when it was not known.
pub async fn delete_unclaimed(connection: &mut PgConnection, county_id: CountyId, hash: PhotoHash) -> Result<bool, sqlx::Error> {
    let deleted = sqlx::query!(
        "delete from photos where county_id = $1 and sha256 = $2
         and not exists (select from report_photos r where r.county_id = photos.county_id and r.sha256 = photos.sha256)
         and not exists (select from order_photos o where o.county_id = photos.county_id and o.sha256 = photos.sha256)
         and not exists (select from challenge_photos c where c.county_id = photos.county_id and c.sha256 = photos.sha256)",
        county_id.0,
        &hash.0[..]
    )
    .execute(connection)
    .await?;
    Ok(deleted.rows_affected() == 1)
}

/// The lock of [`lock_photos`], held by the connection until [`unlock_photo`] or its end. Returns the lock's number.
pub async fn lock_photo_beyond_transactions(connection: &mut PgConnection, county_id: CountyId, hash: PhotoHash) -> Result<i64, sqlx::Error> {
    let number =
        sqlx::query_scalar!(r#"select hashtextextended($1::text || encode($2::bytea, 'hex'), 0) as "number!""#, county_id.0.to_string(), &hash.0[..])
            .fetch_one(&mut *connection)
            .await?;
    sqlx::query!(r#"select pg_advisory_lock($1) as "nothing: ()""#, number).fetch_one(connection).await?;
    Ok(number)
}

/// Gives back a lock of [`lock_photo_beyond_transactions`].
pub async fn unlock_photo(connection: &mut PgConnection, number: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_unlock($1)", number).fetch_one(connection).await?;
    Ok(())
}
