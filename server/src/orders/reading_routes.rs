//! Orders as the desk lists them, and a site's orders for everybody.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{OrderScope, OrderState, may_issue, order_scope};
use super::store::read::{self, Order, Wanted};
use super::view::{OrderStory, OrderView};
use crate::accounts::{Actor, PublicCounty};
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Page, PathOf, Problem, QueryOf};
use crate::ids::{CountyId, OrderId, SiteId, UnitId};
use crate::platform::Platform;
use crate::sites;

/// Most orders that are told of one site.
const MOST_OF_A_SITE: usize = 200;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrdersQuery {
    state: Option<OrderState>,
    /// Only orders that are not settled.
    open: Option<bool>,
    /// Only orders whose unit owes an answer since before today.
    overdue: Option<bool>,
    /// Only those that their unit has to answer.
    awaiting: Option<bool>,
    /// Only orders about this site.
    site: Option<SiteId>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Orders that the reader has a part in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Orders {
    /// Newest first.
    pub items: Vec<OrderView>,
    pub next: Option<String>,
    /// How many wait for the reader, whatever the filters: answers to decide about, and orders that their own unit has to answer.
    pub waiting: i64,
}

/// The supervision orders that the reader has a part in, newest first.
#[utoipa::path(get, path = "/api/supervision-orders", tag = "orders", params(OrdersQuery),
    responses((status = 200, body = Orders, description = "Orders of the reader's places, or to the reader's unit")))]
pub async fn list_orders(State(platform): State<Platform>, actor: Actor, QueryOf(query): QueryOf<OrdersQuery>) -> Result<Json<Orders>, Problem> {
    let scope = order_scope(&actor).ok_or_else(Problem::forbidden)?;
    let limit = page_size(query.limit, 50, 200)?;
    let county = county_of(&platform, actor.county_id)?;
    let today = county.date_at(platform.clock.now());
    let wanted = Wanted {
        scope: Some(scope.clone()),
        site_id: query.site,
        state: query.state,
        open: query.open.unwrap_or(false),
        due_before: match (query.overdue, query.awaiting) {
            (Some(true), _) => Some(today),
            // Whatever its unit has to answer is due before the end of days.
            (_, Some(true)) => NaiveDate::from_ymd_opt(9999, 12, 31),
            _ => None,
        },
        before: read_cursor::<i64>(query.cursor.as_deref())?.map(OrderId),
        limit: limit + 1,
        ..Wanted::default()
    };
    let mut connection = platform.pool.acquire().await?;
    let orders = read::list_orders(&mut connection, actor.county_id, &wanted).await?;
    let waiting = read::count_waiting(&mut connection, actor.county_id, &scope).await?;
    let page = Page::cut(orders, limit, |order: &Order| order.order_id.to_string());
    let Page { items, next } = page.map(|order| OrderView::for_reader(order, &county, today, &actor));
    Ok(Json(Orders { items, next, waiting }))
}

/// A unit to which orders may go.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 7, "name": "县教育局", "accounts": 0}))]
pub struct AddresseeView {
    pub id: UnitId,
    pub name: String,
    /// Enabled accounts of people who answer for it; with none, staff enter its answers.
    pub accounts: i64,
}

/// The units to which orders may go, each with how many accounts can answer for it.
#[utoipa::path(get, path = "/api/supervision-orders/units", tag = "orders",
    responses((status = 200, body = Page<AddresseeView>, description = "Units by name")))]
pub async fn list_addressees(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<AddresseeView>>, Problem> {
    if !may_issue(&actor) {
        return Err(Problem::forbidden());
    }
    let mut connection = platform.pool.acquire().await?;
    let units = read::list_addressees(&mut connection, actor.county_id).await?;
    Ok(Json(Page::whole(units.into_iter().map(|unit| AddresseeView { id: unit.unit_id, name: unit.name, accounts: unit.accounts }).collect())))
}

/// One supervision order.
#[utoipa::path(get, path = "/api/supervision-orders/{id}", tag = "orders", params(("id" = i64, Path, description = "The order")),
    responses((status = 200, body = OrderView, description = "The order with everything that happened to it")))]
pub async fn show_order(State(platform): State<Platform>, actor: Actor, PathOf(order_id): PathOf<OrderId>) -> Result<Json<OrderView>, Problem> {
    let scope = order_scope(&actor).ok_or_else(Problem::forbidden)?;
    let county = county_of(&platform, actor.county_id)?;
    let mut connection = platform.pool.acquire().await?;
    let order = find_order(&mut connection, &county, Some(scope), order_id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(OrderView::for_reader(order, &county, county.date_at(platform.clock.now()), &actor)))
}

/// The order, if it lies in `scope`.
pub async fn find_order(
    connection: &mut sqlx::PgConnection,
    county: &County,
    scope: Option<OrderScope>,
    order_id: OrderId,
) -> Result<Option<Order>, sqlx::Error> {
    let wanted = Wanted { scope, order_id: Some(order_id), limit: 1, ..Wanted::default() };
    Ok(read::list_orders(connection, county.county_id, &wanted).await?.pop())
}

/// The supervision orders about a site, newest first, with their answers and how they rose.
#[utoipa::path(get, path = "/api/sites/{id}/orders", tag = "orders", params(("id" = i64, Path, description = "Number of the site")),
    responses((status = 200, body = Page<OrderStory>, description = "Orders, newest first; nobody is named")))]
pub async fn list_site_orders(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    PathOf(site_id): PathOf<SiteId>,
) -> Result<Json<Page<OrderStory>>, Problem> {
    let mut connection = platform.pool.acquire().await?;
    if !sites::store::is_told(&mut connection, county.county_id, site_id).await? {
        return Err(Problem::not_found());
    }
    let wanted = Wanted { site_id: Some(site_id), limit: MOST_OF_A_SITE, ..Wanted::default() };
    let orders = read::list_orders(&mut connection, county.county_id, &wanted).await?;
    let today = county.date_at(platform.clock.now());
    Ok(Json(Page::whole(orders.into_iter().map(|order| OrderStory::public(order, &county, today)).collect())))
}

fn county_of(platform: &Platform, county_id: CountyId) -> Result<std::sync::Arc<County>, Problem> {
    platform.county(county_id).ok_or_else(|| Problem::internal("unknown county"))
}
