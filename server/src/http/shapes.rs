//! Small shapes that many answers share: a thing by its name, a region, a position.

use geodata::LonLat;
use serde::Serialize;
use utoipa::ToSchema;

/// A thing by number and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"id": 7, "name": "县交通运输局"}))]
pub struct Named {
    pub id: i64,
    pub name: String,
}

/// A region by division code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"code": "339901004", "name": "清溪镇"}))]
pub struct RegionRef {
    pub code: String,
    pub name: String,
}

/// Where a portrait is served, by the SHA-256 of its bytes.
pub fn portrait_url(sha256: &[u8]) -> String {
    format!("/portraits/{}", hex::encode(sha256))
}

/// A position in degrees, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"lon": 119.9742, "lat": 30.5401}))]
pub struct Position {
    pub lon: f64,
    pub lat: f64,
}

impl From<LonLat> for Position {
    fn from(position: LonLat) -> Self {
        Self { lon: position.lon(), lat: position.lat() }
    }
}
