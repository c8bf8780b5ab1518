//! Nobody learns from the time it takes whether an account exists: the same work is done for everybody, and nothing can be measured.

use harness::{Answer, TestApp};
use minsheng_map::accounts::passwords;
use serde_json::json;

async fn attempt(app: &TestApp, login: &str) {
    let request = app.visitor().request(reqwest::Method::POST, "/api/session").json(&json!({ "login": login, "password": "not the password" }));
    let answer = Answer::of(request).await.expect(401);
    assert_eq!(answer.code(), "wrong_credentials");
}

async fn without_limits(app: &TestApp) {
    sqlx::query("delete from sign_in_attempts").execute(&app.pool).await.expect("no attempts");
    sqlx::query("delete from rate_limits").execute(&app.pool).await.expect("no limits");
}

/// An account that is disabled, and one whose holder has not set a password yet.
async fn unusable_accounts(app: &TestApp) {
    let disable = "update accounts set disabled_at = $2 where account_id = $1";
    sqlx::query(disable).bind(app.world.account("deputy2").0).bind(app.now()).execute(&app.pool).await.expect("disabled");
    let empty = "update accounts set password_hash = null where account_id = $1";
    sqlx::query(empty).bind(app.world.account("keeper").0).execute(&app.pool).await.expect("without a password");
}

#[tokio::test]
async fn every_attempt_costs_the_same_work_whoever_it_names() {
    let app = TestApp::start_with(|settings| settings.password_memory_kib = 64).await;
    unusable_accounts(&app).await;
    for login in ["deputy", "nobody-here", "deputy2", "keeper", "nobody'; --"] {
        let before = passwords::work_done_kib();
        attempt(&app, login).await;
        assert_eq!(passwords::work_done_kib() - before, 64, "{login}");
    }
}

/// The probability that two samples like these come from one distribution (Mann and Whitney's test, normal approximation, two-sided).
fn probability_of_no_difference(left: &[f64], right: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = left.iter().map(|time| (*time, true)).chain(right.iter().map(|time| (*time, false))).collect();
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let ranks = all.iter().zip(1_u32..).filter(|((_, is_left), _)| *is_left).map(|(_, rank)| f64::from(rank)).sum::<f64>();
    let count = |sample: &[f64]| f64::from(u32::try_from(sample.len()).expect("a count"));
    let (m, n) = (count(left), count(right));
    let deviation = (ranks - m * (m + 1.0) / 2.0 - m * n / 2.0).abs() / (m * n * (m + n + 1.0) / 12.0).sqrt();
    // Abramowitz and Stegun 26.2.17: the upper tail of the normal distribution, exact to 1e-7.
    let t = 1.0 / (1.0 + 0.231_641_9 * deviation);
    let series = t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    2.0 * (-deviation * deviation / 2.0).exp() / std::f64::consts::TAU.sqrt() * series
}

#[test]
fn the_measure_tells_equal_from_different() {
    let sample = |from: u32| Vec::from_iter((0..200).map(|place| f64::from((place * 7919 + from) % 200)));
    assert!(probability_of_no_difference(&sample(0), &sample(100)) > 0.9);
    let slower: Vec<f64> = sample(0).iter().map(|time| time + 30.0).collect();
    assert!(probability_of_no_difference(&sample(0), &slower) < 0.001);
}

/// A measurement, not a test of behaviour: it is run by hand (see CONTRIBUTING), a thousand attempts of each kind in turn.
#[tokio::test]
#[ignore = "a measurement of some minutes"]
#[expect(clippy::print_stdout, reason = "a measurement shows what it found")]
async fn a_thousand_attempts_do_not_tell_whether_the_account_exists() {
    let app = TestApp::start_with(|settings| settings.password_memory_kib = 4096).await;
    unusable_accounts(&app).await;
    let stored = "select password_hash from accounts where account_id = $1";
    let hash: String = sqlx::query_scalar(stored).bind(app.world.account("deputy").0).fetch_one(&app.pool).await.expect("a hash");
    println!("stored at {}", hash.split('$').nth(3).unwrap_or(""));
    let renewed = minsheng_map::accounts::passwords::hash(harness::PASSWORD.to_owned(), 4096).await.expect("a hash");
    sqlx::query("update accounts set password_hash = $1 where password_hash is not null")
        .bind(renewed)
        .execute(&app.pool)
        .await
        .expect("at one cost");
    for rival in ["nobody-here", "deputy2", "keeper"] {
        let (mut known, mut other) = (Vec::new(), Vec::new());
        for turn in 0..1000 {
            // Which goes first changes each time, so that neither gains by its place.
            let pair = if turn % 2 == 0 { ["deputy", rival] } else { [rival, "deputy"] };
            for login in pair {
                without_limits(&app).await;
                let began = std::time::Instant::now();
                attempt(&app, login).await;
                let took = began.elapsed().as_secs_f64() * 1000.0;
                if login == "deputy" { known.push(took) } else { other.push(took) }
            }
        }
        let probability = probability_of_no_difference(&known, &other);
        let median = |sample: &mut Vec<f64>| {
            sample.sort_by(f64::total_cmp);
            sample[sample.len() / 2]
        };
        println!("deputy {:.3} ms, {rival} {:.3} ms (medians of 1000), p = {probability:.3}", median(&mut known), median(&mut other));
        assert!(probability > 0.01, "{rival} can be told from an account");
    }
}
