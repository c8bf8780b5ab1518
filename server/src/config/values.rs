//! How one setting is found and read: the environment first, then the file, then the default.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::SETTINGS;
use super::kinds::{BasemapKind, LogFormat, PasswordProfile, SecondFactorRule, SmtpSecurity, TiandituLayer};
use super::networks::AddressRange;

/// A setting's value could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    #[error("setting {name} ({origin}): cannot read {value:?}: {reason}")]
    Unreadable { name: String, origin: String, value: String, reason: String },
    #[error("{file}: there is no setting called {name}")]
    Unknown { file: String, name: String },
    #[error("{file}: {reason}")]
    File { file: String, reason: String },
}

/// Parses one setting's text.
pub(super) trait FromText: Sized {
    fn from_text(text: &str) -> Result<Self, String>;
}

macro_rules! from_text_by_parse {
    ($($kind:ty),*) => {$(
        impl FromText for $kind {
            fn from_text(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error| format!("{error}"))
            }
        }
    )*};
}
from_text_by_parse!(
    String,
    PathBuf,
    SocketAddr,
    u8,
    u16,
    u32,
    u64,
    bool,
    LogFormat,
    BasemapKind,
    TiandituLayer,
    SmtpSecurity,
    PasswordProfile,
    SecondFactorRule
);

impl<T: FromText> FromText for Option<T> {
    fn from_text(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(None) } else { T::from_text(text).map(Some) }
    }
}

impl FromText for Vec<IpAddr> {
    fn from_text(text: &str) -> Result<Self, String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| part.parse().map_err(|error| format!("{part}: {error}"))).collect()
    }
}

impl FromText for Vec<AddressRange> {
    fn from_text(text: &str) -> Result<Self, String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| part.parse().map_err(|error| format!("{part}: {error}"))).collect()
    }
}

/// Where the texts of the settings come from.
pub(super) struct Values {
    pub file_name: String,
    pub file: BTreeMap<String, String>,
    pub environment: BTreeMap<String, String>,
}

impl Values {
    pub fn read<T: FromText>(&self, name: &str, variable: &str, default: &str) -> Result<T, SettingError> {
        let (origin, text) = if let Some(text) = self.environment.get(variable) {
            (variable.to_owned(), text.as_str())
        } else if let Some(text) = self.file.get(name) {
            (self.file_name.clone(), text.as_str())
        } else {
            ("default".to_owned(), default)
        };
        T::from_text(text).map_err(|reason| SettingError::Unreadable {
            name: name.to_owned(),
            origin,
            value: if is_secret(name) { "…".to_owned() } else { text.to_owned() },
            reason,
        })
    }
}

fn is_secret(name: &str) -> bool {
    SETTINGS.iter().any(|row| row.name == name && row.is_secret)
}
