//! Where an installed PostgreSQL with PostGIS lies.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::ClusterError;

/// Finds a folder that has `initdb` and `postgres` and whose installation has PostGIS.
pub(super) fn find(given: Option<&Path>) -> Result<PathBuf, ClusterError> {
    let mut candidates: Vec<PathBuf> = given.map(Path::to_owned).into_iter().collect();
    if given.is_none() {
        let mut versions: Vec<PathBuf> =
            std::fs::read_dir("/usr/lib/postgresql").map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
        versions.sort_by_key(|path| std::cmp::Reverse(version_number(path)));
        candidates.extend(versions.into_iter().map(|path| path.join("bin")));
        candidates.extend(pg_config(Path::new("pg_config"), "--bindir"));
        candidates.extend(["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from));
    }
    let mut without_postgis = None;
    for bin in candidates {
        if !bin.join("initdb").exists() || !bin.join("postgres").exists() {
            continue;
        }
        if has_postgis(&bin) {
            return Ok(bin);
        }
        without_postgis.get_or_insert(bin);
    }
    Err(without_postgis.map_or(ClusterError::NoPostgres, ClusterError::NoPostgis))
}

fn version_number(path: &Path) -> u32 {
    path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()).unwrap_or(0)
}

fn has_postgis(bin: &Path) -> bool {
    let version = bin.parent().map(version_number).unwrap_or(0);
    let mut shares = vec![PathBuf::from(format!("/usr/share/postgresql/{version}"))];
    shares.extend(pg_config(&bin.join("pg_config"), "--sharedir"));
    shares.iter().any(|share| share.join("extension/postgis.control").exists())
}

fn pg_config(program: &Path, question: &str) -> Option<PathBuf> {
    let output = Command::new(program).arg(question).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim()))
}
