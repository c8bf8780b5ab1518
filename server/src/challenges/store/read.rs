//! Reading challenges: the row with its site, its steps and its pictures.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::challenges::model::{ChallengeState, ChallengeStepKind, Consequence};
use crate::ids::{AccountId, CountyId, DeputyId, ProjectId, SiteId};
use crate::photos::PhotoHash;
use crate::sites::Stage;

/// One challenge with what the office has to know of its site.
#[derive(Debug, Clone)]
pub struct Challenge {
    pub challenge_id: i64,
    pub number: String,
    pub secret_sha256: Vec<u8>,
    pub site_id: SiteId,
    pub site_code: String,
    pub site_name: String,
    pub project_id: ProjectId,
    pub project_title: String,
    pub region_code: String,
    pub region_name: String,
    pub stage: Stage,
    pub struck_off: bool,
    pub key_site: bool,
    pub site_rev: i64,
    pub state: ChallengeState,
    pub seen: Option<Stage>,
    pub words: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub accuracy_m: Option<f32>,
    pub distance_m: Option<i32>,
    pub submitted_at: DateTime<Utc>,
    pub words_published: bool,
    pub photos_published: bool,
    pub edited_words: Option<String>,
    pub reason: Option<String>,
    pub consequence: Option<Consequence>,
    pub erased_at: Option<DateTime<Utc>>,
    pub rev: i64,
}

/// Which challenges are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    pub number: Option<&'a str>,
    /// Only those of sites in these places.
    pub regions: Option<&'a [String]>,
    pub site_id: Option<SiteId>,
    pub state: Option<ChallengeState>,
    /// Whether somebody has still to settle them.
    pub open: Option<bool>,
    pub region: Option<&'a str>,
    pub project_id: Option<ProjectId>,
    /// Only older ones.
    pub before: Option<i64>,
}

/// Challenges of sites that were not withdrawn, newest first.
pub async fn list(connection: &mut PgConnection, county_id: CountyId, wanted: Wanted<'_>, limit: usize) -> Result<Vec<Challenge>, sqlx::Error> {
    sqlx::query_as!(
        Challenge,
        r#"select challenge_id, c.number, secret_sha256, site_id as "site_id: SiteId", s.code as site_code, s.name as site_name,
                  s.project_id as "project_id: ProjectId", p.title as project_title, s.region_code, r.name as region_name,
                  s.stage as "stage: Stage", s.struck_off_on is not null as "struck_off!", s.key_site, s.rev as site_rev,
                  c.state as "state: ChallengeState", seen as "seen: Stage", c.words, st_x(c.position) as lon, st_y(c.position) as lat,
                  c.accuracy_m, c.distance_m, submitted_at, words_published, photos_published, edited_words, c.reason,
                  consequence as "consequence: Consequence", erased_at, c.rev
           from challenges c
           join sites s using (county_id, site_id)
           join projects p using (county_id, project_id)
           join regions r using (county_id, region_code)
           where c.county_id = $1 and s.withdrawn_at is null
             and ($2::text is null or c.number = $2)
             and ($3::text[] is null or exists (select from unnest($3::text[]) as place (code) where starts_with(s.region_code, place.code)))
             and ($4::bigint is null or site_id = $4)
             and ($5::text is null or c.state = $5)
             and ($6::boolean is null or (c.state in ('submitted', 'accepted')) = $6)
             and ($7::text is null or starts_with(s.region_code, $7))
             and ($8::bigint is null or s.project_id = $8)
             and ($9::bigint is null or challenge_id < $9)
           order by challenge_id desc
           limit $10"#,
        county_id.0,
        wanted.number,
        wanted.regions,
        wanted.site_id.map(|site| site.0),
        wanted.state.map(ChallengeState::as_str),
        wanted.open,
        wanted.region,
        wanted.project_id.map(|project| project.0),
        wanted.before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await
}

/// How many challenges in these places wait for the office.
pub async fn count_waiting(connection: &mut PgConnection, county_id: CountyId, regions: &[String]) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from challenges c join sites s using (county_id, site_id)
           where c.county_id = $1 and c.state in ('submitted', 'accepted') and withdrawn_at is null
             and exists (select from unnest($2::text[]) as place (code) where starts_with(region_code, place.code))"#,
        county_id.0,
        regions
    )
    .fetch_one(connection)
    .await
}

/// The challenge of this number.
pub async fn find(connection: &mut PgConnection, county_id: CountyId, number: &str) -> Result<Option<Challenge>, sqlx::Error> {
    let wanted = Wanted { number: Some(number), ..Wanted::default() };
    Ok(list(connection, county_id, wanted, 1).await?.pop())
}

/// Something that happened to a challenge.
#[derive(Debug, Clone)]
pub struct Step {
    pub challenge_id: i64,
    pub kind: ChallengeStepKind,
    pub at: DateTime<Utc>,
    /// Null when the visitor did it.
    pub name: Option<String>,
    pub role: Option<String>,
    pub region: Option<String>,
    pub words: String,
}

/// The steps of these challenges in their order.
pub async fn list_steps(connection: &mut PgConnection, county_id: CountyId, challenges: &[i64]) -> Result<HashMap<i64, Vec<Step>>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Step,
        r#"select challenge_id, kind as "kind: ChallengeStepKind", at, a.name as "name?", office.role as "role?", office.region as "region?", words
           from challenge_steps c
           left join accounts a on a.county_id = c.county_id and a.account_id = c.account_id
           left join lateral (
               select g.role, region.name as region from grants g join regions region using (county_id, region_code)
               where g.account_id = c.account_id and g.role in ('committee', 'working_committee')
               order by length(g.region_code), g.region_code limit 1) as office on true
           where c.county_id = $1 and challenge_id = any($2)
           order by challenge_id, step"#,
        county_id.0,
        challenges
    )
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<i64, Vec<Step>> = HashMap::new();
    for row in rows {
        found.entry(row.challenge_id).or_default().push(row);
    }
    Ok(found)
}

/// A published challenge's words as they may stand, and its pictures that have arrived.
#[derive(Debug, Clone)]
pub struct Published {
    pub challenge_id: i64,
    pub state: ChallengeState,
    pub seen: Option<Stage>,
    pub submitted_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub words: Option<String>,
    pub photos: Vec<PhotoHash>,
    pub reason: Option<String>,
    pub consequence: Option<Consequence>,
}

/// What everybody may know of a site's challenges, newest first. The words are not masked yet.
pub async fn list_public(
    connection: &mut PgConnection,
    county_id: CountyId,
    site_id: SiteId,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Published>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select challenge_id, state as "state: ChallengeState", seen as "seen: Stage", submitted_at, settled_at, reason,
                  case when words_published then coalesce(edited_words, words) end as words, consequence as "consequence: Consequence",
                  case when photos_published then array(
                      select p.sha256 from challenge_photos p
                      where p.county_id = c.county_id and p.challenge_id = c.challenge_id and p.arrived_at is not null order by p.place)
                  else '{}'::bytea[] end as "photos!"
           from challenges c
           where county_id = $1 and site_id = $2 and state not in ('declined', 'withdrawn') and ($3::bigint is null or challenge_id < $3)
           order by challenge_id desc
           limit $4"#,
        county_id.0,
        site_id.0,
        before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await?;
    let published = rows.into_iter().map(|row| Published {
        challenge_id: row.challenge_id,
        state: row.state,
        seen: row.seen,
        submitted_at: row.submitted_at,
        settled_at: row.settled_at,
        words: row.words,
        photos: row.photos.iter().filter_map(|bytes| PhotoHash::from_bytes(bytes)).collect(),
        reason: row.reason,
        consequence: row.consequence,
    });
    Ok(published.collect())
}

/// Which of these sites the person has reported on, adopted or struck off, also in the past.
pub async fn list_own_cases(
    connection: &mut PgConnection,
    county_id: CountyId,
    (account_id, deputy_id): (AccountId, Option<DeputyId>),
    sites: &[SiteId],
) -> Result<Vec<SiteId>, sqlx::Error> {
    let sites: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query_scalar!(
        r#"select site_id as "site_id!: SiteId" from (
               select site_id from reports where county_id = $1 and site_id = any($4) and (account_id = $2 or deputy_id = $3)
               union
               select site_id from adoptions where county_id = $1 and site_id = any($4) and deputy_id = $3
               union
               select site_id from sites where county_id = $1 and site_id = any($4) and struck_off_by = $2
               union
               select site_id from reopenings where county_id = $1 and site_id = any($4) and struck_off_by = $2
               union
               select site_id from strike_off_proposals
               where county_id = $1 and site_id = any($4) and proposed_by = $2 and state in ('pending', 'confirmed')
           ) as own"#,
        county_id.0,
        account_id.0,
        deputy_id.map(|deputy| deputy.0),
        &sites
    )
    .fetch_all(connection)
    .await
}

/// The accounts that look after challenges in `region`.
pub async fn list_office(connection: &mut PgConnection, county_id: CountyId, region: &str) -> Result<Vec<AccountId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct account_id as "account_id: AccountId" from grants
           where county_id = $1 and starts_with($2, region_code) and role in ('committee', 'working_committee')"#,
        county_id.0,
        region
    )
    .fetch_all(connection)
    .await
}

/// The report on which the site's stage rests.
pub async fn find_standing_report(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<uuid::Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select report_id from reports where county_id = $1 and site_id = $2 and state = 'standing'
         order by counted_at desc, report_id desc limit 1",
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await
}
