//! A challenge as the office sees it: the words whole and as they would be published, and whether the reader may decide.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{ChallengeState, ChallengeStepKind, Consequence};
use super::store::pictures::Picture;
use super::store::read::{Challenge, Step};
use super::view::{ActingOffice, ChallengeStep, ChallengedSite};
use crate::accounts::Actor;
use crate::county::County;
use crate::http::private_numbers::{self, PrivateNumber};
use crate::http::shapes::{Named, Position};
use crate::photos::PhotoHash;
use crate::sites::{Stage, key};

/// A picture with what speaks for and against it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeskPicture {
    pub sha256: PhotoHash,
    pub arrived: bool,
    /// As the camera noted it.
    pub taken_at: Option<String>,
    /// Metres between where the camera says it was and the site.
    pub taken_distance_m: Option<i32>,
    /// An earlier report that shows the same picture.
    pub reuses_report_id: Option<Uuid>,
    /// An earlier challenge that shows the same picture.
    pub reuses_challenge: Option<String>,
}

/// A step with the person behind it, for the office alone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeskStep {
    pub kind: ChallengeStepKind,
    pub at: DateTime<FixedOffset>,
    /// Null when the visitor did it.
    pub by: Option<ActingOffice>,
    pub name: Option<String>,
    pub words: String,
}

/// A challenge on the desk.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"number": "7K2M9QXD", "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路",
    "region": {"code": "339901004", "name": "清溪镇"}, "stage": "completed", "struck_off": false}, "project": {"id": 3, "name": "农村公路提升"},
    "site_rev": 9, "state": "submitted", "seen": "in_progress", "words": "路面还没有铺完，电话13800001111", "private_numbers": [{"kind": "mobile",
    "text": "13800001111", "from": 10, "to": 21}], "public_words": "路面还没有铺完，电话＊＊＊＊＊＊＊＊＊＊＊", "edited_words": null, "position": null,
    "accuracy_m": null, "distance_m": null, "photos": [], "submitted_at": "2026-11-22T09:00:00+08:00", "steps": [], "reason": null,
    "consequence": null, "words_published": false, "photos_published": false, "erased": false, "may_decide": true, "own_case": false, "rev": 1}))]
pub struct DeskChallenge {
    pub number: String,
    pub site: ChallengedSite,
    pub project: Named,
    /// Of the site as it is now.
    pub site_rev: i64,
    pub state: ChallengeState,
    pub seen: Option<Stage>,
    pub words: String,
    /// Numbers of persons in the words.
    pub private_numbers: Vec<PrivateNumber>,
    /// The words as they are or would be published: numbers of persons are masked.
    pub public_words: String,
    /// As the office wrote them for everybody.
    pub edited_words: Option<String>,
    pub position: Option<Position>,
    pub accuracy_m: Option<f32>,
    /// Metres between where the visitor stood and the site.
    pub distance_m: Option<i32>,
    pub photos: Vec<DeskPicture>,
    pub submitted_at: DateTime<FixedOffset>,
    pub steps: Vec<DeskStep>,
    pub reason: Option<String>,
    pub consequence: Option<Consequence>,
    pub words_published: bool,
    pub photos_published: bool,
    pub erased: bool,
    /// Whether the reader decides about the site.
    pub may_decide: bool,
    /// Whether the reader reported on the site, adopted it or struck it off: then somebody else settles the challenge.
    pub own_case: bool,
    pub rev: i64,
}

impl DeskChallenge {
    pub fn of(challenge: Challenge, pictures: Vec<Picture>, steps: &[Step], own_case: bool, (county, reader): (&County, &Actor)) -> Self {
        let shown = challenge.edited_words.as_ref().unwrap_or(&challenge.words);
        Self {
            site: ChallengedSite::of(&challenge),
            project: Named { id: challenge.project_id.0, name: challenge.project_title },
            site_rev: challenge.site_rev,
            state: challenge.state,
            seen: challenge.seen,
            private_numbers: private_numbers::find(&challenge.words),
            public_words: private_numbers::mask(shown),
            edited_words: challenge.edited_words.clone(),
            position: challenge.lon.zip(challenge.lat).map(|(lon, lat)| Position { lon, lat }),
            accuracy_m: challenge.accuracy_m,
            distance_m: challenge.distance_m,
            photos: pictures.into_iter().map(DeskPicture::from).collect(),
            submitted_at: county.local(challenge.submitted_at),
            steps: steps.iter().map(|step| DeskStep::of(step, county)).collect(),
            reason: challenge.reason,
            consequence: challenge.consequence,
            words_published: challenge.words_published,
            photos_published: challenge.photos_published,
            erased: challenge.erased_at.is_some(),
            may_decide: reader.supervises(&challenge.region_code) && key::may_decide(reader, &challenge.region_code, challenge.key_site),
            own_case,
            rev: challenge.rev,
            number: challenge.number,
            words: challenge.words,
        }
    }
}

impl From<Picture> for DeskPicture {
    fn from(picture: Picture) -> Self {
        let Picture { sha256, arrived, taken_at, taken_distance_m, reuses_report_id, reuses_challenge, .. } = picture;
        Self { sha256, arrived, taken_at, taken_distance_m, reuses_report_id, reuses_challenge }
    }
}

impl DeskStep {
    fn of(step: &Step, county: &County) -> Self {
        let ChallengeStep { kind, at, by, words } = ChallengeStep::of(step, county);
        Self { kind, at, by, name: step.name.clone(), words }
    }
}
