//! The rules for words that people type: what is refused, what is quietly put right, how length is counted.
//!
//! Refused: NUL and the other control characters (line feed and tab excepted). Put right: NFC; direction controls and invisible
//! characters are taken out, because they make a text read otherwise than it is stored; the joiner of composed emoji stays.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Text of at least `LEAST` and at most `MOST` characters after cleaning, and at most four bytes for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text<const LEAST: usize, const MOST: usize>(String);

impl<const LEAST: usize, const MOST: usize> Text<LEAST, MOST> {
    /// `text` cleaned, when it is as long as it has to be.
    pub fn of(text: &str) -> Option<Self> {
        clean(text, LEAST, MOST).ok().map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl<'de, const LEAST: usize, const MOST: usize> Deserialize<'de> for Text<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        clean(&text, LEAST, MOST).map(Self).map_err(|fault| serde::de::Error::custom(fault.message(LEAST, MOST)))
    }
}

impl<const LEAST: usize, const MOST: usize> utoipa::PartialSchema for Text<LEAST, MOST> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String).min_length(Some(LEAST)).max_length(Some(MOST)).into()
    }
}

impl<const LEAST: usize, const MOST: usize> utoipa::ToSchema for Text<LEAST, MOST> {}

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    ControlCharacter,
    TooShort,
    TooLong,
}

impl TextFault {
    /// `code|Chinese|English`, as the JSON reader takes it apart.
    fn message(self, least: usize, most: usize) -> String {
        match self {
            Self::ControlCharacter => "control_character|含有不可见的控制字符，请重新输入|It holds a control character".to_owned(),
            Self::TooShort if least <= 1 => "required|不能为空|It must not be empty".to_owned(),
            Self::TooShort => format!("too_short|至少 {least} 个字|At least {least} characters"),
            Self::TooLong => format!("too_long|最多 {most} 个字|At most {most} characters"),
        }
    }
}

/// Cleans `text` by the rules above and checks its length in characters, surrounding white space not counted.
pub fn clean(text: &str, least: usize, most: usize) -> Result<String, TextFault> {
    // Four bytes a character is UTF-8's most; anything longer than this before cleaning is not worth cleaning.
    if text.len() > most.saturating_mul(16).max(1024) {
        return Err(TextFault::TooLong);
    }
    if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\t' | '\r')) {
        return Err(TextFault::ControlCharacter);
    }
    let cleaned: String = text.replace("\r\n", "\n").replace('\r', "\n").nfc().filter(|character| !is_invisible(*character)).collect();
    let cleaned = cleaned.trim();
    let length = cleaned.chars().count();
    if length < least {
        return Err(TextFault::TooShort);
    }
    if length > most {
        return Err(TextFault::TooLong);
    }
    Ok(cleaned.to_owned())
}

/// Direction controls and characters without a shape; U+200D joins emoji and stays.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{061c}' | '\u{180e}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}' | '\u{ad}')
}

/// Text that no spreadsheet takes for a formula: a leading sign, narrow or full-width, also after blanks, gets an apostrophe before it.
pub fn formula_safe(text: &str) -> String {
    let begins_like_one = text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if begins_like_one { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_refused_one_by_one() {
        for code in (0..0x20).chain(0x7f..0xa0) {
            let character = char::from_u32(code).expect("a character");
            let text = format!("施{character}工");
            let allowed = matches!(character, '\n' | '\t' | '\r');
            assert_eq!(clean(&text, 1, 10).is_ok(), allowed, "U+{code:04X}");
        }
    }

    #[test]
    fn direction_and_invisible_characters_are_taken_out() {
        for character in
            ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}').chain(['\u{200b}', '\u{200c}', '\u{feff}', '\u{2060}', '\u{200e}', '\u{200f}'])
        {
            assert_eq!(clean(&format!("已{character}完工"), 1, 10).as_deref(), Ok("已完工"), "{character:?}");
        }
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in ["👨‍👩‍👧‍👦 家庭", "𠮷野家", "𡃁𪚥𫝆", "é", "第一行\n第二行", "🏗️👷🏽‍♀️", "ᠮᠣᠩᠭᠣᠯ", "བོད་ཡིག", "ئۇيغۇرچە"]
        {
            assert_eq!(clean(text, 1, 100).as_deref(), Ok(text), "{text}");
        }
        assert_eq!(clean("e\u{301}", 1, 1).as_deref(), Ok("é"));
        assert_eq!(clean("  一\r\n二  ", 1, 3).as_deref(), Ok("一\n二"));
    }

    #[test]
    fn length_is_counted_in_characters_after_cleaning() {
        assert!(clean(&"字".repeat(10), 1, 10).is_ok());
        assert_eq!(clean(&"字".repeat(11), 1, 10), Err(TextFault::TooLong));
        assert_eq!(clean(&"\u{200b}".repeat(11), 1, 10), Err(TextFault::TooShort));
        assert_eq!(clean("   ", 1, 10), Err(TextFault::TooShort));
        assert_eq!(clean(&"a".repeat(1_000_000), 1, 10), Err(TextFault::TooLong));
    }

    #[test]
    fn nothing_that_begins_like_a_formula_stays_one() {
        for text in ["=1+1", "+86 577", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", "  =1", "\u{3000}=1", "\n=1"] {
            assert!(formula_safe(text).starts_with('\''), "{text:?}");
        }
        for text in ["灵溪镇", "2022-03-01", "a=b", "80%", ""] {
            assert_eq!(formula_safe(text), text);
        }
    }
}
