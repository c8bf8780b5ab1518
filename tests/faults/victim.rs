//! The server's own process, to be killed.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use harness::{COUNTY, Client};
use reqwest::Method;

/// A running server that can be killed and started again on the same port, database and data folder.
#[derive(Debug)]
pub struct Victim {
    child: Child,
    database_url: String,
    data: PathBuf,
    listen: String,
    origin: String,
    /// Settings of its own.
    environment: Vec<(&'static str, String)>,
}

impl Victim {
    pub async fn start(database_url: String, data: PathBuf) -> Self {
        Self::start_with(database_url, data, Vec::new()).await
    }

    pub async fn start_with(database_url: String, data: PathBuf, environment: Vec<(&'static str, String)>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let listen = format!("127.0.0.1:{port}");
        let origin = format!("http://{listen}");
        let child = spawn(&[], &database_url, &data, &listen, &environment);
        let mut victim = Self { child, database_url, data, listen, origin, environment };
        victim.wait_until_ready().await;
        victim
    }

    /// Starts it anew under another program, such as one that watches its calls.
    pub async fn restart_under(&mut self, watcher: &[&str]) {
        self.stop();
        self.child = spawn(watcher, &self.database_url, &self.data, &self.listen, &self.environment);
        self.wait_until_ready().await;
    }

    /// SIGKILL, and nothing in its place.
    pub fn kill(&mut self) {
        self.stop();
    }

    /// A new process in the killed one's place. Nobody waits for it.
    pub fn begin_again(&mut self) {
        self.child = spawn(&[], &self.database_url, &self.data, &self.listen, &self.environment);
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// SIGKILL, at once and without warning, and a new process in its place.
    pub async fn kill_and_restart(&mut self) {
        self.restart_under(&[]).await;
    }

    pub fn stop(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    pub async fn wait_until_ready(&mut self) {
        let visitor = Client::visitor(&self.origin);
        for _ in 0..600 {
            if let Ok(answer) = visitor.request(Method::GET, "/livez").send().await
                && answer.status().is_success()
            {
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the server ended by itself: {status}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not come back");
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(watcher: &[&str], database_url: &str, data: &Path, listen: &str, environment: &[(&str, String)]) -> Child {
    let tests = std::env::current_exe().expect("this test's path");
    let binary = tests.parent().and_then(|deps| deps.parent()).expect("the build folder").join("minsheng-map");
    assert!(binary.exists(), "build the server first: cargo build --package minsheng-map");
    let mut command = match watcher {
        [] => Command::new(&binary),
        [program, options @ ..] => {
            let mut command = Command::new(program);
            command.args(options).arg(&binary);
            command
        }
    };
    command
        .arg("serve")
        .env("DATABASE_URL", database_url)
        .env("MINSHENG_DATA_DIR", data)
        .env("MINSHENG_LISTEN", listen)
        .env("MINSHENG_COUNTY", COUNTY)
        .env("MINSHENG_PHOTOS_PER_DAY", "1000000")
        .env("MINSHENG_FREE_SPACE_FLOOR_MIB", "1")
        .env("RUST_LOG", "error")
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::null())
        .spawn()
        .expect("the server starts")
}
