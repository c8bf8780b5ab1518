//! Passwords as argon2id hashes. Checking one costs memory and time, so it happens off the async threads and only a few at a time.

use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

static AT_ONCE: Semaphore = Semaphore::const_new(4);

static WORK_DONE_KIB: AtomicU64 = AtomicU64::new(0);

/// The argon2 work done by this process so far, in KiB of memory filled: what one attempt to sign in costs, whoever it names.
pub fn work_done_kib() -> u64 {
    WORK_DONE_KIB.load(Ordering::Relaxed)
}

/// The password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
#[error("argon2: {0}")]
pub struct PasswordError(String);

/// What checking a password found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, and here is the hash at today's cost to store in place of the old one.
    RightAndOutdated(String),
}

fn hasher(memory_kib: u32) -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(memory_kib, 2, 1, None).map_err(|error| PasswordError(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str, memory_kib: u32) -> Result<String, PasswordError> {
    WORK_DONE_KIB.fetch_add(u64::from(memory_kib), Ordering::Relaxed);
    hasher(memory_kib)?.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| PasswordError(error.to_string()))
}

/// Hashes with a salt of its own. `memory_kib` is the cost.
pub async fn hash(password: String, memory_kib: u32) -> Result<String, PasswordError> {
    let _turn = AT_ONCE.acquire().await.map_err(|error| PasswordError(error.to_string()))?;
    tokio::task::spawn_blocking(move || hash_now(&password, memory_kib)).await.map_err(|error| PasswordError(error.to_string()))?
}

/// Checks against `stored`; without one the same work is done and the answer is wrong, so that time does not tell who has an account.
/// (After `memory_kib` was changed, hashes made before cost what they did, until their owners sign in.)
pub async fn verify(password: String, stored: Option<String>, memory_kib: u32) -> Result<Verdict, PasswordError> {
    let _turn = AT_ONCE.acquire().await.map_err(|error| PasswordError(error.to_string()))?;
    tokio::task::spawn_blocking(move || verify_now(&password, stored.as_deref(), memory_kib))
        .await
        .map_err(|error| PasswordError(error.to_string()))?
}

fn verify_now(password: &str, stored: Option<&str>, memory_kib: u32) -> Result<Verdict, PasswordError> {
    let current = format!("m={memory_kib},t=2,p=1");
    // Nobody's hash: what is checked against it goes the same way as everything else, and is wrong.
    let nobodys = format!("$argon2id$v=19${current}$bm9ib2R5c3NhbHQ$JnU1b1hDRtaBs2vNhcVNGyrbyWHpjwGGfeBzIbJ6sK0");
    let parsed = PasswordHash::new(stored.unwrap_or(&nobodys)).map_err(|error| PasswordError(error.to_string()))?;
    let filled = Params::try_from(&parsed).map_err(|error| PasswordError(error.to_string()))?.m_cost();
    WORK_DONE_KIB.fetch_add(u64::from(filled), Ordering::Relaxed);
    let matches = hasher(memory_kib)?.verify_password(password.as_bytes(), &parsed).is_ok();
    match stored {
        Some(stored) if matches && stored.starts_with("$argon2id$") && stored.contains(&current) => Ok(Verdict::Right),
        Some(_) if matches => hash_now(password, memory_kib).map(Verdict::RightAndOutdated),
        _ => Ok(Verdict::Wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_recognised_and_an_old_hash_is_renewed() {
        let stored = hash_now("春江水暖鸭先知", 64).expect("a hash");
        assert!(stored.starts_with("$argon2id$"));
        assert_eq!(verify_now("春江水暖鸭先知", Some(&stored), 64).expect("a verdict"), Verdict::Right);
        assert_eq!(verify_now("春江水暖鸭先不知", Some(&stored), 64).expect("a verdict"), Verdict::Wrong);
        assert_eq!(verify_now("春江水暖鸭先知", None, 64).expect("a verdict"), Verdict::Wrong);
        match verify_now("春江水暖鸭先知", Some(&stored), 128).expect("a verdict") {
            Verdict::RightAndOutdated(fresh) => assert!(fresh.contains("m=128")),
            other => panic!("{other:?}"),
        }
    }
}
