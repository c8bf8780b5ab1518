//! The queue of what leaves the app: filled with the notices, leased by workers, settled by whoever has the lease.
//!
//! When a message is due follows the service's clock, which is passed in; a lease follows the database's, because workers' clocks may differ.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::CountyId;
use crate::notices::channel::{Channel, DeliveryState};
use crate::notices::model::NoticeKind;

/// Opens the ways that this process is set up for, and with `only_these` closes the others.
pub async fn open_channels(connection: &mut PgConnection, channels: &[Channel], only_these: bool, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let names: Vec<String> = channels.iter().map(|channel| channel.as_str().to_owned()).collect();
    sqlx::query!(
        "insert into delivery_channels as known (channel, is_open, opened_at) select name, true, $2 from unnest($1::text[]) as name
         on conflict (channel) do update set is_open = true, opened_at = $2 where not known.is_open",
        &names,
        now
    )
    .execute(&mut *connection)
    .await?;
    if only_these {
        sqlx::query!("update delivery_channels set is_open = false where is_open and channel <> all($1)", &names).execute(connection).await?;
    }
    Ok(())
}

pub async fn list_open_channels(connection: &mut PgConnection) -> Result<Vec<Channel>, sqlx::Error> {
    sqlx::query_scalar!(r#"select channel as "channel: Channel" from delivery_channels where is_open order by channel"#).fetch_all(connection).await
}

/// Queues the open ways of these notices, which were told together: a person's own ways as the person wants them, one message for all sites
/// of which the act tells that person, and for the groups one message for all of them. An invented county's telephone numbers may be somebody's: nothing is sent to them.
pub(super) async fn queue(
    connection: &mut PgConnection,
    county_id: CountyId,
    kind: NoticeKind,
    notices: &[Uuid],
    due_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into deliveries (county_id, notice_id, channel, queued_at, due_at, sites)
         select n.county_id, n.notice_id, c.channel, $3, $3,
                case when c.channel in ('mail', 'sms') then 1
                     else (select greatest(count(distinct told.site_id), 1) from notices told where told.county_id = $1 and told.notice_id = any($2))
                end
         from notices n
         join accounts a on a.county_id = n.county_id and a.account_id = n.account_id
         join counties co on co.county_id = n.county_id
         join delivery_channels c on c.is_open
         left join notice_preferences p on p.county_id = n.county_id and p.account_id = n.account_id and p.kind = n.kind and p.way = c.channel
         left join mail_addresses m on m.county_id = n.county_id and m.account_id = n.account_id
         where n.county_id = $1 and n.notice_id = any($2) and case c.channel
             when 'mail' then a.disabled_at is null and m.address is not null and coalesce(p.wanted, $4)
             when 'sms' then a.disabled_at is null and not co.is_demo and coalesce(p.wanted, $5)
                 and (exists (select from notice_phones o where o.county_id = n.county_id and o.account_id = n.account_id)
                      or exists (select from grants g join deputies d on d.county_id = g.county_id and d.deputy_id = g.deputy_id
                                 where g.account_id = n.account_id and d.phone is not null))
             else $6 and n.notice_id = $7
         end",
        county_id.0,
        notices,
        due_at,
        Channel::Mail.is_usual(kind),
        Channel::Sms.is_usual(kind),
        kind.is_for_groups(),
        notices.first()
    )
    .execute(&mut *connection)
    .await?;
    join(connection, county_id, kind, notices).await
}

/// Lets the first message to a person carry the others that the running act has for the same person, of the same kind and in the same words.
async fn join(connection: &mut PgConnection, county_id: CountyId, kind: NoticeKind, notices: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update deliveries d set carried_by = mates.head
         from (select d.delivery_id, first_value(d.delivery_id) over (partition by n.account_id, d.channel, d.due_at, n.words order by d.delivery_id) as head
               from notices n join deliveries d on d.county_id = n.county_id and d.notice_id = n.notice_id
               where n.county_id = $1 and n.kind = $2 and n.site_id is not null and n.order_id is null
                 and (n.account_id, n.created_at) in (select account_id, created_at from notices where county_id = $1 and notice_id = any($3))
                 and d.channel in ('mail', 'sms') and d.told_in = pg_current_xact_id() and d.state = 'waiting') mates
         where d.county_id = $1 and d.delivery_id = mates.delivery_id and d.delivery_id <> mates.head",
        county_id.0,
        kind.as_str(),
        notices
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Drops what waited for notices that were taken back before anybody found them.
pub(super) async fn drop_held(connection: &mut PgConnection, county_id: CountyId, notices: &[Uuid], at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update deliveries set state = 'dropped', fault = 'taken_back', settled_at = $3, lease_id = null, leased_until = null
         where county_id = $1 and notice_id = any($2) and state = 'waiting'",
        county_id.0,
        notices,
        at
    )
    .execute(&mut *connection)
    .await?;
    // What is left of a message of which a part was taken back is carried by the first that stays.
    sqlx::query!(
        "update deliveries d set carried_by = nullif(heirs.heir, d.delivery_id)
         from (select d.carried_by as head, min(d.delivery_id) as heir
               from deliveries d join deliveries head on head.county_id = d.county_id and head.delivery_id = d.carried_by
               where head.county_id = $1 and head.notice_id = any($2) and head.state = 'dropped' and d.state = 'waiting' group by d.carried_by) heirs
         where d.county_id = $1 and d.carried_by = heirs.head and d.state = 'waiting'",
        county_id.0,
        notices
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A message that a worker has taken upon itself, with all it needs to be written and addressed.
#[derive(Debug, Clone)]
pub struct Leased {
    pub county_id: CountyId,
    pub delivery_id: i64,
    pub notice_id: Uuid,
    pub channel: Channel,
    pub attempts: i16,
    pub queued_at: DateTime<Utc>,
    pub kind: NoticeKind,
    pub words: String,
    pub county_name: String,
    pub to_name: String,
    pub is_disabled: bool,
    pub mail: Option<String>,
    pub phone: Option<String>,
    pub site_id: Option<i64>,
    pub site_code: Option<String>,
    pub site_name: Option<String>,
    pub order_id: Option<i64>,
    pub order_prefix: Option<String>,
    pub order_year: Option<i16>,
    pub order_number: Option<i32>,
    /// How many sites a group's line stands for.
    pub sites: i32,
    /// Sites of the messages that this one carries, as `code name`; at most [`NAMED`].
    pub also: Vec<String>,
    /// How many it carries.
    pub carried: i64,
    pub is_deputy: bool,
}

/// Most further sites that a message names.
pub const NAMED: i64 = 19;

/// Leases up to `most` messages that are due, oldest first, passing over those that others hold.
pub async fn lease(
    connection: &mut PgConnection,
    worker: Uuid,
    channels: &[Channel],
    (most, seconds): (i64, f64),
    now: DateTime<Utc>,
) -> Result<Vec<Leased>, sqlx::Error> {
    let names: Vec<String> = channels.iter().map(|channel| channel.as_str().to_owned()).collect();
    sqlx::query_as!(
        Leased,
        r#"with due as (
               select county_id, delivery_id from deliveries
               where state = 'waiting' and due_at <= $1 and channel = any($2) and carried_by is null and (leased_until is null or leased_until < clock_timestamp())
               order by due_at, delivery_id limit $3 for update skip locked
           ), leased as (
               update deliveries d set lease_id = $4, leased_until = clock_timestamp() + make_interval(secs => $5)
               from due where d.county_id = due.county_id and d.delivery_id = due.delivery_id
               returning d.county_id, d.delivery_id, d.notice_id, d.channel, d.attempts, d.queued_at, d.sites
           )
           select l.county_id as "county_id!: CountyId", l.delivery_id as "delivery_id!", l.notice_id as "notice_id!",
                  l.channel as "channel!: Channel", l.attempts as "attempts!", l.queued_at as "queued_at!",
                  n.kind as "kind!: NoticeKind", n.words as "words!", co.name as "county_name!", a.name as "to_name!",
                  (a.disabled_at is not null) as "is_disabled!", m.address as "mail?",
                  coalesce(own.phone, (select dp.phone from grants g join deputies dp on dp.county_id = g.county_id and dp.deputy_id = g.deputy_id
                                     where g.account_id = n.account_id limit 1)) as phone,
                  n.site_id, s.code as "site_code?", s.name as "site_name?", n.order_id, o.prefix as "order_prefix?", o.year as "order_year?",
                  o.number as "order_number?", l.sites as "sites!",
                  array(select t.code || ' ' || t.name from deliveries d join notices c on c.county_id = d.county_id and c.notice_id = d.notice_id
                        join sites t on t.county_id = c.county_id and t.site_id = c.site_id
                        where d.county_id = l.county_id and d.carried_by = l.delivery_id and d.state = 'waiting'
                        order by d.delivery_id limit $6) as "also!: Vec<String>",
                  (select count(*) from deliveries d where d.county_id = l.county_id and d.carried_by = l.delivery_id and d.state = 'waiting') as "carried!",
                  not exists (select from grants g where g.account_id = n.account_id and g.role <> 'deputy') as "is_deputy!"
           from leased l
           join notices n on n.county_id = l.county_id and n.notice_id = l.notice_id
           join counties co on co.county_id = l.county_id
           join accounts a on a.county_id = n.county_id and a.account_id = n.account_id
           left join mail_addresses m on m.county_id = n.county_id and m.account_id = n.account_id
           left join notice_phones own on own.county_id = n.county_id and own.account_id = n.account_id
           left join sites s on s.county_id = n.county_id and s.site_id = n.site_id
           left join supervision_orders o on o.county_id = n.county_id and o.order_id = n.order_id
           order by l.delivery_id"#,
        now,
        &names,
        most,
        worker,
        seconds,
        NAMED
    )
    .fetch_all(connection)
    .await
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome<'a> {
    pub state: DeliveryState,
    pub fault: Option<&'a str>,
    /// When a waiting message is tried next.
    pub due_at: DateTime<Utc>,
    /// Whether it counts as an attempt.
    pub is_attempt: bool,
}

/// Writes down how a leased message, with all that it carries, fared and gives the lease back. False when the lease had passed to another worker meanwhile.
pub async fn settle(
    connection: &mut PgConnection,
    worker: Uuid,
    (county_id, delivery_id): (CountyId, i64),
    outcome: &Outcome<'_>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let settled = sqlx::query!(
        "update deliveries d set state = $4::text, fault = case when $7::smallint = 0 then coalesce($5::text, d.fault) else $5::text end,
                due_at = $6, attempts = d.attempts + $7::smallint,
                settled_at = case when $4::text = 'waiting' then null else $8::timestamptz end,
                lease_id = null, leased_until = null
         from deliveries head
         where head.county_id = $1 and head.delivery_id = $2 and head.lease_id = $3 and head.state = 'waiting'
           and d.county_id = $1 and (d.delivery_id = $2 or d.carried_by = $2) and d.state = 'waiting'",
        county_id.0,
        delivery_id,
        worker,
        outcome.state.as_str(),
        outcome.fault,
        outcome.due_at,
        i16::from(outcome.is_attempt),
        now
    )
    .execute(connection)
    .await?;
    Ok(settled.rows_affected() > 0)
}

/// Gives back whatever the worker still holds, so that the next one need not wait for the lease to run out.
pub async fn give_back(connection: &mut PgConnection, worker: Uuid) -> Result<u64, sqlx::Error> {
    let given = sqlx::query!("update deliveries set lease_id = null, leased_until = null where lease_id = $1", worker).execute(connection).await?;
    Ok(given.rows_affected())
}

/// Sends dead letters again, each with all that travelled in it: they leave at once, with all attempts before them. Returns those that were dead.
pub async fn send_again(connection: &mut PgConnection, county_id: CountyId, ids: &[i64], now: DateTime<Utc>) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "update deliveries set state = 'waiting', queued_at = $3, due_at = $3, attempts = 0, settled_at = null
         where county_id = $1 and state = 'dead' and coalesce(carried_by, delivery_id) in
               (select coalesce(carried_by, delivery_id) from deliveries where county_id = $1 and delivery_id = any($2))
         returning delivery_id",
        county_id.0,
        ids,
        now
    )
    .fetch_all(connection)
    .await
}
