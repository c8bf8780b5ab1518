//! The layout's rules, read from the sources: imports run downwards only, rules know no database, SQL lies in the stores, files stay short.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// From the top down. A part may use what lies below it, and nothing on its own level.
const LEVELS: &[&[&str]] = &[
    &["main"],
    &["app", "schedule", "demo"],
    &["desk_exports"],
    &["bulletins", "ogc", "stories"],
    &["pages"],
    &["challenges"],
    &["live_map", "supervision", "months", "imports", "exports", "startup", "openapi", "health"],
    &["reports", "orders", "portraits", "plan_changes", "planning", "roster", "adoptions"],
    &["photos", "basemap", "joining", "duty", "county_settings"],
    &["notices", "projects", "sites", "stations", "deputies", "audit_log", "csp_reports"],
    &["regions", "grids"],
    &["accounts", "glossary"],
    &["qr_code"],
];

/// What every part may use: the ground on which features stand.
const GROUND: [&str; 10] = ["http", "database", "audit", "clock", "ids", "calendar", "county", "platform", "config", "api_page"];

const FORBIDDEN_NAMES: [&str; 7] = ["util", "utils", "helper", "helpers", "common", "manager", "service"];

const LONGEST_FILE: usize = 400;

struct Source {
    /// Relative to `server/src`, such as `sites/store/read.rs`.
    path: String,
    text: String,
}

impl Source {
    /// The part of the server that the file belongs to.
    fn part(&self) -> &str {
        self.path.split('/').next().unwrap_or("").trim_end_matches(".rs")
    }

    /// The lines before the tests that lie in the same file.
    fn without_tests(&self) -> &str {
        self.text.split("#[cfg(test)]").next().unwrap_or("")
    }

    /// The parts of the crate that the file names.
    fn uses(&self) -> BTreeSet<String> {
        let text = self.without_tests();
        let mut uses = BTreeSet::new();
        for (place, _) in text.match_indices("crate::") {
            let rest = &text[place + "crate::".len()..];
            if text[..place].ends_with("minsheng_map") {
                continue;
            }
            match rest.strip_prefix('{') {
                Some(group) => uses.extend(group.split('}').next().unwrap_or("").split(',').map(first_name)),
                None => {
                    uses.insert(first_name(rest));
                }
            }
        }
        uses.remove("");
        uses
    }
}

fn first_name(text: &str) -> String {
    text.trim().chars().take_while(|character| character.is_ascii_alphanumeric() || *character == '_').collect()
}

fn server_sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src");
    let mut sources = Vec::new();
    read_folder(&root, &root, &mut sources);
    assert!(sources.len() > 40, "the server's sources were found");
    sources
}

fn read_folder(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path: PathBuf = entry.expect("an entry").path();
        if path.is_dir() {
            read_folder(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            let path = path.strip_prefix(root).expect("a file of the server").to_string_lossy().into_owned();
            sources.push(Source { path, text });
        }
    }
}

fn level(part: &str) -> Option<usize> {
    LEVELS.iter().position(|level| level.contains(&part))
}

#[test]
fn imports_run_downwards_only() {
    let mut broken = Vec::new();
    for source in server_sources() {
        let part = source.part().to_owned();
        if part == "lib" {
            continue;
        }
        for used in source.uses().into_iter().filter(|used| *used != part) {
            let fault = match (level(&part), level(&used)) {
                _ if GROUND.contains(&part.as_str()) && !GROUND.contains(&used.as_str()) => Some("the ground knows no feature"),
                _ if GROUND.contains(&used.as_str()) => None,
                (Some(own), Some(other)) if own < other => None,
                (Some(own), Some(other)) if own == other => Some("features of one level do not import each other"),
                (Some(_), Some(_)) => Some("imports run downwards only"),
                _ => Some("the part stands on no level of this test"),
            };
            if let Some(rule) = fault {
                broken.push(format!("{}: {part} uses {used}: {rule}", source.path));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_part_of_the_server_stands_on_a_level() {
    let parts: BTreeSet<String> = server_sources().iter().map(|source| source.part().to_owned()).filter(|part| part != "lib").collect();
    let unplaced: Vec<&String> = parts.iter().filter(|part| level(part).is_none() && !GROUND.contains(&part.as_str())).collect();
    assert!(unplaced.is_empty(), "give these a level in tests/api/architecture.rs: {unplaced:?}");
}

#[test]
fn the_contributors_guide_tells_the_same_levels() {
    let guide = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../CONTRIBUTING.md")).expect("the guide");
    let told = guide.split_whitespace().collect::<Vec<_>>().join(" ");
    let levels = LEVELS.iter().filter(|level| **level != ["main"]).map(|level| format!("`{}`", level.join(", ")));
    let chain = levels.chain([format!("`{}`", GROUND.join(", ")), "`geodata`".to_owned()]).collect::<Vec<_>>().join(" → ");
    assert!(told.contains(&chain), "CONTRIBUTING.md should say: {chain}");
}

#[test]
fn models_know_no_web_framework_database_or_runtime() {
    let mut broken = Vec::new();
    for source in server_sources() {
        let is_model = source.path.ends_with("/model.rs") || source.path.contains("/model/");
        for line in source.without_tests().lines().filter(|_| is_model) {
            let stranger =
                ["use axum", "use sqlx", "use tokio", "axum::", "tokio::", "query!", "PgConnection"].into_iter().find(|name| line.contains(name));
            if let Some(stranger) = stranger {
                broken.push(format!("{}: model.rs knows no axum, sqlx or tokio: {stranger} in {}", source.path, line.trim()));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn queries_lie_in_stores() {
    // What every feature stands on keeps its own few queries beside its rule.
    const OF_THE_GROUND: [&str; 3] = ["audit.rs", "accounts/rate_limit.rs", "health.rs"];
    let mut broken = Vec::new();
    for source in server_sources() {
        let allowed = source.path.ends_with("store.rs")
            || source.path.contains("/store/")
            || source.path.starts_with("database/")
            || OF_THE_GROUND.contains(&source.path.as_str());
        let queries = ["sqlx::query", "query!(", "query_as!(", "query_scalar!(", "query_file"];
        if !allowed && queries.iter().any(|query| source.without_tests().contains(query)) {
            broken.push(format!("{}: SQL only in store.rs and the .sql files beside it", source.path));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn stores_do_not_know_routes() {
    for source in server_sources() {
        let is_store = source.path.ends_with("store.rs") || source.path.contains("/store/");
        let text = source.without_tests();
        assert!(!is_store || !(text.contains("axum") || text.contains("routes::")), "{}: inside a feature routes → store → model", source.path);
    }
}

#[test]
fn files_stay_short_enough_to_read() {
    let long: Vec<String> = server_sources()
        .iter()
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "a file is at most {LONGEST_FILE} lines:\n{}", long.join("\n"));
}

#[test]
fn names_spell_the_idea() {
    for source in server_sources() {
        for name in source.path.trim_end_matches(".rs").split('/') {
            let parts: Vec<&str> = name.split('_').collect();
            assert!(!FORBIDDEN_NAMES.iter().any(|forbidden| parts.contains(forbidden)), "{}: {name} says nothing", source.path);
        }
    }
}

#[test]
fn every_module_opens_by_saying_what_it_is() {
    for source in server_sources() {
        assert!(source.text.starts_with("//!") || source.path.ends_with("tests.rs"), "{}: it opens without a word", source.path);
    }
}

/// Words with a point between them that are no acts: files, hosts, fields, jobs.
const NO_ACTS: &[&str] = &[
    "a.b",
    "challenge.html",
    "common_words.txt",
    "deputy.html",
    "desk.html",
    "figures.special_inquiry_days",
    "figures.strike_off_persons",
    "index.html",
    "join.html",
    "lists.css",
    "mail.example",
    "map.example",
    "challenges.erase",
    "offers.unanswered",
    "orders.rise",
    "page.css",
    "people.csv",
    "photos.sweep",
    "postgresql.lock",
    "postmaster.pid",
    "postgresql.log",
    "postgresql.new",
    "print.css",
    "push.example",
    "signs.css",
    "sites.csv",
    "sites.json",
    "sites.pdf",
    "sites.xlsx",
    "tables.css",
    "thumb.jpg",
    "tiles.example",
    "wanted.by",
    "wanted.filters",
    "localhost.evil",
    "wang.wu",
];

#[test]
fn every_act_of_the_audit_log_has_words_in_both_languages() {
    let lower = |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    let mut acts = BTreeSet::new();
    for source in server_sources() {
        for word in source.without_tests().split('"').skip(1).step_by(2) {
            if word.split_once('.').is_some_and(|(thing, act)| lower(thing) && lower(act)) && !NO_ACTS.contains(&word) {
                acts.insert(word.to_owned());
            }
        }
    }
    assert!(acts.contains("site.remind") && acts.contains("desk.confirm_export") && acts.len() > 80, "the acts were found: {acts:?}");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/desk/audit/entry.ts");
    let page = std::fs::read_to_string(page).expect("the words of the audit page");
    let unsaid: Vec<&String> = acts.iter().filter(|act| page.matches(&format!("'{act}': ")).count() != 2).collect();
    assert!(unsaid.is_empty(), "give these words in Chinese and English in web/src/desk/audit/entry.ts: {unsaid:?}");
}

/// Handlers behind which no right is asked about, and why.
const WITHOUT_A_POLICY: &[(&str, &str)] = &[
    ("GET /portraits/{sha256}", "public: shown beside the public list of deputies"),
    ("GET /photos/{sha256}", "public: only pictures that a standing report or answer shows"),
    ("GET /photos/{sha256}/thumbnail", "public: only pictures that a standing report or answer shows"),
    ("GET /ogc", "public: the map for other programs"),
    ("GET /ogc/conformance", "public: the map for other programs"),
    ("GET /ogc/api", "public: the map for other programs"),
    ("GET /ogc/collections", "public: the map for other programs"),
    ("GET /ogc/collections/{collection}", "public: the map for other programs"),
    ("GET /ogc/collections/{collection}/queryables", "public: the map for other programs"),
    ("GET /ogc/collections/{collection}/items", "public: the map for other programs"),
    ("GET /ogc/collections/{collection}/items/{feature}", "public: the map for other programs"),
    ("GET /api/sites/{id}/story", "public: what happened at a site"),
    ("GET /api/sites/{id}/history", "public: what happened at a site"),
    ("GET /api/withdrawn-sites", "public: what left the plan"),
    ("GET /api/sites/{id}/reports", "public: what happened at a site"),
    ("GET /export/{file}", "public: open data"),
    ("GET /export/year-report.xlsx", "public: open data"),
    ("GET /export/bulletin.xlsx", "public: open data"),
    ("GET /export/figures.csv", "public: open data"),
    ("GET /export/progress.csv", "public: open data"),
    ("GET /api/glossary", "public: what the words mean"),
    ("GET /api/password-rules", "public: what a new password must be, said before one is typed"),
    ("GET /api/password-codes", "public: whether codes are sent at all"),
    ("GET /api/terms", "public: the terms of the congress"),
    ("GET /api/duty-rules", "public: how points are counted"),
    ("GET /api/reporting-months", "public: which months there are"),
    ("GET /api/reporting-months/{month}/corrections", "public: what was put right beside a final month"),
    ("POST /api/csp-reports", "public: browsers' own reports"),
];

/// What belongs to whoever asks needs no other right than being signed in.
const OWN: [&str; 4] = ["/api/me/", "/api/session", "/api/sessions", "/api/sessions/{id}"];

/// The functions of a file by name, each with its text.
fn functions(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (place, _) in text.match_indices("fn ") {
        let line = text[..place].rfind('\n').map_or(0, |end| end + 1);
        let before = &text[line..place];
        let indent: String = before.chars().take_while(|character| *character == ' ').collect();
        let words = before.trim();
        if words.split(' ').any(|word| !(word.is_empty() || word == "async" || word.starts_with("pub"))) {
            continue;
        }
        let end = text[place..].find(&format!("\n{indent}}}")).map_or(text.len(), |end| place + end);
        found.push((first_name(&text[place + "fn ".len()..]), text[place..end].to_owned()));
    }
    found
}

/// The names that are called in a text.
fn called(text: &str) -> BTreeSet<String> {
    let name = |place: usize| {
        let start = text[..place].rfind(|character: char| !(character.is_ascii_alphanumeric() || character == '_')).map_or(0, |start| start + 1);
        text[start..place].to_owned()
    };
    text.match_indices('(').map(|(place, _)| name(place)).filter(|name| !name.is_empty()).collect()
}

fn asks_about_rights(text: &str) -> bool {
    const POLICIES: [&str; 8] = ["holds", "supervises", "supervised_regions", "place_of_issue", "order_scope", "deputy_id", "unit_id", "station_id"];
    let names = called(text);
    let policy = |name: &String| name.starts_with("may_") || name.starts_with("require_") || POLICIES.contains(&name.as_str());
    names.iter().any(policy) || text.contains(".is(Role::")
}

/// Whether a handler asks about rights itself, or by what it calls within its own part.
fn is_guarded(handler: &str, of_part: &[(String, String)]) -> bool {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![handler.to_owned()]);
    while let Some(text) = waiting.pop() {
        if asks_about_rights(&text) {
            return true;
        }
        for name in called(&text) {
            if seen.insert(name.clone()) {
                waiting.extend(of_part.iter().filter(|(known, _)| *known == name).map(|(_, text)| text.clone()));
            }
        }
    }
    false
}

#[test]
fn every_handler_asks_a_policy_or_is_public_for_a_reason() {
    let sources = server_sources();
    let (mut open, mut handlers) = (BTreeSet::new(), 0);
    for source in sources.iter().filter(|source| source.path.ends_with("routes.rs")) {
        let of_part: Vec<(String, String)> =
            sources.iter().filter(|other| other.part() == source.part()).flat_map(|other| functions(other.without_tests())).collect();
        let text = source.without_tests();
        for (place, _) in text.match_indices("#[utoipa::path(") {
            let rest = &text[place + "#[utoipa::path(".len()..];
            let method = first_name(rest).to_uppercase();
            let path = rest.split("path = \"").nth(1).and_then(|path| path.split('"').next()).expect("a path");
            let (_, handler) = functions(rest).into_iter().next().expect("a handler");
            handlers += 1;
            let is_own = OWN.iter().any(|own| path == *own || (own.ends_with('/') && path.starts_with(own)));
            if !is_own && !is_guarded(&handler, &of_part) {
                open.insert(format!("{method} {path}"));
            }
        }
    }
    assert!(handlers > 150, "{handlers} handlers were found");
    let listed: BTreeSet<String> = WITHOUT_A_POLICY.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(open, listed, "a handler calls a policy (may_…, require_…), or is listed here with a reason");
}
