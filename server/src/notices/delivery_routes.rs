//! What left the app and how it fared, for whoever supervises the place; dead letters are sent again from here.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::channel::{Channel, DeliveryState};
use super::model::{NoticeKind, delivery_scope, order_number};
use super::routes::{NoticedOrder, NoticedSite};
use super::store::deliveries;
use super::store::listing::{self, Filter, SentMessage};
use crate::accounts::{Act, Actor, JsonOf};
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Page, Problem, QueryOf};
use crate::platform::Platform;

/// Messages sent again by one call.
const MOST: usize = 500;

/// A message that left the app, or is to leave. Its address is not told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 7, "channel": "mail", "state": "dead", "kind": "report_returned", "to": "沈晓岚",
    "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}, "order": null, "created_at": "2026-10-29T09:00:00+08:00",
    "next_at": null, "settled_at": "2026-10-29T09:00:04+08:00", "read_at": null, "attempts": 1, "fault": "smtp_550"}))]
pub struct DeliveryView {
    pub id: i64,
    pub channel: Channel,
    pub state: DeliveryState,
    pub kind: NoticeKind,
    /// Whom the notice tells; a group's message stands for all who were told at the same time.
    pub to: String,
    pub site: Option<NoticedSite>,
    pub order: Option<NoticedOrder>,
    pub created_at: DateTime<FixedOffset>,
    /// When it is tried next.
    pub next_at: Option<DateTime<FixedOffset>>,
    /// When it was delivered or given up.
    pub settled_at: Option<DateTime<FixedOffset>>,
    /// When the notice was read in the app.
    pub read_at: Option<DateTime<FixedOffset>>,
    pub attempts: i16,
    /// Why the last attempt failed: `smtp_550`, `http_404`, `robot_93000`, `too_old` and so on.
    pub fault: Option<String>,
}

impl DeliveryView {
    fn of(row: SentMessage, county: &County) -> Self {
        let number = row.order_prefix.zip(row.order_year.zip(row.order_number)).map(|(prefix, (year, number))| order_number(&prefix, year, number));
        let site = row.site_id.zip(row.site_code.zip(row.site_name));
        Self {
            id: row.delivery_id,
            channel: row.channel,
            state: row.state,
            kind: row.kind,
            to: row.to_name,
            site: site.map(|(id, (code, name))| NoticedSite { id, code, name }),
            order: row.order_id.zip(number).map(|(id, number)| NoticedOrder { id, number }),
            created_at: county.local(row.created_at),
            next_at: (row.state == DeliveryState::Waiting).then(|| county.local(row.due_at)),
            settled_at: row.settled_at.map(|at| county.local(at)),
            read_at: row.read_at.map(|at| county.local(at)),
            attempts: row.attempts,
            fault: row.fault,
        }
    }
}

/// Messages, with how many of the reader's places wait or were given up, and which ways out are open.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [], "next": null, "totals": {"dead": 2, "waiting": 5}, "open": ["mail", "sms"]}))]
pub struct DeliveriesPage {
    pub items: Vec<DeliveryView>,
    pub next: Option<String>,
    #[schema(value_type = BTreeMap<String, i64>)]
    pub totals: BTreeMap<DeliveryState, i64>,
    pub open: Vec<Channel>,
}

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveriesQuery {
    state: Option<DeliveryState>,
    channel: Option<Channel>,
    kind: Option<NoticeKind>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// What left the app about the reader's places, newest first.
#[utoipa::path(get, path = "/api/deliveries", tag = "notices", params(DeliveriesQuery),
    responses((status = 200, body = DeliveriesPage, description = "Messages and how they fared")))]
pub async fn list_deliveries(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<DeliveriesQuery>,
) -> Result<Json<DeliveriesPage>, Problem> {
    let places = delivery_scope(&actor).ok_or_else(Problem::forbidden)?;
    let limit = page_size(query.limit, 50, 200)?;
    let before = read_cursor(query.cursor.as_deref())?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let filter = Filter { places: &places, state: query.state, channel: query.channel, kind: query.kind, before };
    let rows = listing::list(&mut connection, actor.county_id, &filter, limit + 1).await?;
    let page = Page::cut(rows, limit, |row: &SentMessage| row.delivery_id.to_string()).map(|row| DeliveryView::of(row, &county));
    let totals = listing::count_by_state(&mut connection, actor.county_id, &places).await?.into_iter().collect();
    let open = deliveries::list_open_channels(&mut connection).await?;
    Ok(Json(DeliveriesPage { items: page.items, next: page.next, totals, open }))
}

/// Dead letters to be sent again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ids": [7]}))]
pub struct SendAgain {
    ids: Vec<i64>,
}

/// How many were taken up again; those that were not dead stay as they are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"sent_again": 1}))]
pub struct SentAgain {
    pub sent_again: usize,
}

/// Sends dead letters again, under their ids of before: with all attempts before them, at once.
#[utoipa::path(post, path = "/api/deliveries/again", tag = "notices", request_body = SendAgain,
    responses((status = 200, body = SentAgain, description = "They wait for the worker")))]
pub async fn send_again(mut act: Act<JsonOf<SendAgain>>) -> Result<Response, Problem> {
    let places = delivery_scope(&act.actor).ok_or_else(Problem::forbidden)?;
    let mut ids = std::mem::take(&mut act.body.0.ids);
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST {
        let (zh, en) = (format!("请选择 1 到 {MOST} 条"), format!("Choose 1 to {MOST} messages"));
        return Err(Problem::field("ids", "out_of_range", zh, en));
    }
    if listing::list_within(&mut act.tx, act.actor.county_id, &ids, &places).await?.len() != ids.len() {
        return Err(Problem::not_found());
    }
    let again = deliveries::send_again(&mut act.tx, act.actor.county_id, &ids, act.now).await?;
    for id in &again {
        act.audit("delivery.send_again", ("delivery", &id.to_string()), json!({ "together": again.len() })).await?;
    }
    act.done(StatusCode::OK, &SentAgain { sent_again: again.len() }).await
}
