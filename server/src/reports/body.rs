//! What a phone sends as a report, and what it must be like before anything is asked of the database.

use chrono::{DateTime, Datelike, Utc};
use geodata::{LonLat, PositionError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::model::{MOST_PHOTOS, MOST_PROBLEMS};
use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::http::{Problem, PublicText, Text};
use crate::ids::SiteId;
use crate::photos::PhotoHash;
use crate::sites::Stage;
use crate::sites::stage::percent_agrees;

/// Years that a phone's clock may show without making a mockery of the calendar.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// Where a phone says it is, and how sure it is of that.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "serde_json::Map<String, serde_json::Value>")]
#[schema(example = json!({"lon": 119.9742, "lat": 30.5401, "accuracy_m": 12.0}))]
pub struct Place {
    #[serde(flatten)]
    #[schema(inline, value_type = crate::http::shapes::Position)]
    pub position: LonLat,
    /// Radius in metres within which the phone believes itself to be.
    pub accuracy_m: Option<f32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceNumbers {
    lon: f64,
    lat: f64,
    accuracy_m: Option<f32>,
}

impl TryFrom<serde_json::Map<String, serde_json::Value>> for Place {
    /// `code|Chinese|English`, as the JSON reader takes it apart.
    type Error = String;

    /// Takes numbers by name only: an array of them does not say which is which.
    fn try_from(named: serde_json::Map<String, serde_json::Value>) -> Result<Self, String> {
        let numbers = PlaceNumbers::deserialize(serde_json::Value::Object(named)).map_err(|error| error.to_string())?;
        let position = LonLat::new(numbers.lon, numbers.lat).map_err(|fault| format!("{}|{fault}|{}", fault.code(), in_english(&fault)))?;
        if numbers.accuracy_m.is_some_and(|metres| !(0.0..=10_000_000.0).contains(&metres)) {
            return Err("accuracy_out_of_range|定位精度不对|The accuracy is out of range".to_owned());
        }
        Ok(Self { position, accuracy_m: numbers.accuracy_m })
    }
}

fn in_english(fault: &PositionError) -> &'static str {
    match fault {
        PositionError::NotANumber | PositionError::NotFinite => "The position is not a finite number",
        PositionError::Zero => "The position is (0, 0), which means that there is none",
        PositionError::Swapped { .. } => "Longitude and latitude are swapped",
        PositionError::LonOutside(_) => "The longitude is not between 73 and 136",
        PositionError::LatOutside(_) => "The latitude is not between 3 and 54",
    }
}

/// A deputy's report on one site.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_id": 41, "stage": "in_progress", "percent": 40, "words": "路基已完成，正在铺设路面。", "problems": ["weather"],
    "photos": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"], "written_at": "2026-10-28T16:20:00+08:00",
    "position": {"lon": 119.9742, "lat": 30.5401, "accuracy_m": 12.0}, "step_back_reason": null, "month": "2026-10"}))]
pub struct ReportBody {
    pub site_id: SiteId,
    pub stage: Stage,
    /// 0 to 100; 0 when nothing has started, 100 when completed.
    pub percent: u8,
    #[serde(default = "nothing")]
    pub words: PublicText<0, 2000>,
    /// Kinds of problems seen.
    #[serde(default)]
    pub problems: Vec<Text<1, 40>>,
    /// SHA-256 of each picture's bytes; the pictures themselves may arrive later.
    #[serde(default)]
    pub photos: Vec<PhotoHash>,
    /// When it was written, by the phone's clock.
    pub written_at: DateTime<Utc>,
    pub position: Option<Place>,
    /// Needed when the stage goes back.
    pub step_back_reason: Option<PublicText<0, 500>>,
    /// The month it is meant for. The month just closed takes it, marked late, until it is final; without a month, or when the named one
    /// takes nothing more, the time of writing decides.
    // Left out of the content when it is not said: reports that wait on phones keep the hash they were first sent with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
}

fn nothing() -> PublicText<0, 2000> {
    serde_json::from_str("\"\"").expect("an empty text is a text")
}

impl ReportBody {
    /// Names every field that cannot be right whatever the site.
    pub fn check(&self) -> Result<(), Problem> {
        let mut faults: Option<Problem> = None;
        let mut fault = |field: &str, code: &str, zh: &str, en: &str| {
            let found = match faults.take() {
                Some(found) => found.and_field(field, code, zh, en),
                None => Problem::field(field, code, zh, en),
            };
            faults = Some(found);
        };
        if !percent_agrees(self.stage, self.percent) {
            let (zh, en) = match self.stage {
                Stage::NotStarted => ("未开始的点位，进度应为 0", "Nothing has started: the percent must be 0"),
                Stage::Completed => ("已完成的点位，进度应为 100", "Completed means 100 percent"),
                Stage::InProgress => ("进度应在 0 到 100 之间", "The percent must be between 0 and 100"),
            };
            fault("percent", "disagrees_with_stage", zh, en);
        }
        if self.photos.len() > MOST_PHOTOS {
            fault("photos", "too_many", "最多 9 张照片", "At most 9 pictures");
        }
        if has_repetition(&self.photos) {
            fault("photos", "duplicate", "同一张照片选了两次", "A picture is named twice");
        }
        if self.problems.len() > MOST_PROBLEMS {
            fault("problems", "too_many", "问题类型太多", "Too many kinds of problems");
        }
        if !YEARS.contains(&self.written_at.year()) {
            fault("written_at", "out_of_range", "填写时间不对", "The time of writing is out of range");
        }
        faults.map_or(Ok(()), Err)
    }

    /// Tells one content from another, however it was spaced and ordered on the wire; the same words entered for a deputy are another.
    pub fn content_hash(&self, came_by: Option<CameBy>) -> Result<[u8; 32], Problem> {
        let mut canonical = serde_json::to_vec(self).map_err(Problem::internal)?;
        canonical.extend_from_slice(came_by.map_or("", CameBy::as_str).as_bytes());
        Ok(Sha256::digest(canonical).into())
    }

    /// The reason for a step back, if one was given in words.
    pub fn reason(&self) -> Option<&str> {
        self.step_back_reason.as_ref().map(PublicText::as_str).filter(|reason| !reason.is_empty())
    }
}

fn has_repetition(photos: &[PhotoHash]) -> bool {
    let mut sorted = photos.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).any(|pair| pair[0] == pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_waits_on_a_phone_since_before_months_could_be_named_keeps_its_content() {
        let sent = r#"{"site_id":41,"stage":"in_progress","percent":40,"words":"正在铺设路面。","problems":["weather"],"photos":[],"written_at":"2026-10-28T08:20:00Z","position":null,"step_back_reason":null}"#;
        let body: ReportBody = serde_json::from_str(sent).expect("a report");
        assert_eq!(serde_json::to_string(&body).expect("text"), sent);
        let named: ReportBody = serde_json::from_str(&sent.replace("null}", r#"null,"month":"2026-10"}"#)).expect("a report");
        assert_ne!(body.content_hash(None).expect("a hash"), named.content_hash(None).expect("a hash"));
    }
}
