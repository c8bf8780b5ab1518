//! The second net between counties: whatever the queries ask, no row of one county can refer to a row of another.
//!
//! Read from the database's own catalogue, so that a table of a later migration is held to it as well. See docs/decisions/0065.

use harness::{TestApp, TestDatabase};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Tables without a county, and why that is right.
const OF_NO_COUNTY: [(&str, &str); 7] = [
    ("counties", "is the county"),
    ("_sqlx_migrations", "the schema's own"),
    ("audit_heads", "chain_id is the county's number, or 0 for lines of no county"),
    ("delivery_channels", "the ways out of this installation"),
    ("upload_days", "how many pictures all accounts together have sent"),
    ("rate_limits", "buckets by network, before anybody is known"),
    ("sign_in_attempts", "counted by what was typed, before anybody is known"),
];

/// Whose county may be empty, and why.
const PERHAPS_OF_A_COUNTY: [(&str, &str); 1] = [("audit_log", "acts at the command line and attempts of nobody known")];

/// Primary keys that are numbers of the whole database; their rows name the county all the same.
const NUMBERED_OVER_ALL: [&str; 5] = ["accounts", "audit_log", "change_log", "grants", "password_codes"];

async fn names(connection: &mut PgConnection, query: &str) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(connection).await.expect("the catalogue answers")
}

const TABLES: &str = "from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')";
const COUNTY: &str = "select from pg_attribute a where a.attrelid = c.oid and a.attname = 'county_id' and not a.attisdropped";

#[tokio::test]
async fn every_table_names_its_county_or_hangs_on_one_that_does() {
    let database = TestDatabase::create().await;
    let mut owner = PgConnection::connect_with(&database.owner_options()).await.expect("the owner");
    let hangs = "select from pg_constraint k join pg_attribute b on b.attrelid = k.confrelid and b.attname = 'county_id'
                 where k.contype = 'f' and k.conrelid = c.oid";
    let loose = names(&mut owner, &format!("select c.relname::text {TABLES} and not exists ({COUNTY}) and not exists ({hangs}) order by 1")).await;
    let mut excused: Vec<&str> = OF_NO_COUNTY.iter().map(|(name, _)| *name).filter(|name| *name != "counties").collect();
    excused.sort_unstable();
    assert_eq!(loose, excused, "a table without county_id hangs on an account or another row of a county, or is excused with a reason");
    let empty = names(&mut owner, &format!("select c.relname::text {TABLES} and exists ({COUNTY} and not a.attnotnull) order by 1")).await;
    assert_eq!(empty, PERHAPS_OF_A_COUNTY.map(|(name, _)| name));
    let fixed = "select from pg_constraint k join pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey) and a.attname = 'county_id'
                 where k.contype = 'f' and k.conrelid = c.oid";
    let free =
        names(&mut owner, &format!("select c.relname::text {TABLES} and c.relname <> 'counties' and exists ({COUNTY}) and not exists ({fixed})"))
            .await;
    assert!(free.is_empty(), "county_id refers to a county, by itself or together: {free:?}");
}

#[tokio::test]
async fn every_key_begins_with_the_county() {
    let database = TestDatabase::create().await;
    let mut owner = PgConnection::connect_with(&database.owner_options()).await.expect("the owner");
    let query = format!(
        "select c.relname::text {TABLES} and c.relname <> 'counties' and exists ({COUNTY} and not exists (
             select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p' and k.conkey[1] = a.attnum)) order by 1"
    );
    assert_eq!(names(&mut owner, &query).await, NUMBERED_OVER_ALL);
}

#[tokio::test]
async fn no_reference_crosses_from_one_county_to_another() {
    let database = TestDatabase::create().await;
    let mut owner = PgConnection::connect_with(&database.owner_options()).await.expect("the owner");
    // A reference between two tables of counties that leaves the county out has a twin over the same column that does not.
    let query = "
        select k.conrelid::regclass::text || ': ' || pg_get_constraintdef(k.oid)
        from pg_constraint k
        join pg_attribute here on here.attrelid = k.conrelid and here.attname = 'county_id'
        join pg_attribute there on there.attrelid = k.confrelid and there.attname = 'county_id'
        where k.contype = 'f' and not here.attnum = any (k.conkey) and not exists (
            select from pg_constraint twin
            where twin.contype = 'f' and twin.conrelid = k.conrelid and twin.confrelid = k.confrelid and twin.convalidated
              and twin.conkey @> k.conkey and here.attnum = any (twin.conkey) and there.attnum = any (twin.confkey))
        order by 1";
    let crossing = names(&mut owner, query).await;
    assert!(crossing.is_empty(), "{crossing:#?}");
}

#[tokio::test]
async fn an_act_in_the_name_of_another_countys_account_is_refused_by_the_database() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    let stranger = app.world.account("foreign_committee").0;
    for statement in [
        "insert into audit_log (county_id, at, account_id, actor_kind, action, object_kind, object_id, outcome, address, user_agent, detail)
         select county_id, now(), $2, 'account', 'a.b', 'site', site_id::text, 'done', '', '', '{}' from sites where site_id = $1",
        "insert into desk_exports (county_id, export_id, list, format, wanted, reason, made_by, made_at)
         select county_id, gen_random_uuid(), 'review', 'csv', '{}', '年度测评取证', $2, now() from sites where site_id = $1",
    ] {
        let error = sqlx::query(statement).bind(site).bind(stranger).execute(&app.platform.pool).await.expect_err("refused");
        let constraint = error.as_database_error().and_then(|error| error.constraint().map(str::to_owned)).unwrap_or_default();
        assert!(constraint.ends_with("_county_fkey"), "{statement}: {error}");
    }
}
