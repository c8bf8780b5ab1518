//! Loading the demo at the command line: the password, and what to tell whoever started it.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use sqlx::PgPool;

use super::{DemoAccount, load};
use crate::accounts::passwords;
use crate::clock::Clock;
use crate::config::Settings;
use crate::ids::Chance;
use crate::photos::PhotoStore;

/// In the data folder, readable by this account only. It opens nothing but an invented county.
const KEPT_IN: &str = "demo-accounts.txt";

/// Loads the demo county into an empty database with the password of the settings, or one made up now; returns what to print.
pub async fn load_with_settings(pool: &PgPool, settings: &Settings, clock: &Clock, chance: &Chance) -> anyhow::Result<String> {
    let password = settings.demo_password.clone().unwrap_or_else(|| made_up_password(chance));
    let hash = passwords::hash(password.clone(), settings.password_memory_kib).await?;
    let store = PhotoStore::in_data_folder(&settings.data_folder());
    let accounts = load(pool, &store, clock.now(), &hash).await.context("the demo county was not loaded")?;
    let words = told(&accounts, &password);
    keep(&settings.data_folder().join(KEPT_IN), &words).context("the demo accounts were not kept for later starts")?;
    Ok(words)
}

/// What was printed when the demo was loaded from this data folder, for printing it again.
pub fn told_before(settings: &Settings) -> Option<String> {
    std::fs::read_to_string(settings.data_folder().join(KEPT_IN)).ok()
}

fn keep(path: &Path, words: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(words.as_bytes())
}

/// Twelve letters and digits that cannot be mistaken for each other.
fn made_up_password(chance: &Chance) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    chance.bytes::<12>().into_iter().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).collect()
}

fn told(accounts: &[DemoAccount], password: &str) -> String {
    let lines: Vec<_> = accounts.iter().map(|account| format!("  {:<18} {}", account.login, account.name)).collect();
    format!("演示账号 demo accounts, 密码 password: {password}\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_password_is_long_and_differs_each_time() {
        let chance = Chance::seeded(1);
        let (first, second) = (made_up_password(&chance), made_up_password(&chance));
        assert!(first.len() == 12 && second.len() == 12 && first != second);
    }
}
