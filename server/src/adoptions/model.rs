//! Pure rules of adopting and handing over.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{Actor, Role};
use crate::ids::DeputyId;

/// The deputy as whom the person adopts and hands over.
pub fn may_adopt(actor: &Actor) -> Option<DeputyId> {
    actor.grants.iter().find(|grant| grant.role == Role::Deputy).and_then(|grant| grant.deputy_id)
}

/// Whether the person offers sites for adoption somewhere.
pub fn may_offer(actor: &Actor) -> bool {
    actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

/// Sites offered, or offered no longer, by one call.
pub const MOST_AT_ONCE: usize = 200;

/// Deputies wanted for one site.
pub const MOST_PLACES: i16 = 20;

/// Why a site is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum HandOverReason {
    Leave,
    Illness,
    EndOfTerm,
    Other,
}

impl HandOverReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Illness => "illness",
            Self::EndOfTerm => "end_of_term",
            Self::Other => "other",
        }
    }
}
