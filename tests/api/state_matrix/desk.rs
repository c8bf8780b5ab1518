//! Makes what the committees, units and offices deal with, in the state that a row names.

use harness::FOREIGN_TOWNSHIP;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Ground, Made, Place, challenges};

/// The thing of a route, or nothing when it is a person's.
pub async fn make(ground: &Ground, template: &str, state: &str) -> Option<Made> {
    let noun = template.split('/').nth(2).unwrap_or_default();
    let made = match noun {
        "supervision-orders" => order(ground, state).await,
        "strike-off-proposals" => proposal(ground, state).await,
        "imports" => import(ground, state).await,
        "reminders" => reminder(ground, state).await,
        "challenges" => challenges::make(ground, template, state).await,
        "desk-exports" => export(ground, state).await,
        "sites" | "offers" => offered_site(ground, state).await,
        "stations" => station(ground, state).await,
        "units" => unit(ground, state).await,
        "deputy-groups" => group(ground, state).await,
        "projects" => project(ground, state).await,
        "regions" => region(ground, state).await,
        "deliveries" => delivery(ground, state).await,
        "review" => dismissal(ground, state).await,
        "county-setting-proposals" => setting_proposal(ground, state).await,
        "reporting-months" | "map" => month(state),
        _ => return None,
    };
    Some(made)
}

impl Ground {
    /// A copy of a place's site, in a state of its own.
    pub async fn site_in(&self, place: &Place, state: &str) -> i64 {
        let (number, by) = (self.next(), self.account(place.aside));
        let site = self
            .number(format!(
                "insert into sites (county_id, code, project_id, name, region_code, position, source_datum, source_position, unit_id, stage_since,
                    created_at, key_site, withdrawn_at)
                 select county_id, 'M-{number}', project_id, name || {number}, region_code, position, source_datum, source_position, unit_id,
                    stage_since, created_at, {}, case when {} then created_at end
                 from sites where site_id = {} returning site_id",
                state == "key",
                state == "gone",
                place.site,
            ))
            .await;
        if state != "unfinished" {
            let struck = state == "struck";
            self.run("update counties set strike_off_persons = 1".to_owned()).await;
            self.run(format!(
                "with cause as (
                    insert into stage_changes (county_id, site_id, at, from_stage, to_stage, percent, cause, account_id, reason)
                    select county_id, site_id, '2026-10-19 09:00+08', stage, 'completed', 100, 'correction', {by}, '核实' from sites where site_id = {site})
                 update sites set stage = 'completed', percent = 100, struck_off_on = case when {struck} then date '2026-10-19' end,
                    struck_off_by = case when {struck} then {by}::bigint end, struck_off_note = case when {struck} then '验收' end,
                    struck_off_at = case when {struck} then timestamptz '2026-10-19 10:00+08' end
                 where site_id = {site}"
            ))
            .await;
        }
        self.run(format!("insert into change_log (county_id, kind, object_id, at) values ({}, 'site', {site}, now())", place.county)).await;
        site
    }

    async fn unit_of(&self, place: &Place) -> i64 {
        if place.unit > 0 { place.unit } else { self.number(format!("select min(unit_id) from units where county_id = {}", place.county)).await }
    }

    async fn rev(&self, table: &str, column: &str, id: i64) -> i64 {
        let key = match table {
            "supervision_orders" => "order_id",
            "sites" => "site_id",
            _ => "station_id",
        };
        self.number(format!("select {column} from {table} where {key} = {id}")).await
    }
}

async fn order(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let by = if state == "county" { "committee" } else { place.staff };
    let body = json!({"site_ids": [place.site], "unit_id": ground.unit_of(&place).await, "words": "请说明", "due_on": "2026-11-10",
        "copy_to_deputies": false, "follows": null});
    let order = ground.person(by).post("/api/supervision-orders", body).await.expect(201).json();
    let id = order["id"].as_i64().expect("an id");
    let path = |act: &str| format!("/api/supervision-orders/{id}/{act}");
    if ["answered", "accepted"].contains(&state) {
        let answer = json!({"words": "已复工", "proposed_due_on": null, "photos": []});
        ground.person("unit").post(&path("answer"), answer).await.expect(200);
    }
    let rev = ground.rev("supervision_orders", "rev", id).await;
    match state {
        "accepted" => drop(ground.person(by).post(&path("accept"), json!({"words": "", "rev": rev})).await.expect(200)),
        "withdrawn" => drop(ground.person(by).post(&path("withdrawal"), json!({"reason": "单位有误", "rev": rev})).await.expect(200)),
        "lapsed" => ground.run(format!("update supervision_orders set state = 'lapsed', rev = rev + 1 where order_id = {id}")).await,
        _ => {}
    }
    Made { id: id.to_string(), rev: ground.rev("supervision_orders", "rev", id).await, ..Made::default() }
}

async fn proposal(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let site = ground.site_in(&place, state).await;
    let by = ground.account(if state == "own" { place.staff } else { place.aside });
    let proposal = ground
        .number(format!(
            "insert into strike_off_proposals (county_id, site_id, note, proposed_by, proposed_at)
             values ({}, {site}, '验收', {by}, '2026-10-20 08:00+08') returning proposal_id",
            place.county
        ))
        .await;
    if ["confirmed", "withdrawn"].contains(&state) {
        let settled_by = ground.account("committee");
        let settle = format!("update strike_off_proposals set state = '{state}', settled_by = {settled_by}, settled_at = now()");
        ground.run(format!("{settle} where proposal_id = {proposal}")).await;
    }
    Made { id: proposal.to_string(), rev: ground.rev("sites", "rev", site).await, ..Made::default() }
}

async fn import(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let by = ground.person(if state == "county" { "committee" } else { place.staff });
    let number = ground.next();
    // Which of two was confirmed later is told by their times.
    ground.app.platform.clock.set(ground.app.now() + chrono::TimeDelta::seconds(1));
    let (project, unit) = if state == "foreign" { ("邻县幼儿园", "邻县教育局") } else { ("新改扩建公办幼儿园", "县教育局") };
    let (lon, lat) = (place.lon + 0.0005 * f64::from(u32::try_from(number % 250).unwrap_or(0)), 30.15);
    let rows = format!(
        "序号,项目名称,点位名称,所在镇街,经度,纬度,责任单位,计划开工,计划完工\n1,{project},{}第{number}幼儿园,{},{lon:.4},{lat},{unit},2026-03-01,2026-12-20\n",
        place.name, place.name
    );
    let import = by.post_bytes("/api/imports?kind=sites&file_name=sites.csv", rows.into_bytes()).await.expect(201).json();
    let id = import["id"].as_str().expect("an id").to_owned();
    if ["applied", "undone"].contains(&state) {
        by.post(&format!("/api/imports/{id}/confirm"), Value::Null).await.expect(200);
    }
    if state == "undone" {
        by.post(&format!("/api/imports/{id}/undo"), Value::Null).await.expect(200);
    }
    Made { id, ..Made::default() }
}

async fn reminder(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let by = ground.person(place.staff);
    let body = json!({"site_ids": [place.site], "to": "adopters", "words": "请到现场查看"});
    let sent = by.post("/api/reminders", body).await.expect(200).json();
    let id = sent["id"].as_str().expect("an id").to_owned();
    match state {
        "taken" => drop(by.post(&format!("/api/reminders/{id}/undo"), json!({})).await.expect(200)),
        "sent" => {
            ground.run(format!("update reminders set sent_at = sent_at - interval '1 hour' where sending_id = '{id}'")).await;
            ground.run(format!("update notices set visible_from = visible_from - interval '1 hour' where sending_id = '{id}'")).await;
        }
        _ => {}
    }
    Made { id, ..Made::default() }
}

async fn export(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let asked = json!({"wanted": {"list": "joining"}, "format": "csv", "reason": "换届通讯录"});
    let asked = ground.person(place.staff).post("/api/desk-exports", asked).await.expect(201).json();
    assert_eq!(asked["state"], "waiting", "{asked}");
    let id = asked["id"].as_str().expect("an id").to_owned();
    let words = json!({"words": "用途不明"});
    match state {
        "confirmed" => drop(ground.person("committee").post(&format!("/api/desk-exports/{id}/confirm"), Value::Null).await.expect(200)),
        "refused" => drop(ground.person("committee").post(&format!("/api/desk-exports/{id}/withdraw"), words).await.expect(200)),
        "withdrawn" => drop(ground.person(place.staff).post(&format!("/api/desk-exports/{id}/withdraw"), words).await.expect(200)),
        _ => {}
    }
    Made { id, ..Made::default() }
}

async fn offered_site(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let site = ground.site_in(&place, if state == "offered" { "unfinished" } else { state }).await;
    let by = ground.account(place.staff);
    ground
        .run(format!(
            "insert into site_offers (county_id, site_id, places, offered_at, offered_by) values ({}, {site}, 2, now(), {by})",
            place.county
        ))
        .await;
    Made { id: site.to_string(), rev: ground.rev("sites", "rev", site).await, also: ground.unit_of(&place).await.to_string() }
}

async fn station(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let closed = if state == "closed" { "date '2026-10-01'" } else { "null" };
    let station = ground
        .number(format!(
            "insert into stations (county_id, code, name, kind, region_code, position, closed_on)
             values ({}, 'M-{}', '联络点', 'point', '{}', st_setsrid(st_makepoint({}, 30.2), 4326), {closed}) returning station_id",
            place.county,
            ground.next(),
            place.region,
            place.lon
        ))
        .await;
    Made { id: station.to_string(), rev: 0, also: place.lon.to_string() }
}

async fn unit(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let closed = if state == "closed" { "date '2026-10-01'" } else { "null" };
    let insert =
        format!("insert into units (county_id, name, closed_on) values ({}, '单位{}', {closed}) returning unit_id", place.county, ground.next());
    let unit = ground.number(insert).await;
    if state == "busy" {
        let site = ground.site_in(&place, "unfinished").await;
        ground.run(format!("update sites set unit_id = {unit} where site_id = {site}")).await;
    }
    Made { id: unit.to_string(), rev: 1, ..Made::default() }
}

async fn group(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let insert = format!("insert into deputy_groups (county_id, name) values ({}, '小组{}') returning deputy_group_id", place.county, ground.next());
    let group = ground.number(insert).await;
    if state == "busy" {
        let deputy = ground.deputy_in(&place, false).await;
        ground.run(format!("update deputies set deputy_group_id = {group} where deputy_id = {deputy}")).await;
    }
    Made { id: group.to_string(), rev: 1, ..Made::default() }
}

async fn project(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let (number, unit) = (100 + ground.next() % 800, ground.unit_of(&place).await);
    let insert = "insert into projects (county_id, year, number, title, lead_unit_id) values";
    let project = ground.number(format!("{insert} ({}, 2026, {number}, '农村饮水', {unit}) returning project_id", place.county)).await;
    Made { id: project.to_string(), rev: number, also: unit.to_string() }
}

async fn region(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let code = if state == "foreign" { FOREIGN_TOWNSHIP } else { place.region };
    // Named anew each time, so that nobody changes what another has seen.
    ground.run(format!("update regions set name = '{}' where region_code = '{code}'", place.name)).await;
    Made { id: code.to_owned(), also: place.name.to_owned(), ..Made::default() }
}

async fn delivery(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let (notice, account) = (Uuid::new_v4(), ground.account(place.deputy));
    ground
        .run(format!(
            "insert into notices (county_id, notice_id, account_id, kind, site_id, created_at)
             values ({}, '{notice}', {account}, 'reminder', {}, '2026-10-20 08:00+08')",
            place.county, place.site
        ))
        .await;
    let delivery = ground
        .number(format!(
            "insert into deliveries (county_id, notice_id, channel, state, queued_at, due_at, settled_at)
             values ({}, '{notice}', 'mail', 'dead', now(), now(), now()) returning delivery_id",
            place.county
        ))
        .await;
    Made { id: delivery.to_string(), ..Made::default() }
}

async fn dismissal(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let (site, by) = (ground.site_in(&place, "unfinished").await, ground.account(place.staff));
    let dismissal = ground
        .number(format!(
            "insert into review_dismissals (county_id, site_id, reason_code, words, dismissed_by, dismissed_at)
             values ({}, {site}, 'silent', '已电话核实', {by}, now()) returning dismissal_id",
            place.county
        ))
        .await;
    Made { id: dismissal.to_string(), ..Made::default() }
}

async fn setting_proposal(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    ground.run("update counties set strike_off_persons = 2".to_owned()).await;
    ground.run("delete from county_setting_proposals where state = 'pending'".to_owned()).await;
    let by = ground.account(if state == "own" { "committee" } else { place.aside });
    let settled = match state {
        "confirmed" => format!("'confirmed', {}, now(), 1", ground.account("committee")),
        "withdrawn" => format!("'withdrawn', {}, now(), null", ground.account("committee")),
        _ => "'pending', null, null, null".to_owned(),
    };
    let proposal = ground
        .number(format!(
            "insert into county_setting_proposals (county_id, setting, before, after, reason, proposed_by, proposed_at, state, settled_by, settled_at, rev)
             values ({}, 'strike_off_persons', 2, 1, '人手不足', {by}, now(), {settled}) returning proposal_id",
            place.county
        ))
        .await;
    Made { id: proposal.to_string(), ..Made::default() }
}

fn month(state: &str) -> Made {
    let month = match state {
        "final" => "2026-09",
        "open" => "2026-10",
        _ => "2027-05",
    };
    Made { id: month.to_owned(), ..Made::default() }
}
