//! The way into a private cluster that another process runs: where its socket is, it says itself in its `postmaster.pid`.

use std::path::{Path, PathBuf};

use sqlx::postgres::PgConnectOptions;

use super::{DATABASE, SERVING_ROLE};

/// How to connect, for serving, to the cluster that another process runs in `folder`; none when its PostgreSQL has not said yet where it
/// listens.
pub fn options(folder: &Path) -> Option<PgConnectOptions> {
    let told = std::fs::read_to_string(folder.join("postgresql").join("postmaster.pid")).ok()?;
    let socket = socket_folder(&told)?;
    Some(PgConnectOptions::new_without_pgpass().socket(socket).username(SERVING_ROLE).database(DATABASE))
}

/// The fifth line of the file, once PostgreSQL has written it.
fn socket_folder(told: &str) -> Option<PathBuf> {
    told.lines().nth(4).map(str::trim).filter(|line| line.starts_with('/')).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_is_where_postgresql_says() {
        let whole = "4711\n/srv/minsheng/postgresql\n1760000000\n5432\n/srv/minsheng/socket\n\n  5432001   3\nready   \n";
        assert_eq!(socket_folder(whole), Some(PathBuf::from("/srv/minsheng/socket")));
        for unfinished in ["", "4711\n/srv/minsheng/postgresql\n1760000000\n5432\n", "4711\n/srv\n1\n5432\n\n"] {
            assert_eq!(socket_folder(unfinished), None, "{unfinished}");
        }
    }
}
