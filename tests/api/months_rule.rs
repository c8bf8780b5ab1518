//! The month a report counts for: over HTTP at the instants that matter, and against a plain telling of the rule for any instant.
//!
//! Run under several machine time zones: the answers must be the same in each.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use harness::{Client, TestApp, instant};
use minsheng_map::calendar::Month;
use minsheng_map::county::County;
use minsheng_map::ids::CountyId;
use minsheng_map::reports::model::{Version, Writing, as_named, count, met_late, replaces};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::reports::report;

async fn send(app: &TestApp, deputy: &Client, written_at: &str) -> Value {
    let mut body = report(&app.world.west[0], "not_started", 0);
    body["written_at"] = json!(written_at);
    deputy.put(&format!("/api/reports/{}", Uuid::now_v7()), body).await.expect(201).json()
}

#[tokio::test]
async fn the_server_decides_the_month_whatever_the_phone_believes() {
    let app = TestApp::start().await;
    // Server's clock, phone's clock, month, late, doubted.
    let cases = [
        ("2026-10-31T23:59:59.999+08:00", "2026-10-31T23:59:59.999+08:00", "2026-10", false, false),
        ("2026-11-01T00:00:00.000+08:00", "2026-10-31T23:59:59.999+08:00", "2026-10", true, false),
        ("2026-11-01T00:00:00.000+08:00", "2026-11-01T00:00:00.000+08:00", "2026-11", false, false),
        ("2026-11-04T00:00:00.000+08:00", "2026-10-31T22:00:00+08:00", "2026-10", true, false),
        ("2026-11-04T00:00:00.001+08:00", "2026-10-31T22:00:00+08:00", "2026-11", false, false),
        ("2026-12-31T23:00:00+08:00", "2027-01-01T02:00:00+08:00", "2026-12", false, true),
        ("2026-12-31T23:00:00+08:00", "2026-12-31T20:00:00+08:00", "2026-12", false, false),
        ("2027-01-01T01:00:00+08:00", "2026-12-31T22:00:00+08:00", "2026-12", true, false),
        ("2027-01-20T09:00:00+08:00", "2027-02-20T09:00:00+08:00", "2027-01", false, true),
        ("2027-01-20T09:00:00+08:00", "2026-12-20T09:00:00+08:00", "2027-01", false, false),
        ("2027-01-20T09:00:00+08:00", "1970-01-01T00:00:00Z", "2027-01", false, true),
        ("2027-01-20T09:00:00+08:00", "2099-12-31T23:59:59Z", "2027-01", false, true),
        ("2028-03-01T00:00:00.000+08:00", "2028-02-29T23:59:59.999+08:00", "2028-02", true, false),
    ];
    for (server, phone, month, late, doubted) in cases {
        app.set_clock(server);
        // A fresh session each time: years pass between the cases.
        let receipt = send(&app, &app.as_login("deputy2").await, phone).await;
        let told = (receipt["month"].as_str().expect("a month"), &receipt["clock_doubted"]);
        assert_eq!(told, (month, &json!(doubted)), "server {server}, phone {phone}");
        assert_eq!(receipt["received_at"].as_str().map(instant), Some(instant(server)));
        let written: DateTime<Utc> = sqlx::query_scalar("select written_at from reports where report_id = $1")
            .bind(receipt["id"].as_str().and_then(|id| Uuid::parse_str(id).ok()))
            .fetch_one(&app.pool)
            .await
            .expect("a report");
        assert_eq!(written, instant(phone), "the phone's time is kept as evidence");
        assert_eq!(receipt["late"], json!(late), "server {server}, phone {phone}");
        // Each case stands for itself: an amendment would inherit the timeliness of the report before it.
        sqlx::query("delete from reports").execute(&app.pool).await.expect("a clean slate");
    }
}

#[tokio::test]
async fn a_phone_that_tells_its_clock_is_corrected_by_what_it_is_wrong() {
    let app = TestApp::start().await;
    // Server's clock, phone's clock while it writes and sends, the month its form says, month, counted from.
    let cases = [
        ("2026-11-01T01:00:00+08:00", "2026-10-31T22:00:00+08:00", Some("2026-11"), "2026-11", "2026-11-01T01:00:00+08:00"),
        ("2026-11-01T01:00:00+08:00", "2026-10-31T22:00:00+08:00", None, "2026-11", "2026-11-01T01:00:00+08:00"),
        ("2026-11-01T01:00:00+08:00", "2026-11-01T04:00:00+08:00", Some("2026-11"), "2026-11", "2026-11-01T01:00:00+08:00"),
        ("2026-10-31T23:00:00+08:00", "2026-11-01T02:00:00+08:00", Some("2026-10"), "2026-10", "2026-10-31T23:00:00+08:00"),
        ("2026-12-20T09:00:00+08:00", "2026-11-20T09:00:00+08:00", Some("2026-12"), "2026-12", "2026-12-20T09:00:00+08:00"),
        ("2026-12-20T09:00:00+08:00", "2027-01-20T09:00:00+08:00", None, "2026-12", "2026-12-20T09:00:00+08:00"),
        ("2026-12-20T09:00:00+08:00", "1970-01-01T00:00:00Z", None, "2026-12", "2026-12-20T09:00:00+08:00"),
        ("2026-12-20T09:00:00+08:00", "2099-12-31T23:59:59Z", None, "2026-12", "2026-12-20T09:00:00+08:00"),
    ];
    for (server, phone, named, month, counted) in cases {
        app.set_clock(server);
        let deputy = app.as_login("deputy2").await;
        let mut body = report(&app.world.west[0], "not_started", 0);
        (body["written_at"], body["month"]) = (json!(phone), json!(named));
        let path = format!("/api/reports/{}", Uuid::now_v7());
        let sent = |clock: &str| deputy.request(reqwest::Method::PUT, &path).header("phone-clock", clock.to_owned()).json(&body);
        let receipt = harness::Answer::of(sent(phone)).await.expect(201).json();
        let case = format!("server {server}, phone {phone}, named {named:?}");
        assert_eq!((&receipt["month"], &receipt["clock_doubted"], &receipt["late"]), (&json!(month), &json!(true), &json!(false)), "{case}");
        let (written, from, ahead): (DateTime<Utc>, DateTime<Utc>, i64) =
            sqlx::query_as("select written_at, counted_at, phone_ahead_s from reports").fetch_one(&app.pool).await.expect("the one report");
        assert_eq!((written, from), (instant(phone), instant(counted)), "{case}: what the phone believed is kept beside what counts");
        assert_eq!(ahead, (instant(phone) - instant(server)).num_seconds(), "{case}");
        // Sent again with the clock set right, it is the same report.
        let again = harness::Answer::of(sent(server)).await.expect(200).json();
        assert_eq!(again, receipt, "{case}");
        sqlx::query("delete from reports").execute(&app.pool).await.expect("a clean slate");
    }
    let deputy = app.as_login("deputy2").await;
    let path = format!("/api/reports/{}", Uuid::now_v7());
    let body = report(&app.world.west[0], "not_started", 0);
    for clock in ["yesterday", "", "99999-01-01T00:00:00Z", "1800-01-01T00:00:00Z"] {
        let request = deputy.request(reqwest::Method::PUT, &path).header("phone-clock", clock).json(&body);
        assert_eq!(harness::Answer::of(request).await.expect(422).fields(), ["phone-clock"], "{clock}");
    }
}

#[tokio::test]
async fn a_late_report_is_marked_and_an_amendment_of_one_in_time_is_not() {
    let app = TestApp::start().await;
    app.set_clock("2026-11-02T09:00:00+08:00");
    let late = send(&app, &app.as_login("deputy2").await, "2026-10-30T09:00:00+08:00").await;
    assert_eq!((&late["month"], &late["late"]), (&json!("2026-10"), &json!(true)));
    app.set_clock("2026-10-30T09:00:00+08:00");
    let in_time = send(&app, &app.as_login("deputy").await, "2026-10-30T08:00:00+08:00").await;
    app.set_clock("2026-11-02T09:00:00+08:00");
    let amended = send(&app, &app.as_login("deputy").await, "2026-10-31T08:00:00+08:00").await;
    assert_eq!((&in_time["late"], &amended["late"], &amended["version"]), (&json!(false), &json!(false), &json!(2)));
}

/// When a phone that shows `sent` while it sends is to be believed to have written what it says it wrote at `written`, and whether its word
/// was doubted: a clock more than five minutes wrong was as wrong before, and what cannot be is of the moment of receipt.
fn plainly_believed(written: DateTime<Utc>, sent: Option<DateTime<Utc>>, received: DateTime<Utc>) -> (DateTime<Utc>, bool) {
    let off = sent.map_or(0, |sent| sent.timestamp_millis() - received.timestamp_millis());
    let wrong = off.abs() > 300_000;
    let written = if wrong { written - TimeDelta::milliseconds(off) } else { written };
    let absurd = written - received > TimeDelta::minutes(5) || received - written > TimeDelta::days(92);
    (if absurd || written > received { received } else { written }, wrong || absurd)
}

/// The rule told in words of days and hours on Shanghai's wall, without the calendar of the program: eight hours ahead of UTC, always.
fn plainly(written: DateTime<Utc>, sent: Option<DateTime<Utc>>, received: DateTime<Utc>) -> ((i32, u32), bool, bool) {
    let wall = |instant: DateTime<Utc>| instant.naive_utc() + TimeDelta::hours(8);
    let month = |instant: DateTime<Utc>| (wall(instant).year(), wall(instant).month());
    let (believed, doubted) = plainly_believed(written, sent, received);
    let months_apart = (month(received).0 - month(believed).0) * 12 + month(received).1.cast_signed() - month(believed).1.cast_signed();
    let into_month = wall(received) - wall(received).date().with_day(1).expect("a first day").and_time(chrono::NaiveTime::MIN);
    let waits = months_apart == 1 && into_month <= TimeDelta::hours(72);
    if months_apart == 0 || !waits { (month(received), false, doubted) } else { (month(believed), true, doubted) }
}

fn county() -> County {
    County {
        county_id: CountyId(1),
        code: "339901".to_owned(),
        name: "试验县".to_owned(),
        zone: chrono_tz::Tz::Asia__Shanghai,
        is_demo: false,
        grace_days: 5,
        offline_hours: 72,
        stale_days: 40,
        off_site_m: 500,
        minimum_ranked: 5,
        month_reminder: None,
        order_rise_hour: 8,
        offer_reminder: None,
        closed: std::collections::BTreeMap::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn the_months_rule_agrees_with_the_plain_telling(
        // Milliseconds around the turns of the months of 2024 to 2027, and a phone that is anything from right to absurd.
        turn in 0_i32..48, around in -400_000_000_i64..400_000_000, behind in prop_oneof![
            -600_000_i64..600_000, -11_000_000_i64..11_000_000, -9_000_000_000_i64..9_000_000_000, Just(1_700_000_000_000_i64), Just(-2_300_000_000_000_i64),
        ],
        // How far its clock is ahead while it sends, if it says so.
        ahead in proptest::option::of(prop_oneof![-400_000_i64..400_000, -11_000_000_i64..11_000_000, -3_000_000_000_000_i64..3_000_000_000_000]),
    ) {
        let first = chrono::NaiveDate::from_ymd_opt(2024 + turn / 12, (turn % 12).unsigned_abs() + 1, 1).expect("a day");
        let turn_of_month = first.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8);
        let received = turn_of_month + TimeDelta::milliseconds(around);
        let written = received - TimeDelta::milliseconds(behind);
        let sent = ahead.map(|ahead| received + TimeDelta::milliseconds(ahead));
        let counting = count(&county(), Writing { written_at: written, sent_at: sent }, received);
        let ((year, month), late, doubted) = plainly(written, sent, received);
        prop_assert_eq!((counting.month.year(), counting.month.number()), (year, month));
        prop_assert_eq!((counting.late, counting.clock_doubted), (late, doubted));
        prop_assert!(counting.counted_at <= received);
    }
}

/// Which month a form says.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Named {
    Nothing,
    BeforeTheTurn,
    Open,
}

/// A report as phones deliver it: when it was written and received, in milliseconds from the turn of the month, how far the phone's clock is
/// ahead, and what month its form said.
#[derive(Debug, Clone, Copy)]
struct Delivery {
    written: i64,
    received: i64,
    ahead: Option<i64>,
    named: Named,
}

fn deliveries() -> impl Strategy<Value = Vec<Delivery>> {
    let named = prop_oneof![Just(Named::Nothing), Just(Named::BeforeTheTurn), Just(Named::Open)];
    let ahead = proptest::option::of(-20_000_000_i64..20_000_000);
    let one = (-500_000_000_i64..600_000_000, -600_000_000_i64..600_000_000, ahead, named);
    let delivery = one.prop_map(|(received, waited, ahead, named)| Delivery { written: received - waited, received, ahead, named });
    proptest::collection::vec(delivery, 1..9)
}

/// A delivery as the plain telling sees it: its number, its month, when it is believed to have been written, and whether it is late.
struct Told {
    number: usize,
    month: (i32, u32),
    believed: DateTime<Utc>,
    late: bool,
}

/// By month: which of the deliveries stands, and whether the duty was met late. Told over the whole list, without versions that replace each
/// other: the one written last stands, and it is late when every one that ever was the last was late.
fn plainly_standing(delivered: &[Told]) -> Vec<((i32, u32), usize, bool)> {
    let mut months: Vec<(i32, u32)> = delivered.iter().map(|told| told.month).collect();
    months.sort_unstable();
    months.dedup();
    let standing = months.into_iter().map(|month| {
        let of_month: Vec<_> = delivered.iter().filter(|told| told.month == month).collect();
        let order = |told: &Told| (told.believed, told.number);
        let was_last = |place: usize| of_month[..place].iter().all(|before| order(before) < order(of_month[place]));
        let ever_last: Vec<usize> = (0..of_month.len()).filter(|place| was_last(*place)).collect();
        let late = ever_last.iter().all(|place| of_month[*place].late);
        (month, of_month[*ever_last.last().expect("the first one")].number, late)
    });
    standing.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// Whatever a deputy's phones deliver around the turn of a month, named or not, in whatever order: one report stands for each month, the one
    /// written last, late or not as the plain telling has it.
    #[test]
    fn what_stands_for_each_month_agrees_with_the_plain_telling(turn in 1_i32..48, mut sent in deliveries()) {
        sent.sort_by_key(|delivery| delivery.received);
        let first = chrono::NaiveDate::from_ymd_opt(2024 + turn / 12, (turn % 12).unsigned_abs() + 1, 1).expect("a day");
        let turn_of_month = first.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8);
        let former = Month::of(first - chrono::Days::new(1));
        let final_at = turn_of_month + TimeDelta::days(5);
        let mut plain = Vec::new();
        let mut standing: std::collections::BTreeMap<(i32, u32), (Version, usize)> = std::collections::BTreeMap::new();
        for (number, Delivery { written, received, ahead, named }) in sent.into_iter().enumerate() {
            let (written, received) = (turn_of_month + TimeDelta::milliseconds(written), turn_of_month + TimeDelta::milliseconds(received));
            let sent_at = ahead.map(|ahead| received + TimeDelta::milliseconds(ahead));
            let by_clock = count(&county(), Writing { written_at: written, sent_at }, received);
            let open = county().month_at(received);
            let says = match named {
                Named::Nothing => None,
                Named::BeforeTheTurn => Some(former),
                Named::Open => Some(open),
            };
            let counting = says.and_then(|named| as_named(by_clock, &county(), named, received)).unwrap_or(by_clock);
            let month = (counting.month.year(), counting.month.number());
            let version = Version { report_id: Uuid::from_u128(number as u128), counted_at: counting.counted_at, late: counting.late };
            let before = standing.get(&month).map(|(version, _)| *version);
            if replaces(version, before) {
                standing.insert(month, (Version { late: met_late(version, before), ..version }, number));
            }
            let (by_wall, late, _) = plainly(written, sent_at, received);
            let names_former = named == Named::BeforeTheTurn;
            let made_up = names_former && by_wall == (first.year(), first.month()) && received < final_at;
            let (month, late) = if made_up {
                ((former.year(), former.number()), true)
            } else if named == Named::Open || (names_former && received < turn_of_month) {
                ((open.year(), open.number()), false)
            } else {
                (by_wall, late)
            };
            let (believed, _) = plainly_believed(written, sent_at, received);
            plain.push(Told { number, month, believed, late });
        }
        let stands: Vec<((i32, u32), usize, bool)> = standing.into_iter().map(|(month, (version, number))| (month, number, version.late)).collect();
        prop_assert_eq!(stands, plainly_standing(&plain));
    }
}
