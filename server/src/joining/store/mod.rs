//! All SQL of invitations and of deputies' telephone numbers; the accounts that are invited are in [`invited`], codes by short message in
//! [`codes`].

pub mod codes;
pub mod invited;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Facts, MISTAKES_BORNE, Proof};
use crate::http::shapes::RegionRef;
use crate::ids::{AccountId, CountyId, DeputyId};

/// A deputy with everything that joining depends on.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub deputy_id: DeputyId,
    pub name: String,
    pub constituency: String,
    pub region: RegionRef,
    pub station: Option<String>,
    pub phone: Option<String>,
    pub account: Option<(AccountId, String)>,
    pub facts: Facts,
    pub invitation: Option<OpenInvitation>,
}

/// An invitation that was neither used nor revoked.
#[derive(Debug, Clone)]
pub struct OpenInvitation {
    pub invitation_id: i64,
    pub made_at: DateTime<Utc>,
    pub made_by: String,
    pub expires_at: DateTime<Utc>,
}

/// The deputies of these places, by place and name; with `only`, those among them.
pub async fn list_candidates(
    connection: &mut PgConnection,
    county_id: CountyId,
    places: &[String],
    only: Option<&[i64]>,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.deputy_id, d.name, d.constituency, d.region_code, r.name as region_name, s.name as "station?", d.phone,
                  a.account_id as "account_id?", a.login as "login?", a.password_hash is not null as "has_password!",
                  a.disabled_at is not null as "is_disabled!",
                  exists (select from grants other where other.account_id = a.account_id and other.role <> 'deputy') as "has_other_roles!",
                  i.invitation_id as "invitation_id?", i.made_at as "made_at?", i.expires_at as "expires_at?", m.name as "made_by?"
           from deputies d
           join regions r on r.county_id = d.county_id and r.region_code = d.region_code
           left join stations s on s.county_id = d.county_id and s.station_id = d.station_id
           left join grants g on g.county_id = d.county_id and g.deputy_id = d.deputy_id
           left join accounts a on a.account_id = g.account_id
           left join invitations i on i.county_id = d.county_id and i.deputy_id = d.deputy_id and i.used_at is null and i.revoked_at is null
           left join accounts m on m.account_id = i.made_by
           where d.county_id = $1 and d.left_on is null and ($3::bigint[] is null or d.deputy_id = any($3))
             and exists (select from unnest($2::text[]) as place (code) where starts_with(d.region_code, place.code))
           order by d.region_code, d.name collate "zh-x-icu", d.deputy_id"#,
        county_id.0,
        places,
        only
    )
    .fetch_all(connection)
    .await?;
    let candidates = rows.into_iter().map(|row| {
        let invitation = match (row.invitation_id, row.made_at, row.expires_at, row.made_by) {
            (Some(invitation_id), Some(made_at), Some(expires_at), Some(made_by)) => {
                Some(OpenInvitation { invitation_id, made_at, made_by, expires_at })
            }
            _ => None,
        };
        Candidate {
            deputy_id: DeputyId(row.deputy_id),
            name: row.name,
            constituency: row.constituency,
            region: RegionRef { code: row.region_code, name: row.region_name },
            station: row.station,
            facts: Facts {
                has_phone: row.phone.is_some(),
                has_password: row.has_password,
                is_disabled: row.is_disabled,
                has_other_roles: row.has_other_roles,
                invited_until: invitation.as_ref().map(|invitation| invitation.expires_at),
            },
            phone: row.phone,
            account: row.account_id.map(AccountId).zip(row.login),
            invitation,
        }
    });
    Ok(candidates.collect())
}

/// Whose an invitation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Deputy(DeputyId),
    Account(AccountId),
}

impl Whose {
    fn ids(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Deputy(deputy_id) => (Some(deputy_id.0), None),
            Self::Account(account_id) => (None, Some(account_id.0)),
        }
    }

    /// How the audit log names it.
    pub fn object(self) -> (&'static str, String) {
        match self {
            Self::Deputy(deputy_id) => ("deputy", deputy_id.to_string()),
            Self::Account(account_id) => ("account", account_id.to_string()),
        }
    }
}

/// An invitation about to be made.
#[derive(Debug)]
pub struct NewInvitation<'a> {
    pub whose: Whose,
    pub asks_for: Proof,
    pub token_hash: &'a [u8],
    pub made_by: AccountId,
    pub made_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Makes the invitation; one of the same deputy or account that is open ends.
pub async fn insert_invitation(connection: &mut PgConnection, county_id: CountyId, new: &NewInvitation<'_>) -> Result<i64, sqlx::Error> {
    let (deputy_id, account_id) = new.whose.ids();
    sqlx::query!(
        "update invitations set revoked_at = $4, revoked_because = 'replaced'
         where county_id = $1 and (deputy_id = $2 or account_id = $3) and used_at is null and revoked_at is null",
        county_id.0,
        deputy_id,
        account_id,
        new.made_at
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query_scalar!(
        "insert into invitations (county_id, deputy_id, account_id, asks_for, token_hash, made_by, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning invitation_id",
        county_id.0,
        deputy_id,
        account_id,
        new.asks_for.as_str(),
        new.token_hash,
        new.made_by.0,
        new.made_at,
        new.expires_at
    )
    .fetch_one(connection)
    .await
}

/// Which deputy an invitation is for, with their place, and whether it was used; nothing about an account's.
pub async fn find_place_of(
    connection: &mut PgConnection,
    county_id: CountyId,
    invitation_id: i64,
) -> Result<Option<(DeputyId, String, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select deputy_id as "deputy_id!", region_code, used_at is not null as "used!" from invitations join deputies using (county_id, deputy_id)
           where county_id = $1 and invitation_id = $2 for update of invitations"#,
        county_id.0,
        invitation_id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (DeputyId(row.deputy_id), row.region_code, row.used)))
}

/// Revokes an unused invitation. False when it was revoked before.
pub async fn revoke(connection: &mut PgConnection, county_id: CountyId, invitation_id: i64, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let revoked = sqlx::query!(
        "update invitations set revoked_at = $3, revoked_because = 'withdrawn'
         where county_id = $1 and invitation_id = $2 and used_at is null and revoked_at is null",
        county_id.0,
        invitation_id,
        at
    )
    .execute(connection)
    .await?;
    Ok(revoked.rows_affected() == 1)
}

/// What a token belongs to.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub county_id: CountyId,
    pub invitation_id: i64,
    pub whose: Whose,
    pub asks_for: Proof,
    pub used: bool,
    pub revoked: bool,
    pub expires_at: DateTime<Utc>,
}

/// The invitation of a token; locked until the transaction ends, so that it is used once.
pub async fn find_invitation(connection: &mut PgConnection, token_hash: &[u8]) -> Result<Option<Invitation>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select county_id, invitation_id, deputy_id, account_id, asks_for, used_at is not null as "used!",
                  revoked_at is not null as "revoked!", expires_at
           from invitations where token_hash = $1 for update"#,
        token_hash
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.and_then(|row| {
        let deputy = row.deputy_id.map(|deputy_id| Whose::Deputy(DeputyId(deputy_id)));
        let account = row.account_id.map(|account_id| Whose::Account(AccountId(account_id)));
        Some(Invitation {
            county_id: CountyId(row.county_id),
            invitation_id: row.invitation_id,
            whose: deputy.or(account)?,
            asks_for: Proof::from_name(&row.asks_for),
            used: row.used,
            revoked: row.revoked,
            expires_at: row.expires_at,
        })
    }))
}

/// Counts a wrong number or login; the last one that is borne revokes the invitation. Returns how many are left.
pub async fn count_mistake(connection: &mut PgConnection, invitation: &Invitation, at: DateTime<Utc>) -> Result<i16, sqlx::Error> {
    let mistakes = sqlx::query_scalar!(
        "update invitations
         set mistakes = mistakes + 1, revoked_at = case when mistakes + 1 >= $3 then $4::timestamptz end,
             revoked_because = case when mistakes + 1 >= $3 then 'mistakes' end
         where county_id = $1 and invitation_id = $2 and mistakes < $3 returning mistakes",
        invitation.county_id.0,
        invitation.invitation_id,
        MISTAKES_BORNE,
        at
    )
    .fetch_optional(connection)
    .await?;
    Ok(MISTAKES_BORNE - mistakes.unwrap_or(MISTAKES_BORNE))
}

pub async fn set_used(connection: &mut PgConnection, invitation: &Invitation, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let used = sqlx::query!(
        "update invitations set used_at = $3 where county_id = $1 and invitation_id = $2 and used_at is null and revoked_at is null",
        invitation.county_id.0,
        invitation.invitation_id,
        at
    )
    .execute(connection)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// The login of an account, from now on.
pub async fn set_login(connection: &mut PgConnection, county_id: CountyId, account_id: AccountId, login: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update accounts set login = $3 where county_id = $1 and account_id = $2", county_id.0, account_id.0, login)
        .execute(connection)
        .await?;
    Ok(())
}

pub async fn set_phone(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId, phone: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update deputies set phone = $3, entry_rev = entry_rev + 1 where county_id = $1 and deputy_id = $2",
        county_id.0,
        deputy_id.0,
        phone
    )
    .execute(connection)
    .await?;
    Ok(())
}
