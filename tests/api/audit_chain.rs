//! The chain of the audit log: whoever writes in the log behind the service's back is found out.

use harness::TestApp;
use minsheng_map::audit_log::command::{Verified, verify};
use minsheng_map::schedule;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

async fn correct(app: &TestApp, site: usize, rev: i64) -> u16 {
    let body = json!({"stage": "in_progress", "percent": 10, "reason": "核实", "rev": rev});
    let path = format!("/api/sites/{}/correction", app.world.west[site].site_id.0);
    app.as_login("committee").await.post(&path, body).await.status.as_u16()
}

async fn verified(app: &TestApp) -> Verified {
    verify(&app.pool, None).await.expect("the log can be read")
}

/// A connection of the database's owner, on whom no trigger looks.
async fn owner(app: &TestApp) -> PgConnection {
    let mut connection = PgConnection::connect_with(&app.pool.connect_options()).await.expect("the database");
    sqlx::query("set session_replication_role = replica").execute(&mut connection).await.expect("a superuser");
    connection
}

async fn behind_the_back(app: &TestApp, statement: &str) -> u64 {
    sqlx::query(AssertSqlSafe(statement)).execute(&mut owner(app).await).await.expect(statement).rows_affected()
}

async fn line_of(app: &TestApp, action: &str) -> i64 {
    sqlx::query_scalar("select max(audit_id) from audit_log where action = $1").bind(action).fetch_one(&app.pool).await.expect("a line")
}

#[tokio::test]
async fn one_letter_altered_by_the_databases_owner_names_its_line() {
    let app = TestApp::start().await;
    assert_eq!(correct(&app, 0, 1).await, 200);
    let line = line_of(&app, "site.correct").await;
    assert_eq!(correct(&app, 0, 2).await, 200);
    let before = verified(&app).await;
    assert!(before.holds, "{}", before.text);
    let changed = format!("update audit_log set detail = jsonb_set(detail, '{{reason}}', '\"核查\"') where audit_id = {line}");
    assert_eq!(behind_the_back(&app, &changed).await, 1);
    let after = verified(&app).await;
    assert!(!after.holds && after.text.contains(&format!("line {line} was altered")) && after.text.contains("site.correct"), "{}", after.text);
}

#[tokio::test]
async fn the_smallest_change_of_any_column_names_its_line() {
    let app = TestApp::start().await;
    assert_eq!(correct(&app, 0, 1).await, 200);
    let line = line_of(&app, "site.correct").await;
    assert_eq!(correct(&app, 0, 2).await, 200);
    behind_the_back(&app, &format!("create table kept_line as select * from audit_log where audit_id = {line}")).await;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select column_name::text, data_type::text from information_schema.columns where table_name = 'audit_log' and column_name <> 'audit_id'",
    )
    .fetch_all(&app.pool)
    .await
    .expect("columns");
    assert!(columns.len() >= 13, "{columns:?}");
    for (column, kind) in columns {
        let changed = match (column.as_str(), kind.as_str()) {
            ("actor_kind", _) => "'command'".to_owned(),
            ("outcome", _) => "'refused'".to_owned(),
            (_, "text") => format!("{column} || 'x'"),
            (_, "jsonb") => format!("{column} || '{{\"x\": 0}}'"),
            (_, "uuid") => "gen_random_uuid()".to_owned(),
            (_, "ARRAY") => format!("array_append({column}, 'x')"),
            (_, "timestamp with time zone") => format!("{column} + interval '1 microsecond'"),
            _ => format!("{column} + 1"),
        };
        assert_eq!(behind_the_back(&app, &format!("update audit_log set {column} = {changed} where audit_id = {line}")).await, 1);
        let after = verified(&app).await;
        assert!(!after.holds && after.text.contains(&format!("line {line} ")), "{column}: {}", after.text);
        let back = format!("update audit_log set {column} = (select {column} from kept_line) where audit_id = {line}");
        assert_eq!(behind_the_back(&app, &back).await, 1);
        assert!(verified(&app).await.holds, "{column} is as it was");
    }
}

#[tokio::test]
async fn a_line_removed_or_slipped_in_is_named() {
    let app = TestApp::start().await;
    assert_eq!(correct(&app, 0, 1).await, 200);
    let slipped = "insert into audit_log (county_id, at, actor_kind, action, object_kind, object_id, outcome) select county_id, at, 'command', action, \
                   object_kind, object_id, outcome from audit_log where action = 'site.correct'";
    assert_eq!(behind_the_back(&app, slipped).await, 1);
    let line = line_of(&app, "site.correct").await;
    let after = verified(&app).await;
    assert!(!after.holds && after.text.contains(&format!("line {line} is in no chain")), "{}", after.text);
    assert_eq!(behind_the_back(&app, &format!("delete from audit_log where audit_id = {line}")).await, 1);
    assert!(verified(&app).await.holds);
    let line = line_of(&app, "site.correct").await;
    assert_eq!(behind_the_back(&app, &format!("delete from audit_log where audit_id = {line}")).await, 1);
    let after = verified(&app).await;
    assert!(!after.holds && after.text.contains(&format!("line {line} was removed")), "{}", after.text);
    assert_eq!(behind_the_back(&app, &format!("delete from audit_chain where audit_id = {line}")).await, 1);
    let after = verified(&app).await;
    assert!(!after.holds && after.text.contains("its head says"), "{}", after.text);
}

#[tokio::test]
async fn a_log_written_anew_as_a_whole_does_not_fit_the_heads_that_others_kept() {
    let app = TestApp::start().await;
    assert_eq!(correct(&app, 0, 1).await, 200);
    app.set_clock("2026-10-21T00:00:40+08:00");
    schedule::run_due(&app.platform).await.expect("the jobs run");
    schedule::run_due(&app.platform).await.expect("the jobs run");
    let answer = app.visitor().get("/api/audit/heads").await.expect(200);
    let heads = answer.items();
    assert_eq!(heads.len(), 1);
    assert_eq!((&heads[0]["day"], &heads[0]["county"]), (&json!("2026-10-20"), &json!(app.platform.served_county().code)));
    assert!(heads[0]["position"].as_i64().is_some_and(|position| position > 0) && heads[0]["hash"].as_str().is_some_and(|hash| hash.len() == 64));
    let kept = std::env::temp_dir().join(format!("heads-{}.json", uuid::Uuid::new_v4()));
    std::fs::write(&kept, answer.text()).expect("a file");
    assert!(verify(&app.pool, Some(&kept)).await.expect("read").holds);

    let anew = "update audit_log set detail = '{}' where action = 'site.correct'; delete from audit_days; delete from audit_chain; delete from audit_heads; \
                do $$ declare line audit_log; begin for line in select * from audit_log order by audit_id loop perform chain_audit_line(line); end loop; end $$";
    sqlx::raw_sql(anew).execute(&mut owner(&app).await).await.expect("written anew");
    assert!(verified(&app).await.holds, "the database alone cannot know");
    let after = verify(&app.pool, Some(&kept)).await.expect("read");
    std::fs::remove_file(&kept).expect("the file goes");
    assert!(!after.holds && after.text.contains("does not hold"), "{}", after.text);
}

#[tokio::test]
async fn acts_at_the_same_moment_stand_in_one_chain() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let committee = app.as_login("committee").await;
    let site = app.world.west[0].site_id;
    let mut sending = Vec::new();
    for _ in 0..24 {
        let (deputy, committee) = (deputy.clone(), committee.clone());
        sending.push(tokio::spawn(async move { deputy.get("/api/audit").await.status.as_u16() }));
        let reminder = json!({"site_ids": [site], "to": "adopters", "words": "请到现场查看"});
        sending.push(tokio::spawn(async move { committee.post("/api/reminders", reminder).await.status.as_u16() }));
    }
    for sent in sending {
        let status = sent.await.expect("sent");
        assert!(status < 500, "{status}");
    }
    let after = verified(&app).await;
    assert!(after.holds, "{}", after.text);
    let lines: (i64, i64) =
        sqlx::query_as("select count(*), (select count(*) from audit_chain) from audit_log").fetch_one(&app.pool).await.expect("counts");
    assert!(lines.0 >= 24 && lines.0 == lines.1, "{lines:?}");
}

#[tokio::test]
async fn an_act_that_cannot_be_chained_does_not_happen() {
    let app = TestApp::start().await;
    sqlx::raw_sql("alter table audit_chain rename to audit_chain_away").execute(&app.pool).await.expect("renamed");
    assert_eq!(correct(&app, 0, 1).await, 500);
    let path = format!("/api/sites/{}", app.world.west[0].site_id.0);
    assert_eq!(app.visitor().get(&path).await.expect(200).json()["stage"], "not_started");
    sqlx::raw_sql("alter table audit_chain_away rename to audit_chain").execute(&app.pool).await.expect("renamed back");
    assert_eq!(correct(&app, 0, 1).await, 200);
    assert!(verified(&app).await.holds);
}
