//! The binary itself, as an operator starts it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

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

/// A server that is asked to stop, and waited for, also when the test fails.
struct Serving(Child);

impl Serving {
    /// Starts it in the folder and waits until it serves.
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(binary());
        command.arg("serve").env_remove("DATABASE_URL").env("MINSHENG_LISTEN", "127.0.0.1:0").env("MINSHENG_DATA_DIR", folder);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let told = BufReader::new(child.stdout.take().expect("its output"));
        let serving = Self(child);
        let said = told.lines().map_while(Result::ok).any(|line| line.contains("/desk"));
        assert!(said, "the server ended before it served");
        serving
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

#[test]
fn commands_that_only_read_work_beside_a_running_server_and_others_say_why_not() {
    let folder = std::env::temp_dir().join(format!("minsheng-running-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let place = [("MINSHENG_DATA_DIR", folder.to_str().expect("a path"))];
    let words = |output: &Output| format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let made = run(&["county", "create", "--code", "330521", "--name", "德清县"], &place);
    assert!(made.status.success(), "{}", words(&made));
    let file = folder.join("sites.csv");
    let reading: [&[&str]; 3] = [&["verify-audit"], &["rebuild", "--check"], &["export", file.to_str().expect("a path")]];
    let serving = Serving::start(&folder);
    for command in reading {
        let output = run(command, &place);
        assert!(output.status.success(), "{command:?} beside the server: {}", words(&output));
    }
    assert!(words(&run(&["verify-audit"], &place)).contains("330521"), "the chain of the served county is followed");
    assert!(std::fs::read_to_string(&file).expect("the file").contains("点位编号"));
    let refused = run(&["county", "create", "--code", "330522", "--name", "长兴县"], &place);
    assert!(!refused.status.success() && words(&refused).contains("another process is using"), "{}", words(&refused));
    assert!(words(&refused).contains("DATABASE_URL"), "{}", words(&refused));
    drop(serving);
    for command in reading {
        let output = run(command, &place);
        assert!(output.status.success(), "{command:?} without a server: {}", words(&output));
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}
