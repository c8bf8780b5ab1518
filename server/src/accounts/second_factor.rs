//! The second factor: codes by time (RFC 6238, SHA-1, six digits, 30 seconds), which every authenticator app knows, and recovery codes.
//! Pure but for the hashing.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;
use sha2::{Digest, Sha256};

/// Seconds for which a code stands.
pub const STEP_S: i64 = 30;
/// Steps by which a telephone's clock may be off.
const DRIFT: i64 = 1;
/// Bytes of a secret: what RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;
/// Recovery codes given at once.
pub const RECOVERY_CODES: usize = 10;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Without the letters that look like digits.
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn in_fives(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let bit = |place: usize| bytes.get(place / 8).is_some_and(|byte| byte >> (7 - place % 8) & 1 == 1);
    let letters = (0..(bytes.len() * 8).div_ceil(5)).map(|letter| (0..5).fold(0, |value, place| value << 1 | usize::from(bit(letter * 5 + place))));
    letters.map(|value| char::from(alphabet[value])).collect()
}

/// The secret as people type it, in groups of four.
pub fn secret_words(secret: &[u8]) -> String {
    let letters: Vec<char> = in_fives(secret, BASE32).chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// What the QR code says to an authenticator app.
pub fn address(issuer: &str, login: &str, secret: &[u8]) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    format!(
        "otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period={STEP_S}",
        escaped(issuer),
        escaped(login),
        in_fives(secret, BASE32)
    )
}

/// The code of a time step.
pub fn code_at(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes[bytes.len() - 1] & 15);
    let number = bytes[offset..offset + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// The step of the code that was typed: now, or one step to either side, and after the last one that was taken.
pub fn matching_step(secret: &[u8], typed: &str, now_s: i64, last_step: i64) -> Option<i64> {
    let now = now_s.div_euclid(STEP_S);
    [0, -DRIFT, DRIFT].into_iter().map(|off| now + off).find(|step| *step > last_step && code_at(secret, *step) == typed)
}

/// A recovery code of 80 random bits, in groups of four.
pub fn recovery_code(bytes: [u8; 10]) -> String {
    let letters = in_fives(&bytes, CROCKFORD);
    [&letters[..4], &letters[4..8], &letters[8..12], &letters[12..]].join("-")
}

/// The hash under which a recovery code is kept.
pub fn recovery_hash(letters: &str) -> Vec<u8> {
    Sha256::digest(letters.as_bytes()).to_vec()
}

/// What somebody typed as their second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Six digits.
    Code(String),
    /// Sixteen letters and digits, without what stands between them.
    Recovery(String),
}

/// Takes away blanks and strokes, and reads the letters that are mistaken for digits as those. `None` when it is neither kind of code.
pub fn read_typed(text: &str) -> Option<Typed> {
    let plain: String = text.chars().take(60).filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '–' | '—')).collect();
    if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Typed::Code(plain));
    }
    let letters: String = plain.to_ascii_lowercase().replace(['i', 'l'], "1").replace('o', "0");
    (letters.len() == 16 && letters.bytes().all(|byte| CROCKFORD.contains(&byte))).then_some(Typed::Recovery(letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(SECRET, at / STEP_S), code);
            assert_eq!(matching_step(SECRET, code, at, 0), Some(at / STEP_S));
        }
    }

    #[test]
    fn a_code_counts_a_step_early_or_late_and_never_twice() {
        let code = code_at(SECRET, 1000);
        for (now, last, taken) in
            [(1000, 0, true), (999, 0, true), (1001, 0, true), (998, 0, false), (1002, 0, false), (1000, 1000, false), (1000, 999, true)]
        {
            assert_eq!(matching_step(SECRET, &code, now * STEP_S + 7, last).is_some(), taken, "{now} after {last}");
        }
    }

    #[test]
    fn the_secret_is_told_as_apps_read_it() {
        assert_eq!(secret_words(b"Hello!\xde\xad\xbe\xef"), "JBSW Y3DP EHPK 3PXP");
        let address = address("民生地图", "wang.wu", b"Hello!\xde\xad\xbe\xef");
        assert!(address.starts_with("otpauth://totp/%E6%B0%91") && address.contains("secret=JBSWY3DPEHPK3PXP&"), "{address}");
    }

    #[test]
    fn what_is_typed_is_read_kindly_and_strictly() {
        let code = recovery_code([0, 68, 50, 20, 199, 66, 84, 182, 53, 207]);
        assert_eq!(code.len(), 19);
        let Some(Typed::Recovery(letters)) = read_typed(&code.to_uppercase()) else { panic!("{code}") };
        assert_eq!(letters, code.replace('-', ""));
        assert_eq!(read_typed(" 287 082 "), Some(Typed::Code("287082".to_owned())));
        assert_eq!(read_typed("oooo-1111-iiii-llll"), Some(Typed::Recovery("0000111111111111".to_owned())));
        for wrong in ["", "28708", "2870821", "abc", "２８７０８２", "uuuu-uuuu-uuuu-uuuu"] {
            assert_eq!(read_typed(wrong), None, "{wrong}");
        }
    }
}
