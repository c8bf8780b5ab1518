//! The service's own role in the database: it owns nothing, so a fault in a query can neither change the schema nor what only grows.
//!
//! Every other test serves as this role as well (`TestDatabase::options`), which shows that no right is missing.

use std::sync::Arc;

use harness::{TestApp, TestDatabase};
use minsheng_map::config::Settings;
use minsheng_map::database::cluster::{Cluster, Durability, SERVING_ROLE};
use minsheng_map::database::{self, roles};
use minsheng_map::startup;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const ONLY_GROWING: [&str; 19] = [
    "audit_days",
    "audit_log",
    "challenge_steps",
    "county_setting_changes",
    "deputy_reinstatements",
    "desk_export_decisions",
    "desk_exports",
    "duty_rules",
    "hand_overs",
    "month_corrections",
    "order_steps",
    "plan_changes",
    "region_mergers",
    "region_names",
    "reopenings",
    "site_regions_before",
    "site_withdrawals",
    "stage_changes",
    // Written by the trigger of audit_log alone.
    "audit_chain",
];

async fn refused(connection: &mut PgConnection, statement: &str) {
    let error = sqlx::query(AssertSqlSafe(statement)).execute(connection).await.expect_err(statement);
    let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
    assert_eq!(code.as_deref(), Some("42501"), "{statement}: {error}");
}

async fn connect(database: &TestDatabase) -> PgConnection {
    roles::grant_serving(&database.owner_options(), SERVING_ROLE).await.expect("granted");
    PgConnection::connect_with(&database.options()).await.expect("the role may connect")
}

#[tokio::test]
async fn the_schema_is_out_of_its_reach() {
    let database = TestDatabase::create().await;
    let mut serving = connect(&database).await;
    for statement in [
        "create table mine (a int)",
        "create temporary table audit_heads (a int)",
        "create schema mine",
        "create function mine() returns int language sql as 'select 1'",
        "create role mine",
        "alter table sites add column mine int",
        "alter table audit_log disable trigger audit_log_only_grows",
        "alter function chain_new_audit_line() security invoker",
        "drop table change_log",
        "drop trigger audit_log_only_grows on audit_log",
        "create trigger mine before insert on sites for each row execute function refuse_change()",
        "truncate change_log",
        "set session_replication_role = replica",
        "copy sites to program 'cat'",
        "copy sites to '/tmp/sites'",
        "select pg_read_file('/etc/passwd')",
        "set role app",
    ] {
        refused(&mut serving, statement).await;
    }
}

#[tokio::test]
async fn what_only_grows_is_kept_by_rights_as_well_as_by_triggers() {
    let database = TestDatabase::create().await;
    let mut serving = connect(&database).await;
    let listed = "select c.relname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
                  where p.proname = 'refuse_change' and t.tgqual is null group by 1";
    let mut found: Vec<String> = sqlx::query_scalar(listed).fetch_all(&mut serving).await.expect("names");
    found.sort();
    let mut expected = ONLY_GROWING;
    expected.sort_unstable();
    assert_eq!(found, expected, "a table that only grows is named here");
    for table in ONLY_GROWING {
        let column: String = sqlx::query_scalar(
            "select attname::text from pg_attribute where attrelid = $1::regclass and attnum > 0 and attidentity = '' order by attnum desc limit 1",
        )
        .bind(table)
        .fetch_one(&mut serving)
        .await
        .expect("a column");
        refused(&mut serving, &format!("update {table} set {column} = {column}")).await;
        refused(&mut serving, &format!("delete from {table}")).await;
        refused(&mut serving, &format!("truncate {table} cascade")).await;
    }
    for statement in [
        "update audit_heads set position = 0",
        "insert into audit_heads (chain_id, position, hash) values (7, 1, '')",
        "insert into audit_chain (chain_id, position, audit_id, hash) values (0, 1, 1, sha256(''))",
        "select chain_audit_line(audit_log) from audit_log",
        "update _sqlx_migrations set success = false",
    ] {
        refused(&mut serving, statement).await;
    }
}

#[tokio::test]
async fn a_table_of_a_later_migration_gets_its_rights_and_a_right_too_many_is_taken_back() {
    let database = TestDatabase::create().await;
    let mut serving = connect(&database).await;
    let mut owner = PgConnection::connect_with(&database.owner_options()).await.expect("the owner");
    let later = "create table later (a int); create table later_log (a int);
                 create trigger later_log_only_grows before update or delete on later_log for each row execute function refuse_change();
                 grant update on audit_log to minsheng_serving; revoke select on sites from minsheng_serving";
    sqlx::raw_sql(later).execute(&mut owner).await.expect("a later migration");
    refused(&mut serving, "insert into later values (1)").await;
    roles::grant_serving(&database.owner_options(), SERVING_ROLE).await.expect("granted");
    for allowed in ["insert into later values (1)", "update later set a = 2", "delete from later", "insert into later_log values (1)"] {
        sqlx::query(allowed).execute(&mut serving).await.expect(allowed);
    }
    sqlx::query("select 1 from sites").execute(&mut serving).await.expect("given back");
    refused(&mut serving, "delete from later_log").await;
    refused(&mut serving, "update audit_log set detail = detail").await;
}

#[tokio::test]
async fn two_processes_put_the_rights_right_at_once() {
    let database = Arc::new(TestDatabase::create().await);
    let mut owner = PgConnection::connect_with(&database.owner_options()).await.expect("the owner");
    sqlx::raw_sql("revoke all on all tables in schema public from minsheng_serving").execute(&mut owner).await.expect("nothing left");
    let granting = (0..4).map(|_| {
        let options = database.owner_options();
        tokio::spawn(async move { roles::grant_serving(&options, SERVING_ROLE).await })
    });
    for granted in granting.collect::<Vec<_>>() {
        granted.await.expect("no panic").expect("granted");
    }
}

#[tokio::test]
async fn a_role_with_too_many_rights_is_named_and_the_old_way_still_works() {
    let database = TestDatabase::create().await;
    let owner = database.owner_options();
    let error = roles::grant_serving(&owner, owner.get_username()).await.expect_err("the owner cannot be bound").to_string();
    assert!(error.contains(owner.get_username()) && error.contains("revoke"), "{error}");
    database::migrate_if_allowed(&owner).await.expect("one address for both, as before");
    for (options, as_owner) in [(owner.clone(), true), (database.options(), false)] {
        let pool = database::open_pool(options, 1).await.expect("a pool");
        assert_eq!(roles::serves_as_owner(&pool).await.expect("an answer"), as_owner);
    }
    database::migrate_if_allowed(&database.options()).await.expect("somebody else has migrated");
    let mut connection = PgConnection::connect_with(&owner).await.expect("the owner");
    let behind = "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)";
    sqlx::query(behind).execute(&mut connection).await.expect("one step behind");
    let error = database::migrate_if_allowed(&database.options()).await.expect_err("not the owner's schema").to_string();
    assert!(error.contains("MINSHENG_MIGRATION_DATABASE_URL"), "{error}");
}

/// A data folder whose cluster was made when the owner served: the next start makes the role.
#[tokio::test]
async fn a_private_cluster_of_before_upgrades_by_itself() {
    let folder = std::env::temp_dir().join(format!("minsheng-before-{}", uuid::Uuid::new_v4().simple()));
    let mut cluster = Cluster::start(&folder, None, Durability::Full).await.expect("a cluster");
    database::migrate(&cluster.owner_options()).await.expect("migrated");
    let mut owner = PgConnection::connect_with(&cluster.owner_options()).await.expect("the owner");
    sqlx::raw_sql("drop owned by minsheng_serving; drop role minsheng_serving").execute(&mut owner).await.expect("as before");
    owner.close().await.expect("closed");
    cluster.stop();
    drop(cluster);
    let mut settings = Settings::defaults();
    settings.data_dir = Some(folder.clone());
    for _ in 0..2 {
        let opened = startup::open_database(&settings).await.expect("it opens");
        let role: String = sqlx::query_scalar("select current_user::text").fetch_one(&opened.pool).await.expect("a role");
        assert_eq!(role, SERVING_ROLE);
        assert!(!roles::serves_as_owner(&opened.pool).await.expect("an answer"));
        sqlx::query("select 1 from sites").execute(&opened.pool).await.expect("it reads");
        opened.close().await;
    }
    std::fs::remove_dir_all(folder).expect("removed");
}

#[tokio::test]
async fn the_servers_of_these_tests_serve_as_this_role() {
    let app = TestApp::start().await;
    let role: String = sqlx::query_scalar("select current_user::text").fetch_one(&app.platform.pool).await.expect("a role");
    assert_eq!(role, SERVING_ROLE);
}
