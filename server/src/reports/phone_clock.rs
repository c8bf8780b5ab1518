//! What a phone says of its own clock while it sends, so that a wrong one is known by how much.
//!
//! It is no part of a report's content: the same report sent again at another time is the same report.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, Datelike, Utc};

use super::body::YEARS;
use crate::http::Problem;

/// The header `phone-clock`: the time the phone shows at this moment, RFC 3339. Nothing where the phone does not say.
#[derive(Debug, Clone, Copy)]
pub struct PhoneClock(pub Option<DateTime<Utc>>);

impl<S: Send + Sync> FromRequestParts<S> for PhoneClock {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(said) = parts.headers.get("phone-clock") else { return Ok(Self(None)) };
        let shown = said.to_str().ok().and_then(|text| DateTime::parse_from_rfc3339(text).ok()).map(|time| time.to_utc());
        match shown {
            Some(time) if YEARS.contains(&time.year()) => Ok(Self(Some(time))),
            _ => Err(Problem::field("phone-clock", "not_a_time", "手机时间的格式不对", "The phone's clock is not a time of RFC 3339")),
        }
    }
}
