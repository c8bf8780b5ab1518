//! The commands. Each reads the settings, opens what it needs and hands over to a feature.
#![expect(clippy::print_stdout, reason = "commands answer on the terminal")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};
use minsheng_map::accounts::command;
use minsheng_map::clock::Clock;
use minsheng_map::config::{self, LogFormat, Settings};
use minsheng_map::county::County;
use minsheng_map::database::cluster::{Cluster, Durability};
use minsheng_map::http::connections;
use minsheng_map::ids::Chance;
use minsheng_map::imports::command::ImportRequest;
use minsheng_map::startup::OpenDatabase;
use minsheng_map::{app, audit_log, demo, exports, imports, live_map, notices, openapi, schedule, startup};
use tracing_subscriber::EnvFilter;

/// Public supervision of a county's livelihood projects, on a map.
#[derive(Debug, Parser)]
#[command(name = "minsheng-map", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the map, the deputies' app and the desk.
    Serve {
        /// Load the demo county first when the database holds no county.
        #[arg(long)]
        demo_when_empty: bool,
    },
    /// Load the demo county into an empty database.
    Demo,
    /// Bring the database's schema up to date.
    Migrate,
    /// Read the settings and say what is wrong with them.
    CheckConfig,
    /// Counties.
    #[command(subcommand)]
    County(CountyCommand),
    /// Read a file of sites, regions, grid_cells, stations or deputies, show what was found in it, and import it when it has no errors.
    Import {
        kind: String,
        file: PathBuf,
        /// Code of the county.
        #[arg(long)]
        county: Option<String>,
        /// What its coordinates refer to: wgs84, cgcs2000, gcj02 or bd09.
        #[arg(long, default_value = "wgs84")]
        datum: String,
        /// Year of the projects; the present one when not said.
        #[arg(long)]
        year: Option<i32>,
        /// Only show what would happen.
        #[arg(long)]
        dry_run: bool,
    },
    /// Write open data into a file: sites, stations, grid-cells or reports, ending in .geojson, .csv or .xlsx.
    Export {
        file: PathBuf,
        /// Code of the county.
        #[arg(long)]
        county: Option<String>,
    },
    /// Accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Compute every site's stage again from what was reported and decided, and say where the map shows another.
    Rebuild {
        /// Change nothing, only compare.
        #[arg(long, required = true)]
        check: bool,
        /// Code of the county.
        #[arg(long)]
        county: Option<String>,
    },
    /// Follow the chain of the audit log from its first line, and name the first line that was altered, removed or slipped in.
    VerifyAudit {
        /// Heads kept elsewhere, as `/api/audit/heads` gave them: shows a chain that was written anew.
        #[arg(long)]
        heads: Option<PathBuf>,
    },
    /// Print the interface description (OpenAPI 3.1).
    Openapi,
    /// Print the settings as a Markdown table.
    SettingsTable,
    /// Print an example settings file.
    ExampleSettings,
    /// Run a command beside a private PostgreSQL that forgets everything, named to it by MINSHENG_TEST_DATABASE_URL.
    WithCluster {
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
enum CountyCommand {
    /// Make a county.
    Create {
        /// Its division code of six digits (GB/T 2260).
        #[arg(long)]
        code: String,
        #[arg(long)]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Make an account. The password is read from MINSHENG_NEW_PASSWORD.
    Create {
        /// Code of the county.
        #[arg(long)]
        county: Option<String>,
        #[arg(long)]
        login: String,
        #[arg(long)]
        name: String,
        /// committee, working_committee, administrator, security_administrator or auditor.
        #[arg(long)]
        role: String,
        /// Region in which the role holds; the county when not said.
        #[arg(long)]
        region: Option<String>,
    },
    /// Confirm an account that waits for the security administrator when there is none, or when it is theirs.
    Confirm {
        /// Code of the county.
        #[arg(long)]
        county: Option<String>,
        #[arg(long)]
        login: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let settings = match Settings::load(std::env::vars()) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("minsheng-map: {error}");
            return ExitCode::FAILURE;
        }
    };
    start_logging(settings.log_format);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("minsheng-map: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(arguments.command, settings)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("minsheng-map: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start_logging(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
}

async fn run(command: Command, settings: Settings) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { demo_when_empty } => serve(settings, demo_when_empty).await?,
        Command::Demo => load_demo(&settings).await?,
        Command::Migrate => startup::migrate(&settings).await?,
        Command::CheckConfig => check_config(settings)?,
        Command::County(CountyCommand::Create { code, name }) => create_county(&code, &name, &settings).await?,
        Command::Import { kind, file, county, datum, year, dry_run } => {
            let request = ImportRequest { kind: &kind, file: &file, datum: &datum, year, dry_run };
            return import(county.as_deref(), request, &settings).await;
        }
        Command::Export { file, county } => export(county.as_deref(), &file, &settings).await?,
        Command::Account(command) => account(command, settings).await?,
        Command::Rebuild { county, .. } => return check_stages(county.as_deref(), &settings).await,
        Command::VerifyAudit { heads } => return verify_audit(heads.as_deref(), &settings).await,
        Command::Openapi => print!("{}", openapi::text(&app::description())),
        Command::SettingsTable => print!("{}", config::settings_table()),
        Command::ExampleSettings => print!("{}", config::example_file()),
        Command::WithCluster { command } => return with_cluster(&command, &settings).await,
    }
    Ok(ExitCode::SUCCESS)
}

fn check_config(settings: Settings) -> anyhow::Result<()> {
    println!("{:#?}", settings.without_secrets());
    for caution in settings.cautions() {
        println!("caution: {caution}");
    }
    app::check_settings(&Arc::new(settings))
}

async fn load_demo(settings: &Settings) -> anyhow::Result<()> {
    let database = startup::open_database(settings).await?;
    let told = demo::command::load_with_settings(&database.pool, settings, &Clock::System, &Chance::from_system()).await;
    database.close().await;
    println!("{}", told?);
    Ok(())
}

async fn serve(settings: Settings, demo_when_empty: bool) -> anyhow::Result<()> {
    let database = startup::open_database(&settings).await?;
    let served = serve_from(settings, &database, demo_when_empty).await;
    database.close().await;
    served
}

async fn serve_from(settings: Settings, database: &OpenDatabase, demo_when_empty: bool) -> anyhow::Result<()> {
    let listen = settings.listen;
    if demo_when_empty && demo::may_load(&database.pool).await? {
        println!("正在装入演示县 loading the demo county …");
        demo::command::load_with_settings(&database.pool, &settings, &Clock::System, &Chance::from_system()).await?;
    }
    let platform = startup::platform(settings, database.pool.clone()).await?;
    let origin = platform.settings.origin();
    let patience = Duration::from_secs(platform.settings.client_patience_s.into());
    let listener = tokio::net::TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let service = app::assemble(platform.clone()).await?;
    println!("公众地图 map     {origin}/\n代表手机 deputy  {origin}/deputy\n工作台   desk    {origin}/desk");
    if platform.served_county().is_demo
        && let Some(accounts) = demo::command::told_before(&platform.settings)
    {
        println!("{accounts}");
    }
    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let when_stopping = || {
        let mut stopped = stopped.clone();
        async move { drop(stopped.wait_for(|stop| *stop).await) }
    };
    let jobs = platform.settings.run_jobs.then(|| {
        let sending = tokio::spawn(notices::worker::run(platform.clone(), when_stopping()));
        let recurring = tokio::spawn(schedule::run(platform, when_stopping()));
        async move { drop(tokio::join!(sending, recurring)) }
    });
    startup::allow_many_connections();
    let serving = connections::serve(listener, service, patience, async move {
        asked_to_stop().await;
        let _ = stopping.send(true);
    });
    // Open event streams never end by themselves: they get a moment, then the process goes.
    tokio::select! {
        () = serving => {}
        () = async { let _ = stopped.wait_for(|stop| *stop).await; tokio::time::sleep(Duration::from_secs(5)).await } => {}
    }
    // A job under way is finished; one that takes longer is undone whole and run by the next process.
    if let Some(jobs) = jobs {
        let _ = tokio::time::timeout(Duration::from_secs(10), jobs).await;
    }
    Ok(())
}

async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
    tracing::info!("stopping");
}

async fn create_county(code: &str, name: &str, settings: &Settings) -> anyhow::Result<()> {
    let database = startup::open_database(settings).await?;
    let made = imports::command::create_county(&database.pool, &Clock::System, code, name).await;
    database.close().await;
    made?;
    println!("县已建立 county {code} {name}");
    Ok(())
}

async fn import(county: Option<&str>, request: ImportRequest<'_>, settings: &Settings) -> anyhow::Result<ExitCode> {
    let database = startup::open_database(settings).await?;
    let printed = async {
        let counties = startup::counties(&database.pool).await?;
        let county = Arc::new(startup::choose_county(&counties, county.or(settings.county.as_deref()))?.clone());
        imports::command::import(&database.pool, &Clock::System, &Chance::from_system(), &county, request).await
    }
    .await;
    database.close().await;
    let printed = printed?;
    print!("{}", printed.text);
    Ok(if printed.succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn export(county: Option<&str>, file: &Path, settings: &Settings) -> anyhow::Result<()> {
    let database = startup::open_for_reading(settings).await?;
    let written = async {
        let counties = startup::counties(&database.pool).await?;
        let county = Arc::new(startup::choose_county(&counties, county.or(settings.county.as_deref()))?.clone());
        exports::command::export(&database.pool, &county, file).await
    }
    .await;
    database.close().await;
    println!("{}: {} B", file.display(), written?);
    Ok(())
}

async fn check_stages(county: Option<&str>, settings: &Settings) -> anyhow::Result<ExitCode> {
    let database = startup::open_for_reading(settings).await?;
    let checked = async {
        let counties = startup::counties(&database.pool).await?;
        let county_id = startup::choose_county(&counties, county.or(settings.county.as_deref()))?.county_id;
        anyhow::Ok(live_map::check_stages(&database.pool, county_id).await?)
    }
    .await;
    database.close().await;
    let differences = checked?;
    for difference in &differences {
        let (found, decided, history) = (difference.found.as_str(), difference.decided.as_str(), difference.history.as_str());
        println!("{}: {found}；报告与决定 decided {decided}；变更记录 history {history}", difference.code);
    }
    println!("与依据不符的点位 sites that differ: {}", differences.len());
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn verify_audit(heads: Option<&Path>, settings: &Settings) -> anyhow::Result<ExitCode> {
    let database = startup::open_for_reading(settings).await?;
    let verified = audit_log::command::verify(&database.pool, heads).await;
    database.close().await;
    let verified = verified?;
    print!("{}", verified.text);
    Ok(if verified.holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn account(command: AccountCommand, settings: Settings) -> anyhow::Result<()> {
    let now = Clock::System.now();
    let told = match command {
        AccountCommand::Create { county, login, name, role, region } => {
            let password = std::env::var("MINSHENG_NEW_PASSWORD").context("put the password into MINSHENG_NEW_PASSWORD")?;
            let account = command::NewAccount::read(&login, name, &role, password, &settings).await?;
            let (database, county) = open_county(county.as_deref(), &settings).await?;
            let told = command::create(&database.pool, &county, account, region, now).await;
            database.close().await;
            told?
        }
        AccountCommand::Confirm { county, login } => {
            let (database, county) = open_county(county.as_deref(), &settings).await?;
            let told = command::confirm(&database.pool, &county, &login, now).await;
            database.close().await;
            told?
        }
    };
    println!("{told}");
    Ok(())
}

async fn open_county(named: Option<&str>, settings: &Settings) -> anyhow::Result<(OpenDatabase, County)> {
    let database = startup::open_database(settings).await?;
    let counties = startup::counties(&database.pool).await?;
    let county = startup::choose_county(&counties, named.or(settings.county.as_deref()))?.clone();
    Ok((database, county))
}

async fn with_cluster(command: &[String], settings: &Settings) -> anyhow::Result<ExitCode> {
    let folder = std::env::temp_dir().join(format!("minsheng-cluster-{}", std::process::id()));
    let mut cluster = Cluster::start(&folder, settings.postgres_bin.as_deref(), Durability::None).await?;
    let (program, arguments) = command.split_first().context("name a command to run")?;
    let status =
        tokio::process::Command::new(program).args(arguments).env("MINSHENG_TEST_DATABASE_URL", cluster.owner_url()).kill_on_drop(true).status();
    let status = tokio::select! {
        status = status => Some(status.with_context(|| format!("cannot run {program}"))?),
        () = asked_to_stop() => None,
    };
    cluster.stop();
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    let code = status.and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
