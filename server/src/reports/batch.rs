//! A phone's whole queue in one call: each report for itself, in its own transaction and with its own result.
//!
//! The rule kept here: what is wrong with one report of the queue never keeps another from being accepted, and a report sent in a queue
//! is the same as one sent alone; the phone may repeat either way. Pictures are sent one by one afterwards.

use std::fmt;

use axum::Json;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::acceptance::{self, Receipt, Sender};
use super::body::ReportBody;
use super::model::may_report;
use super::phone_clock::PhoneClock;
use crate::accounts::{Intent, JsonOf};
use crate::http::problem::ProblemBody;
use crate::http::{Problem, RequestContext, strict_json};

/// Reports one call may carry.
const MOST_REPORTS: usize = 100;

/// A phone's queue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"id": "0193f6ee-7c1a-7000-8000-0123456789ab", "report": {"site_id": 41, "stage": "in_progress", "percent": 40,
    "words": "路基已完成，正在铺设路面。", "problems": [], "photos": [], "written_at": "2026-10-28T16:20:00+08:00", "position": null,
    "step_back_reason": null}}]}))]
pub struct ReportBatch {
    items: Vec<BatchItem>,
}

/// One report of the queue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchItem {
    /// Made by the phone (UUIDv7).
    id: Uuid,
    #[schema(value_type = ReportBody)]
    report: Unread,
}

/// An object that is taken apart later, so that what is wrong with it is told about it alone.
#[derive(Debug)]
struct Unread(Map<String, Value>);

impl<'de> Deserialize<'de> for Unread {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Map<String, Value>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = access.next_entry::<String, Value>()? {
                    if members.insert(name.clone(), value).is_some() {
                        return Err(de::Error::custom(format!("duplicate field `{name}`")));
                    }
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Members).map(Self)
    }
}

/// What became of the queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"id": "0193f6ee-7c1a-7000-8000-0123456789ab", "status": 201, "receipt": {
    "id": "0193f6ee-7c1a-7000-8000-0123456789ab", "received_at": "2026-10-28T16:21:07+08:00", "month": "2026-10", "stage": "in_progress",
    "late": false, "missing_photos": [], "version": 1, "off_site": false, "distance_m": 38, "clock_doubted": false, "step_back": false, "came_by": null},
    "problem": null, "retry_after_s": null}]}))]
pub struct BatchResults {
    /// In the order in which the reports were sent.
    items: Vec<BatchResult>,
}

/// What became of one report: what sending it alone would have been answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResult {
    id: Uuid,
    /// 201 accepted, 200 accepted before, otherwise the status of the problem.
    status: u16,
    receipt: Option<Receipt>,
    problem: Option<ProblemBody>,
    /// When it may be sent again, in seconds, where that is known.
    retry_after_s: Option<u32>,
}

/// Sends a whole queue of reports at once. Each is accepted or refused by itself; repeating the call changes nothing.
///
/// The answer is 200 whatever became of the single reports; `status`, `receipt` and `problem` of each are what `PUT /api/reports/{id}` would
/// have answered.
#[utoipa::path(put, path = "/api/reports", tag = "reports", request_body = ReportBatch,
    params(("phone-clock" = Option<String>, Header, description = "What the phone's clock shows while it sends, RFC 3339")),
    responses((status = 200, body = BatchResults, description = "What became of each report")))]
pub async fn put_reports(context: RequestContext, clock: PhoneClock, intent: Intent<JsonOf<ReportBatch>>) -> Result<Json<BatchResults>, Problem> {
    let deputy_id = may_report(&intent.actor).ok_or_else(Problem::forbidden)?;
    let (queue, intent) = intent.take_body();
    if queue.0.items.len() > MOST_REPORTS {
        return Err(Problem::field("items", "too_many", "一次最多提交 100 份反馈", "At most 100 reports may be sent at once"));
    }
    let mut items = Vec::with_capacity(queue.0.items.len());
    for item in queue.0.items {
        let result = accept(&intent, item.id, item.report, Sender::deputy(deputy_id, clock)).await;
        items.push(told(item.id, result, &context));
    }
    Ok(Json(BatchResults { items }))
}

async fn accept(intent: &Intent<()>, id: Uuid, report: Unread, sender: Sender) -> Result<(u16, Receipt), Problem> {
    let bytes = serde_json::to_vec(&report.0).map_err(Problem::internal)?;
    let body: ReportBody = strict_json::read(&bytes)?;
    let mut act = intent.begin_part(JsonOf(body)).await?;
    let (status, receipt) = acceptance::accept(&mut act, id, sender).await?;
    act.done_as_part().await?;
    Ok((status.as_u16(), receipt))
}

fn told(id: Uuid, result: Result<(u16, Receipt), Problem>, context: &RequestContext) -> BatchResult {
    match result {
        Ok((status, receipt)) => BatchResult { id, status, receipt: Some(receipt), problem: None, retry_after_s: None },
        Err(problem) => {
            problem.log(context.request_id, &axum::http::Method::PUT, "/api/reports");
            let body = problem.told(context.language, context.request_id);
            BatchResult { id, status: body.status, receipt: None, problem: Some(body), retry_after_s: problem.comes_again_after() }
        }
    }
}
