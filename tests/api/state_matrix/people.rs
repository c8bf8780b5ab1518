//! Makes deputies, accounts, sessions and what belongs to one person, in the state that a row names.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Ground, Made, Place};
use crate::calls::{name_of, picture};

/// The thing of a route, or nothing when nobody makes it.
pub async fn make(ground: &Ground, template: &str, state: &str) -> Option<Made> {
    let mut parts = template.split('/').skip(1);
    let noun = match parts.next() {
        Some("api") => parts.next().unwrap_or_default(),
        first => first.unwrap_or_default(),
    };
    let made = match noun {
        "deputies" => deputy(ground, state).await,
        "invitations" if template.ends_with("{id}") => invitation(ground, state).await,
        "month-exceptions" if template.ends_with("undo") => exception(ground, state).await,
        "invitations" | "month-exceptions" => deputy(ground, state).await,
        "reports" => report(ground, state).await,
        "duty-contests" => contest(ground, state).await,
        "sessions" => session(ground, state).await,
        "me" => notice(ground, state).await,
        "accounts" | "account-invitations" => account(ground, state).await,
        "terms" => term(ground, state).await,
        "photos" => photo(ground, state).await,
        _ => return None,
    };
    Some(made)
}

impl Ground {
    /// A deputy of the place without an account.
    pub async fn deputy_in(&self, place: &Place, ended: bool) -> i64 {
        let number = self.next();
        let left = if ended { "date '2026-10-01', now(), 'moved'" } else { "null, null, null" };
        self.number(format!(
            "insert into deputies (county_id, name, level, region_code, personal_code, phone, left_on, left_at, left_because)
             values ({}, '代表{number}', 'county', '{}', 'M-{number}', '138{number:08}', {left}) returning deputy_id",
            place.county, place.region
        ))
        .await
    }
}

async fn deputy(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let deputy = ground.deputy_in(&place, state == "ended").await;
    let adoption = "insert into adoptions (county_id, site_id, deputy_id, adopted_on, ended_on) values";
    let ended = if state == "ended" { "date '2026-10-01'" } else { "null" };
    ground.run(format!("{adoption} ({}, {}, {deputy}, '2026-01-10', {ended})", place.county, place.site)).await;
    ground
        .run(format!(
            "insert into portraits (county_id, deputy_id, sha256, picture, set_by, set_at)
             values ({}, {deputy}, sha256('{deputy}'::bytea), '\\x00', {}, now())",
            place.county,
            ground.account(place.staff)
        ))
        .await;
    // The map of the served county shows its deputies' pages.
    ground.run(format!("insert into change_log (county_id, kind, at) values ({}, 'county', now())", place.county)).await;
    ground.app.platform.changes.nudge();
    Made { id: deputy.to_string(), rev: 1, also: place.site.to_string() }
}

async fn invitation(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let deputy = ground.deputy_in(&place, false).await;
    let used = if state == "used" { "now()" } else { "null" };
    let invitation = ground
        .number(format!(
            "insert into invitations (county_id, deputy_id, token_hash, made_by, made_at, expires_at, used_at)
             values ({}, {deputy}, sha256('{deputy}'::bytea), {}, '2026-10-19 09:00+08', '2026-11-19 09:00+08', {used}) returning invitation_id",
            place.county,
            ground.account(place.staff)
        ))
        .await;
    Made { id: invitation.to_string(), ..Made::default() }
}

async fn exception(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let (deputy, by) = (ground.deputy_in(&place, false).await, ground.account(place.staff));
    let undone = if state == "undone" { format!("{by}, now(), '提前返回'") } else { "null, null, null".to_owned() };
    let month = if state == "final" { "2026-09-01" } else { "2026-11-01" };
    let exception = ground
        .number(format!(
            "insert into month_exceptions (county_id, deputy_id, month, kind, reason, made_by, made_at, undone_by, undone_at, undo_reason)
             values ({}, {deputy}, '{month}', 'leave', '出差', {by}, '2026-10-01 09:00+08', {undone}) returning exception_id",
            place.county
        ))
        .await;
    Made { id: exception.to_string(), ..Made::default() }
}

/// What a deputy of the place sends about their site: the report before it becomes an earlier version.
async fn report(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let (committee, deputy) = (ground.person("committee"), ground.person(place.deputy));
    let send = async || {
        let (id, number) = (Uuid::now_v7(), ground.next());
        let body = json!({"site_id": place.site, "stage": "not_started", "percent": 0, "words": "尚未进场", "photos": [],
            "written_at": format!("2026-10-20T08:{:02}:{:02}+08:00", number / 60 % 60, number % 60)});
        match state {
            "entered" | "objected" => {
                let path = format!("/api/deputies/{}/reports/{id}", ground.app.world.deputies[place.deputy]);
                committee.put(&path, json!({"came_by": "telephone", "report": body})).await.expect(201);
            }
            _ => drop(deputy.put(&format!("/api/reports/{id}"), body).await.expect(201)),
        }
        id
    };
    let id = send().await;
    match state {
        "returned" => drop(committee.post(&format!("/api/reports/{id}/return"), json!({"reason": "与现场不符"})).await.expect(200)),
        "amended" => drop(send().await),
        "objected" => drop(deputy.post(&format!("/api/reports/{id}/objection"), json!({"reason": "我没有说过"})).await.expect(200)),
        _ => {}
    }
    Made { id: id.to_string(), ..Made::default() }
}

async fn contest(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let report = report(ground, if ["east", "foreign"].contains(&state) { state } else { "standing" }).await.id;
    let answer = match state {
        "answered" => format!("'已核对', 2, {}, now()", ground.account("committee")),
        _ => "null, null, null, null".to_owned(),
    };
    let contest = ground
        .number(format!(
            "insert into duty_contests (county_id, report_id, deputy_id, words, made_at, answer, points, answered_by, answered_at)
             values ({}, '{report}', {}, '当天在现场', now(), {answer}) returning contest_id",
            place.county, ground.app.world.deputies[place.deputy]
        ))
        .await;
    Made { id: contest.to_string(), ..Made::default() }
}

async fn session(ground: &Ground, state: &str) -> Made {
    let (id, number) = (Uuid::new_v4(), ground.next());
    if state != "ended" {
        let whose = ground.account(ground.place(state).deputy);
        ground
            .run(format!(
                "insert into sessions (token_hash, session_id, account_id, created_at, last_seen_at, expires_at, idle_seconds)
                 values (sha256('session {number}'::bytea), '{id}', {whose}, '2026-10-20 08:59+08', '2026-10-20 08:59+08', '2026-10-27 09:00+08', 86400)"
            ))
            .await;
    }
    Made { id: id.to_string(), ..Made::default() }
}

async fn notice(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let (id, whose) = (Uuid::new_v4(), ground.account(place.deputy));
    let from = if state == "held" { "timestamptz '2026-10-20 10:00+08'" } else { "null" };
    ground
        .run(format!(
            "insert into notices (county_id, notice_id, account_id, kind, site_id, created_at, visible_from)
             values ({}, '{id}', {whose}, 'reminder', {}, '2026-10-20 08:00+08', {from})",
            place.county, place.site
        ))
        .await;
    Made { id: id.to_string(), ..Made::default() }
}

async fn account(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let (disabled, waits) = (if state == "disabled" { "now()" } else { "null" }, if state == "waiting" { "now()" } else { "null" });
    let account = ground
        .number(format!(
            "insert into accounts (county_id, login, name, created_at, disabled_at, awaits_confirmation_since)
             values ({}, 'matrix-{}', '新人', now(), {disabled}, {waits}) returning account_id",
            place.county,
            ground.next()
        ))
        .await;
    let grant = "insert into grants (county_id, account_id, role, region_code) values";
    let (role, region) = if state == "auditor" { ("auditor", harness::COUNTY) } else { ("working_committee", place.region) };
    ground.run(format!("{grant} ({}, {account}, '{role}', '{region}')", place.county)).await;
    Made { id: account.to_string(), ..Made::default() }
}

async fn term(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    ground.run("delete from terms".to_owned()).await;
    let (begins_on, begun) = if state == "begun" { ("2026-10-01", "now()") } else { ("2026-12-20", "null") };
    let term = ground
        .number(format!(
            "insert into terms (county_id, number, begins_on, entered_by, entered_at, begun_at)
             values ({}, 18, '{begins_on}', {}, now(), {begun}) returning term_id",
            place.county,
            ground.account(place.staff)
        ))
        .await;
    if state == "gone" {
        ground.run("delete from terms".to_owned()).await;
    }
    Made { id: term.to_string(), ..Made::default() }
}

/// A picture of its own for each state: it is only looked at.
async fn photo(ground: &Ground, state: &str) -> Made {
    let place = ground.place(state);
    let bytes = picture(state.bytes().fold(7, |shade, byte| shade ^ byte));
    let name = name_of(&bytes);
    ground.person(place.deputy).put_bytes(&format!("/api/photos/{name}"), bytes).await;
    if state != "unclaimed" {
        let report = report(ground, if ["returned", "foreign"].contains(&state) { state } else { "standing" }).await.id;
        if state == "gone" {
            let site = ground.site_in(&place, "gone").await;
            ground.run(format!("update reports set site_id = {site} where report_id = '{report}'")).await;
        }
        ground
            .run(format!(
                "insert into report_photos (county_id, report_id, place, sha256) values ({}, '{report}', 1, decode('{name}', 'hex'))",
                place.county
            ))
            .await;
    }
    Made { id: name, also: Value::Null.to_string(), ..Made::default() }
}
