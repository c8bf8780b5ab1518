//! All SQL of the duty record.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Rule, Shown};
use crate::accounts::CameBy;
use crate::ids::{AccountId, CountyId, DeputyId, SiteId};

/// The county's tables, the latest first.
pub async fn list_rules(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<Rule>, sqlx::Error> {
    sqlx::query_as!(
        Rule,
        "select rule_id, effective_from, inspection, on_time, evidence, on_site, note from duty_rules
         where county_id = $1 order by effective_from desc",
        county_id.0
    )
    .fetch_all(connection)
    .await
}

pub async fn insert_rule(
    connection: &mut PgConnection,
    county_id: CountyId,
    rule: &Rule,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into duty_rules (county_id, effective_from, inspection, on_time, evidence, on_site, note, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning rule_id",
        county_id.0,
        rule.effective_from,
        rule.inspection,
        rule.on_time,
        rule.evidence,
        rule.on_site,
        rule.note,
        by.0,
        at
    )
    .fetch_one(connection)
    .await
}

/// A deputy, as the record names them.
#[derive(Debug, Clone)]
pub struct Whose {
    pub deputy_id: DeputyId,
    pub name: String,
    pub constituency: String,
    pub region_code: String,
}

pub async fn find_deputy(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<Option<Whose>, sqlx::Error> {
    sqlx::query_as!(
        Whose,
        r#"select deputy_id as "deputy_id: DeputyId", name, constituency, region_code from deputies where county_id = $1 and deputy_id = $2"#,
        county_id.0,
        deputy_id.0
    )
    .fetch_optional(connection)
    .await
}

/// One inspection of the year: a report that stands, or was sent back, with what became of its contest.
#[derive(Debug, Clone)]
pub struct Inspection {
    pub report_id: Uuid,
    pub site_id: SiteId,
    pub site_code: String,
    pub site_name: String,
    pub month: NaiveDate,
    pub stage: String,
    pub percent: i16,
    pub received_at: DateTime<Utc>,
    pub return_reason: Option<String>,
    pub shown: Shown,
    /// How the deputy's words came to the staff who entered them.
    pub came_by: Option<CameBy>,
    pub contest: Option<Contest>,
}

/// What a deputy said of an inspection's points, and the answer.
#[derive(Debug, Clone)]
pub struct Contest {
    pub contest_id: i64,
    pub words: String,
    pub made_at: DateTime<Utc>,
    pub answer: Option<String>,
    pub points: Option<i16>,
    pub answered_at: Option<DateTime<Utc>>,
}

/// A deputy's inspections for the months from `first` to `last`, the one received last first.
pub async fn list_inspections(
    connection: &mut PgConnection,
    (county_id, deputy_id): (CountyId, DeputyId),
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Inspection>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select r.report_id, r.site_id, s.code, s.name, r.month, r.stage, r.percent, r.received_at, r.late, r.off_site,
                  r.position is not null as "placed!", r.state = 'returned' as "returned!", r.return_reason,
                  r.came_by as "came_by: CameBy",
                  (select count(*) from report_photos p where p.county_id = r.county_id and p.report_id = r.report_id) as "photos!",
                  c.contest_id as "contest_id?", c.words as "words?", c.made_at as "made_at?", c.answer, c.points, c.answered_at
           from reports r
           join sites s using (county_id, site_id)
           left join duty_contests c on c.county_id = r.county_id and c.report_id = r.report_id
           where r.county_id = $1 and r.deputy_id = $2 and r.month between $3 and $4 and r.state <> 'amended'
           order by r.received_at desc, r.report_id"#,
        county_id.0,
        deputy_id.0,
        first,
        last
    )
    .fetch_all(connection)
    .await?;
    let inspections = rows.into_iter().map(|row| {
        let contest = match (row.contest_id, row.words, row.made_at) {
            (Some(contest_id), Some(words), Some(made_at)) => {
                Some(Contest { contest_id, words, made_at, answer: row.answer, points: row.points, answered_at: row.answered_at })
            }
            _ => None,
        };
        Inspection {
            report_id: row.report_id,
            site_id: SiteId(row.site_id),
            site_code: row.code,
            site_name: row.name,
            month: row.month,
            stage: row.stage,
            percent: row.percent,
            received_at: row.received_at,
            return_reason: row.return_reason,
            came_by: row.came_by,
            shown: Shown { returned: row.returned, late: row.late, photos: row.photos, off_site: row.placed.then_some(row.off_site) },
            contest,
        }
    });
    Ok(inspections.collect())
}

/// What one report of the year counts on, without what it says.
#[derive(Debug, Clone)]
pub struct Counted {
    pub deputy_id: DeputyId,
    pub received_at: DateTime<Utc>,
    pub shown: Shown,
    /// Added by the answer to a contest, or taken away.
    pub answered: Option<i16>,
}

/// Everybody's reports for the months from `first` to `last` that stand or were sent back.
pub async fn list_counted(
    connection: &mut PgConnection,
    county_id: CountyId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Counted>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select r.deputy_id, r.received_at, r.late, r.off_site, r.position is not null as "placed!", r.state = 'returned' as "returned!",
                  (select count(*) from report_photos p where p.county_id = r.county_id and p.report_id = r.report_id) as "photos!", c.points as "points?"
           from reports r
           left join duty_contests c on c.county_id = r.county_id and c.report_id = r.report_id
           where r.county_id = $1 and r.month between $2 and $3 and r.state <> 'amended'"#,
        county_id.0,
        first,
        last
    )
    .fetch_all(connection)
    .await?;
    let counted = rows.into_iter().map(|row| Counted {
        deputy_id: DeputyId(row.deputy_id),
        received_at: row.received_at,
        shown: Shown { returned: row.returned, late: row.late, photos: row.photos, off_site: row.placed.then_some(row.off_site) },
        answered: row.points,
    });
    Ok(counted.collect())
}

/// Months from which each deputy is excused, from `first` to `last`.
pub async fn count_excused_months(
    connection: &mut PgConnection,
    county_id: CountyId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<(DeputyId, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select deputy_id, count(*) as "months!" from month_exceptions
           where county_id = $1 and month between $2 and $3 and undone_at is null group by deputy_id"#,
        county_id.0,
        first,
        last
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (DeputyId(row.deputy_id), row.months)).collect())
}

/// The months from `first` to `last` from which the deputy is excused, in order.
pub async fn list_excused_months(
    connection: &mut PgConnection,
    (county_id, deputy_id): (CountyId, DeputyId),
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!(
        "select month from month_exceptions
         where county_id = $1 and deputy_id = $2 and month between $3 and $4 and undone_at is null order by month",
        county_id.0,
        deputy_id.0,
        first,
        last
    )
    .fetch_all(connection)
    .await
}

/// A site that the deputy took on or gave up in the year.
#[derive(Debug, Clone)]
pub struct AdoptionSpan {
    pub site_id: SiteId,
    pub site_code: String,
    pub site_name: String,
    pub adopted_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub ended_reason: Option<String>,
}

/// The adoptions of a deputy that began or ended between the two days.
pub async fn list_adoption_spans(
    connection: &mut PgConnection,
    (county_id, deputy_id): (CountyId, DeputyId),
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<AdoptionSpan>, sqlx::Error> {
    sqlx::query_as!(
        AdoptionSpan,
        r#"select s.site_id as "site_id: SiteId", s.code as site_code, s.name as site_name, adopted_on, ended_on, ended_reason
           from adoptions a join sites s using (county_id, site_id)
           where county_id = $1 and deputy_id = $2 and (adopted_on between $3 and $4 or ended_on between $3 and $4)
           order by adopted_on, adoption_id"#,
        county_id.0,
        deputy_id.0,
        first,
        last
    )
    .fetch_all(connection)
    .await
}

/// Whose report it is; nothing for one that was amended since.
pub async fn find_author(connection: &mut PgConnection, county_id: CountyId, report_id: Uuid) -> Result<Option<DeputyId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select deputy_id as "deputy_id: DeputyId" from reports where county_id = $1 and report_id = $2 and state <> 'amended'"#,
        county_id.0,
        report_id
    )
    .fetch_optional(connection)
    .await
}

pub async fn insert_contest(
    connection: &mut PgConnection,
    county_id: CountyId,
    (report_id, deputy_id): (Uuid, DeputyId),
    words: &str,
    at: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into duty_contests (county_id, report_id, deputy_id, words, made_at) values ($1, $2, $3, $4, $5) returning contest_id",
        county_id.0,
        report_id,
        deputy_id.0,
        words,
        at
    )
    .fetch_one(connection)
    .await
}

/// A contest as the committee reads it.
#[derive(Debug, Clone)]
pub struct ContestRow {
    pub contest_id: i64,
    pub deputy_id: DeputyId,
    pub deputy_name: String,
    pub site_id: SiteId,
    pub site_code: String,
    pub site_name: String,
    pub month: NaiveDate,
    pub words: String,
    pub made_at: DateTime<Utc>,
    pub answer: Option<String>,
    pub points: Option<i16>,
    pub answered_at: Option<DateTime<Utc>>,
}

/// Contests of deputies of these places: those without an answer first, then the latest; at most 500.
pub async fn list_contests(connection: &mut PgConnection, county_id: CountyId, places: &[String]) -> Result<Vec<ContestRow>, sqlx::Error> {
    sqlx::query_as!(
        ContestRow,
        r#"select c.contest_id, c.deputy_id as "deputy_id: DeputyId", d.name as deputy_name, r.site_id as "site_id: SiteId", s.code as site_code,
                  s.name as site_name, r.month, c.words, c.made_at, c.answer, c.points, c.answered_at
           from duty_contests c
           join deputies d using (county_id, deputy_id)
           join reports r on r.county_id = c.county_id and r.report_id = c.report_id
           join sites s on s.county_id = r.county_id and s.site_id = r.site_id
           where c.county_id = $1 and exists (select from unnest($2::text[]) as place (code) where starts_with(d.region_code, place.code))
           order by c.answer is not null, c.made_at desc, c.contest_id limit 500"#,
        county_id.0,
        places
    )
    .fetch_all(connection)
    .await
}

/// The region of the deputy whose contest it is, and whether it was answered; held until the transaction ends.
pub async fn hold_contest(
    connection: &mut PgConnection,
    county_id: CountyId,
    contest_id: i64,
) -> Result<Option<(String, DeputyId, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select d.region_code, c.deputy_id as "deputy_id: DeputyId", c.answer is not null as "answered!" from duty_contests c join deputies d using (county_id, deputy_id)
           where c.county_id = $1 and c.contest_id = $2 for update of c"#,
        county_id.0,
        contest_id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.region_code, row.deputy_id, row.answered)))
}

/// Answers the contest; says about which site, and who contested.
pub async fn answer_contest(
    connection: &mut PgConnection,
    (county_id, contest_id): (CountyId, i64),
    (answer, points): (&str, i16),
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<(SiteId, DeputyId), sqlx::Error> {
    let row = sqlx::query!(
        "update duty_contests c set answer = $3, points = $4, answered_by = $5, answered_at = $6 from reports r
         where c.county_id = $1 and c.contest_id = $2 and r.county_id = c.county_id and r.report_id = c.report_id
         returning r.site_id, c.deputy_id",
        county_id.0,
        contest_id,
        answer,
        points,
        by.0,
        at
    )
    .fetch_one(connection)
    .await?;
    Ok((SiteId(row.site_id), DeputyId(row.deputy_id)))
}

/// What the public may know of a deputy's year: inspections that stand, and how many of them came in time.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    pub inspections: i64,
    pub on_time: i64,
    pub sites: i64,
    /// Inspections whose report staff entered for the deputy.
    pub entered: i64,
}

pub async fn figures(
    connection: &mut PgConnection,
    (county_id, deputy_id): (CountyId, DeputyId),
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Figures, sqlx::Error> {
    sqlx::query_as!(
        Figures,
        r#"select count(*) as "inspections!", count(*) filter (where not late) as "on_time!", count(distinct site_id) as "sites!",
                  count(*) filter (where came_by is not null) as "entered!"
           from reports where county_id = $1 and deputy_id = $2 and month between $3 and $4 and state = 'standing'"#,
        county_id.0,
        deputy_id.0,
        first,
        last
    )
    .fetch_one(connection)
    .await
}
