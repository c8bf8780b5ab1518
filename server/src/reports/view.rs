//! A report as answers show it.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::read::{Report, ReportPhoto, ReportState};
use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::county::County;
use crate::http::shapes::Named;
use crate::ids::SiteId;
use crate::photos::PhotoHash;
use crate::sites::Stage;

/// A report's picture.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "url": "/photos/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "thumbnail_url": "/photos/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08/thumbnail",
    "width": 2048, "height": 1536, "missing": false}))]
pub struct PhotoView {
    pub sha256: PhotoHash,
    pub url: String,
    pub thumbnail_url: String,
    pub width: Option<i32>,
    pub height: Option<i32>,
    /// Announced, not arrived yet.
    pub missing: bool,
}

impl From<&ReportPhoto> for PhotoView {
    fn from(photo: &ReportPhoto) -> Self {
        Self {
            sha256: photo.hash,
            url: format!("/photos/{}", photo.hash),
            thumbnail_url: format!("/photos/{}/thumbnail", photo.hash),
            width: photo.dimensions.map(|(width, _)| width),
            height: photo.dimensions.map(|(_, height)| height),
            missing: photo.dimensions.is_none(),
        }
    }
}

/// A deputy's report on a site for a month.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f6ee-7c1a-7000-8000-0123456789ab", "site_id": 41, "month": "2026-10", "deputy": {"id": 12, "name": "沈晓岚"},
    "stage": "in_progress", "percent": 40, "words": "路基已完成，正在铺设路面。", "problems": ["weather"], "photos": [], "missing_photos": [],
    "written_at": "2026-10-28T16:20:00+08:00", "received_at": "2026-10-28T16:21:07+08:00", "late": false, "off_site": false, "distance_m": 38,
    "step_back": false, "step_back_reason": null, "reused_photo": false, "state": "standing", "version": 1, "returned_at": null,
    "return_reason": null, "on_behalf": null, "objected": false}))]
pub struct ReportView {
    pub id: Uuid,
    pub site_id: SiteId,
    pub month: Month,
    pub deputy: Named,
    pub stage: Stage,
    pub percent: i16,
    pub words: String,
    pub problems: Vec<String>,
    pub photos: Vec<PhotoView>,
    /// Announced pictures that have not arrived yet.
    pub missing_photos: Vec<PhotoHash>,
    /// As far as the phone's clock can be believed.
    pub written_at: DateTime<FixedOffset>,
    pub received_at: DateTime<FixedOffset>,
    /// It came after its month had closed.
    pub late: bool,
    /// Written further from the site than the county allows.
    pub off_site: bool,
    /// Between the deputy's phone and the site.
    pub distance_m: Option<i32>,
    pub step_back: bool,
    pub step_back_reason: Option<String>,
    /// It shows a picture of an earlier report again.
    pub reused_photo: bool,
    pub state: ReportState,
    pub version: i16,
    pub returned_at: Option<DateTime<FixedOffset>>,
    pub return_reason: Option<String>,
    /// Staff entered it for the deputy: how the words came to them. Null when the deputy sent it.
    pub on_behalf: Option<CameBy>,
    /// It was taken back because the deputy said that these were not their words.
    pub objected: bool,
}

impl ReportView {
    /// The report with times as the county counts them.
    pub fn of(report: Report, county: &County) -> Self {
        Self {
            id: report.report_id,
            site_id: report.site_id,
            month: report.month,
            deputy: report.deputy,
            stage: report.stage,
            percent: report.percent,
            words: report.words,
            problems: report.problems,
            missing_photos: report.photos.iter().filter(|photo| photo.dimensions.is_none()).map(|photo| photo.hash).collect(),
            photos: report.photos.iter().map(PhotoView::from).collect(),
            written_at: county.local(report.counted_at),
            received_at: county.local(report.received_at),
            late: report.late,
            off_site: report.off_site,
            distance_m: report.distance_m,
            step_back: report.step_back,
            step_back_reason: report.step_back_reason,
            reused_photo: report.reused_photo,
            state: report.state,
            version: report.version,
            returned_at: report.returned_at.map(|at| county.local(at)),
            return_reason: report.return_reason,
            on_behalf: report.came_by,
            objected: report.objected,
        }
    }
}
