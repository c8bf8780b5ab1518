//! Views of the review list that somebody has saved: filters and columns under a name, theirs on every machine.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::review_scope;
use super::store;
use crate::accounts::{Act, Actor, JsonOf};
use crate::http::{Page, Problem, Text};
use crate::platform::Platform;

const MOST_VIEWS: usize = 20;
const MOST_COLUMNS: usize = 20;

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "水利局三十天以上", "query": "unit=7&days=30", "columns": ["reasons", "unit", "orders"]}))]
pub struct SavedView {
    pub name: Text<1, 40>,
    /// The filters as `GET /api/review` takes them.
    pub query: Text<0, 500>,
    /// The columns that are shown, in their order.
    pub columns: Vec<Text<1, 20>>,
}

/// The views of an account.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"name": "水利局三十天以上", "query": "unit=7&days=30", "columns": ["reasons", "unit", "orders"]}]}))]
pub struct SavedViews {
    items: Vec<SavedView>,
}

/// The reader's saved views of the review list.
#[utoipa::path(get, path = "/api/me/review-views", tag = "supervision",
    responses((status = 200, body = Page<SavedView>, description = "In the order in which they were saved")))]
pub async fn list_views(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<SavedView>>, Problem> {
    review_scope(&actor).ok_or_else(Problem::forbidden)?;
    let mut connection = platform.pool.acquire().await?;
    Ok(Json(Page::whole(store::list_views(&mut connection, actor.account_id).await?)))
}

/// Puts these views in place of the reader's former ones.
#[utoipa::path(put, path = "/api/me/review-views", tag = "supervision", request_body = SavedViews,
    responses((status = 200, body = Page<SavedView>, description = "The views as they are saved now")))]
pub async fn save_views(mut act: Act<JsonOf<SavedViews>>) -> Result<Response, Problem> {
    review_scope(&act.actor).ok_or_else(Problem::forbidden)?;
    let views = act.body.0.items.clone();
    if views.len() > MOST_VIEWS || views.iter().any(|view| view.columns.len() > MOST_COLUMNS) {
        let (zh, en) = (format!("最多保存 {MOST_VIEWS} 个视图"), format!("At most {MOST_VIEWS} views"));
        return Err(Problem::field("items", "out_of_range", zh, en));
    }
    store::put_views(&mut act.tx, act.actor.account_id, &views, act.now).await?;
    let account = act.actor.account_id.to_string();
    act.audit("account.save_views", ("account", &account), json!({ "views": views.len() })).await?;
    act.done(StatusCode::OK, &Page::whole(views)).await
}
