//! How deputies stand to joining, for lists that are about something else.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::Standing;
use super::store;
use crate::county::County;
use crate::ids::DeputyId;

/// Whether a deputy has joined, and until when an open invitation holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"standing": "invited", "expires_at": "2026-11-19T09:00:00+08:00"}))]
pub struct JoiningState {
    pub standing: Standing,
    /// Of the invitation that was neither used nor revoked.
    pub expires_at: Option<DateTime<FixedOffset>>,
}

/// The states of these deputies; those who have left, or will leave, have none.
pub async fn standings(
    connection: &mut PgConnection,
    county: &County,
    deputies: &[DeputyId],
    now: DateTime<Utc>,
) -> Result<HashMap<DeputyId, JoiningState>, sqlx::Error> {
    let numbers: Vec<i64> = deputies.iter().map(|deputy| deputy.0).collect();
    let found = store::list_candidates(connection, county.county_id, std::slice::from_ref(&county.code), Some(&numbers)).await?;
    let states = found.into_iter().map(|candidate| {
        let expires_at = candidate.invitation.map(|invitation| county.local(invitation.expires_at));
        (candidate.deputy_id, JoiningState { standing: candidate.facts.standing(now), expires_at })
    });
    Ok(states.collect())
}
