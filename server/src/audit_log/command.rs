//! Checking the audit log at the command line; `main` parses the arguments and prints what this gives back.

use std::fmt::Write;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};

use super::chain::{Fault, Head, Walk};
use super::heads::AuditHead;
use super::store;
use crate::regions;

/// Links read at once.
const AT_ONCE: i64 = 5_000;

/// What to print, and whether every chain holds.
#[derive(Debug, Clone)]
pub struct Verified {
    pub text: String,
    pub holds: bool,
}

/// The heads as the address gives them.
#[derive(Debug, Deserialize)]
struct HeadsFile {
    items: Vec<AuditHead>,
}

/// Follows every chain of the database, as it stands at one moment, and names the first thing in each that does not hold. Compared are the
/// heads that the database keeps for each day and those of `heads`, a file kept from `/api/audit/heads`.
pub async fn verify(pool: &PgPool, heads: Option<&Path>) -> anyhow::Result<Verified> {
    let kept = heads.map(read_heads).transpose()?.unwrap_or_default();
    let mut tx = pool.begin().await?;
    store::stand_still(&mut tx).await?;
    let counties = regions::store::list_counties(&mut tx).await?;
    if let Some(stranger) = kept.iter().find(|head| !counties.iter().any(|county| county.code == head.county)) {
        anyhow::bail!("the database has no county {}, of which a head was kept", stranger.county);
    }
    let mut verified = Verified { text: String::new(), holds: true };
    let mut chains = store::list_chains(&mut tx).await?;
    chains.extend(counties.iter().map(|county| county.county_id.0));
    chains.sort_unstable();
    chains.dedup();
    for chain_id in chains {
        let county = counties.iter().find(|county| county.county_id.0 == chain_id);
        let name = county.map_or("—", |county| county.code.as_str());
        let mut published = Vec::new();
        for head in kept.iter().filter(|head| county.is_some_and(|county| county.code == head.county)) {
            let hash = hex::decode(&head.hash).with_context(|| format!("the hash kept for {} is not hexadecimal", head.day))?;
            published.push(Head { position: head.position, hash });
        }
        match follow(&mut tx, chain_id, published).await? {
            Ok(end) => writeln!(verified.text, "{name}: {} 行完整 lines hold，链头 head {}", end.position, hex::encode(end.hash))?,
            Err(fault) => {
                verified.holds = false;
                writeln!(verified.text, "{name}: {fault}")?;
            }
        }
    }
    Ok(verified)
}

async fn follow(connection: &mut PgConnection, chain_id: i32, mut published: Vec<Head>) -> Result<Result<Head, Fault>, sqlx::Error> {
    let days = store::list_days(connection, chain_id, None, i64::MAX).await?;
    published.extend(days.into_iter().map(|row| Head { position: row.position, hash: row.hash }));
    let mut walk = Walk::new(published);
    loop {
        let links = store::list_links(connection, chain_id, walk.position(), AT_ONCE).await?;
        if links.is_empty() {
            break;
        }
        for link in &links {
            if let Err(fault) = walk.follow(link) {
                return Ok(Err(fault));
            }
        }
    }
    let end = walk.end(store::find_head(connection, chain_id).await?.as_ref());
    let unchained = store::find_unchained(connection, chain_id).await?;
    Ok(end.and_then(|head| unchained.map_or(Ok(head), |audit_id| Err(Fault::Unchained { audit_id }))))
}

fn read_heads(path: &Path) -> anyhow::Result<Vec<AuditHead>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file: HeadsFile = serde_json::from_str(&text).with_context(|| format!("{} does not hold heads of an audit log", path.display()))?;
    Ok(file.items)
}
