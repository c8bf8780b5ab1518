//! What is printed on the card of an invitation: for whom, where it leads, until when.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::Proof;
use super::store::Candidate;
use super::store::invited::InvitedAccount;
use crate::http::Problem;
use crate::http::personal::Login;
use crate::ids::{AccountId, DeputyId};
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

fn code_of(link: &str) -> Result<QrCode, Problem> {
    QrCode::of(link).map_err(|_| Problem::internal("no code can hold the link of an invitation"))
}

impl InvitationCard {
    pub fn of(to: &Candidate, id: i64, expires_at: DateTime<FixedOffset>, link: String) -> Result<Self, Problem> {
        let qr = code_of(&link)?;
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

/// An account's invitation at the one moment in which its link is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountCard {
    pub id: i64,
    pub account_id: AccountId,
    pub name: String,
    /// The unit, station or place that the account's rights name.
    pub place: String,
    /// What is signed in with, to be printed. Nothing where it is what the card asks for, or a telephone number.
    pub login: Option<String>,
    /// What must be known beside the card.
    pub asks_for: Proof,
    /// Whether the card works only once the security administrator has confirmed the account.
    pub awaits_confirmation: bool,
    pub expires_at: DateTime<FixedOffset>,
    /// Where it leads. Nothing when the call is repeated: the token is kept nowhere, so it can be said only once.
    pub link: Option<String>,
    pub qr: Option<QrCode>,
}

/// The cards of the accounts invited by one call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"id": 8, "account_id": 21, "name": "县教育局", "place": "县教育局", "login": "jiaoyu", "asks_for": "phone",
    "awaits_confirmation": false, "expires_at": "2026-11-19T09:00:00+08:00", "link": "https://map.example/join#0a1b2c3d4e5f6g7h8j9kamcnep",
    "qr": {"side": 37, "path": "M4 4h7v1h-7z"}}]}))]
pub struct AccountCards {
    pub items: Vec<AccountCard>,
}

impl AccountCard {
    pub fn of(
        to: &InvitedAccount,
        (id, asks_for, awaits_confirmation): (i64, Proof, bool),
        expires_at: DateTime<FixedOffset>,
        link: String,
    ) -> Result<Self, Problem> {
        let qr = code_of(&link)?;
        // A login that is a number is known to whoever must know the number, and to nobody who finds the card.
        let is_number = Login(to.login.clone()).masked() != to.login;
        Ok(Self {
            id,
            account_id: to.account_id,
            name: to.name.clone(),
            place: to.place.clone(),
            login: (asks_for == Proof::Phone && !is_number).then(|| to.login.clone()),
            asks_for,
            awaits_confirmation,
            expires_at,
            link: Some(link),
            qr: Some(qr),
        })
    }

    /// The same without what must not lie in the database.
    pub fn without_link(&self) -> Self {
        Self { link: None, qr: None, name: self.name.clone(), place: self.place.clone(), login: self.login.clone(), ..*self }
    }
}
