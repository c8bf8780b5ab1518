//! Telephone numbers on their way out: no list, log or answer shows one whole by accident.
//!
//! What holds a number in an answer is a type that writes itself masked (`138****1234`). The whole number leaves by one act alone, which is on
//! record (`roster/phone_routes.rs`).

use serde::{Serialize, Serializer};

/// Digits at the end that stay readable.
const TAIL: usize = 4;

/// A telephone number.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(pub String);

impl Phone {
    /// As lists show it.
    pub fn masked(&self) -> String {
        match (self.0.get(..3), self.0.get(self.0.len().saturating_sub(TAIL)..)) {
            (Some(head), Some(tail)) if self.0.len() > 3 + TAIL => format!("{head}****{tail}"),
            _ => "****".to_owned(),
        }
    }

    /// Whether somebody who typed `words` means this number: all of it, or its last four digits. Fewer would tell it bit by bit.
    pub fn is_meant_by(&self, words: &str) -> bool {
        let digits: String = words.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
        digits == self.0 || (digits.len() == TAIL && self.0.ends_with(&digits))
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

/// A mainland mobile number, as people type it: spaces, hyphens and +86 are let pass.
pub fn read_phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|character| !character.is_whitespace() && !matches!(character, '-' | '－')).collect();
    let digits = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")).unwrap_or(&digits);
    let is_number = digits.len() == 11 && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && digits.starts_with('1') && !matches!(digits.as_bytes()[1], b'0'..=b'2')).then(|| digits.to_owned())
}

/// Somebody else's login: deputies sign in with their telephone numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct Login(pub String);

impl Login {
    /// As lists show it.
    pub fn masked(&self) -> String {
        let is_phone = self.0.len() == 11 && self.0.starts_with('1') && self.0.bytes().all(|byte| byte.is_ascii_digit());
        if is_phone { Phone(self.0.clone()).masked() } else { self.0.clone() }
    }
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Login {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_without_its_middle_wherever_it_is_written() {
        let phone = Phone("13900001234".to_owned());
        assert_eq!(phone.masked(), "139****1234");
        assert_eq!(
            serde_json::json!({ "phone": phone, "login": Login(phone.0.clone()) }).to_string(),
            r#"{"phone":"139****1234","login":"139****1234"}"#
        );
        assert_eq!(format!("{phone:?}"), "139****1234");
        for short in ["", "1234", "1391234", "１３９００００１２３４"] {
            assert!(!Phone(short.to_owned()).masked().contains("1391234"), "{short}");
        }
        for name in ["wang.wu", "committee", "1390000", "139000012345"] {
            assert_eq!(Login(name.to_owned()).masked(), name);
        }
    }

    #[test]
    fn a_number_is_found_whole_or_by_its_end_and_not_piece_by_piece() {
        let phone = Phone("13900001234".to_owned());
        for (words, found) in
            [("13900001234", true), ("139 0000-1234", true), ("1234", true), ("234", false), ("139", false), ("0001234", false), ("", false)]
        {
            assert_eq!(phone.is_meant_by(words), found, "{words}");
        }
    }
}
