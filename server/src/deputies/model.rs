//! A deputy's public side.

use serde::Serialize;

use crate::http::shapes::{Named, RegionRef};
use crate::ids::DeputyId;

/// The congress in which a deputy sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeputyLevel {
    National,
    Provincial,
    City,
    County,
    Township,
}

/// A deputy, as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deputy {
    pub deputy_id: DeputyId,
    pub name: String,
    pub level: DeputyLevel,
    pub constituency: String,
    pub region: RegionRef,
    pub group: Option<Named>,
    pub station: Option<Named>,
    pub portrait_url: Option<String>,
}
