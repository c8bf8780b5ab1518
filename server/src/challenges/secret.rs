//! The secret of a challenge: made from the client's key and a key outside of the database, so that a repeated call gets the same receipt
//! although the database holds no secret. See decision 0079.

use ring::hmac;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ids::{Chance, CountyId};
use crate::platform::Platform;

/// Crockford's letters: none that is taken for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUP: usize = 4;
/// 160 bits.
const SECRET_LETTERS: usize = 32;

/// What is told once and what is kept of it.
#[derive(Debug, Clone)]
pub struct NewSecret {
    /// As it is shown, in groups.
    pub shown: String,
    pub sha256: [u8; 32],
}

fn sign(platform: &Platform, purpose: &str, county_id: CountyId, content: &[u8]) -> anyhow::Result<hmac::Tag> {
    let key = platform.factor_key.get().ok_or_else(|| anyhow::anyhow!("the key outside of the database was not read at the start"))?;
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &key));
    context.update(purpose.as_bytes());
    context.update(&county_id.0.to_be_bytes());
    context.update(content);
    Ok(context.sign())
}

/// The secret that belongs to a client's key; the same whenever it is asked for.
pub fn secret_of(platform: &Platform, county_id: CountyId, key: Uuid) -> anyhow::Result<NewSecret> {
    let tag = sign(platform, "challenge secret", county_id, key.as_bytes())?;
    let letters = letters(tag.as_ref(), SECRET_LETTERS);
    Ok(NewSecret { sha256: Sha256::digest(&letters).into(), shown: grouped(&letters) })
}

/// Tells one content from another without saying anything about either.
pub fn content_mac(platform: &Platform, county_id: CountyId, content: &[u8]) -> anyhow::Result<Vec<u8>> {
    Ok(sign(platform, "challenge content", county_id, content)?.as_ref().to_vec())
}

/// A number that nobody can count on from another.
pub fn new_number(chance: &Chance) -> String {
    letters(&chance.bytes::<5>(), 8)
}

/// The hash of a secret as somebody typed it: case, blanks and hyphens do not matter, and letters like digits are read as digits. None when
/// it cannot be one.
pub fn hash_of(typed: &str) -> Option<[u8; 32]> {
    let letters = read_letters(typed, SECRET_LETTERS)?;
    Some(Sha256::digest(letters).into())
}

/// A number as somebody typed it, the way it is stored.
pub fn read_number(typed: &str) -> Option<String> {
    read_letters(typed, 8)
}

fn read_letters(typed: &str, length: usize) -> Option<String> {
    if typed.len() > 4 * length {
        return None;
    }
    let mut letters = String::with_capacity(length);
    for character in typed.chars().filter(|character| !matches!(character, ' ' | '-')) {
        let letter = match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter if letter.is_ascii() && LETTERS.contains(&(letter as u8)) => letter,
            _ => return None,
        };
        letters.push(letter);
    }
    (letters.len() == length).then_some(letters)
}

fn letters(bytes: &[u8], length: usize) -> String {
    let bit = |place: usize| bytes[place / 8] >> (7 - place % 8) & 1;
    (0..length).map(|letter| char::from(LETTERS[usize::from((0..5).fold(0, |value, place| value << 1 | bit(letter * 5 + place)))])).collect()
}

fn grouped(letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_bits_make_a_letter() {
        assert_eq!(letters(&[0xff; 20], 32), "Z".repeat(32));
        assert_eq!(letters(&[0, 0, 0, 0, 1], 8), "00000001");
        assert_eq!(letters(&[0b0000_1000, 0b0100_0000, 0, 0, 0], 2), "11");
    }

    #[test]
    fn a_secret_is_read_however_it_is_typed() {
        let shown = grouped(&letters(&[0b1010_1100; 20], 32));
        assert_eq!((shown.len(), shown.matches('-').count()), (39, 7));
        let told = hash_of(&shown).expect("a secret");
        assert_eq!(hash_of(&shown.to_lowercase().replace('-', " ")), Some(told));
        assert_eq!(hash_of(&shown.replace('-', "")), Some(told));
        assert_eq!(hash_of(&"o".repeat(32)), hash_of(&"0".repeat(32)));
        assert_eq!(hash_of(&"il".repeat(16)), hash_of(&"1".repeat(32)));
        for wrong in ["", "1234", &shown[..38], &format!("{shown}0"), &"u".repeat(32), &"。".repeat(32), &"0".repeat(100_000)] {
            assert_eq!(hash_of(wrong), None, "{wrong:.50}");
        }
    }

    #[test]
    fn numbers_do_not_follow_one_another() {
        let chance = Chance::seeded(3);
        let numbers: Vec<String> = (0..100).map(|_| new_number(&chance)).collect();
        let distinct: std::collections::BTreeSet<&String> = numbers.iter().collect();
        assert_eq!(distinct.len(), 100);
        assert!(numbers.iter().all(|number| read_number(number).as_ref() == Some(number)));
    }
}
