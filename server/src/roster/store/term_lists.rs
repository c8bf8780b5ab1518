//! Reading what a term held: who sat in it, and which sites they had adopted.

use chrono::NaiveDate;
use chrono_tz::Tz;
use sqlx::PgConnection;

use crate::deputies::DeputyLevel;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::{CountyId, DeputyId};
use crate::roster::term_view::{TermAdoption, TermDeputy, TermEnding, TermSite};

/// The days of a term: its first, and the first that is not its own any more.
pub type TermDays = (NaiveDate, Option<NaiveDate>);

/// The days of a term that has begun.
pub async fn find_begun(connection: &mut PgConnection, county_id: CountyId, number: i16) -> Result<Option<TermDays>, sqlx::Error> {
    let row = sqlx::query!("select begins_on, ends_on from terms where county_id = $1 and number = $2 and begun_at is not null", county_id.0, number)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| (row.begins_on, row.ends_on)))
}

/// The deputies of the county's and the townships' congresses who were in office on a day of the term, of these places, by place and name.
pub async fn list_deputies(
    connection: &mut PgConnection,
    county_id: CountyId,
    (begins_on, ends_on): TermDays,
    (places, level): (&[String], Option<DeputyLevel>),
) -> Result<Vec<TermDeputy>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.deputy_id as "deputy_id: DeputyId", d.name, d.level as "level: DeputyLevel", d.constituency, d.region_code, r.name as region_name,
                  d.deputy_group_id, g.name as "group_name?", d.joined_on,
                  case when d.left_on <= coalesce($3, 'infinity'::date) then d.left_on end as left_on,
                  case when d.left_on <= coalesce($3, 'infinity'::date) then d.left_because end as left_because,
                  (select count(*) from adoptions a where a.county_id = $1 and a.deputy_id = d.deputy_id
                     and a.adopted_on < coalesce($3, 'infinity'::date)
                     and (a.adopted_on >= $2 or coalesce(a.ended_on, 'infinity'::date) > $2)) as "adoptions!"
           from deputies d
           join regions r on r.county_id = d.county_id and r.region_code = d.region_code
           left join deputy_groups g on g.county_id = d.county_id and g.deputy_group_id = d.deputy_group_id
           where d.county_id = $1 and d.level in ('county', 'township') and ($5::text is null or d.level = $5)
             and exists (select from unnest($4::text[]) as place where starts_with(d.region_code, place))
             and coalesce(d.joined_on, '-infinity'::date) < coalesce($3, 'infinity'::date) and coalesce(d.left_on, 'infinity'::date) > $2
           order by d.region_code, d.name collate "zh-x-icu", d.deputy_id"#,
        county_id.0,
        begins_on,
        ends_on,
        places,
        level.map(DeputyLevel::as_str)
    )
    .fetch_all(connection)
    .await?;
    let deputies = rows.into_iter().map(|row| TermDeputy {
        id: row.deputy_id,
        name: row.name,
        level: row.level,
        constituency: row.constituency,
        region: RegionRef { code: row.region_code, name: row.region_name },
        group: row.deputy_group_id.zip(row.group_name).map(|(id, name)| Named { id, name }),
        joined_on: row.joined_on,
        left_on: row.left_on,
        left_because: row.left_because,
        adoptions: row.adoptions,
    });
    Ok(deputies.collect())
}

/// Their adoptions that held on a day of the term, by site, with how each ended in it and the standing reports written while it held.
pub async fn list_adoptions(
    connection: &mut PgConnection,
    (county_id, zone): (CountyId, Tz),
    (begins_on, ends_on): TermDays,
    (places, level): (&[String], Option<DeputyLevel>),
) -> Result<Vec<TermAdoption>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select s.site_id, s.code, s.name, d.deputy_id, d.name as deputy_name, d.level as "level: DeputyLevel", d.region_code, r.name as region_name,
                  a.adopted_on, case when a.ended_on <= coalesce($3, 'infinity'::date) then a.ended_on end as ended_on, a.ended_reason,
                  coalesce($3 < coalesce(a.ended_on, 'infinity'::date), false) as "goes_on!",
                  heir.deputy_id as "to_id?", heir.name as "to_name?", carried.to_deputy_id is not null as "carried!",
                  (select count(*) from reports p where p.county_id = $1 and p.site_id = a.site_id and p.deputy_id = a.deputy_id and p.state = 'standing'
                     and (p.counted_at at time zone $6)::date between greatest(a.adopted_on, $2) and coalesce(a.ended_on, 'infinity'::date)
                     and (p.counted_at at time zone $6)::date < coalesce($3, 'infinity'::date)) as "reports!"
           from adoptions a
           join sites s on s.county_id = a.county_id and s.site_id = a.site_id
           join deputies d on d.county_id = a.county_id and d.deputy_id = a.deputy_id
           join regions r on r.county_id = d.county_id and r.region_code = d.region_code
           left join lateral (
               select t.to_deputy_id from term_adoptions t join terms next on next.county_id = t.county_id and next.term_id = t.term_id
               where t.county_id = $1 and t.site_id = a.site_id and t.from_deputy_id = a.deputy_id and a.ended_reason = 'term_ended'
                 and next.begun_at is not null and next.begins_on <= a.ended_on
                 and exists (select from adoptions after where after.county_id = $1 and after.site_id = a.site_id
                             and after.deputy_id = t.to_deputy_id and coalesce(after.ended_on, 'infinity'::date) >= next.begins_on)
               order by next.begins_on desc limit 1) as carried on true
           left join lateral (
               select h.to_deputy_id from hand_overs h
               where h.county_id = $1 and h.site_id = a.site_id and h.from_deputy_id = a.deputy_id and (h.at at time zone $6)::date = a.ended_on
               order by h.hand_over_id desc limit 1) as handed on a.ended_reason in ('handed_over', 'reassigned')
           left join deputies heir on heir.county_id = $1 and heir.deputy_id = coalesce(carried.to_deputy_id, handed.to_deputy_id)
           where a.county_id = $1 and d.level in ('county', 'township') and ($5::text is null or d.level = $5)
             and exists (select from unnest($4::text[]) as place where starts_with(d.region_code, place))
             and a.adopted_on < coalesce($3, 'infinity'::date)
             and (a.adopted_on >= $2 or coalesce(a.ended_on, 'infinity'::date) > $2)
           order by s.code, a.adopted_on, a.adoption_id"#,
        county_id.0,
        begins_on,
        ends_on,
        places,
        level.map(DeputyLevel::as_str),
        zone.name()
    )
    .fetch_all(connection)
    .await?;
    let adoptions = rows.into_iter().map(|row| {
        let ending = TermEnding::of(row.goes_on, row.ended_on.and(row.ended_reason.as_deref()), row.ended_on.is_some(), row.carried);
        let heir = row.to_id.zip(row.to_name).map(|(id, name)| Named { id, name });
        TermAdoption {
            site: TermSite { id: row.site_id, code: row.code, name: row.name },
            deputy: Named { id: row.deputy_id, name: row.deputy_name },
            level: row.level,
            region: RegionRef { code: row.region_code, name: row.region_name },
            from: row.adopted_on,
            until: row.ended_on,
            to: heir.filter(|_| row.ended_on.is_some()),
            ending,
            reports: row.reports,
        }
    });
    Ok(adoptions.collect())
}
