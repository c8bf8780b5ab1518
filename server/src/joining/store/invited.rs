//! All SQL of the accounts that are invited by the administrator.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::accounts::Role;
use crate::ids::{AccountId, CountyId};

/// An account with everything that its invitation depends on.
#[derive(Debug, Clone)]
pub struct InvitedAccount {
    pub account_id: AccountId,
    pub login: String,
    pub name: String,
    /// The number at which it hears its notices.
    pub phone: Option<String>,
    pub roles: Vec<Role>,
    /// The unit, station or region that its rights name.
    pub place: String,
    pub has_password: bool,
    pub is_disabled: bool,
    pub awaits_confirmation: bool,
}

/// These accounts, as far as the county has them.
pub async fn list_accounts(connection: &mut PgConnection, county_id: CountyId, accounts: &[i64]) -> Result<Vec<InvitedAccount>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select a.account_id, a.login, a.name, a.password_hash is not null as "has_password!", a.disabled_at is not null as "is_disabled!",
                  a.awaits_confirmation_since is not null as "awaits_confirmation!", n.phone as "phone?",
                  array(select g.role from grants g where g.county_id = a.county_id and g.account_id = a.account_id order by g.role) as "roles!",
                  coalesce((select string_agg(distinct coalesce(u.name, s.name, r.name), '、') from grants g
                            join regions r on r.county_id = g.county_id and r.region_code = g.region_code
                            left join units u on u.county_id = g.county_id and u.unit_id = g.unit_id
                            left join stations s on s.county_id = g.county_id and s.station_id = g.station_id
                            where g.county_id = a.county_id and g.account_id = a.account_id and g.role <> 'deputy'), '') as "place!"
           from accounts a
           left join notice_phones n on n.county_id = a.county_id and n.account_id = a.account_id
           where a.county_id = $1 and a.account_id = any($2)"#,
        county_id.0,
        accounts
    )
    .fetch_all(connection)
    .await?;
    let accounts = rows.into_iter().map(|row| InvitedAccount {
        account_id: AccountId(row.account_id),
        login: row.login,
        name: row.name,
        phone: row.phone,
        roles: row.roles.iter().filter_map(|role| Role::from_name(role)).collect(),
        place: row.place,
        has_password: row.has_password,
        is_disabled: row.is_disabled,
        awaits_confirmation: row.awaits_confirmation,
    });
    Ok(accounts.collect())
}

/// Revokes the account's invitation that was neither used nor revoked, and says which one it was.
pub async fn revoke(
    connection: &mut PgConnection,
    county_id: CountyId,
    account_id: AccountId,
    at: DateTime<Utc>,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "update invitations set revoked_at = $3, revoked_because = 'withdrawn'
         where county_id = $1 and account_id = $2 and used_at is null and revoked_at is null returning invitation_id",
        county_id.0,
        account_id.0,
        at
    )
    .fetch_optional(connection)
    .await
}
