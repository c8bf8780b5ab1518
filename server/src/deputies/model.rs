//! A deputy's public side.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::http::shapes::{Named, RegionRef};
use crate::ids::DeputyId;

/// The congress in which a deputy sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeputyLevel {
    National,
    Provincial,
    City,
    County,
    Township,
}

impl DeputyLevel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Provincial => "provincial",
            Self::City => "city",
            Self::County => "county",
            Self::Township => "township",
        }
    }
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
    /// The terms of the county's congress in which they sat, as far as they are known; the oldest first.
    pub terms: Vec<i16>,
    /// The first day on which they were a deputy no longer.
    pub left_on: Option<NaiveDate>,
}
