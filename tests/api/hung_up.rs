//! Callers who hang up in the middle of a call: no connection to the database comes back with a transaction of theirs.

use std::time::Duration;

use harness::TestApp;
use serde_json::json;
use sqlx::{Executor, Row};

/// How many of so many connections, each taken anew, stand inside a transaction.
async fn inside_transactions(app: &TestApp, taken: usize) -> usize {
    let mut inside = 0;
    for _ in 0..taken {
        let mut connection = app.platform.pool.acquire().await.expect("a connection");
        // In one simple query both moments are the same, unless a transaction has begun before.
        let alone = match connection.fetch_one(sqlx::raw_sql("select now() = statement_timestamp()")).await {
            Ok(row) => row.get::<bool, _>(0),
            Err(_) => false,
        };
        inside += usize::from(!alone);
    }
    inside
}

#[tokio::test]
async fn a_connection_that_comes_back_inside_a_transaction_is_not_used_again() {
    let app = TestApp::start().await;
    for statement in ["begin", "begin; select 1 / 0"] {
        for _ in 0..12 {
            let mut connection = app.platform.pool.acquire().await.expect("a connection");
            let _ = connection.execute(sqlx::raw_sql(statement)).await;
        }
        assert_eq!(inside_transactions(&app, 24).await, 0, "{statement}");
    }
}

#[tokio::test]
async fn calls_that_are_hung_up_leave_no_transaction_behind() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let rows: Vec<_> = app.world.west.iter().map(|site| json!({"site_id": site.site_id, "rev": 1})).collect();
    let asked = json!({"act": "strike_off", "rows": rows, "words": "", "preview": true});
    for turn in 0..240_u64 {
        let patience = Duration::from_micros(250 * (turn % 40));
        let _ = tokio::time::timeout(patience, committee.post("/api/review/acts", asked.clone())).await;
    }
    assert_eq!(inside_transactions(&app, 24).await, 0);
    for _ in 0..24 {
        committee.post("/api/review/acts", asked.clone()).await.expect(200);
    }
}
