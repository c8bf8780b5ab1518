//! Every act about every kind of thing × every role × the thing's place and state: orders, proposals, imports, people, files, sessions.
//!
//! The expectations are written by hand in `tests/fixtures/state_matrix.txt`, a letter for each person. Whoever may do it does it, each to
//! a thing of their own that was made for them; the others are all told the same about one that stays as it is. Acts about a site by its
//! number are in `permission_matrix.rs`, the routes of no thing in `permissions.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};

use harness::{Answer, Client, TestApp, eventually};
use sqlx::AssertSqlSafe;
use tokio::task::JoinSet;

use crate::calls::{Call, documented_routes};
use crate::permission_matrix;

mod challenges;
mod contents;
mod desk;
mod people;

const TABLE: &str = include_str!("../fixtures/state_matrix.txt");

/// The columns of a row.
const PEOPLE: [&str; 17] = [
    "visitor",
    "deputy",
    "deputy2",
    "deputy_east",
    "keeper",
    "working_committee",
    "working_committee_east",
    "committee",
    "foreign_committee",
    "foreign_deputy",
    "unit",
    "other_unit",
    "admin",
    "security",
    "auditor",
    "foreign_admin",
    "foreign_security",
];

/// Routes about a thing that everybody may see, or whose number the caller makes up; each has its row in `permissions.rs`. A challenge is
/// its holder's by number and secret, whoever that is: `challenges/` walks those routes.
const OF_EVERYBODY: [&str; 12] = [
    "GET /api/challenges/{number}",
    "GET /api/sites/{id}/challenges",
    "GET /basemap/",
    "GET /export/",
    "GET /ogc/",
    "GET /portraits/",
    "GET /tiles/",
    "POST /api/challenges/{number}/withdrawal",
    "POST /api/sites/{id}/challenges",
    "PUT /api/challenges/{number}",
    "PUT /api/photos/{sha256}",
    "PUT /api/reports/{id}",
];

/// One row: a route, a state of its thing, and what each person is told.
struct Row {
    route: String,
    state: String,
    cells: Vec<char>,
}

fn rows() -> Vec<Row> {
    let (mut rows, mut route) = (Vec::new(), String::new());
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some(row) = line.strip_prefix("    ") else {
            route = line.to_owned();
            continue;
        };
        let (state, cells) = row.split_once(' ').expect("a state and its cells");
        let cells: Vec<char> = cells.trim().chars().filter(|letter| *letter != '-').collect();
        assert_eq!(cells.len(), PEOPLE.len(), "{route}, {state}");
        rows.push(Row { route: route.clone(), state: state.to_owned(), cells });
    }
    rows
}

/// A number that a thing goes by, the version of it that was seen last, and whatever else a call about it names.
#[derive(Debug, Clone, Default)]
pub struct Made {
    pub id: String,
    pub rev: i64,
    pub also: String,
}

/// One of the three places in which things are made.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub county: i32,
    pub region: &'static str,
    pub name: &'static str,
    pub site: i64,
    pub unit: i64,
    pub deputy: &'static str,
    pub staff: &'static str,
    /// Somebody of the county who may do nothing with the thing.
    pub aside: &'static str,
    pub lon: f64,
}

/// The server, everybody signed in to it, and a counter for what must not be there twice.
pub struct Ground {
    pub app: TestApp,
    people: BTreeMap<&'static str, Client>,
    made: AtomicI64,
}

impl Ground {
    async fn prepare() -> Self {
        let app = TestApp::start_with(|settings| settings.reminder_hold_s = 60).await;
        let mut people = BTreeMap::from([("visitor", app.visitor())]);
        for login in PEOPLE.iter().skip(1).chain(&["foreign_auditor"]) {
            people.insert(*login, app.as_login(login).await);
        }
        let ground = Self { app, people, made: AtomicI64::new(0) };
        ground.run("update counties set personal_export_rows = 1".to_owned()).await;
        let (own, foreign) = (ground.app.world.county_id.0, ground.app.world.foreign_county_id.0);
        ground
            .run(format!(
                "insert into reporting_months (county_id, month, closed_at, finalized_at)
                 values ({own}, '2026-09-01', '2026-10-01', '2026-10-06'), ({foreign}, '2026-09-01', '2026-10-01', '2026-10-06')"
            ))
            .await;
        // A file about one person would wait for nobody.
        ground.deputy_in(&ground.place("foreign"), false).await;
        ground
    }

    pub fn person(&self, login: &str) -> &Client {
        &self.people[login]
    }

    pub fn account(&self, login: &str) -> i64 {
        self.app.world.account(login).0
    }

    /// Another number than ever before.
    pub fn next(&self) -> i64 {
        self.made.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub fn place(&self, state: &str) -> Place {
        let world = &self.app.world;
        let own = world.county_id.0;
        match state {
            "east" => Place {
                county: own,
                region: harness::EAST,
                name: "东山镇",
                site: world.east[0].site_id.0,
                unit: world.other_unit_id.0,
                deputy: "deputy_east",
                staff: "working_committee_east",
                aside: "auditor",
                lon: 120.22,
            },
            "foreign" => Place {
                county: world.foreign_county_id.0,
                region: harness::FOREIGN_TOWNSHIP,
                name: "邻县镇",
                site: world.foreign.site_id.0,
                unit: 0,
                deputy: "foreign_deputy",
                staff: "foreign_committee",
                aside: "foreign_auditor",
                lon: 120.55,
            },
            _ => Place {
                county: own,
                region: harness::WEST,
                name: "西河镇",
                site: world.west[0].site_id.0,
                unit: world.unit_id.0,
                deputy: "deputy",
                staff: "working_committee",
                aside: "auditor",
                lon: 120.02,
            },
        }
    }

    pub async fn run(&self, statement: String) {
        sqlx::query(AssertSqlSafe(statement.as_str())).execute(&self.app.pool).await.unwrap_or_else(|error| panic!("{error}: {statement}"));
    }

    pub async fn number(&self, statement: String) -> i64 {
        let query = sqlx::query_scalar(AssertSqlSafe(statement.as_str()));
        query.fetch_one(&self.app.pool).await.unwrap_or_else(|error| panic!("{error}: {statement}"))
    }

    /// The call of a row, about a thing that was made for it.
    async fn call(&self, route: &str, state: &str) -> Call {
        let (method, template) = route.split_once(' ').expect("a method and a path");
        let made = match desk::make(self, template, state).await {
            Some(made) => made,
            None => people::make(self, template, state).await.unwrap_or_else(|| panic!("nothing makes the thing of {route}")),
        };
        let path = ["{id}", "{sha256}", "{month}", "{code}", "{number}"].iter().fold(template.to_owned(), |path, name| path.replace(name, &made.id));
        let path = path.replace("{report_id}", &uuid::Uuid::new_v4().to_string());
        if route == "GET /api/deputies/{id}" && state != "foreign" {
            // A deputy's page comes out of the map, which follows the database.
            let shown = async || self.person("visitor").get(&path).await.status.is_success();
            eventually("the map knows the deputy", shown).await;
        }
        Call { method: method.parse().expect("a method"), path, content: contents::of(self, route, state, &made) }
    }
}

fn fits(expected: char, status: u16) -> bool {
    match expected {
        'o' => (200..300).contains(&status),
        'x' => matches!(status, 409 | 410 | 422),
        '1' => status == 401,
        '3' => status == 403,
        '4' => status == 404,
        other => panic!("what does {other} mean?"),
    }
}

#[tokio::test]
async fn every_act_about_every_kind_of_thing_answers_every_role_as_the_table_says() {
    let ground = Ground::prepare().await;
    let (mut cells, mut wrong) = (0, Vec::new());
    for row in rows() {
        let judged = |login: &str, expected: char, answer: &Answer| {
            let fault = format!("{}, {}, by {login}: expected {expected}, got {}: {}", row.route, row.state, answer.status, answer.text());
            (!fits(expected, answer.status.as_u16())).then_some(fault)
        };
        let left_alone = ground.call(&row.route, &row.state).await;
        let (allowed, refused): (Vec<_>, Vec<_>) = PEOPLE.into_iter().zip(row.cells.iter().copied()).partition(|(_, expected)| *expected == 'o');
        let mut asked = JoinSet::new();
        for (login, expected) in refused {
            let (call, client) = (left_alone.clone(), ground.person(login).clone());
            asked.spawn(async move { (login, expected, call.send(&client).await) });
        }
        for (login, expected, answer) in asked.join_all().await {
            wrong.extend(judged(login, expected, &answer));
        }
        for (login, expected) in allowed {
            // Looking changes nothing.
            let call = if row.route.starts_with("GET ") { left_alone.clone() } else { ground.call(&row.route, &row.state).await };
            wrong.extend(judged(login, expected, &call.send(ground.person(login)).await));
        }
        cells += row.cells.len();
    }
    assert!(wrong.is_empty(), "\n{}\n{} of {cells}", wrong.join("\n"), wrong.len());
    assert!(cells >= 5_000, "{cells} cells");
}

#[tokio::test]
async fn every_route_about_a_thing_has_its_rows() {
    let app = TestApp::start().await;
    let mut covered: BTreeSet<String> = rows().into_iter().map(|row| row.route).collect();
    let documented = documented_routes(&app).await;
    assert_eq!(covered.difference(&documented).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without a route");
    covered.extend(permission_matrix::routes(&app));
    let about_things = documented.into_iter().filter(|route| route.contains('{') && !OF_EVERYBODY.iter().any(|prefix| route.starts_with(prefix)));
    let missing: Vec<String> = about_things.filter(|route| !covered.contains(route)).collect();
    assert_eq!(missing, Vec::<String>::new(), "routes about a thing without rows for its states");
}

#[test]
fn nobody_stands_twice_in_a_row_of_the_table() {
    let rows = rows();
    let named: BTreeSet<(&str, &str)> = rows.iter().map(|row| (row.route.as_str(), row.state.as_str())).collect();
    assert_eq!(named.len(), rows.len());
    assert!(rows.iter().all(|row| row.cells.iter().all(|cell| "ox134".contains(*cell))));
}
