//! Who did what to what: one line for every act, refusal and sign-in, written in the transaction of the act it records.
//!
//! The table only grows; the database refuses to change or remove a line. Secrets and personal data stay out of `detail`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::http::RequestContext;
use crate::ids::{AccountId, CountyId};

/// Whose act is recorded, and from where.
#[derive(Debug, Clone)]
pub struct Author {
    pub county_id: Option<CountyId>,
    pub account_id: Option<AccountId>,
    kind: &'static str,
    roles: Vec<String>,
    address: String,
    user_agent: String,
    request_id: Option<Uuid>,
}

impl Author {
    /// A signed-in person, with the roles held at this moment.
    pub fn account(county_id: CountyId, account_id: AccountId, roles: Vec<String>, context: &RequestContext) -> Self {
        Self { account_id: Some(account_id), roles, ..Self::visitor(Some(county_id), context) }.of_kind("account")
    }

    /// Somebody who is not signed in.
    pub fn visitor(county_id: Option<CountyId>, context: &RequestContext) -> Self {
        Self {
            county_id,
            account_id: None,
            kind: "visitor",
            roles: Vec::new(),
            address: context.address.map(|address| address.to_string()).unwrap_or_default(),
            user_agent: context.user_agent.to_string(),
            request_id: Some(context.request_id),
        }
    }

    /// A recurring job of the service itself.
    pub fn schedule(county_id: CountyId) -> Self {
        Self::machine(Some(county_id), "schedule")
    }

    /// Somebody at the machine's command line.
    pub fn command(county_id: Option<CountyId>) -> Self {
        Self::machine(county_id, "command")
    }

    fn machine(county_id: Option<CountyId>, kind: &'static str) -> Self {
        Self { county_id, account_id: None, kind, roles: Vec::new(), address: String::new(), user_agent: String::new(), request_id: None }
    }

    fn of_kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }
}

/// How the act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused,
}

/// What was done: `action` is `noun.verb`, `object` the kind and id of the thing.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    pub action: &'a str,
    pub object: (&'a str, &'a str),
    pub outcome: Outcome,
    pub detail: serde_json::Value,
}

/// Writes one line, in the caller's transaction.
pub async fn record(connection: &mut PgConnection, author: &Author, entry: Entry<'_>, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let outcome = match entry.outcome {
        Outcome::Done => "done",
        Outcome::Refused => "refused",
    };
    sqlx::query!(
        "insert into audit_log (county_id, at, account_id, actor_kind, roles, action, object_kind, object_id, outcome, address, user_agent, request_id, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        author.county_id.map(|county| county.0),
        at,
        author.account_id.map(|account| account.0),
        author.kind,
        &author.roles,
        entry.action,
        entry.object.0,
        entry.object.1,
        outcome,
        author.address,
        author.user_agent,
        author.request_id,
        entry.detail
    )
    .execute(connection)
    .await?;
    Ok(())
}
