//! What makes the duty record of the deputy who may be signed in as a living one: the county's table, a month excused, two contests; and
//! the projects that each group follows.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use geodata::demo_county::DemoCounty;
use sqlx::PgConnection;

use super::Ids;
use crate::calendar::Month;
use crate::ids::CountyId;

/// The county's table of points, from the year's first day.
pub async fn insert_duty_rule(
    connection: &mut PgConnection,
    county_id: CountyId,
    ids: &Ids,
    (from, at): (NaiveDate, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into duty_rules (county_id, effective_from, inspection, on_time, evidence, on_site, note, made_by, made_at)
         values ($1, $2, 5, 2, 1, 2, '县人大常委会主任会议通过', $3, $4)",
        county_id.0,
        from,
        ids.committee_account,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Excuses a deputy from a month, before it closes.
pub async fn insert_excuse(
    connection: &mut PgConnection,
    county_id: CountyId,
    ids: &Ids,
    (deputy, month, at): (usize, Month, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into month_exceptions (county_id, deputy_id, month, kind, reason, made_by, made_at)
         values ($1, $2, $3, 'illness', '手术住院，经县人大常委会同意免报', $4, $5)",
        county_id.0,
        ids.deputies[deputy],
        month.first_day(),
        ids.committee_account,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Two contests of a deputy: an older one that was answered with points, and one that waits.
pub async fn insert_contests(
    connection: &mut PgConnection,
    county_id: CountyId,
    ids: &Ids,
    (deputy, now): (usize, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into duty_contests (county_id, report_id, deputy_id, words, made_at, answer, points, answered_by, answered_at)
         select $1, report_id, $2,
                case place when 1 then '当天在现场，手机没有定位信号，照片里可以看到工地门牌。' else '上传当晚网络中断，第二天一早才送达，请核对。' end,
                received_at + interval '1 day',
                case place when 1 then '已核对照片，予以补分。' end, case place when 1 then 2 end,
                case place when 1 then $3::bigint end, case place when 1 then received_at + interval '4 days' end
         from (select report_id, received_at, row_number() over (order by (position is null or off_site or late) desc, received_at) as place
               from reports where county_id = $1 and deputy_id = $2 and state = 'standing' and received_at < $4) as own
         where place <= 2",
        county_id.0,
        ids.deputies[deputy],
        ids.committee_account,
        now - TimeDelta::days(6)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What each group follows: the special ones what their theme names, the others three projects each.
pub async fn insert_themes(connection: &mut PgConnection, county_id: CountyId, county: &DemoCounty, ids: &Ids) -> Result<(), sqlx::Error> {
    let (mut groups, mut projects) = (Vec::new(), Vec::new());
    for (place, group) in county.groups.iter().enumerate() {
        let followed: &[usize] = match group.theme.as_str() {
            "财政经济" => &[8, 9],
            "教育科学" => &[1],
            "文化卫生" => &[4, 10],
            "农业农村" => &[2, 5],
            "城建环保" => &[6, 7],
            "法治监督" => &[2, 6],
            "社会建设" => &[3, 4, 6],
            "数字经济" => &[8],
            "青年" => &[7, 8, 10],
            "妇女儿童" => &[1, 3],
            _ => &[place % 10 + 1, (place + 3) % 10 + 1, (place + 6) % 10 + 1],
        };
        for number in followed {
            groups.push(ids.groups[place]);
            projects.push(ids.projects[number - 1]);
        }
    }
    sqlx::query!(
        "insert into deputy_group_projects (county_id, deputy_group_id, project_id)
         select $1, deputy_group_id, project_id from unnest($2::bigint[], $3::bigint[]) as followed (deputy_group_id, project_id)",
        county_id.0,
        &groups,
        &projects
    )
    .execute(connection)
    .await?;
    Ok(())
}
