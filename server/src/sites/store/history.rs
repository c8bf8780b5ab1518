//! Reading a site's history: every change of its stage, each strike-off, each reopening, each challenge and its judgement.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::CameBy;
use crate::ids::{CountyId, SiteId};
use crate::sites::model::Stage;

/// What happened to a site, with its cause and whoever was behind it.
#[derive(Debug, Clone)]
pub struct SiteEvent {
    pub at: DateTime<Utc>,
    rank: i32,
    event_id: i64,
    pub from_stage: Stage,
    pub to_stage: Stage,
    pub percent: i16,
    /// `report`, `return`, `correction`, `strike_off`, `reopening`, or `challenge`, `challenge_founded` and `challenge_unfounded`.
    pub cause: String,
    pub report_id: Option<Uuid>,
    pub reason: String,
    /// The reporting deputy, or the person of the committee.
    pub by: Option<String>,
    /// How the deputy's words came to the staff who entered the report.
    pub came_by: Option<CameBy>,
    /// `deputy`, `committee` or `working_committee`; none for the command line.
    pub by_role: Option<String>,
    /// The region in which that person of the committee decides.
    pub by_region: Option<String>,
    /// The day of a strike-off.
    pub struck_off_on: Option<NaiveDate>,
}

/// A place in a site's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    at_us: i64,
    rank: i32,
    event_id: i64,
}

impl SiteEvent {
    pub fn edge(&self) -> Edge {
        Edge { at_us: self.at.timestamp_micros(), rank: self.rank, event_id: self.event_id }
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.at_us, self.rank, self.event_id)
    }
}

impl FromStr for Edge {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.').map(|part| part.parse::<i64>().map_err(|_| ()));
        let mut next = || parts.next().unwrap_or(Err(()));
        let edge = Self { at_us: next()?, rank: i32::try_from(next()?).map_err(|_| ())?, event_id: next()? };
        if parts.next().is_none() && DateTime::from_timestamp_micros(edge.at_us).is_some() { Ok(edge) } else { Err(()) }
    }
}

/// A site's history, newest first, what lies before `before` only. A strike-off of which only the day is known is put at its noon.
pub async fn list_history(
    connection: &mut PgConnection,
    (county_id, zone): (CountyId, Tz),
    site_id: SiteId,
    before: Option<Edge>,
    limit: usize,
) -> Result<Vec<SiteEvent>, sqlx::Error> {
    sqlx::query_as!(
        SiteEvent,
        r#"with events as (
               select c.at, 0 as rank, c.change_id as event_id, c.from_stage, c.to_stage, c.percent::integer as percent, c.cause, c.report_id, c.reason, c.account_id,
                      null::date as struck_off_on
               from stage_changes c where c.county_id = $1 and c.site_id = $2
               union all
               select coalesce(struck_off_at, (struck_off_on + time '12:00') at time zone $3), 1, 0, stage, stage, percent::integer, 'strike_off', null,
                      struck_off_note, struck_off_by, struck_off_on
               from sites where county_id = $1 and site_id = $2 and struck_off_on is not null
               union all
               select coalesce(struck_off_at, (struck_off_on + time '12:00') at time zone $3), 1, reopening_id, 'completed', 'completed', 100,
                      'strike_off', null, struck_off_note, struck_off_by, struck_off_on
               from reopenings where county_id = $1 and site_id = $2
               union all
               select reopened_at, 2, reopening_id, 'completed', 'completed', 100, 'reopening', null, reason, reopened_by, null
               from reopenings where county_id = $1 and site_id = $2
               union all
               select s.at, 3, s.challenge_id * 1000 + s.step, now.stage, now.stage, now.percent::integer,
                      case s.kind when 'submitted' then 'challenge' else 'challenge_' || s.kind end, null,
                      s.words, s.account_id, null
               from challenges c join challenge_steps s using (county_id, challenge_id)
               cross join lateral (
                   select coalesce(max(to_stage), 'not_started') as stage, coalesce(max(percent), 0) as percent
                   from (select to_stage, percent from stage_changes m
                         where m.county_id = $1 and m.site_id = $2 and m.at <= s.at order by m.at desc, m.change_id desc limit 1) as latest) as now
               where c.county_id = $1 and c.site_id = $2 and s.kind in ('submitted', 'founded', 'unfounded')
                 and c.state not in ('declined', 'withdrawn')
           )
           select e.at as "at!", rank as "rank!", event_id as "event_id!", from_stage as "from_stage!: Stage", to_stage as "to_stage!: Stage",
                  e.percent::smallint as "percent!", cause as "cause!", e.report_id, coalesce(e.reason, '') as "reason!",
                  case when cause = 'report' then d.name else a.name end as by,
                  case when cause = 'report' then r.came_by end as "came_by: CameBy",
                  case when cause = 'report' then 'deputy' else office.role end as by_role,
                  case when cause <> 'report' then office.region end as by_region, e.struck_off_on
           from events e
           left join accounts a on a.account_id = e.account_id
           left join reports r on r.county_id = $1 and r.report_id = e.report_id
           left join deputies d on d.county_id = r.county_id and d.deputy_id = r.deputy_id
           left join lateral (
               select g.role, region.name as region from grants g join regions region using (county_id, region_code)
               where g.account_id = e.account_id and g.role in ('committee', 'working_committee')
               order by length(g.region_code), g.region_code limit 1) as office on true
           where $4::bigint is null
              or (e.at, rank, event_id) < (timestamptz 'epoch' + $4 * interval '1 microsecond', $5::integer, $6::bigint)
           order by e.at desc, rank desc, event_id desc
           limit $7"#,
        county_id.0,
        site_id.0,
        zone.name(),
        before.map(|edge| edge.at_us),
        before.map(|edge| edge.rank),
        before.map(|edge| edge.event_id),
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_history_survives_being_written_down() {
        let edge = Edge { at_us: 1_761_640_000_123_456, rank: 2, event_id: 41 };
        assert_eq!(edge.to_string().parse(), Ok(edge));
        for wrong in ["", "1", "1.2", "1.2.3.4", "a.2.3", "1.99999999999.3", "9223372036854775807.1.1"] {
            assert_eq!(wrong.parse::<Edge>(), Err(()), "{wrong}");
        }
    }
}
