//! A site's stage through a long random life of reports, amendments, returns and corrections, against a plain telling of the rule.

use chrono::{DateTime, TimeDelta, Utc};
use harness::{TestApp, pictures};
use minsheng_map::live_map::check_stages;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::json;
use uuid::Uuid;

use crate::reports::{path, report, send_photo, stage_of, with};

const STEPS: usize = 250;

/// One thing that was ever decided about the site.
struct Decided {
    at: DateTime<Utc>,
    /// The report and its author; none for a correction.
    report: Option<(Uuid, &'static str)>,
    stage: &'static str,
    stands: bool,
}

/// The latest decision that stands; of the same instant the committee's, then the greater id.
fn plainly(history: &[Decided]) -> &'static str {
    let standing = history.iter().filter(|decided| decided.stands);
    let latest = standing.max_by_key(|decided| (decided.at, decided.report.is_none(), decided.report.map(|(id, _)| id)));
    latest.map_or("not_started", |decided| decided.stage)
}

#[tokio::test]
async fn the_stage_is_what_the_latest_standing_decision_says_after_every_step() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    let mut chance = StdRng::seed_from_u64(11);
    let mut history: Vec<Decided> = Vec::new();
    let photo = send_photo(&app.as_login("deputy").await, 1).await;
    assert_eq!(photo, pictures::sha256(&pictures::jpeg(1)));
    for step in 0..STEPS {
        app.platform.clock.set(app.now() + TimeDelta::minutes(1));
        let (stage, percent) = *[("not_started", 0), ("in_progress", 50), ("completed", 100)].choose(&mut chance).expect("a stage");
        match chance.random_range(0..10) {
            0..7 => {
                let login = if chance.random_bool(0.5) { "deputy" } else { "deputy2" };
                let (id, at) = (Uuid::now_v7(), app.now() - TimeDelta::minutes(chance.random_range(0..40)));
                let body = json!({"photos": [photo], "written_at": at, "step_back_reason": "与上次看到的不同"});
                app.as_login(login).await.put(&path(id), with(report(&site, stage, percent), body)).await.expect(201);
                let former = history.iter_mut().find(|decided| decided.stands && decided.report.is_some_and(|(_, author)| author == login));
                let stands = former.as_ref().is_none_or(|former| (former.at, former.report.map(|(id, _)| id)) < (at, Some(id)));
                if let (true, Some(former)) = (stands, former) {
                    former.stands = false;
                }
                history.push(Decided { at, report: Some((id, login)), stage, stands });
            }
            7..9 => {
                let Some(returned) = history.iter_mut().find(|decided| decided.stands && decided.report.is_some()) else { continue };
                returned.stands = false;
                let id = returned.report.expect("a report").0;
                app.as_login("committee").await.post(&format!("/api/reports/{id}/return"), json!({"reason": "照片不清"})).await.expect(200);
            }
            _ => {
                let rev: i64 =
                    sqlx::query_scalar("select rev from sites where site_id = $1").bind(site.site_id.0).fetch_one(&app.pool).await.expect("a rev");
                let body = json!({"stage": stage, "percent": percent, "reason": "实地核查", "rev": rev});
                app.as_login("committee").await.post(&format!("/api/sites/{}/correction", site.site_id), body).await.expect(200);
                history.push(Decided { at: app.now(), report: None, stage, stands: true });
            }
        }
        assert_eq!(stage_of(&app, &site).await, plainly(&history), "after step {step}");
    }
    assert_eq!(check_stages(&app.pool, app.world.county_id).await.expect("a check"), []);
}
