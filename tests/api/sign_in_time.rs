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

/// A thousand attempts of each kind in turn, as checklists of such leaks ask; fewer for the rarer kinds. Which goes first changes each
/// time, so that neither gains by its place. A noisy round proves nothing; what is told by time is told in every round.
#[tokio::test]
async fn a_thousand_attempts_do_not_tell_whether_the_account_exists() {
    let app = TestApp::start_with(|settings| settings.password_memory_kib = 64).await;
    unusable_accounts(&app).await;
    for (rival, times) in [("nobody-here", 1000), ("deputy2", 300), ("keeper", 300)] {
        let mut told = Vec::new();
        for _ in 0..3 {
            told.push(told_apart(&app, ["deputy", rival], times).await);
            if told.last().is_some_and(|probability| *probability > 0.01) {
                break;
            }
        }
        assert!(told.len() < 3 || told[2] > 0.01, "{rival} can be told from an account: {told:?}");
    }
}

/// The probability that the two logins are answered in the same time.
async fn told_apart(app: &TestApp, logins: [&str; 2], times: usize) -> f64 {
    let mut taken = [Vec::new(), Vec::new()];
    for turn in 0..times {
        for place in [turn % 2, 1 - turn % 2] {
            without_limits(app).await;
            let began = std::time::Instant::now();
            attempt(app, logins[place]).await;
            taken[place].push(began.elapsed().as_secs_f64() * 1000.0);
        }
    }
    probability_of_no_difference(&taken[0], &taken[1])
}
