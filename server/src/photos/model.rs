//! Pure rules of photographs: their name, who may send them, and when two of them show the same.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::accounts::{Actor, Role};

/// Bytes a picture may have as it is sent.
pub const LARGEST_UPLOAD: usize = 10 * 1024 * 1024;

/// Whether the person may send pictures: those who report, units that answer supervision orders, and staff who enter either for them.
pub fn may_send_photos(actor: &Actor) -> bool {
    [Role::Deputy, Role::UnitHandler, Role::Committee, Role::WorkingCommittee].into_iter().any(|role| actor.is(role))
}

/// SHA-256 of a picture's bytes as the phone sent them: its name everywhere. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoHash(pub [u8; 32]);

/// The text is not a SHA-256 in hexadecimal digits.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("photo_hash|照片编号应为 64 位十六进制的 SHA-256|A picture is named by its SHA-256 in 64 hexadecimal digits")]
pub struct NotAPhotoHash;

impl PhotoHash {
    /// The name of a picture with these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// From the database, where every hash has 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for PhotoHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PhotoHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for PhotoHash {
    type Err = NotAPhotoHash;

    fn from_str(text: &str) -> Result<Self, NotAPhotoHash> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotAPhotoHash)?;
        Ok(Self(bytes))
    }
}

impl Serialize for PhotoHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PhotoHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for PhotoHash {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some("^[0-9a-f]{64}$"))
            .examples([serde_json::json!("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")])
            .into()
    }
}

impl utoipa::ToSchema for PhotoHash {}

/// A picture in 64 bits: bit by bit, whether each of 8 × 8 places is darker than its right neighbour. Re-saving and resizing change few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness(pub u64);

impl Likeness {
    /// Bits in which two pictures may differ and still count as the same one.
    pub const SAME_WITHIN: u32 = 5;
    /// A picture with fewer edges than this is a bare wall or a dark room; such pictures are all alike and prove nothing.
    pub const LEAST_EDGES: u32 = 8;

    /// From 9 × 8 brightness values, row by row.
    pub fn of_brightness(values: &[u8; 72]) -> Self {
        let mut bits = 0;
        for row in values.chunks_exact(9) {
            for pair in row.windows(2) {
                bits = bits << 1 | u64::from(pair[0] < pair[1]);
            }
        }
        Self(bits)
    }

    /// Whether there is enough in the picture to tell it from others.
    pub fn is_telling(self) -> bool {
        (Self::LEAST_EDGES..=64 - Self::LEAST_EDGES).contains(&self.0.count_ones())
    }

    /// Whether the two are, by all appearance, the same picture.
    pub fn resembles(self, other: Self) -> bool {
        self.is_telling() && other.is_telling() && (self.0 ^ other.0).count_ones() <= Self::SAME_WITHIN
    }

    /// The same 64 bits as the database keeps them.
    pub fn to_stored(self) -> i64 {
        i64::from_be_bytes(self.0.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_64_hexadecimal_digits() {
        let hash = PhotoHash::of(b"test");
        assert_eq!(hash.to_string(), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for wrong in ["", "9f86", &"g".repeat(64), &"0".repeat(63), &"0".repeat(65), "../../etc/passwd"] {
            assert_eq!(wrong.parse::<PhotoHash>(), Err(NotAPhotoHash), "{wrong}");
        }
    }

    #[test]
    fn pictures_without_edges_resemble_nothing() {
        let flat = Likeness::of_brightness(&[90; 72]);
        assert!(!flat.is_telling() && !flat.resembles(flat));
        let checked = Likeness(0xaaaa_5555_aaaa_5555);
        assert!(checked.resembles(Likeness(checked.0 ^ 0b11111)));
        assert!(!checked.resembles(Likeness(checked.0 ^ 0b11_1111)));
    }
}
