//! Acting for somebody who cannot: staff enter a deputy's report or a unit's answer, and say how the words reached them.

use serde::{Deserialize, Serialize};

/// How somebody's words came to whoever entered them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CameBy {
    Telephone,
    Paper,
    InPerson,
}

impl CameBy {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Telephone => "telephone",
            Self::Paper => "paper",
            Self::InPerson => "in_person",
        }
    }

    /// As it is said in a notice.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Telephone => "电话",
            Self::Paper => "书面材料",
            Self::InPerson => "当面陈述",
        }
    }
}
