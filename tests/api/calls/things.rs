//! The things that the calls are about, made as their people would make them, or put into the database where no act makes them.

use harness::{StoredReport, TestApp, instant};
use minsheng_map::ids::DeputyId;
use serde_json::json;
use uuid::Uuid;

use super::{csv, name_of, order_about, picture};

/// The things that the calls are about.
pub struct Things {
    pub site: i64,
    pub(super) report: Uuid,
    /// What staff entered for `deputy`.
    pub(super) entered: Uuid,
    /// A strike-off that waits for a second person.
    pub(super) proposal: i64,
    /// A lowering of the county's settings that waits for a second person.
    pub(super) setting_proposal: i64,
    pub(super) notice: Uuid,
    pub(super) session: Uuid,
    pub(super) import: String,
    pub(super) order: i64,
    pub(super) dismissal: i64,
    pub(super) account: i64,
    /// One that works at the desk, and has a card.
    pub(super) invited_account: i64,
    /// Whose the account is.
    pub(super) account_deputy: i64,
    pub(super) deputy: i64,
    pub(super) portrait: String,
    pub(super) unit: i64,
    /// A message about the reminder that was given up.
    pub(super) dead_letter: i64,
    pub(super) project: i64,
    /// A unit without work.
    pub(super) idle_unit: i64,
    /// A group without deputies.
    pub(super) idle_group: i64,
    /// Another one, to be removed.
    pub(super) spare_group: i64,
    pub(super) station: i64,
    /// A term that waits for its first day.
    pub(super) term: i64,
    /// What `deputy` contests.
    pub(super) contest: i64,
    /// That `deputy` is excused from a later month.
    pub(super) exception: i64,
    /// A file that `committee` asked for.
    pub(super) desk_export: String,
    /// Waits for a second person.
    pub(super) waiting_export: String,
    /// Can still be taken back by the working committee of the west.
    pub(super) held_reminder: String,
    /// An open invitation of `deputy`.
    pub(super) invitation: i64,
    /// The token of one of `deputy2`.
    pub(super) token: String,
    /// Number of a challenge of `site`, whose picture has come.
    pub(super) challenge: String,
    pub(super) picture: Vec<u8>,
    pub(super) picture_name: String,
}

impl Things {
    /// A report with its picture, a notice and a session of `deputy`, an import of `working_committee`.
    pub async fn prepare(app: &TestApp) -> Self {
        let (site, deputy) = (app.world.west[0].site_id, app.as_login("deputy").await);
        let report = StoredReport::new(site, app.world.deputies["deputy"], instant("2026-10-12T10:00:00+08:00"), "in_progress");
        report.take_effect(&app.pool, &app.world).await;
        let picture = picture(200);
        let picture_name = name_of(&picture);
        deputy.put_bytes(&format!("/api/photos/{picture_name}"), picture.clone()).await.expect(201);
        sqlx::query("insert into report_photos (county_id, report_id, place, sha256) values ($1, $2, 1, decode($3, 'hex'))")
            .bind(app.world.county_id.0)
            .bind(report.report_id)
            .bind(&picture_name)
            .execute(&app.pool)
            .await
            .expect("the report shows the picture");
        let reminder = json!({"site_ids": [site], "to": "adopters", "words": ""});
        app.as_login("committee").await.post("/api/reminders", reminder).await.expect(200);
        let working_committee = app.as_login("working_committee").await;
        let import = working_committee.post_bytes("/api/imports?kind=sites&file_name=sites.csv", csv()).await.expect(201).json();
        let other = app.world.deputies["deputy2"];
        let portrait = working_committee.put_bytes(&format!("/api/deputies/{other}/portrait"), self::picture(30)).await.expect(200).json();
        let order = order_about(site.0, app.world.unit_id.0);
        let order = working_committee.post("/api/supervision-orders", order).await.expect(201).json();
        let invite = async |deputy: DeputyId| {
            let body = json!({"deputies": [deputy], "valid_days": 30});
            working_committee.post("/api/invitations", body).await.expect(201).items().remove(0)
        };
        let (invitation, card) = (invite(app.world.deputies["deputy"]).await, invite(other).await);
        let invited_account = app.world.account("other_unit").0;
        let named = "update accounts set name = '县水务局经办人' where account_id = $1";
        sqlx::query(named).bind(invited_account).execute(&app.pool).await.expect("a name that does not say the login");
        let card_of = json!({"accounts": [invited_account], "valid_days": 30});
        app.as_login("admin").await.post("/api/account-invitations", card_of).await.expect(201);
        let contest = json!({"report_id": contested(app).await, "words": "当天在现场"});
        let contest = deputy.post("/api/me/duty-contests", contest).await.expect(201).json();
        let final_month = "insert into reporting_months (county_id, month, closed_at, finalized_at) values ($1, '2026-09-01', $2, $2)";
        sqlx::query(final_month).bind(app.world.county_id.0).bind(app.now()).execute(&app.pool).await.expect("a final month");
        let exception = json!({"deputy": app.world.deputies["deputy"], "month": "2026-11", "kind": "leave", "reason": "出差"});
        let exception = working_committee.post("/api/month-exceptions", exception).await.expect(201).json();
        let wanted = json!({"wanted": {"list": "month_reports"}, "format": "csv", "reason": "主任会议材料"});
        let desk_export = app.as_login("committee").await.post("/api/desk-exports", wanted).await.expect(201).json();
        let own = async |query: &'static str| -> Uuid {
            sqlx::query_scalar(query).bind(app.world.account("deputy").0).fetch_one(&app.pool).await.expect("a thing of the deputy's")
        };
        Self {
            site: site.0,
            report: report.report_id,
            entered: entered(app).await,
            proposal: proposed(app).await,
            setting_proposal: lowering(app).await,
            notice: own("select notice_id from notices where account_id = $1 limit 1").await,
            session: own("select session_id from sessions where account_id = $1 limit 1").await,
            import: import["id"].as_str().expect("an id").to_owned(),
            order: order["id"].as_i64().expect("an id"),
            dismissal: dismissed(app, site.0).await,
            dead_letter: dead_letter(app).await,
            unit: app.world.unit_id.0,
            project: app.world.project_id.0,
            idle_unit: idle_unit(app).await,
            idle_group: group(app, "养老组").await,
            spare_group: group(app, "文体组").await,
            station: app.world.station_west.0,
            term: waiting_term(app).await,
            account: app.world.account("deputy2").0,
            invited_account,
            account_deputy: app.world.deputies["deputy2"].0,
            deputy: app.world.deputies["deputy"].0,
            contest: contest["id"].as_i64().expect("an id"),
            invitation: invitation["id"].as_i64().expect("an id"),
            token: card["link"].as_str().and_then(|link| link.split_once('#')).expect("a link").1.to_owned(),
            desk_export: desk_export["id"].as_str().expect("an id").to_owned(),
            waiting_export: waiting_export(app).await,
            held_reminder: held_reminder(app, site.0).await,
            exception: exception["id"].as_i64().expect("an id"),
            challenge: challenged(app, site.0, &picture_name).await,
            portrait: portrait["portrait_url"].as_str().expect("an address").to_owned(),
            picture,
            picture_name,
        }
    }
}

/// A finding at the site that was put aside.
async fn dismissed(app: &TestApp, site: i64) -> i64 {
    let query = "insert into review_dismissals (county_id, site_id, reason_code, words, dismissed_by, dismissed_at)
                 values ($1, $2, 'silent', '已电话核实', $3, now()) returning dismissal_id";
    let query = sqlx::query_scalar(query).bind(app.world.county_id.0).bind(site).bind(app.world.account("committee").0);
    query.fetch_one(&app.pool).await.expect("a dismissal")
}

/// A challenge of the site with the picture.
async fn challenged(app: &TestApp, site: i64, picture: &str) -> String {
    let query = "with sent as (
            insert into challenges (county_id, site_id, number, secret_sha256, key_sha256, content_mac, words, submitted_at)
            values ($1, $2, '7K2M9QXD', sha256('secret'), sha256('key'), sha256('content'), '现场还没有开工', $4) returning challenge_id
        ), noted as (
            insert into challenge_steps (county_id, challenge_id, step, kind, at) select $1, challenge_id, 1, 'submitted', $4 from sent
        )
        insert into challenge_photos (county_id, challenge_id, place, sha256, arrived_at) select $1, challenge_id, 1, decode($3, 'hex'), $4 from sent";
    let query = sqlx::query(query).bind(app.world.county_id.0).bind(site).bind(picture).bind(app.now());
    query.execute(&app.pool).await.expect("a challenge");
    "7K2M9QXD".to_owned()
}

/// A file of the working committee of the west, so long that another must confirm it.
pub async fn waiting_export(app: &TestApp) -> String {
    let most = async |rows: i32| {
        sqlx::query("update counties set personal_export_rows = $1 where county_id = $2")
            .bind(rows)
            .bind(app.world.county_id.0)
            .execute(&app.pool)
            .await
    };
    most(1).await.expect("a setting");
    let body = json!({"wanted": {"list": "joining"}, "format": "csv", "reason": "换届通讯录"});
    let asked = app.as_login("working_committee").await.post("/api/desk-exports", body).await.expect(201).json();
    most(1000).await.expect("a setting");
    assert_eq!(asked["state"], "waiting", "{asked}");
    asked["id"].as_str().expect("an id").to_owned()
}

/// A reminder that was sent this moment and can be taken back.
async fn held_reminder(app: &TestApp, site: i64) -> String {
    let sending = Uuid::new_v4();
    let by = app.world.account("working_committee").0;
    let reminder = "insert into reminders (county_id, site_id, unit_id, sent_by, sent_at, words, sending_id)
                    select county_id, site_id, unit_id, $2, $3, '', $4 from sites where site_id = $1";
    sqlx::query(reminder).bind(site).bind(by).bind(app.now()).bind(sending).execute(&app.pool).await.expect("a reminder");
    let notice = "insert into notices (county_id, notice_id, account_id, kind, site_id, created_at, sending_id, visible_from)
                  values ($1, gen_random_uuid(), $2, 'reminder', $3, $4, $5, $4 + interval '1 minute')";
    sqlx::query(notice)
        .bind(app.world.county_id.0)
        .bind(app.world.account("unit").0)
        .bind(site)
        .bind(app.now())
        .bind(sending)
        .execute(&app.pool)
        .await
        .expect("a notice");
    sending.to_string()
}

/// A message that was given up, about a notice to `deputy`.
async fn dead_letter(app: &TestApp) -> i64 {
    let query = "insert into deliveries (county_id, notice_id, channel, state, queued_at, due_at, settled_at)
                 select county_id, notice_id, 'mail', 'dead', created_at, created_at, created_at from notices where account_id = $1 and site_id is not null
                 order by created_at limit 1 returning delivery_id";
    sqlx::query_scalar(query).bind(app.world.account("deputy").0).fetch_one(&app.pool).await.expect("a dead letter")
}

async fn group(app: &TestApp, name: &str) -> i64 {
    let query = sqlx::query_scalar("insert into deputy_groups (county_id, name) values ($1, $2) returning deputy_group_id");
    query.bind(app.world.county_id.0).bind(name).fetch_one(&app.pool).await.expect("a group")
}

async fn waiting_term(app: &TestApp) -> i64 {
    let begun = "insert into terms (county_id, number, begins_on, entered_by, entered_at, begun_at) values ($1, 16, '2017-01-12', $2, now(), now())";
    let begun = sqlx::query(begun).bind(app.world.county_id.0).bind(app.world.account("committee").0);
    begun.execute(&app.pool).await.expect("a term");
    let query = "insert into terms (county_id, number, begins_on, entered_by, entered_at) values ($1, 18, '2026-12-20', $2, now()) returning term_id";
    let query = sqlx::query_scalar(query).bind(app.world.county_id.0).bind(app.world.account("committee").0);
    query.fetch_one(&app.pool).await.expect("a term")
}

async fn idle_unit(app: &TestApp) -> i64 {
    let query = sqlx::query_scalar("insert into units (county_id, name) values ($1, '县环境保护局') returning unit_id");
    query.bind(app.world.county_id.0).fetch_one(&app.pool).await.expect("a unit")
}

/// A report of September that staff entered for `deputy`.
async fn entered(app: &TestApp) -> Uuid {
    let report = StoredReport::new(app.world.west[1].site_id, app.world.deputies["deputy"], instant("2026-09-20T10:00:00+08:00"), "in_progress");
    report.take_effect(&app.pool, &app.world).await;
    let query = sqlx::query("update reports set came_by = 'telephone', account_id = $2 where report_id = $1");
    query.bind(report.report_id).bind(app.world.account("committee").0).execute(&app.pool).await.expect("it was entered");
    report.report_id
}

/// A strike-off of the other site that the auditor, of all people, once proposed: anybody may confirm it.
async fn proposed(app: &TestApp) -> i64 {
    let query = "insert into strike_off_proposals (county_id, site_id, note, proposed_by, proposed_at) values ($1, $2, '验收', $3, now())
                 returning proposal_id";
    let query = sqlx::query_scalar(query).bind(app.world.county_id.0).bind(app.world.west[1].site_id.0).bind(app.world.account("auditor").0);
    query.fetch_one(&app.pool).await.expect("a proposal")
}

/// Somebody asked that one person may strike off again.
async fn lowering(app: &TestApp) -> i64 {
    let query = "insert into county_setting_proposals (county_id, setting, before, after, reason, proposed_by, proposed_at)
                 values ($1, 'strike_off_persons', 2, 1, '人手不足', $2, now()) returning proposal_id";
    let query = sqlx::query_scalar(query).bind(app.world.county_id.0).bind(app.world.account("auditor").0);
    query.fetch_one(&app.pool).await.expect("a proposal")
}

/// A report of `deputy` on their other site.
async fn contested(app: &TestApp) -> Uuid {
    let report = StoredReport::new(app.world.west[1].site_id, app.world.deputies["deputy"], instant("2026-10-11T10:00:00+08:00"), "in_progress");
    report.take_effect(&app.pool, &app.world).await;
    report.report_id
}
