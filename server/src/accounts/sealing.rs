//! The key outside of the database under which the secrets of second factors lie in it: a dump of the database alone makes no code.
//!
//! The key is a setting, or a file of the data folder that is made once. A sealed secret is bound to its account: put into another row it
//! cannot be opened.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;

use anyhow::{Context, ensure};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::config::Settings;
use crate::ids::{AccountId, Chance};
use crate::platform::Platform;

const FILE: &str = "second-factor.key";

/// Seals and opens secrets.
pub struct Seal(LessSafeKey);

/// Whether the key that the settings name can be used.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    settings.second_factor_key.as_deref().map_or(Ok(()), |text| read_key(text).map(drop).context("setting second_factor_key"))
}

fn read_key(text: &str) -> anyhow::Result<[u8; 32]> {
    let bytes = hex::decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.context("64 hexadecimal digits are expected")
}

/// Reads the key of the settings, or of the data folder, once for all codes to come. Called before anybody is served.
pub async fn read(platform: &Platform) -> anyhow::Result<()> {
    let (settings, chance) = (platform.settings.clone(), platform.chance.clone());
    let key = tokio::task::spawn_blocking(move || key_of(&settings, &chance)).await??;
    platform.factor_key.put(key);
    Ok(())
}

fn key_of(settings: &Settings, chance: &Chance) -> anyhow::Result<[u8; 32]> {
    match &settings.second_factor_key {
        Some(text) => read_key(text),
        None => key_of_folder(settings, chance),
    }
}

impl Seal {
    /// With the key that was read at the start.
    pub fn open(platform: &Platform) -> anyhow::Result<Self> {
        Self::with_key(platform.factor_key.get().context("the key of second factors was not read at the start")?)
    }

    fn with_key(key: [u8; 32]) -> anyhow::Result<Self> {
        let unbound = UnboundKey::new(&AES_256_GCM, &key).ok().context("the key is not taken")?;
        Ok(Self(LessSafeKey::new(unbound)))
    }

    /// Nonce and ciphertext.
    pub fn seal(&self, chance: &Chance, account_id: AccountId, secret: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = chance.bytes();
        let mut sealed = secret.to_vec();
        let bound = Aad::from(account_id.0.to_be_bytes());
        self.0.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut sealed).ok().context("not sealed")?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The secret; `None` when it was sealed with another key or for another account.
    pub fn unseal(&self, account_id: AccountId, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let secret = self.0.open_in_place(nonce, Aad::from(account_id.0.to_be_bytes()), &mut text).ok()?;
        Some(secret.to_vec())
    }
}

/// The key of the file, made at its first use. Of two processes that make it at once one finds the other's.
fn key_of_folder(settings: &Settings, chance: &Chance) -> anyhow::Result<[u8; 32]> {
    let folder = settings.data_folder();
    let path = folder.join(FILE);
    let read = || -> anyhow::Result<Option<[u8; 32]>> {
        match std::fs::read_to_string(&path) {
            Ok(text) => read_key(&text).map(Some).with_context(|| format!("{}", path.display())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{}", path.display())),
        }
    };
    if let Some(key) = read()? {
        return Ok(key);
    }
    std::fs::create_dir_all(&folder)?;
    // Written aside and linked into its place, so that nobody ever reads half a key.
    let aside = folder.join(format!("{FILE}.{}", hex::encode(chance.bytes::<8>())));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(hex::encode(chance.bytes::<32>()).as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&aside, &path);
    std::fs::remove_file(&aside)?;
    ensure!(linked.as_ref().map_or_else(|error| error.kind() == ErrorKind::AlreadyExists, |()| true), "{}: {linked:?}", path.display());
    rustix::fs::fsync(std::fs::File::open(&folder)?)?;
    read()?.with_context(|| format!("{} was made and is not there", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_with_its_key_for_its_account_only() {
        let chance = Chance::seeded(5);
        let with_key = |digit: &str| {
            let settings = Settings { second_factor_key: Some(digit.repeat(64)), ..Settings::defaults() };
            Seal::with_key(key_of(&settings, &chance).expect("a key")).expect("a seal")
        };
        let (seal, other) = (with_key("a"), with_key("b"));
        let sealed = seal.seal(&chance, AccountId(7), b"a secret").expect("sealed");
        assert_eq!(seal.unseal(AccountId(7), &sealed).as_deref(), Some(b"a secret".as_slice()));
        assert_eq!(seal.unseal(AccountId(8), &sealed), None);
        assert_eq!(other.unseal(AccountId(7), &sealed), None);
        assert_eq!(seal.unseal(AccountId(7), b"short"), None);
        assert!(!sealed.windows(8).any(|part| part == b"a secret"));
    }

    #[test]
    fn the_folders_key_is_made_once_and_is_nobody_elses_to_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("minsheng-key-{}", hex::encode(Chance::from_system().bytes::<8>())));
        let settings = Settings { data_dir: Some(folder.clone()), ..Settings::defaults() };
        let first = key_of_folder(&settings, &Chance::seeded(1)).expect("a key");
        assert_eq!(key_of_folder(&settings, &Chance::seeded(2)).expect("the same key"), first);
        let mode = std::fs::metadata(folder.join(FILE)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_key_that_cannot_be_read_is_named() {
        let settings = Settings { second_factor_key: Some("secret".to_owned()), ..Settings::defaults() };
        let fault = format!("{:#}", check(&settings).expect_err("no key"));
        assert!(fault.contains("second_factor_key") && !fault.contains("\"secret\""), "{fault}");
    }
}
