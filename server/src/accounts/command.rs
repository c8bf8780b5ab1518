//! Accounts at the command line, for whoever runs the machine: the first ones, and a confirmation where nobody on the desk could give it.
//! `main` parses the arguments and opens the database.

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgPool;

use super::model::{Grant, Role, may_be_held_in};
use super::password_rules::check_new_password;
use super::passwords;
use super::store::{people, safety};
use crate::audit::{self, Author, Entry, Outcome};
use crate::config::Settings;
use crate::county::County;

/// An account as the arguments and the environment say it.
#[derive(Debug)]
pub struct NewAccount {
    login: String,
    name: String,
    role: Role,
    password_hash: String,
}

impl NewAccount {
    /// Reads what was typed and hashes the password, before any database is opened. Roles that speak for a deputy, a unit or a station are
    /// given on the desk, where these can be chosen.
    pub async fn read(login: &str, name: String, role: &str, password: String, settings: &Settings) -> anyhow::Result<Self> {
        let role = Role::from_name(role).filter(|role| !matches!(role, Role::Deputy | Role::UnitHandler | Role::StationKeeper));
        let role = role.context("--role must be committee, working_committee, administrator, security_administrator or auditor")?;
        let login = login.to_lowercase();
        if let Err(fault) = check_new_password(&password, &[&login, &name], settings.password_profile) {
            bail!("the password is not taken: {fault:?}");
        }
        let password_hash = passwords::hash(password, settings.password_memory_kib).await?;
        Ok(Self { login, name, role, password_hash })
    }
}

/// Makes the account, with its right in `region` or the whole county. Returns what to print.
pub async fn create(pool: &PgPool, county: &County, account: NewAccount, region: Option<String>, now: DateTime<Utc>) -> anyhow::Result<String> {
    let NewAccount { login, name, role, password_hash } = account;
    let region_code = region.unwrap_or_else(|| county.code.clone());
    ensure!(may_be_held_in(role, &region_code, &county.code), "{} cannot be held in {region_code}", role.as_str());
    let mut tx = pool.begin().await?;
    let account_id = people::insert_account(&mut tx, county.county_id, &login, &name, Some(&password_hash), now).await?;
    let grant = Grant { role, region_code, deputy_id: None, unit_id: None, station_id: None };
    people::insert_grant(&mut tx, county.county_id, account_id, &grant).await?;
    let detail = json!({ "login": login, "roles": [role.as_str()] });
    let entry = Entry { action: "account.create", object: ("account", &account_id.to_string()), outcome: Outcome::Done, detail };
    audit::record(&mut tx, &Author::command(Some(county.county_id)), entry, now).await?;
    tx.commit().await?;
    Ok(format!("账号已建立 account {login} ({})", role.as_str()))
}

/// Confirms, as the security administrator would on the desk, what was done with an account. Returns what to print.
pub async fn confirm(pool: &PgPool, county: &County, login: &str, now: DateTime<Utc>) -> anyhow::Result<String> {
    let login = login.to_lowercase();
    let mut tx = pool.begin().await?;
    let account_id = people::find_account_of_login(&mut tx, county.county_id, &login).await?;
    let account_id = account_id.with_context(|| format!("没有账号 no account {login} in {}", county.code))?;
    ensure!(
        safety::settle_account(&mut tx, county.county_id, account_id, None).await?,
        "账号不在等待确认 account {login} does not wait for a confirmation"
    );
    let entry = Entry { action: "account.confirm", object: ("account", &account_id.to_string()), outcome: Outcome::Done, detail: json!({}) };
    audit::record(&mut tx, &Author::command(Some(county.county_id)), entry, now).await?;
    tx.commit().await?;
    Ok(format!("已确认，可以登录 account {login} can sign in"))
}
