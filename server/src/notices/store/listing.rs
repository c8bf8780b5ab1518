//! What was sent and how it stands, for the desk and for a site's file.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{CountyId, OrderId, SiteId};
use crate::notices::channel::{Channel, DeliveryState};
use crate::notices::model::NoticeKind;

/// Which messages are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// Regions of the reader; the notice's site or order lies in one of them.
    pub places: &'a [String],
    pub state: Option<DeliveryState>,
    pub channel: Option<Channel>,
    pub kind: Option<NoticeKind>,
    /// Those older than this one.
    pub before: Option<i64>,
}

/// A message, without its address.
#[derive(Debug)]
pub struct SentMessage {
    pub delivery_id: i64,
    pub channel: Channel,
    pub state: DeliveryState,
    pub kind: NoticeKind,
    pub to_name: String,
    pub site_id: Option<SiteId>,
    pub site_code: Option<String>,
    pub site_name: Option<String>,
    pub order_id: Option<OrderId>,
    pub order_prefix: Option<String>,
    pub order_year: Option<i16>,
    pub order_number: Option<i32>,
    pub created_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub read_at: Option<DateTime<Utc>>,
    pub attempts: i16,
    pub fault: Option<String>,
}

/// Messages about the reader's places, newest first.
pub async fn list(connection: &mut PgConnection, county_id: CountyId, filter: &Filter<'_>, limit: usize) -> Result<Vec<SentMessage>, sqlx::Error> {
    sqlx::query_as!(
        SentMessage,
        r#"select d.delivery_id, d.channel as "channel: Channel", d.state as "state: DeliveryState", n.kind as "kind: NoticeKind",
                  a.name as to_name, n.site_id as "site_id: SiteId", s.code as "site_code?", s.name as "site_name?",
                  n.order_id as "order_id: OrderId", o.prefix as "order_prefix?", o.year as "order_year?", o.number as "order_number?",
                  n.created_at, d.due_at, d.settled_at, n.read_at, d.attempts, d.fault
           from deliveries d
           join notices n on n.county_id = d.county_id and n.notice_id = d.notice_id
           join accounts a on a.county_id = n.county_id and a.account_id = n.account_id
           left join sites s on s.county_id = n.county_id and s.site_id = n.site_id
           left join supervision_orders o on o.county_id = n.county_id and o.order_id = n.order_id
           where d.county_id = $1
             and exists (select from unnest($2::text[]) as place where starts_with(coalesce(s.region_code, o.region_code), place))
             and ($3::text is null or d.state = $3) and ($4::text is null or d.channel = $4) and ($5::text is null or n.kind = $5)
             and ($6::bigint is null or d.delivery_id < $6)
           order by d.delivery_id desc limit $7"#,
        county_id.0,
        filter.places,
        filter.state.map(DeliveryState::as_str),
        filter.channel.map(Channel::as_str),
        filter.kind.map(NoticeKind::as_str),
        filter.before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await
}

/// How many messages about the reader's places wait or were given up. What is settled is not counted: there is ever more of it.
pub async fn count_by_state(connection: &mut PgConnection, county_id: CountyId, places: &[String]) -> Result<Vec<(DeliveryState, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.state as "state: DeliveryState", count(*) as "count!"
           from deliveries d
           join notices n on n.county_id = d.county_id and n.notice_id = d.notice_id
           left join sites s on s.county_id = n.county_id and s.site_id = n.site_id
           left join supervision_orders o on o.county_id = n.county_id and o.order_id = n.order_id
           where d.county_id = $1 and d.state in ('waiting', 'dead')
             and exists (select from unnest($2::text[]) as place where starts_with(coalesce(s.region_code, o.region_code), place))
           group by d.state order by d.state"#,
        county_id.0,
        places
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.state, row.count)).collect())
}

/// Those of `ids` that are about the reader's places.
pub async fn list_within(connection: &mut PgConnection, county_id: CountyId, ids: &[i64], places: &[String]) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select d.delivery_id from deliveries d
         join notices n on n.county_id = d.county_id and n.notice_id = d.notice_id
         left join sites s on s.county_id = n.county_id and s.site_id = n.site_id
         left join supervision_orders o on o.county_id = n.county_id and o.order_id = n.order_id
         where d.county_id = $1 and d.delivery_id = any($2)
           and exists (select from unnest($3::text[]) as place where starts_with(coalesce(s.region_code, o.region_code), place))",
        county_id.0,
        ids,
        places
    )
    .fetch_all(connection)
    .await
}

/// How one notice left the app by one way.
#[derive(Debug, Clone)]
pub struct WayOut {
    pub notice_id: Uuid,
    pub channel: Channel,
    pub state: DeliveryState,
    pub attempts: i16,
    pub fault: Option<String>,
    pub due_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
}

/// The ways out of these notices.
pub async fn list_ways_out(connection: &mut PgConnection, county_id: CountyId, notices: &[Uuid]) -> Result<Vec<WayOut>, sqlx::Error> {
    sqlx::query_as!(
        WayOut,
        r#"select notice_id, channel as "channel: Channel", state as "state: DeliveryState", attempts, fault, due_at, settled_at
           from deliveries where county_id = $1 and notice_id = any($2) order by notice_id, channel"#,
        county_id.0,
        notices
    )
    .fetch_all(connection)
    .await
}
