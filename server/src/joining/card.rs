//! What is printed on the card of an invitation: for whom, where it leads, until when.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::Candidate;
use crate::http::Problem;
use crate::ids::DeputyId;
use crate::qr_code::QrCode;

/// An invitation at the one moment in which its link is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationCard {
    pub id: i64,
    pub deputy_id: DeputyId,
    pub name: String,
    pub constituency: String,
    /// Name of the deputy's township.
    pub region: String,
    pub station: Option<String>,
    pub expires_at: DateTime<FixedOffset>,
    /// Where it leads. Nothing when the call is repeated: the token is kept nowhere, so it can be said only once.
    pub link: Option<String>,
    pub qr: Option<QrCode>,
}

/// The cards of the invitations made by one call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"id": 7, "deputy_id": 12, "name": "沈晓岚", "constituency": "清溪镇第一选区", "region": "清溪镇", "station": "清溪镇代表联络站",
    "expires_at": "2026-11-19T09:00:00+08:00", "link": "https://map.example/join#0a1b2c3d4e5f6g7h8j9kamcnep", "qr": {"side": 37, "path": "M4 4h7v1h-7z"}}]}))]
pub struct Cards {
    pub items: Vec<InvitationCard>,
}

impl InvitationCard {
    pub fn of(to: &Candidate, id: i64, expires_at: DateTime<FixedOffset>, link: String) -> Result<Self, Problem> {
        let qr = QrCode::of(&link).map_err(|_| Problem::internal("no code can hold the link of an invitation"))?;
        Ok(Self {
            id,
            deputy_id: to.deputy_id,
            name: to.name.clone(),
            constituency: to.constituency.clone(),
            region: to.region.name.clone(),
            station: to.station.clone(),
            expires_at,
            link: Some(link),
            qr: Some(qr),
        })
    }

    /// The same without what must not lie in the database.
    pub fn without_link(&self) -> Self {
        Self {
            link: None,
            qr: None,
            name: self.name.clone(),
            constituency: self.constituency.clone(),
            region: self.region.clone(),
            station: self.station.clone(),
            ..*self
        }
    }
}
