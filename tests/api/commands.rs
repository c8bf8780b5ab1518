//! The binary itself, as an operator starts it.

use std::path::PathBuf;
use std::process::{Command, Output};

use harness::TestDatabase;

/// The server's binary, built beside the tests.
fn binary() -> PathBuf {
    let tests = std::env::current_exe().expect("this test's path");
    let folder = tests.parent().and_then(|deps| deps.parent()).expect("the build folder");
    folder.join("minsheng-map")
}

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(binary());
    command.args(arguments).env_remove("DATABASE_URL").env("MINSHENG_LISTEN", "127.0.0.1:0").envs(environment.iter().copied());
    command.output().expect("the binary runs")
}

fn test_url() -> String {
    std::env::var("MINSHENG_TEST_DATABASE_URL").expect("run with `make test`")
}

#[tokio::test]
async fn serving_is_refused_on_a_database_that_does_not_sync() {
    let _template = TestDatabase::create().await;
    let output = run(&["serve"], &[("DATABASE_URL", &test_url())]);
    assert!(!output.status.success());
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("fsync=off") && words.contains("Set fsync=on"), "{words}");
    assert!(!words.contains("panicked"), "{words}");
}

#[test]
fn a_wrong_setting_is_named_and_nothing_is_started() {
    let output = run(&["serve"], &[("MINSHENG_LISTEN", "everywhere")]);
    assert!(!output.status.success());
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("MINSHENG_LISTEN") && words.contains("everywhere"), "{words}");
}

#[test]
fn the_generated_texts_come_without_a_database() {
    for command in ["openapi", "settings-table", "example-settings"] {
        let output = run(&[command], &[]);
        assert!(output.status.success(), "{command}");
        assert!(output.stdout.len() > 500, "{command}");
    }
}

#[test]
fn settings_that_cannot_be_used_are_named_and_nothing_secret_is_shown() {
    for (variable, value, named) in [
        ("MINSHENG_SMS_URL", "ftp://geheim.example/{phone}", "sms_url"),
        ("MINSHENG_NOTICE_SMS_URL", "ftp://geheim.example", "notice_sms_url"),
        ("MINSHENG_WECOM_ROBOT_URL", "ftp://geheim.example", "wecom_robot_url"),
        ("MINSHENG_SMTP_HOST", "mail.example", "mail_from"),
        ("MINSHENG_SECOND_FACTOR_KEY", "geheim", "second_factor_key"),
    ] {
        let output = run(&["check-config"], &[(variable, value), ("MINSHENG_NOTICE_SMS_BODY", "{\"key\":\"geheim\"}")]);
        let (shown, words) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
        assert!(!output.status.success() && words.contains(named), "{variable}: {words}");
        assert!(!shown.contains("geheim") && !words.contains("geheim"), "{variable}: {shown} {words}");
    }
    assert!(run(&["check-config"], &[]).status.success());
}
