//! Striking off and opening again; proposals to strike off, where the county wants two persons for it.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::SiteState;
use crate::database::one_row;
use crate::ids::{AccountId, CountyId, DeputyId, SiteId};
use crate::sites::Stage;

/// Whether the county wants two persons to strike off.
pub async fn is_by_two(connection: &mut PgConnection, county_id: CountyId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select strike_off_persons > 1 as "by_two!" from counties where county_id = $1"#, county_id.0).fetch_one(connection).await
}

/// By whose word the site stands as it does: of the latest standing report its account and deputy, of a correction made since its account.
pub async fn find_last_word(
    connection: &mut PgConnection,
    county_id: CountyId,
    site_id: SiteId,
) -> Result<Option<(Option<AccountId>, Option<DeputyId>)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select account_id as "account_id: AccountId", deputy_id as "deputy_id: DeputyId"
           from (select account_id, deputy_id, counted_at as at, 0 as change_id from reports where county_id = $1 and site_id = $2 and state = 'standing'
                 union all
                 select account_id, null, at, change_id from stage_changes where county_id = $1 and site_id = $2 and cause = 'correction') word
           order by at desc, change_id desc limit 1"#,
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.account_id, row.deputy_id)))
}

/// The accounts that may decide about a site in `region`, but for `without`.
pub async fn list_deciders(
    connection: &mut PgConnection,
    county_id: CountyId,
    (region, key_site): (&str, bool),
    without: AccountId,
) -> Result<Vec<AccountId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct account_id as "account_id: AccountId" from grants
           where county_id = $1 and starts_with($2, region_code) and account_id <> $4
             and (role = 'committee' or (role = 'working_committee' and not $3))"#,
        county_id.0,
        region,
        key_site,
        without.0
    )
    .fetch_all(connection)
    .await
}

/// A strike-off that somebody proposes.
#[derive(Debug, Clone, Copy)]
pub struct NewProposal<'a> {
    pub site_id: SiteId,
    pub note: &'a str,
    pub by: AccountId,
    pub at: DateTime<Utc>,
}

/// Puts the proposal on record. None when one is pending already.
pub async fn insert_proposal(connection: &mut PgConnection, county_id: CountyId, new: NewProposal<'_>) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into strike_off_proposals (county_id, site_id, note, proposed_by, proposed_at) values ($1, $2, $3, $4, $5)
         on conflict (county_id, site_id) where state = 'pending' do nothing returning proposal_id",
        county_id.0,
        new.site_id.0,
        new.note,
        new.by.0,
        new.at
    )
    .fetch_optional(connection)
    .await
}

/// A pending proposal with its site.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub proposal_id: i64,
    pub site_id: SiteId,
    pub site_code: String,
    pub site_name: String,
    pub region_code: String,
    pub region_name: String,
    pub stage: Stage,
    pub key_site: bool,
    pub rev: i64,
    pub note: String,
    pub proposed_by: AccountId,
    pub proposer: String,
    pub proposed_at: DateTime<Utc>,
    /// Who sent or entered the last standing report, or corrected the stage since.
    pub last_word_by: Option<AccountId>,
    /// The deputy in whose name the last report stands, unless the stage was corrected since.
    pub last_deputy: Option<DeputyId>,
    /// The county decided about the site since the last report of a deputy's own.
    pub decided_by_county: bool,
}

/// Pending proposals in these places, or about one site; the oldest first.
pub async fn list_pending(
    connection: &mut PgConnection,
    county_id: CountyId,
    regions: &[String],
    site_id: Option<SiteId>,
) -> Result<Vec<Proposal>, sqlx::Error> {
    sqlx::query_as!(
        Proposal,
        r#"select proposal_id, p.site_id as "site_id: SiteId", s.code as site_code, s.name as site_name, s.region_code, r.name as region_name,
                  stage as "stage: Stage", key_site, s.rev, note, proposed_by as "proposed_by: AccountId", a.name as proposer, proposed_at,
                  word.account_id as "last_word_by?: AccountId", word.deputy_id as "last_deputy?: DeputyId",
                  s.decided_by_county_at is not null
                  and not exists (select from reports own
                                  where own.county_id = p.county_id and own.site_id = p.site_id and own.state = 'standing' and own.came_by is null
                                    and own.counted_at > s.decided_by_county_at) as "decided_by_county!"
           from strike_off_proposals p
           left join lateral (
               select account_id, deputy_id
               from (select account_id, deputy_id, counted_at as at, 0 as change_id from reports
                     where reports.county_id = p.county_id and reports.site_id = p.site_id and reports.state = 'standing'
                     union all
                     select account_id, null, at, change_id from stage_changes
                     where stage_changes.county_id = p.county_id and stage_changes.site_id = p.site_id and cause = 'correction') said
               order by at desc, change_id desc limit 1) word on true
           join sites s on s.county_id = p.county_id and s.site_id = p.site_id
           join regions r on r.county_id = s.county_id and r.region_code = s.region_code
           join accounts a on a.account_id = p.proposed_by
           where p.county_id = $1 and p.state = 'pending' and withdrawn_at is null and ($3::bigint is null or p.site_id = $3)
             and exists (select from unnest($2::text[]) as place (code) where starts_with(s.region_code, code))
           order by proposed_at, proposal_id"#,
        county_id.0,
        regions,
        site_id.map(|site| site.0)
    )
    .fetch_all(connection)
    .await
}

/// What settling a proposal has to know of it.
#[derive(Debug, Clone)]
pub struct KnownProposal {
    pub site_id: SiteId,
    pub proposed_by: AccountId,
    pub note: String,
    pub is_pending: bool,
}

/// A proposal. Whoever settles it holds the site.
pub async fn find_proposal(connection: &mut PgConnection, county_id: CountyId, proposal_id: i64) -> Result<Option<KnownProposal>, sqlx::Error> {
    sqlx::query_as!(
        KnownProposal,
        r#"select site_id as "site_id: SiteId", proposed_by as "proposed_by: AccountId", note, state = 'pending' as "is_pending!"
           from strike_off_proposals where county_id = $1 and proposal_id = $2"#,
        county_id.0,
        proposal_id
    )
    .fetch_optional(connection)
    .await
}

/// The pending proposal about a site that the caller has locked.
pub async fn find_pending(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select proposal_id from strike_off_proposals where county_id = $1 and site_id = $2 and state = 'pending'",
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await
}

/// A second person agrees. Breaks `strike_off_proposals_two_check` when it is the first.
pub async fn confirm_proposal(
    connection: &mut PgConnection,
    county_id: CountyId,
    proposal_id: i64,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    settle(connection, county_id, proposal_id, ("confirmed", ""), (by, at)).await
}

/// The proposal is taken back, or refused.
pub async fn withdraw_proposal(
    connection: &mut PgConnection,
    county_id: CountyId,
    proposal_id: i64,
    words: &str,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    settle(connection, county_id, proposal_id, ("withdrawn", words), (by, at)).await
}

async fn settle(
    connection: &mut PgConnection,
    county_id: CountyId,
    proposal_id: i64,
    (state, words): (&str, &str),
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update strike_off_proposals set state = $3, settled_words = $4, settled_by = $5, settled_at = $6
         where county_id = $1 and proposal_id = $2 and state = 'pending'",
        county_id.0,
        proposal_id,
        state,
        words,
        by.0,
        at
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

/// Says whether the county keeps deciding about the site for itself. The caller has locked it.
pub async fn set_key_site(connection: &mut PgConnection, county_id: CountyId, site: &SiteState, is_key: bool) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update sites set key_site = $4, rev = rev + 1 where county_id = $1 and site_id = $2 and rev = $3",
        county_id.0,
        site.site_id.0,
        site.rev,
        is_key
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

/// Strikes off a completed site that the caller has locked.
pub async fn strike_off(
    connection: &mut PgConnection,
    county_id: CountyId,
    site: &SiteState,
    (by, on, at): (AccountId, NaiveDate, DateTime<Utc>),
    note: &str,
) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update sites set struck_off_on = $4, struck_off_by = $5, struck_off_note = $6, struck_off_at = $7, rev = rev + 1
         where county_id = $1 and site_id = $2 and rev = $3 and stage = 'completed' and struck_off_on is null",
        county_id.0,
        site.site_id.0,
        site.rev,
        on,
        by.0,
        note,
        at
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

/// Takes back the strike-off of a site that the caller has locked, and keeps what it was.
pub async fn reopen(
    connection: &mut PgConnection,
    county_id: CountyId,
    site: &SiteState,
    (by, on, at): (AccountId, NaiveDate, DateTime<Utc>),
    reason: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into reopenings (county_id, site_id, struck_off_on, struck_off_by, struck_off_note, struck_off_at, reopened_on,
                                 reopened_at, reopened_by, reason)
         select county_id, site_id, struck_off_on, struck_off_by, struck_off_note, struck_off_at, $3, $4, $5, $6
         from sites where county_id = $1 and site_id = $2",
        county_id.0,
        site.site_id.0,
        on,
        at,
        by.0,
        reason
    )
    .execute(&mut *connection)
    .await?;
    let updated = sqlx::query!(
        "update sites set struck_off_on = null, struck_off_by = null, struck_off_note = null, struck_off_at = null, rev = rev + 1
         where county_id = $1 and site_id = $2 and rev = $3 and struck_off_on is not null",
        county_id.0,
        site.site_id.0,
        site.rev
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}
