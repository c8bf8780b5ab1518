//! Every act of every changing route leaves its line in the audit log, in the act's own transaction: with the log shut nothing of it
//! happens, and the line says who, from where and to what without telling a secret.

use harness::{PASSWORD, TestApp};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::calls::Things;
use crate::every_changing_route::{ACTS, person, ready};

/// What counts attempts or says that somebody was there, whatever became of the act.
const COUNTED_ANYWAY: &str = "^(_sqlx_|spatial_|audit_|sessions$|rate_limits$|sign_in_attempts$|upload_days$)";

/// All rows of all tables, as one number a table.
async fn everything(app: &TestApp) -> Vec<(String, Option<i64>)> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname !~ $1 order by 1",
    )
    .bind(COUNTED_ANYWAY)
    .fetch_all(&app.pool)
    .await
    .expect("tables");
    let sums: Vec<String> =
        tables.iter().map(|name| format!("select '{name}', sum(hashtextextended(kept::text, 0) / 1000)::bigint from {name} as kept")).collect();
    sqlx::query_as(AssertSqlSafe(sums.join(" union all "))).fetch_all(&app.pool).await.expect("everything")
}

async fn lines(app: &TestApp, action: &str) -> i64 {
    let query = "select count(*) from audit_log where action = $1 and outcome = 'done'";
    sqlx::query_scalar(query).bind(action).fetch_one(&app.pool).await.expect("a count")
}

/// The latest line of an action: who, from where, in which county, to what, and all else that it says.
async fn latest(app: &TestApp, action: &str) -> (Option<i64>, String, String, String, Value) {
    let query = "select account_id, address, object_kind, object_id, to_jsonb(line) from audit_log as line where action = $1
                 order by audit_id desc limit 1";
    sqlx::query_as(query).bind(action).fetch_one(&app.pool).await.expect("a line")
}

#[tokio::test]
async fn every_act_leaves_its_line_in_the_audit_log_and_without_it_nothing() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let mut wrong = Vec::new();
    for (route, login, action) in ACTS {
        let (call, client) = (ready(&app, &things, route).await, person(&app, login).await);
        sqlx::query("revoke insert on audit_log from minsheng_serving").execute(&app.pool).await.expect("the log is shut");
        let before = everything(&app).await;
        let refused = call.send(&client).await;
        // Of many reports at once each has its own answer.
        let of_one = if *route == "PUT /api/reports" { refused.json()["items"][0]["problem"].clone() } else { refused.json() };
        if (&of_one["status"], &of_one["code"]) != (&json!(503), &json!("unavailable")) {
            wrong.push(format!("{route} without its line: {} {}", refused.status, refused.text()));
        }
        let after = everything(&app).await;
        wrong.extend(
            before.iter().zip(&after).filter(|(before, after)| before != after).map(|(table, _)| format!("{route} leaves something in {}", table.0)),
        );
        sqlx::query("grant insert on audit_log to minsheng_serving").execute(&app.pool).await.expect("the log is open");

        let before = lines(&app, action).await;
        let answer = call.send(&client).await;
        assert!(answer.status.is_success(), "{route}: {}", answer.text());
        assert_eq!(lines(&app, action).await, before + 1, "{route} leaves no line {action}");
        let (account, address, kind, object, line) = latest(&app, action).await;
        if *login != "visitor" {
            assert_eq!(account, Some(app.world.account(login).0), "{route}: whose line is it?");
        }
        assert_eq!(address, "127.0.0.1", "{route}: from where?");
        assert!(!kind.is_empty() && !object.is_empty(), "{route}: to what? {line}");
        for secret in [PASSWORD, "口令", "__Host-session", "$argon2"] {
            assert!(!line.to_string().contains(secret), "{route} tells a secret: {line}");
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
