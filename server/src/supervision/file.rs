//! A site's file: what its supervisors know of it beside the public story.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::county_decisions::is_of_county;
use super::model::may_supervise;
use super::proposal_routes::ProposalView;
use super::store;
use crate::accounts::Actor;
use crate::calendar::Month;
use crate::county::County;
use crate::http::shapes::Position;
use crate::http::{PathOf, Problem};
use crate::ids::SiteId;
use crate::notices::store::listing::list_ways_out;
use crate::notices::{Channel, DeliveryState, NoticeKind};
use crate::photos::PhotoHash;
use crate::platform::Platform;
use crate::sites::key;
use crate::sites::store::find_place;

/// An earlier picture that shows the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarlierPhoto {
    pub report_id: Uuid,
    /// Null when the earlier picture has not arrived.
    pub sha256: Option<PhotoHash>,
    pub site_code: String,
    pub site_name: String,
    pub month: Month,
    pub deputy: String,
}

/// A picture as evidence: what it says of itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoEvidence {
    pub report_id: Uuid,
    pub sha256: Option<PhotoHash>,
    /// As the camera wrote it, without a time zone; null when it wrote none.
    pub taken_at: Option<String>,
    pub position: Option<Position>,
    /// Between the place in the picture and the site.
    pub distance_m: Option<i32>,
    pub earlier: Option<EarlierPhoto>,
}

/// What a report says of its phone.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhoneEvidence {
    pub report_id: Uuid,
    /// The phone's clock could not be believed: the moment of writing was corrected by it, or is that of the receipt.
    pub clock_doubted: bool,
    /// When it was written, by the phone's own clock.
    pub written_at: DateTime<FixedOffset>,
    /// Seconds by which that clock was ahead of the server's when the report was sent; null when the phone did not say.
    pub phone_ahead_s: Option<i64>,
    pub accuracy_m: Option<f32>,
    /// Who entered it for the deputy; null when the deputy sent it.
    pub entered_by: Option<String>,
}

/// How a notice left the app by one way.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentWay {
    pub channel: Channel,
    pub state: DeliveryState,
    pub attempts: i16,
    /// Why the last attempt failed.
    pub fault: Option<String>,
    /// When it was delivered or given up; while it waits, when it is tried next.
    pub at: DateTime<FixedOffset>,
}

/// A notice that was sent about the site.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentNotice {
    pub kind: NoticeKind,
    pub to: String,
    pub words: String,
    pub created_at: DateTime<FixedOffset>,
    /// When it was marked as read.
    pub read_at: Option<DateTime<FixedOffset>>,
    /// False when its person has turned this kind down in the app.
    pub shown: bool,
    /// When it was taken back, before its person found it.
    pub taken_back_at: Option<DateTime<FixedOffset>>,
    /// Until when it is held and its person does not find it; null when it was told at once.
    pub held_until: Option<DateTime<FixedOffset>>,
    /// Under which the reader, who sent it, can still take it back.
    pub undo: Option<Uuid>,
    /// The ways by which it left the app.
    pub ways: Vec<SentWay>,
}

/// A finding that was put aside, and whether it was taken up again.
#[derive(Debug, Serialize, ToSchema)]
pub struct PutAside {
    pub id: i64,
    /// Code of the reason, as in the review list.
    pub reason: String,
    pub words: String,
    pub by: String,
    pub at: DateTime<FixedOffset>,
    pub undone_at: Option<DateTime<FixedOffset>>,
}

/// Something that was done about the site, as the audit log has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordLine {
    pub at: DateTime<FixedOffset>,
    /// `account`, `schedule` or `command`.
    pub actor_kind: String,
    pub by: Option<String>,
    pub action: String,
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// A site's file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "key_site": false, "may_decide": true, "decided_by_county_on": null, "strike_off_by_two": false, "strike_off_proposal": null,
    "photos": [{"report_id": "0193f6ee-7c1a-7000-8000-0123456789ab", "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "taken_at": "2026-10-28T15:58:12", "position": {"lon": 119.9742, "lat": 30.5401}, "distance_m": 41, "earlier": null}],
    "phones": [{"report_id": "0193f6ee-7c1a-7000-8000-0123456789ab", "clock_doubted": false, "written_at": "2026-10-28T16:20:00+08:00", "phone_ahead_s": 2,
        "accuracy_m": 12.0, "entered_by": null}],
    "notices": [{"kind": "reminder", "to": "沈晓岚", "words": "请到现场查看", "created_at": "2026-10-29T09:00:00+08:00", "read_at": null, "shown": true,
        "taken_back_at": null, "held_until": "2026-10-29T09:01:00+08:00", "undo": null,
        "ways": [{"channel": "mail", "state": "delivered", "attempts": 1, "fault": null, "at": "2026-10-29T09:00:02+08:00"}]}],
    "dismissals": [], "records": [{"at": "2026-10-29T09:00:00+08:00", "actor_kind": "account", "by": "王岚", "action": "site.remind", "detail": {"to": "adopters"}}]}))]
pub struct SiteFile {
    /// The county decides about it for itself.
    pub key_site: bool,
    /// Whether the reader may strike it off, open it again, correct it, and say who adopts it.
    pub may_decide: bool,
    /// When the county decided about the site, as long as that binds the reader: no report that counts later stands, and the reader is of a township.
    pub decided_by_county_on: Option<NaiveDate>,
    /// The county wants two persons for every strike-off.
    pub strike_off_by_two: bool,
    /// A strike-off that waits for a second person.
    pub strike_off_proposal: Option<ProposalView>,
    /// Pictures that have arrived, the latest report's first.
    pub photos: Vec<PhotoEvidence>,
    pub phones: Vec<PhoneEvidence>,
    /// Newest first.
    pub notices: Vec<SentNotice>,
    /// Newest first.
    pub dismissals: Vec<PutAside>,
    /// Newest first.
    pub records: Vec<RecordLine>,
}

/// What the site's supervisors know of it beside the public story: evidence, notices, findings put aside, the record of acts.
#[utoipa::path(get, path = "/api/sites/{id}/file", tag = "supervision", params(("id" = i64, Path, description = "Number of the site")),
    responses((status = 200, body = SiteFile, description = "The file")))]
pub async fn show_file(State(platform): State<Platform>, actor: Actor, PathOf(site_id): PathOf<SiteId>) -> Result<Json<SiteFile>, Problem> {
    if !may_supervise(&actor) {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let county_id = actor.county_id;
    let mut tx = platform.pool.begin_with("begin isolation level repeatable read read only").await?;
    let found = find_place(&mut tx, county_id, site_id).await?;
    let (region, key_site) = found.filter(|(region, _)| actor.supervises(region)).ok_or_else(Problem::not_found)?;
    let pending = store::list_pending(&mut tx, county_id, std::slice::from_ref(&region), Some(site_id)).await?;
    let file = SiteFile {
        key_site,
        may_decide: key::may_decide(&actor, &region, key_site),
        decided_by_county_on: match is_of_county(&actor, &region) {
            true => None,
            false => store::county_decisions::find(&mut tx, county_id, site_id).await?.map(|at| county.date_at(at)),
        },
        strike_off_by_two: store::is_by_two(&mut tx, county_id).await?,
        strike_off_proposal: pending.into_iter().next().map(|proposal| ProposalView::of(proposal, &county, &actor)),
        photos: store::list_evidence(&mut tx, county_id, site_id).await?.into_iter().map(PhotoEvidence::from).collect(),
        phones: store::list_clocks(&mut tx, county_id, site_id).await?.into_iter().map(|row| PhoneEvidence::of(row, &county)).collect(),
        notices: sent_notices(&mut tx, &county, site_id, (&actor, platform.clock.now())).await?,
        dismissals: store::list_dismissals(&mut tx, county_id, site_id)
            .await?
            .into_iter()
            .map(|row| PutAside {
                id: row.id,
                reason: row.reason_code,
                words: row.words,
                by: row.by,
                at: county.local(row.at),
                undone_at: row.undone_at.map(|at| county.local(at)),
            })
            .collect(),
        records: store::list_records(&mut tx, county_id, site_id)
            .await?
            .into_iter()
            .map(|row| RecordLine { at: county.local(row.at), actor_kind: row.actor_kind, by: row.by, action: row.action, detail: row.detail })
            .collect(),
    };
    tx.commit().await?;
    Ok(Json(file))
}

async fn sent_notices(
    connection: &mut PgConnection,
    county: &County,
    site_id: SiteId,
    (reader, now): (&Actor, DateTime<Utc>),
) -> Result<Vec<SentNotice>, sqlx::Error> {
    let sent = store::list_sent(connection, county.county_id, site_id).await?;
    let ids: Vec<Uuid> = sent.iter().map(|row| row.notice_id).collect();
    let mut ways: HashMap<Uuid, Vec<SentWay>> = HashMap::new();
    for way in list_ways_out(connection, county.county_id, &ids).await? {
        let at = county.local(way.settled_at.unwrap_or(way.due_at));
        let told = SentWay { channel: way.channel, state: way.state, attempts: way.attempts, fault: way.fault, at };
        ways.entry(way.notice_id).or_default().push(told);
    }
    let told = sent.into_iter().map(|row| SentNotice {
        ways: ways.remove(&row.notice_id).unwrap_or_default(),
        kind: row.kind,
        to: row.to,
        words: row.words,
        created_at: county.local(row.created_at),
        read_at: row.read_at.map(|at| county.local(at)),
        shown: row.is_shown,
        undo: row.sending_id.filter(|_| {
            let held = row.taken_back_at.is_none() && row.visible_from.is_some_and(|until| now < until);
            held && row.sent_by == Some(reader.account_id)
        }),
        taken_back_at: row.taken_back_at.map(|at| county.local(at)),
        held_until: row.visible_from.map(|at| county.local(at)),
    });
    Ok(told.collect())
}

impl From<store::EvidenceRow> for PhotoEvidence {
    fn from(row: store::EvidenceRow) -> Self {
        Self {
            report_id: row.report_id,
            sha256: row.sha256,
            taken_at: row.taken_at,
            position: row.lon.zip(row.lat).map(|(lon, lat)| Position { lon, lat }),
            distance_m: row.distance_m,
            earlier: row.earlier.map(|earlier| EarlierPhoto {
                report_id: earlier.report_id,
                sha256: earlier.sha256,
                site_code: earlier.site_code,
                site_name: earlier.site_name,
                month: Month::of(earlier.month),
                deputy: earlier.deputy,
            }),
        }
    }
}

impl PhoneEvidence {
    fn of(row: store::ClockRow, county: &County) -> Self {
        Self {
            report_id: row.report_id,
            clock_doubted: row.clock_doubted,
            written_at: county.local(row.written_at),
            phone_ahead_s: row.phone_ahead_s,
            accuracy_m: row.accuracy_m,
            entered_by: row.entered_by,
        }
    }
}
