//! What a visitor sends, and what it must be like before anything is asked of the database.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{LEAST_FILLED_MS, MOST_PHOTOS};
use crate::http::{Problem, Text};
use crate::photos::PhotoHash;
use crate::reports::body::Place;
use crate::sites::Stage;

/// What somebody saw at a site.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"seen": "in_progress", "words": "地图上是蓝色，现场路面还没有铺完，有一段仍是土路。",
    "photos": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    "position": {"lon": 119.9742, "lat": 30.5401, "accuracy_m": 12.0}, "website": "", "filled_ms": 41000}))]
pub struct NewChallenge {
    /// The stage in which they saw it.
    pub seen: Option<Stage>,
    pub words: Text<5, 500>,
    /// SHA-256 of each picture's bytes, at most three; the pictures are sent afterwards.
    #[serde(default)]
    pub photos: Vec<PhotoHash>,
    pub position: Option<Place>,
    /// No person sees this field; it stays empty.
    #[serde(default)]
    pub website: String,
    /// How long the form was open, in milliseconds.
    pub filled_ms: u32,
}

impl NewChallenge {
    /// Names every field that cannot be right whatever the site.
    pub fn check(&self) -> Result<(), Problem> {
        if !self.website.is_empty() {
            let (zh, en) = ("这一栏请留空，然后重新提交", "Please leave this field empty and send it again");
            return Err(Problem::field("website", "unwanted", zh, en));
        }
        if self.filled_ms < LEAST_FILLED_MS {
            let (zh, en) = ("提交得太快了，请核对内容后再提交", "That was very fast; please read it over and send it again");
            return Err(Problem::field("filled_ms", "too_fast", zh, en));
        }
        if self.photos.len() > MOST_PHOTOS {
            return Err(Problem::field("photos", "too_many", "最多 3 张照片", "At most 3 pictures"));
        }
        if self.photos.iter().enumerate().any(|(place, photo)| self.photos[..place].contains(photo)) {
            return Err(Problem::field("photos", "duplicate", "同一张照片选了两次", "A picture is named twice"));
        }
        Ok(())
    }

    /// The content, however it was spaced and ordered on the wire and however long it was typed.
    pub fn canonical(&self) -> Result<Vec<u8>, Problem> {
        serde_json::to_vec(&(self.seen, &self.words, &self.photos, &self.position)).map_err(Problem::internal)
    }
}
