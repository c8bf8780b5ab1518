//! Accepting a report: one transaction from the phone's bytes to the pin's colour.
//!
//! Whoever reports on a site waits for whoever reports on it at the same moment (the site's row is locked first), so that a repetition
//! finds the first sending, versions are counted, and the stage is decided from what stands.

use axum::http::StatusCode;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::ReportBody;
use super::model::{self, Counting, Version, Writing};
use super::phone_clock::PhoneClock;
use super::store::standing::{Settling, latest_decisions, settle};
use super::store::write::{self, NewReport, SentReport};
use crate::accounts::{Act, CameBy, JsonOf};
use crate::calendar::Month;
use crate::county::County;
use crate::database::broken_constraint;
use crate::http::{Code, Problem};
use crate::ids::{DeputyId, SiteId};
use crate::photos::{self, PhotoHash};
use crate::sites::Stage;
use crate::sites::stage::{Evidence, MoveFault, Source, Step, check_move};
use crate::sites::store::stage::{Cause, StageNow, lock_stage};

/// What the phone gets for a report: the same each time, however often it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f6ee-7c1a-7000-8000-0123456789ab", "received_at": "2026-10-28T16:21:07+08:00", "month": "2026-10",
    "stage": "in_progress", "late": false, "missing_photos": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    "version": 1, "off_site": false, "distance_m": 38, "clock_doubted": false, "step_back": false, "came_by": null}))]
pub struct Receipt {
    pub id: Uuid,
    pub received_at: DateTime<FixedOffset>,
    /// The month it counts for.
    pub month: Month,
    pub stage: Stage,
    /// It came after its month had closed.
    pub late: bool,
    /// Announced pictures that had not arrived with it.
    pub missing_photos: Vec<PhotoHash>,
    /// Which of the deputy's reports on the site for the month this is.
    pub version: i16,
    pub off_site: bool,
    /// Between phone and site.
    pub distance_m: Option<i32>,
    /// The phone's clock could not be believed: the moment of writing was corrected by it, or is that of the receipt.
    pub clock_doubted: bool,
    pub step_back: bool,
    /// How the deputy's words came to the staff who entered them; null when the deputy sent the report.
    pub came_by: Option<CameBy>,
}

impl Receipt {
    fn of(sent: SentReport, county: &County) -> Self {
        Self {
            id: sent.report_id,
            received_at: county.local(sent.received_at),
            month: sent.month,
            stage: sent.stage,
            late: sent.late,
            missing_photos: sent.missing_photos,
            version: sent.version,
            off_site: sent.off_site,
            distance_m: sent.distance_m,
            clock_doubted: sent.clock_doubted,
            step_back: sent.step_back,
            came_by: sent.came_by,
        }
    }
}

/// In whose name a report comes.
#[derive(Debug, Clone, Copy)]
pub struct Sender {
    pub deputy_id: DeputyId,
    /// How the deputy's words came to the person who acts; nothing when that is the deputy.
    pub came_by: Option<CameBy>,
    /// What the phone's clock showed when it sent.
    pub clock: Option<DateTime<Utc>>,
}

impl Sender {
    pub fn deputy(deputy_id: DeputyId, PhoneClock(clock): PhoneClock) -> Self {
        Self { deputy_id, came_by: None, clock }
    }
}

/// A report being accepted: the act, and what identifies the report.
struct Acceptance<'a> {
    act: &'a mut Act<JsonOf<ReportBody>>,
    report_id: Uuid,
    deputy_id: DeputyId,
    came_by: Option<CameBy>,
    writing: Writing,
    body_hash: [u8; 32],
}

/// Accepts the report, or finds that it was accepted before.
pub async fn accept(act: &mut Act<JsonOf<ReportBody>>, report_id: Uuid, sender: Sender) -> Result<(StatusCode, Receipt), Problem> {
    let body_hash = act.body.0.content_hash(sender.came_by)?;
    let Sender { deputy_id, came_by, clock } = sender;
    let writing = Writing { written_at: act.body.0.written_at, sent_at: clock };
    let mut acceptance = Acceptance { act, report_id, deputy_id, came_by, writing, body_hash };
    if let Some(receipt) = acceptance.find_receipt().await? {
        return Ok((StatusCode::OK, receipt));
    }
    acceptance.act.body.0.check()?;
    let (county_id, site_id) = (acceptance.act.county.county_id, acceptance.act.body.0.site_id);
    let site = lock_stage(&mut acceptance.act.tx, county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    // Another sending of the same report may have held the lock until now.
    if let Some(receipt) = acceptance.find_receipt().await? {
        return Ok((StatusCode::OK, receipt));
    }
    acceptance.write(site).await?;
    let receipt = acceptance.find_receipt().await?.ok_or_else(|| Problem::internal("a report just written is gone"))?;
    Ok((StatusCode::CREATED, receipt))
}

impl Acceptance<'_> {
    async fn find_receipt(&mut self) -> Result<Option<Receipt>, Problem> {
        let Some(sent) = write::find_sent(&mut self.act.tx, self.act.county.county_id, self.report_id).await? else {
            return Ok(None);
        };
        if sent.deputy_id != self.deputy_id || sent.body_hash != self.body_hash {
            return Err(key_reused());
        }
        Ok(Some(Receipt::of(sent, &self.act.county)))
    }

    fn site_id(&self) -> SiteId {
        self.act.body.0.site_id
    }

    async fn write(&mut self, site: StageNow) -> Result<(), Problem> {
        let (county, now, body) = (self.act.county.clone(), self.act.now, self.act.body.0.clone());
        let counting = self.count(&county).await?;
        self.require_adopter(&county, counting).await?;
        if site.struck_off {
            let (zh, en) = ("该点位已销号，不再需要报告", "The site is struck off and owes no more reports");
            return Err(Problem::new(Code::Conflict).saying(zh, en).and_field("site_id", "struck_off", zh, en));
        }
        photos::store::lock_photos(&mut self.act.tx, county.county_id, &body.photos).await?;
        let pair = (body.site_id, self.deputy_id);
        let (standing, versions) = write::find_versions(&mut self.act.tx, county.county_id, pair, counting.month).await?;
        let version = Version { report_id: self.report_id, counted_at: counting.counted_at, late: counting.late };
        let stands = model::replaces(version, standing);
        let step = if stands && self.decides(version, standing).await? { require_evidence(site.stage, &body)? } else { Step::Stay };
        let (distance_m, off_site) = self.distance(&county, &body).await?;
        if let (true, Some(standing)) = (stands, standing) {
            write::set_amended(&mut self.act.tx, county.county_id, standing.report_id).await?;
        }
        let new = NewReport {
            county_id: county.county_id,
            report_id: self.report_id,
            body: &body,
            body_hash: self.body_hash,
            deputy_id: self.deputy_id,
            account_id: self.act.actor.account_id,
            came_by: self.came_by,
            counting: Counting { late: model::met_late(version, standing), ..counting },
            received_at: now,
            phone_ahead_s: self.writing.ahead(now).map(|ahead| ahead.num_seconds()),
            distance_m,
            off_site,
            step_back: step == Step::Back,
            version: versions + 1,
            stands,
        };
        write::insert_report(&mut self.act.tx, &new).await.map_err(|error| match broken_constraint(&error) {
            Some("reports_pkey") => key_reused(),
            _ => error.into(),
        })?;
        self.write_photos(&body).await?;
        if stands {
            self.settle(site, body.reason().unwrap_or("")).await?;
        }
        let mut detail =
            serde_json::json!({"site_id": body.site_id, "month": counting.month, "stage": body.stage, "version": new.version, "stands": stands});
        let mut action = "report.accept";
        if let Some(came_by) = self.came_by {
            action = "report.enter";
            (detail["deputy_id"], detail["came_by"]) = (serde_json::json!(self.deputy_id), serde_json::json!(came_by));
        }
        self.act.audit(action, ("report", &self.report_id.to_string()), detail).await
    }

    /// The month: as the clocks say, or the one named, when that one still takes reports and the deputy owed one for it.
    async fn count(&mut self, county: &County) -> Result<Counting, Problem> {
        let (named, now) = (self.act.body.0.month, self.act.now);
        if named.is_some_and(|named| named > county.month_at(now)) {
            return Err(Problem::field("month", "in_the_future", "这个月还没有开始，不能提前反馈", "This month has not begun yet"));
        }
        let by_clock = model::count(county, self.writing, now);
        let Some(counting) = named.and_then(|named| model::as_named(by_clock, county, named, now)) else { return Ok(by_clock) };
        if !counting.late {
            return Ok(counting);
        }
        let (pair, bounds) = ((self.site_id(), self.deputy_id), (counting.month.last_day(), counting.month.closes_at(county.zone)));
        let owed = write::has_owed(&mut self.act.tx, county.county_id, pair, bounds).await?;
        Ok(if owed { counting } else { by_clock })
    }

    async fn require_adopter(&mut self, county: &County, counting: Counting) -> Result<(), Problem> {
        let days = (county.date_at(counting.counted_at), counting.month.last_day());
        let pair = (self.site_id(), self.deputy_id);
        if write::has_adopted(&mut self.act.tx, county.county_id, pair, days).await? {
            return Ok(());
        }
        if self.came_by.is_some() {
            let (zh, en) = ("这位代表没有领办这个点位", "This deputy has not adopted the site");
            return Err(Problem::field("site_id", "not_adopted", zh, en));
        }
        let (zh, en) = ("您没有领办这个点位，不能为它提交报告", "You have not adopted this site");
        Err(Problem::forbidden().saying(zh, en).and_field("site_id", "not_adopted", zh, en))
    }

    /// Whether the report would decide the site's stage: nothing later stands, the version it replaces aside.
    async fn decides(&mut self, version: Version, replaced: Option<Version>) -> Result<bool, Problem> {
        let (county_id, site_id) = (self.act.county.county_id, self.site_id());
        let decisions = latest_decisions(&mut self.act.tx, county_id, site_id).await?;
        let replaced = replaced.map(|replaced| Source::Report(replaced.report_id));
        let own = (version.counted_at, Source::Report(version.report_id));
        Ok(decisions.iter().filter(|decision| Some(decision.source) != replaced).all(|decision| (decision.at, decision.source) < own))
    }

    async fn distance(&mut self, county: &County, body: &ReportBody) -> Result<(Option<i32>, bool), Problem> {
        let Some(place) = body.position else { return Ok((None, false)) };
        let site = write::find_position(&mut self.act.tx, county.county_id, body.site_id).await?.ok_or_else(Problem::not_found)?;
        let metres = site.metres_to(place.position);
        #[expect(clippy::cast_possible_truncation, reason = "no two places on earth are further apart than 20 million metres")]
        let rounded = metres.round() as i32;
        Ok((Some(rounded), metres > f64::from(county.off_site_m)))
    }

    async fn write_photos(&mut self, body: &ReportBody) -> Result<(), Problem> {
        let county_id = self.act.county.county_id;
        let missing = photos::store::missing_of(&mut self.act.tx, county_id, &body.photos).await?;
        write::insert_photos(&mut self.act.tx, (county_id, self.report_id), &body.photos, &missing).await?;
        photos::store::mark_repeats(&mut self.act.tx, county_id, &body.photos).await?;
        Ok(())
    }

    async fn settle(&mut self, site: StageNow, reason: &str) -> Result<(), Problem> {
        let settling = Settling {
            county_id: self.act.county.county_id,
            site_id: self.site_id(),
            cause: Cause::Report { report_id: self.report_id, reason },
            account_id: Some(self.act.actor.account_id),
            at: self.act.now,
        };
        settle(&mut self.act.tx, site, settling).await?;
        Ok(())
    }
}

fn key_reused() -> Problem {
    Problem::new(Code::KeyReused).saying("这个报告编号已用于另一份报告", "This id was used for another report")
}

fn require_evidence(from: Stage, body: &ReportBody) -> Result<Step, Problem> {
    let evidence = Evidence { photos: body.photos.len(), has_reason: body.reason().is_some() };
    check_move(from, body.stage, evidence).map_err(|fault| match fault {
        MoveFault::PhotoMissing => {
            Problem::field("photos", "required", "状态有变化，请至少附一张照片", "A change of stage needs at least one picture")
        }
        MoveFault::ReasonMissing => {
            Problem::field("step_back_reason", "required", "状态比现在倒退，请说明原因", "The stage goes back: please say why")
        }
    })
}
