//! Views of the review list that somebody has saved: filters and columns under a name, theirs on every machine.

use std::collections::HashSet;

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
use crate::http::{Code, Problem, Text};
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

/// The reader's views as they are saved, in their order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"name": "水利局三十天以上", "query": "unit=7&days=30", "columns": ["reasons", "unit", "orders"]}], "rev": 3}))]
pub struct SavedViews {
    pub items: Vec<SavedView>,
    /// To be sent with a change; 0 when nothing was ever saved.
    pub rev: i64,
}

/// The views as they are to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"name": "水利局三十天以上", "query": "unit=7&days=30", "columns": ["reasons", "unit", "orders"]}], "rev": 3}))]
pub struct ViewsToSave {
    items: Vec<SavedView>,
    /// Of the views as the person saw them.
    rev: i64,
}

/// The reader's saved views of the review list.
#[utoipa::path(get, path = "/api/me/review-views", tag = "supervision",
    responses((status = 200, body = SavedViews, description = "In the order in which they were saved")))]
pub async fn list_views(State(platform): State<Platform>, actor: Actor) -> Result<Json<SavedViews>, Problem> {
    review_scope(&actor).ok_or_else(Problem::forbidden)?;
    let mut connection = platform.pool.acquire().await?;
    Ok(Json(store::find_views(&mut connection, actor.account_id).await?))
}

/// Puts these views in place of the reader's former ones. Each has a name of its own.
#[utoipa::path(put, path = "/api/me/review-views", tag = "supervision", request_body = ViewsToSave,
    responses((status = 200, body = SavedViews, description = "The views as they are saved now")))]
pub async fn save_views(mut act: Act<JsonOf<ViewsToSave>>) -> Result<Response, Problem> {
    review_scope(&act.actor).ok_or_else(Problem::forbidden)?;
    let ViewsToSave { items, rev } = act.body.0.clone();
    if items.len() > MOST_VIEWS || items.iter().any(|view| view.columns.len() > MOST_COLUMNS) {
        let (zh, en) = (format!("最多保存 {MOST_VIEWS} 个视图"), format!("At most {MOST_VIEWS} views"));
        return Err(Problem::field("items", "out_of_range", zh, en));
    }
    let names: HashSet<&str> = items.iter().map(|view| view.name.as_str()).collect();
    if names.len() < items.len() {
        return Err(Problem::field("items", "duplicate", "两个视图不能同名", "Two views have the same name"));
    }
    let account_id = act.actor.account_id;
    if !store::put_views(&mut act.tx, account_id, &items, (rev, act.now)).await? {
        let present = store::find_views(&mut act.tx, account_id).await?.rev;
        return Err(Problem::new(Code::RevMismatch).with("rev", present));
    }
    act.audit("account.save_views", ("account", &account_id.to_string()), json!({ "views": items.len() })).await?;
    act.done(StatusCode::OK, &SavedViews { items, rev: rev + 1 }).await
}
