//! Whether a password is made of what everybody tries: common words, runs of keys, dates, and words about its owner. Pure.
//!
//! Whatever is of that kind is crossed out; what is left must be something. So `Woaini1314520!` is guessable although nobody may ever have
//! used exactly that, and a long phrase with one common word in it is not.

use std::sync::LazyLock;

use chrono::NaiveDate;

/// Different characters that must be left once everything common is crossed out.
const LEAST_LEFT: usize = 5;
/// A run shorter than this is chance.
const LEAST_RUN: usize = 4;
/// Shorter words about the owner stand in too many innocent ones.
const LEAST_WORD: usize = 3;
/// Stands where something was crossed out.
const GAP: char = '\0';

/// Neighbours on the keyboard and in the alphabet; runs count in both directions.
const ROWS: [&str; 6] = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"];

/// The list, longest first, as it is and with look-alikes folded.
static COMMON: LazyLock<[Vec<String>; 2]> = LazyLock::new(|| {
    let lines = include_str!("common_words.txt").lines().filter(|line| !line.starts_with('#'));
    let mut words: Vec<String> = lines.flat_map(str::split_whitespace).map(str::to_owned).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let folded = words.iter().map(|word| fold(word)).collect();
    [words, folded]
});

/// Whether too little is left of the password; `about` are words about its owner: login, name, county, the service's own address.
pub fn is_guessable(password: &str, about: &[&str]) -> bool {
    let lower = password.to_lowercase();
    if is_repetition(&lower) {
        return true;
    }
    let about: Vec<String> = about.iter().flat_map(|word| word_parts(word)).collect();
    let as_typed = left_of(&lower, &about, &COMMON[0]);
    let about_folded: Vec<String> = about.iter().map(|word| fold(word)).collect();
    as_typed < LEAST_LEFT || left_of(&fold(&lower), &about_folded, &COMMON[1]) < LEAST_LEFT
}

/// A word about the owner and the parts of it that names and addresses are made of.
fn word_parts(word: &str) -> Vec<String> {
    let word = word.to_lowercase();
    let mut parts: Vec<String> = word.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect();
    parts.push(word);
    parts.retain(|part| part.chars().count() >= LEAST_WORD || (!part.is_ascii() && part.chars().count() > 1));
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

/// Characters that are taken for one another, so that `P@ssw0rd` reads as it is meant.
fn fold(text: &str) -> String {
    let folded = |letter| match letter {
        '0' => 'o',
        '1' | '!' | '|' | 'l' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    text.chars().map(folded).collect()
}

fn left_of(text: &str, about: &[String], common: &[String]) -> usize {
    let mut left = text.to_owned();
    for word in about.iter().chain(common) {
        if left.contains(word.as_str()) {
            left = left.replace(word.as_str(), "\0");
        }
    }
    let left = without_runs(&without_dates(&left.chars().collect::<Vec<_>>()));
    let mut distinct: Vec<char> = left.into_iter().filter(|letter| *letter != GAP).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len()
}

/// One short piece, three times or more.
fn is_repetition(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (1..=letters.len() / 3).any(|piece| letters.iter().enumerate().all(|(place, letter)| *letter == letters[place % piece]))
}

/// Crosses out telephone numbers, dates and years.
fn without_dates(letters: &[char]) -> Vec<char> {
    let mut left = letters.to_vec();
    for (length, is_one) in [(11, is_phone as fn(&str) -> bool), (8, is_day), (6, is_short_day), (4, is_year)] {
        let mut place = 0;
        while place + length <= left.len() {
            let piece: String = left[place..place + length].iter().collect();
            if piece.bytes().all(|byte| byte.is_ascii_digit()) && is_one(&piece) {
                left[place..place + length].fill(GAP);
            }
            place += 1;
        }
    }
    left
}

fn is_phone(digits: &str) -> bool {
    digits.starts_with('1') && !matches!(digits.as_bytes()[1], b'0'..=b'2')
}

fn is_day(digits: &str) -> bool {
    let day = |format| NaiveDate::parse_from_str(digits, format).is_ok_and(|day| (1900..2100).contains(&chrono::Datelike::year(&day)));
    day("%Y%m%d") || day("%d%m%Y") || day("%m%d%Y")
}

fn is_short_day(digits: &str) -> bool {
    is_day(&format!("19{digits}")) || is_day(&format!("20{digits}"))
}

fn is_year(digits: &str) -> bool {
    digits.starts_with("19") || digits.starts_with("20")
}

/// Crosses out what is typed by sliding over the keyboard or counting.
fn without_runs(letters: &[char]) -> Vec<char> {
    let mut left = letters.to_vec();
    let keys: Vec<char> = letters.iter().copied().map(key_of).collect();
    let mut place = 0;
    while place < left.len() {
        let run = ROWS.iter().map(|row| run_at(&keys[place..], row)).max().unwrap_or(0);
        if run >= LEAST_RUN {
            left[place..place + run].fill(GAP);
        }
        place += run.max(1);
    }
    left
}

/// The key that a sign is typed with.
fn key_of(letter: char) -> char {
    let mut shifted = ")!@#$%^&*(".chars().zip('0'..='9');
    shifted.find(|(sign, _)| *sign == letter).map_or(letter, |(_, digit)| digit)
}

/// How far `letters` goes along the row, in either direction.
fn run_at(letters: &[char], row: &str) -> usize {
    let forth: Vec<char> = row.chars().collect();
    let back: Vec<char> = row.chars().rev().collect();
    let along = |row: &[char]| {
        let starts = row.iter().enumerate().filter(|(_, letter)| letters.first() == Some(letter)).map(|(start, _)| start);
        starts.map(|start| letters.iter().zip(&row[start..]).take_while(|(one, other)| one == other).count()).max().unwrap_or(0)
    };
    along(&forth).max(along(&back))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: [&str; 4] = ["li.xiaolan", "沈晓岚", "澄溪县", "map.chengxi.example"];

    #[test]
    fn what_everybody_tries_is_guessable_however_it_is_dressed_up() {
        for password in [
            "woaini1314520",
            "Woaini5201314!",
            "5201314woaini",
            "qwertyuiop123",
            "1qaz2wsx3edc",
            "1QAZ@wsx#EDC1qaz",
            "P@ssw0rd2026!",
            "Passw0rd20261122",
            "zhangwei19900101",
            "ZhangSan12345678!",
            "minsheng2026map",
            "Minsheng@Ditu123",
            "RendaDaibiao2026",
            "li.xiaolan2026",
            "Li_Xiaolan!!2026",
            "沈晓岚沈晓岚13900001234",
            "澄溪县人大代表2026",
            "chengxi20261231!",
            "abcdefghijklmnop",
            "zyxwvutsrqponm",
            "k9#mk9#mk9#mk9#m",
            "春春春春春春春春春春春春",
            "admin888admin888",
            "qq123456789qq",
            "13900001234abc",
            "为人民服务为人民服务1949",
        ] {
            assert!(is_guessable(password, &ABOUT), "{password}");
        }
    }

    #[test]
    fn a_phrase_of_ones_own_is_taken_even_with_a_common_word_in_it() {
        for password in [
            "correct horse battery",
            "春江水暖鸭先知竹外桃花三两枝",
            "一口井两头牛三亩地",
            "monkey unter dem Birnbaum",
            "Kx7-bt2!vQe9zRw4",
            "我家门口的水渠修了三年",
            "jintian chi le san wan mian",
            "县里的路灯第七盏总不亮",
        ] {
            assert!(!is_guessable(password, &ABOUT), "{password}");
        }
    }

    #[test]
    fn the_list_is_read_whole() {
        assert!(COMMON[0].len() > 700, "{}", COMMON[0].len());
        assert!(COMMON[0].iter().all(|word| *word == word.to_lowercase() && (word.chars().count() >= 4 || !word.is_ascii())));
        assert!(COMMON[0].windows(2).all(|pair| pair[0].len() >= pair[1].len()), "longer words go first");
    }
}
