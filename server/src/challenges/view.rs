//! A challenge as its sender and as everybody sees it: who acted is an office, never a person.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{ChallengeState, ChallengeStepKind, Consequence};
use super::store::pictures::Picture;
use super::store::read::{Challenge, Published, Step};
use crate::calendar::Month;
use crate::county::County;
use crate::http::private_numbers::mask;
use crate::http::shapes::{Position, RegionRef};
use crate::ids::SiteId;
use crate::photos::PhotoHash;
use crate::sites::Stage;

/// The site that a challenge speaks of.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路", "region": {"code": "339901004", "name": "清溪镇"},
    "stage": "completed", "struck_off": false}))]
pub struct ChallengedSite {
    pub id: SiteId,
    pub code: String,
    pub name: String,
    pub region: RegionRef,
    /// As it is now.
    pub stage: Stage,
    pub struck_off: bool,
}

impl ChallengedSite {
    pub fn of(challenge: &Challenge) -> Self {
        Self {
            id: challenge.site_id,
            code: challenge.site_code.clone(),
            name: challenge.site_name.clone(),
            region: RegionRef { code: challenge.region_code.clone(), name: challenge.region_name.clone() },
            stage: challenge.stage,
            struck_off: challenge.struck_off,
        }
    }
}

/// An office that acted, in role words.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"role": "committee", "region": "清溪县"}))]
pub struct ActingOffice {
    /// `committee` or `working_committee`.
    pub role: String,
    pub region: String,
}

/// Something that happened to a challenge.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChallengeStep {
    pub kind: ChallengeStepKind,
    pub at: DateTime<FixedOffset>,
    /// Null when the visitor did it.
    pub by: Option<ActingOffice>,
    /// Of the office.
    pub words: String,
}

impl ChallengeStep {
    pub fn of(step: &Step, county: &County) -> Self {
        // Whoever has left the office meanwhile still acted for it.
        let by = step.name.as_ref().map(|_| ActingOffice {
            role: step.role.clone().unwrap_or_else(|| "committee".to_owned()),
            region: step.region.clone().unwrap_or_else(|| county.name.clone()),
        });
        Self { kind: step.kind, at: county.local(step.at), by, words: step.words.clone() }
    }
}

/// A picture that its sender announced.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnPicture {
    pub sha256: PhotoHash,
    /// Whether it has come; then it is at `/api/challenges/{number}/photos/{sha256}` for whoever holds the secret.
    pub arrived: bool,
}

/// The whole of a challenge, for whoever holds its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"number": "7K2M9QXD", "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路",
    "region": {"code": "339901004", "name": "清溪镇"}, "stage": "completed", "struck_off": false}, "seen": "in_progress",
    "words": "地图上是蓝色，现场路面还没有铺完。", "position": {"lon": 119.9742, "lat": 30.5401}, "photos": [], "missing_photos": [],
    "state": "accepted", "submitted_at": "2026-11-22T09:00:00+08:00", "steps": [{"kind": "submitted", "at": "2026-11-22T09:00:00+08:00",
    "by": null, "words": ""}, {"kind": "accepted", "at": "2026-11-22T10:00:00+08:00", "by": {"role": "committee", "region": "清溪县"},
    "words": "三日内到现场核实"}], "reason": null, "consequence": null, "words_published": false, "photos_published": false, "erased": false,
    "may_withdraw": true}))]
pub struct OwnChallenge {
    pub number: String,
    pub site: ChallengedSite,
    pub seen: Option<Stage>,
    pub words: String,
    pub position: Option<Position>,
    pub photos: Vec<OwnPicture>,
    /// Announced pictures that have not come.
    pub missing_photos: Vec<PhotoHash>,
    pub state: ChallengeState,
    pub submitted_at: DateTime<FixedOffset>,
    pub steps: Vec<ChallengeStep>,
    /// Why it was founded, unfounded or declined.
    pub reason: Option<String>,
    pub consequence: Option<Consequence>,
    pub words_published: bool,
    pub photos_published: bool,
    /// Words, place and pictures were erased when their time was over.
    pub erased: bool,
    pub may_withdraw: bool,
}

impl OwnChallenge {
    pub fn of(challenge: &Challenge, pictures: &[Picture], steps: &[Step], county: &County) -> Self {
        Self {
            number: challenge.number.clone(),
            site: ChallengedSite::of(challenge),
            seen: challenge.seen,
            words: challenge.words.clone(),
            position: challenge.lon.zip(challenge.lat).map(|(lon, lat)| Position { lon, lat }),
            photos: pictures.iter().map(|picture| OwnPicture { sha256: picture.sha256, arrived: picture.arrived }).collect(),
            missing_photos: pictures.iter().filter(|picture| !picture.arrived).map(|picture| picture.sha256).collect(),
            state: challenge.state,
            submitted_at: county.local(challenge.submitted_at),
            steps: steps.iter().map(|step| ChallengeStep::of(step, county)).collect(),
            reason: challenge.reason.clone(),
            consequence: challenge.consequence,
            words_published: challenge.words_published,
            photos_published: challenge.photos_published,
            erased: challenge.erased_at.is_some(),
            may_withdraw: challenge.state.is_open(),
        }
    }
}

/// What everybody may know of a challenge.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"state": "founded", "month": "2026-11", "seen": "in_progress", "words": "地图上是蓝色，现场路面还没有铺完。", "photos": [],
    "reason": "经现场核实，尚有 200 米未铺", "consequence": "correct_stage"}))]
pub struct PublicChallengeView {
    pub state: ChallengeState,
    /// In which it was sent.
    pub month: Month,
    pub seen: Option<Stage>,
    /// Once the office has cleared them; numbers of persons are masked.
    pub words: Option<String>,
    /// Once the office has cleared them; at `/photos/{sha256}`.
    pub photos: Vec<PhotoHash>,
    /// Why it was found so.
    pub reason: Option<String>,
    pub consequence: Option<Consequence>,
}

impl PublicChallengeView {
    pub fn of(published: &Published, county: &County) -> Self {
        Self {
            state: published.state,
            month: county.month_at(published.submitted_at),
            seen: published.seen,
            words: published.words.as_deref().map(mask),
            photos: published.photos.clone(),
            reason: published.reason.as_deref().map(mask),
            consequence: published.consequence,
        }
    }
}
