//! The private PostgreSQL cluster: found programs, own data folder, unix socket only, never as root, gone when its parent is gone.
//!
//! `postgres` is started as a child from a thread that lives as long as the process, because the kernel sends the parent-death signal
//! when the *thread* that started the child ends. No TCP port is opened: `trust` is safe because the socket's folder is private.

mod programs;
pub mod running;

use std::ffi::OsString;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use sqlx::Connection;
use sqlx::postgres::PgConnectOptions;

use super::roles;

const DATABASE: &str = "minsheng";
/// Made with the cluster: owns the tables and migrates them.
const OWNER: &str = "app";
/// Serves. Made at the start when it is not there.
pub const SERVING_ROLE: &str = "minsheng_serving";
/// A unix socket's path may have 107 bytes; PostgreSQL adds `/.s.PGSQL.5432`.
const SOCKET_FOLDER_LIMIT: usize = 107 - 15;
/// After a crash the old children keep the lock file for a moment.
const START_PATIENCE: Duration = Duration::from_secs(20);

/// Why there is no private cluster.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error("PostgreSQL's programs were not found. Install them: apt-get install postgresql-15 postgresql-15-postgis-3")]
    NoPostgres,
    #[error("PostGIS is not installed for {0}. Install it: apt-get install postgresql-15-postgis-3")]
    NoPostgis(PathBuf),
    #[error("another process is using {}; stop it, or reach the database it runs through DATABASE_URL (docs/operations.md)", .0.display())]
    InUse(PathBuf),
    #[error("{program} failed: {output}")]
    Program { program: &'static str, output: String },
    #[error("PostgreSQL did not become ready: {0}")]
    NotReady(String),
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> ClusterError + '_ {
    move |source| ClusterError::Io { path: path.to_owned(), source }
}

/// How carefully the cluster writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Every acknowledged commit survives a power cut.
    Full,
    /// For tests: fast, and lost with the machine.
    None,
}

/// A running private cluster. Dropping it stops PostgreSQL.
#[derive(Debug)]
pub struct Cluster {
    socket_folder: PathBuf,
    stop: Option<mpsc::Sender<()>>,
    keeper: Option<std::thread::JoinHandle<()>>,
    _lock: std::fs::File,
    temporary_socket: bool,
}

/// The account the cluster runs under when the server itself runs as root.
#[derive(Debug, Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// Starts the cluster in `folder`, making it first when there is none, and waits until it answers. Fails when another process
    /// already runs it.
    pub async fn start(folder: &Path, postgres_bin: Option<&Path>, durability: Durability) -> Result<Self, ClusterError> {
        let bin = programs::find(postgres_bin)?;
        let account = unprivileged_account();
        make_private_folder(folder, None)?;
        // Root's children, run as another account, must be able to walk into the folder.
        if account.is_some() {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o711)).map_err(at(folder))?;
        }
        let lock = lock_folder(folder)?;
        let data = folder.join("postgresql");
        if !data.join("PG_VERSION").exists() {
            initialise(&bin, folder, &data, account, durability)?;
        }
        let (socket_folder, temporary_socket) = socket_folder(folder, account)?;
        let command = ServerCommand { program: bin.join("postgres"), data: data.clone(), socket_folder: socket_folder.clone(), account, durability };
        let (stop, keeper) = keep_running(command, folder.join("postgresql.log"))?;
        let mut cluster = Self { socket_folder, stop: Some(stop), keeper: Some(keeper), _lock: lock, temporary_socket };
        if let Err(error) = cluster.wait_until_ready().await {
            cluster.stop();
            return Err(error);
        }
        cluster.create_database().await?;
        Ok(cluster)
    }

    /// How to connect to the service's own database for serving.
    pub fn options(&self) -> PgConnectOptions {
        self.owner_options().username(SERVING_ROLE)
    }

    /// How to connect to it as the owner of the tables.
    pub fn owner_options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass().socket(&self.socket_folder).username(OWNER).database(DATABASE)
    }

    /// The owner's way in as an address that other programs understand.
    pub fn owner_url(&self) -> String {
        self.url_for(OWNER)
    }

    /// The same for serving.
    pub fn url(&self) -> String {
        self.url_for(SERVING_ROLE)
    }

    fn url_for(&self, role: &str) -> String {
        format!("postgres://{role}@localhost/{DATABASE}?host={}", self.socket_folder.display())
    }

    /// Fast shutdown; waits until PostgreSQL has ended.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
        if self.temporary_socket {
            let _ = std::fs::remove_dir_all(&self.socket_folder);
        }
    }

    async fn wait_until_ready(&self) -> Result<(), ClusterError> {
        let begun = Instant::now();
        let options = self.owner_options().database("postgres");
        let mut last = String::new();
        while begun.elapsed() < START_PATIENCE + Duration::from_secs(10) {
            if self.keeper.as_ref().is_some_and(std::thread::JoinHandle::is_finished) {
                return Err(ClusterError::NotReady("it ended by itself; see postgresql.log in the data folder".to_owned()));
            }
            match sqlx::PgConnection::connect_with(&options).await {
                Ok(connection) => {
                    connection.close().await?;
                    return Ok(());
                }
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(ClusterError::NotReady(last))
    }

    async fn create_database(&self) -> Result<(), ClusterError> {
        let mut connection = sqlx::PgConnection::connect_with(&self.owner_options().database("postgres")).await?;
        let exists: bool =
            sqlx::query_scalar("select exists (select from pg_database where datname = $1)").bind(DATABASE).fetch_one(&mut connection).await?;
        if !exists {
            sqlx::query("create database minsheng").execute(&mut connection).await?;
        }
        roles::make_role(&mut connection, SERVING_ROLE).await?;
        connection.close().await?;
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// PostgreSQL refuses to run as root, so root lends it another account.
fn unprivileged_account() -> Option<Account> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |wanted: &str| {
        accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            (name == wanted).then_some(Account { uid, gid })
        })
    };
    find("postgres").or_else(|| find("nobody")).or(Some(Account { uid: 65534, gid: 65534 }))
}

fn make_private_folder(folder: &Path, account: Option<Account>) -> Result<(), ClusterError> {
    if !folder.exists() {
        // Only the folder itself is private: its parents are somebody's ordinary folders, and the cluster's account has to pass through them.
        if let Some(parent) = folder.parent() {
            std::fs::create_dir_all(parent).map_err(at(parent))?;
        }
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(at(folder))?;
    }
    if let Some(Account { uid, gid }) = account
        && std::fs::metadata(folder).map_err(at(folder))?.uid() != uid
    {
        std::os::unix::fs::chown(folder, Some(uid), Some(gid)).map_err(at(folder))?;
    }
    Ok(())
}

fn lock_folder(folder: &Path) -> Result<std::fs::File, ClusterError> {
    let path = folder.join("postgresql.lock");
    let file = std::fs::File::create(&path).map_err(at(&path))?;
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(_) => Err(ClusterError::InUse(folder.to_owned())),
    }
}

fn socket_folder(folder: &Path, account: Option<Account>) -> Result<(PathBuf, bool), ClusterError> {
    let beside = folder.join("socket");
    let (path, temporary) = if beside.as_os_str().len() <= SOCKET_FOLDER_LIMIT {
        (beside, false)
    } else {
        let name = format!("minsheng-map-{}", std::process::id());
        (std::env::temp_dir().join(name), true)
    };
    make_private_folder(&path, account)?;
    Ok((path, temporary))
}

fn as_account(command: &mut Command, account: Option<Account>, folder: &Path) {
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("TZ", "UTC").current_dir(folder);
    if let Some(Account { uid, gid }) = account {
        command.gid(gid).uid(uid);
    }
}

/// Makes the cluster in a side folder and moves it into place, so that a broken attempt is never taken for a cluster.
fn initialise(bin: &Path, folder: &Path, data: &Path, account: Option<Account>, durability: Durability) -> Result<(), ClusterError> {
    let unfinished = folder.join("postgresql.new");
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).map_err(at(&unfinished))?;
    }
    make_private_folder(&unfinished, account)?;
    let mut command = Command::new(bin.join("initdb"));
    as_account(&mut command, account, &unfinished);
    command.arg("-D").arg(&unfinished).args(["-U", OWNER, "-A", "trust", "-E", "UTF8"]);
    command.arg(if cfg!(target_os = "macos") { "--locale=en_US.UTF-8" } else { "--locale=C.UTF-8" });
    match durability {
        Durability::Full => command.arg("--data-checksums"),
        Durability::None => command.arg("--no-sync"),
    };
    let output = command.output().map_err(at(&bin.join("initdb")))?;
    if !output.status.success() {
        return Err(ClusterError::Program { program: "initdb", output: String::from_utf8_lossy(&output.stderr).trim().to_owned() });
    }
    std::fs::rename(&unfinished, data).map_err(at(data))
}

struct ServerCommand {
    program: PathBuf,
    data: PathBuf,
    socket_folder: PathBuf,
    account: Option<Account>,
    durability: Durability,
}

impl ServerCommand {
    fn spawn(&self, log: &Path) -> std::io::Result<Child> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        let mut command = Command::new(&self.program);
        as_account(&mut command, self.account, &self.data);
        command.arg("-D").arg(&self.data);
        for (name, value) in self.settings() {
            let mut setting = OsString::from(format!("{name}="));
            setting.push(value);
            command.arg("-c").arg(setting);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        // Ctrl-C in the terminal is for the server, which then stops PostgreSQL in its own time.
        command.process_group(0);
        #[cfg(target_os = "linux")]
        // SAFETY: between fork and exec the closure makes one system call and touches no memory of the parent.
        #[expect(unsafe_code, reason = "the parent-death signal can only be set in the child before exec")]
        unsafe {
            command.pre_exec(|| {
                rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::INT))?;
                Ok(())
            });
        }
        command.spawn()
    }

    fn settings(&self) -> Vec<(&'static str, OsString)> {
        let mut settings: Vec<(&'static str, OsString)> = vec![
            ("listen_addresses", "".into()),
            ("unix_socket_directories", self.socket_folder.clone().into()),
            ("unix_socket_permissions", "0700".into()),
            ("timezone", "UTC".into()),
            ("log_timezone", "UTC".into()),
        ];
        if self.durability == Durability::None {
            settings.extend([
                ("fsync", "off".into()),
                ("synchronous_commit", "off".into()),
                ("full_page_writes", "off".into()),
                ("max_connections", "200".into()),
            ]);
        }
        settings
    }
}

/// Starts PostgreSQL from a thread that lives until it has ended, and stops it when told.
fn keep_running(command: ServerCommand, log: PathBuf) -> Result<(mpsc::Sender<()>, std::thread::JoinHandle<()>), ClusterError> {
    let (stop, stopped) = mpsc::channel::<()>();
    let path = command.program.clone();
    let keeper = std::thread::Builder::new()
        .name("postgresql".to_owned())
        .spawn(move || {
            let mut failing_since = Instant::now();
            loop {
                let spawned = Instant::now();
                let mut child = match command.spawn(&log) {
                    Ok(child) => child,
                    Err(error) => {
                        tracing::error!(%error, "PostgreSQL could not be started");
                        return;
                    }
                };
                let (status, asked_to_stop) = watch(&mut child, &stopped);
                if asked_to_stop {
                    tracing::debug!(?status, "PostgreSQL has ended");
                    return;
                }
                // One that ran for a while and was killed is started again; one that cannot start is given up.
                tracing::error!(?status, "PostgreSQL ended by itself");
                if spawned.elapsed() > START_PATIENCE {
                    failing_since = Instant::now();
                }
                if failing_since.elapsed() > START_PATIENCE {
                    return;
                }
                std::thread::sleep(Duration::from_millis(300));
            }
        })
        .map_err(at(&path))?;
    Ok((stop, keeper))
}

/// Waits until the child ends or a stop is asked for; says which.
fn watch(child: &mut Child, stopped: &mpsc::Receiver<()>) -> (Option<ExitStatus>, bool) {
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return (Some(status), false);
        }
        match stopped.recv_timeout(Duration::from_millis(100)) {
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => return (end(child), true),
        }
    }
}

/// Fast shutdown, and after twenty seconds the immediate one.
fn end(child: &mut Child) -> Option<ExitStatus> {
    let pid = rustix::process::Pid::from_child(child);
    let begun = Instant::now();
    let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
    let mut immediate = false;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if !immediate && begun.elapsed() > Duration::from_secs(20) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
            immediate = true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(test)]
#[test]
fn only_the_data_folder_itself_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = std::env::temp_dir().join(format!("minsheng-map-parents-{}", std::process::id()));
    make_private_folder(&parent.join("data"), None).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!((mode(&parent) != 0, mode(&parent.join("data"))), (true, 0));
    std::fs::remove_dir_all(parent).unwrap();
}
