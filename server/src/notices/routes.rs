//! One's own notices: the list, and marking one as read.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::{NoticeKind, order_number};
use super::store::{self, NoticeRow};
use crate::accounts::{Act, Actor};
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Page, PathOf, Problem, QueryOf};
use crate::ids::{OrderId, SiteId};
use crate::platform::Platform;

/// The site that a notice speaks of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}))]
pub struct NoticedSite {
    pub id: SiteId,
    pub code: String,
    pub name: String,
}

/// The supervision order that a notice speaks of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 12, "number": "澄人常督〔2026〕12号"}))]
pub struct NoticedOrder {
    pub id: OrderId,
    pub number: String,
}

/// Something the signed-in person is told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f6ee-7c1a-7000-8000-0123456789ab", "kind": "report_returned",
    "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}, "order": null, "words": "照片与点位不符，请重新拍摄",
    "created_at": "2026-10-29T09:00:00+08:00", "read_at": null}))]
pub struct NoticeView {
    pub id: Uuid,
    pub kind: NoticeKind,
    pub site: Option<NoticedSite>,
    pub order: Option<NoticedOrder>,
    pub words: String,
    pub created_at: DateTime<FixedOffset>,
    pub read_at: Option<DateTime<FixedOffset>>,
}

impl NoticeView {
    fn of(row: NoticeRow, county: &County) -> Self {
        let number = row.order_prefix.zip(row.order_year.zip(row.order_number));
        let number = number.map(|(prefix, (year, number))| order_number(&prefix, year, number));
        let site = row.site_id.zip(row.site_code.zip(row.site_name));
        Self {
            id: row.notice_id,
            kind: row.kind,
            site: site.map(|(id, (code, name))| NoticedSite { id, code, name }),
            order: row.order_id.zip(number).map(|(id, number)| NoticedOrder { id, number }),
            words: row.words,
            created_at: county.local(row.created_at),
            read_at: row.read_at.map(|at| county.local(at)),
        }
    }
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticesQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The signed-in person's notices, newest first.
#[utoipa::path(get, path = "/api/me/notices", tag = "notices", params(NoticesQuery),
    responses((status = 200, body = Page<NoticeView>, description = "Own notices")))]
pub async fn list_my_notices(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<NoticesQuery>,
) -> Result<Json<Page<NoticeView>>, Problem> {
    let limit = page_size(query.limit, 50, 200)?;
    let before: Option<Uuid> = read_cursor(query.cursor.as_deref())?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let mut connection = platform.pool.acquire().await?;
    let rows = store::list_notices(&mut connection, (actor.county_id, actor.account_id), before, limit + 1, platform.clock.now()).await?;
    let page = Page::cut(rows, limit, |row: &NoticeRow| row.notice_id.to_string());
    Ok(Json(page.map(|row| NoticeView::of(row, &county))))
}

/// Marks one's own notice as read. The first time counts.
#[utoipa::path(post, path = "/api/me/notices/{id}/read", tag = "notices", params(("id" = Uuid, Path, description = "The notice")),
    responses((status = 204, description = "It is marked")))]
pub async fn mark_read(PathOf(notice_id): PathOf<Uuid>, mut act: Act<()>) -> Result<Response, Problem> {
    let owner = (act.actor.county_id, act.actor.account_id);
    if !store::set_read(&mut act.tx, owner, notice_id, act.now).await? {
        return Err(Problem::not_found());
    }
    act.audit("notice.read", ("notice", &notice_id.to_string()), serde_json::json!({})).await?;
    act.done_without_answer().await
}
