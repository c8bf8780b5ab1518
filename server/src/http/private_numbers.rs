//! Numbers that belong to a person, found in words: mobile and landline telephones, identity cards with their check digit, number plates.
//!
//! Written with full-width digits, blanks or hyphens between them they are the same numbers. What is found is shown to whoever clears the
//! words of others, masked in what is published of them, and refused in what the county itself makes public (`public_text.rs`).

use serde::Serialize;
use utoipa::ToSchema;

/// What kind of number was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrivateKind {
    Mobile,
    Landline,
    IdentityCard,
    NumberPlate,
}

/// A number that belongs to a person, by its place among the characters of the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"kind": "mobile", "text": "13800000000", "from": 12, "to": 23}))]
pub struct PrivateNumber {
    pub kind: PrivateKind,
    pub text: String,
    /// First character, counted from 0, and the one after the last.
    pub from: usize,
    pub to: usize,
}

impl PrivateNumber {
    /// Enough of it for its writer to find it, too little for anybody else: its first three characters and its last two.
    pub fn hint(&self) -> String {
        let characters: Vec<char> = self.text.chars().collect();
        let tail: String = characters.iter().skip(characters.len().saturating_sub(2)).collect();
        format!("{}…{tail}", characters.iter().take(3).collect::<String>())
    }
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";
const MASK: char = '＊';

/// Everything in `words` that looks like a number of a person, in its order.
pub fn find(words: &str) -> Vec<PrivateNumber> {
    let characters: Vec<char> = words.chars().collect();
    let plain: Vec<char> = characters.iter().map(|character| narrow(*character)).collect();
    let mut found = Vec::new();
    let mut place = 0;
    while place < plain.len() {
        let hit = number_plate(&plain, place).map(|end| (PrivateKind::NumberPlate, end)).or_else(|| number(&plain, place));
        match hit {
            Some((kind, end)) => {
                found.push(PrivateNumber { kind, text: characters[place..end].iter().collect(), from: place, to: end });
                place = end;
            }
            None => place += if plain[place].is_ascii_digit() { run_of_digits(&plain, place) } else { 1 },
        }
    }
    found
}

/// Whether a number found in `words` is written as people write one: by itself, in groups of three digits or more. Within a longer sign, such as
/// a contract's or a file's, digits may chance to look like one.
pub fn stands_by_itself(words: &str, number: &PrivateNumber) -> bool {
    let plain: Vec<char> = words.chars().map(narrow).collect();
    let part_of_a_sign = |neighbour: Option<&char>| neighbour.is_some_and(|neighbour| neighbour.is_ascii_alphanumeric() || *neighbour == '-');
    let before = number.from.checked_sub(1).and_then(|place| plain.get(place));
    if part_of_a_sign(before) || part_of_a_sign(plain.get(number.to)) {
        return false;
    }
    let written: String = plain[number.from..number.to].iter().collect();
    let mut groups = written.split(|character: char| !character.is_ascii_alphanumeric()).filter(|group| !group.is_empty()).peekable();
    if groups.peek() == Some(&"86") {
        groups.next();
    }
    groups.all(|group| group.len() >= 3)
}

/// `words` with every such number made unreadable.
pub fn mask(words: &str) -> String {
    let mut characters: Vec<char> = words.chars().collect();
    for number in find(words) {
        characters[number.from..number.to].fill(MASK);
    }
    characters.into_iter().collect()
}

/// Full-width digits, letters and signs as their narrow ones.
fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '\u{3000}' => ' ',
        '—' | '–' | '‐' | '‑' => '-',
        _ => character.to_ascii_uppercase(),
    }
}

fn is_between(character: char) -> bool {
    matches!(character, ' ' | '-' | '.' | '(' | ')')
}

fn run_of_digits(plain: &[char], from: usize) -> usize {
    plain[from..].iter().take_while(|character| character.is_ascii_digit()).count()
}

/// Digits from `from` on with at most one sign between two of them, and after each the place that follows it.
fn digits_from(plain: &[char], from: usize) -> Vec<(char, usize)> {
    let (mut digits, mut place) = (Vec::new(), from);
    while let Some(character) = plain.get(place) {
        if character.is_ascii_digit() || (*character == 'X' && digits.len() == 17) {
            digits.push((*character, place + 1));
        } else if !(is_between(*character) && digits.last().is_some_and(|(_, end)| *end == place)) {
            break;
        }
        place += 1;
    }
    digits
}

/// A telephone or an identity card that begins here and is no part of a longer number.
fn number(plain: &[char], from: usize) -> Option<(PrivateKind, usize)> {
    let begins = plain[from].is_ascii_digit() || (matches!(plain[from], '+' | '(') && plain.get(from + 1).is_some_and(char::is_ascii_digit));
    if !begins || (from > 0 && (plain[from - 1].is_ascii_digit() || plain[from - 1] == '.')) {
        return None;
    }
    let start = if plain[from].is_ascii_digit() { from } else { from + 1 };
    let digits = digits_from(plain, start);
    let text: String = digits.iter().map(|(digit, _)| *digit).collect();
    let end = |length: usize| digits[length - 1].1;
    let is_whole = |length: usize| digits.len() == length || !plain.get(end(length)).is_some_and(char::is_ascii_digit);
    if digits.len() >= 18 && is_identity_card(&text[..18]) {
        return Some((PrivateKind::IdentityCard, end(18)));
    }
    for prefix in ["", "86", "0086"] {
        let Some(rest) = text.strip_prefix(prefix) else { continue };
        let length = prefix.len() + 11;
        if rest.len() >= 11 && is_mobile(&rest[..11]) && is_whole(length) {
            return Some((PrivateKind::Mobile, end(length)));
        }
    }
    let fits = |length: &&usize| digits.len() >= **length && is_whole(**length);
    landline(&text).iter().find(fits).map(|length| (PrivateKind::Landline, end(*length)))
}

fn is_mobile(text: &str) -> bool {
    text.starts_with('1') && matches!(text.as_bytes()[1], b'3'..=b'9')
}

/// Area code and number: 010 and 02x take eight digits, the others seven or eight. Returns of how many digits it may be, the longest first.
fn landline(text: &str) -> &'static [usize] {
    let bytes = text.as_bytes();
    let first_of = |area: usize| bytes.get(area).is_some_and(|first| matches!(first, b'2'..=b'8'));
    match bytes {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] if first_of(3) => &[11],
        [b'0', b'3'..=b'9', ..] if first_of(4) => &[12, 11],
        _ => &[],
    }
}

/// Eighteen characters whose date is one and whose check digit agrees.
fn is_identity_card(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |place: usize| u32::from(bytes[place] - b'0');
    if !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let (year, month, day) = (&text[6..10], digit(10) * 10 + digit(11), digit(12) * 10 + digit(13));
    let sum: u32 = WEIGHTS.iter().enumerate().map(|(place, weight)| weight * digit(place)).sum();
    matches!(&year[..2], "19" | "20") && (1..=12).contains(&month) && (1..=31).contains(&day) && bytes[17] == CHECKS[(sum % 11) as usize]
}

/// 浙A·12345, also with the six characters of an electric car. Returns the place after it.
fn number_plate(plain: &[char], from: usize) -> Option<usize> {
    if !PROVINCES.contains(plain[from]) || !plain.get(from + 1)?.is_ascii_uppercase() {
        return None;
    }
    let mut place = from + 2;
    if plain.get(place).is_some_and(|sign| matches!(sign, ' ' | '-' | '.' | '·' | '•')) {
        place += 1;
    }
    let tail: Vec<char> = plain[place..].iter().copied().take_while(char::is_ascii_alphanumeric).take(7).collect();
    let digits = tail.iter().filter(|character| character.is_ascii_digit()).count();
    (matches!(tail.len(), 5 | 6) && digits >= 3).then_some(place + tail.len())
}

#[cfg(test)]
mod tests;
