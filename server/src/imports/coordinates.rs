//! Coordinates as offices write them: two columns or one cell, decimal or in degrees, minutes and seconds, with or without words.
//!
//! Only reads numbers; which datum they are in and where they lie is decided elsewhere. Longitudes of China (73 to 136) and latitudes
//! (3 to 54) do not overlap, so the order of a pair is certain, and numbers in the wrong column are recognised; they are never moved.

use unicode_normalization::UnicodeNormalization;

use super::table::Cell;
use crate::regions::placing::{self, Slip, is_latitude, is_longitude};

/// Longitude and latitude as written, in degrees, in whatever datum the office used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written {
    pub lon: f64,
    pub lat: f64,
    /// The cell gave the latitude first.
    pub latitude_first: bool,
}

/// Why coordinates cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Missing,
    Unreadable,
    /// The longitude stands in the latitude's column and the other way round.
    Swapped,
    /// Readable, but nowhere in China.
    OutsideChina,
    /// 0, 0: what programs write for no position.
    Zero,
}

/// Longitude and latitude from two cells.
pub fn from_two(lon: &Cell, lat: &Cell) -> Result<Written, Fault> {
    if lon.is_empty() && lat.is_empty() {
        return Err(Fault::Missing);
    }
    if lon.is_empty() || lat.is_empty() {
        // One of the two columns may hold the pair.
        return from_one(if lon.is_empty() { lat } else { lon }).map_err(|_| Fault::Missing);
    }
    let (lon, lat) = (single(lon)?, single(lat)?);
    if lon.mark == Some(Mark::Latitude) || lat.mark == Some(Mark::Longitude) {
        return Err(Fault::Swapped);
    }
    placed(lon.degrees, lat.degrees)
}

/// Longitude and latitude from one cell that holds both, in either order.
pub fn from_one(cell: &Cell) -> Result<Written, Fault> {
    let text = match cell {
        Cell::Empty => return Err(Fault::Missing),
        Cell::Text(text) if text.trim().is_empty() => return Err(Fault::Missing),
        Cell::Text(text) => text,
        _ => return Err(Fault::Unreadable),
    };
    let angles = angles(text).ok_or(Fault::Unreadable)?;
    let [first, second] = angles.as_slice() else { return Err(Fault::Unreadable) };
    let marked_first = match (first.mark, second.mark) {
        (Some(Mark::Latitude), Some(Mark::Latitude)) | (Some(Mark::Longitude), Some(Mark::Longitude)) => return Err(Fault::Unreadable),
        (Some(Mark::Latitude), _) | (_, Some(Mark::Longitude)) => Some(true),
        (Some(Mark::Longitude), _) | (_, Some(Mark::Latitude)) => Some(false),
        (None, None) => None,
    };
    let latitude_first = marked_first.unwrap_or_else(|| is_latitude(first.degrees) && is_longitude(second.degrees));
    let (lon, lat) = if latitude_first { (second.degrees, first.degrees) } else { (first.degrees, second.degrees) };
    placed(lon, lat).map(|written| Written { latitude_first, ..written })
}

fn placed(lon: f64, lat: f64) -> Result<Written, Fault> {
    match placing::check(lon, lat) {
        Ok(()) => Ok(Written { lon, lat, latitude_first: false }),
        Err(Slip::Unreadable) => Err(Fault::Unreadable),
        Err(Slip::Zero) => Err(Fault::Zero),
        Err(Slip::Swapped) => Err(Fault::Swapped),
        Err(Slip::OutsideChina) => Err(Fault::OutsideChina),
    }
}

fn single(cell: &Cell) -> Result<Angle, Fault> {
    match cell {
        Cell::Number(number) => Ok(Angle { degrees: *number, mark: None }),
        Cell::Text(text) => match angles(text).as_deref() {
            Some([angle]) => Ok(*angle),
            _ => Err(Fault::Unreadable),
        },
        _ => Err(Fault::Unreadable),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Longitude,
    Latitude,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Angle {
    degrees: f64,
    mark: Option<Mark>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Number(f64),
    Mark(Mark),
    Degree,
    Minute,
    Second,
    Separator,
}

/// All angles in the text, at most two of use; None when something in it is not understood.
fn angles(text: &str) -> Option<Vec<Angle>> {
    let tokens = tokens(text)?;
    let first_mark = tokens.iter().position(|token| matches!(token, Token::Mark(_)));
    let first_number = tokens.iter().position(|token| matches!(token, Token::Number(_)));
    let marks_lead = first_mark < first_number;
    let mut angles: Vec<Angle> = Vec::new();
    let mut pending_mark = None;
    let mut rest = tokens.as_slice();
    while let [token, tail @ ..] = rest {
        match *token {
            Token::Mark(mark) if marks_lead => pending_mark = Some(mark),
            Token::Mark(mark) => angles.last_mut().filter(|angle| angle.mark.is_none())?.mark = Some(mark),
            Token::Number(degrees) => {
                let (degrees, used) = with_minutes(degrees, tail)?;
                angles.push(Angle { degrees, mark: pending_mark.take() });
                rest = &tail[used..];
                continue;
            }
            Token::Separator => {}
            Token::Degree | Token::Minute | Token::Second => return None,
        }
        rest = tail;
    }
    Some(angles)
}

/// Adds the minutes and seconds that follow a number of degrees; gives the degrees and how many tokens were used.
fn with_minutes(degrees: f64, tail: &[Token]) -> Option<(f64, usize)> {
    let in_sixty = |part: f64| (0.0..60.0).contains(&part).then_some(part);
    Some(match *tail {
        [Token::Degree, Token::Number(minutes), Token::Minute, Token::Number(seconds), Token::Second, ..] => {
            (degrees + in_sixty(minutes)? / 60.0 + in_sixty(seconds)? / 3600.0, 5)
        }
        [Token::Degree, Token::Number(minutes), Token::Minute, Token::Number(seconds)] => {
            (degrees + in_sixty(minutes)? / 60.0 + in_sixty(seconds)? / 3600.0, 4)
        }
        [Token::Degree, Token::Number(minutes), Token::Minute, ..] => (degrees + in_sixty(minutes)? / 60.0, 3),
        [Token::Degree, ..] => (degrees, 1),
        _ => (degrees, 0),
    })
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    // '″' and '″'-like marks first: NFKC would take them apart into two '′'.
    let text: String = text.chars().map(|c| if matches!(c, '″' | '“' | '”' | '〃' | '＂') { '"' } else { c }).nfkc().collect();
    if text.chars().count() > 80 {
        return None;
    }
    let characters: Vec<char> = text.replace("''", "\"").chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        if c.is_ascii_digit() || (c == '-' && characters.get(at + 1).is_some_and(char::is_ascii_digit)) {
            let length = characters[at + 1..].iter().take_while(|c| c.is_ascii_digit() || **c == '.').count() + 1;
            let number: String = characters[at..at + length].iter().collect();
            tokens.push(Token::Number(number.parse().ok()?));
            at += length;
            continue;
        }
        let follows_number = matches!(tokens.last(), Some(Token::Number(_)));
        match c {
            '°' | 'º' | '˚' => tokens.push(Token::Degree),
            '度' if follows_number => tokens.push(Token::Degree),
            '\'' | '′' | '’' | '‘' | '´' | '分' => tokens.push(Token::Minute),
            '"' | '秒' => tokens.push(Token::Second),
            'E' | 'e' | '经' => tokens.push(Token::Mark(Mark::Longitude)),
            'N' | 'n' | '纬' => tokens.push(Token::Mark(Mark::Latitude)),
            ',' | '、' | ';' | '/' | '|' | ' ' | '\t' | '\n' => tokens.push(Token::Separator),
            '东' | '北' | '度' | ':' | '(' | ')' | '[' | ']' | '。' | '=' => {}
            _ => return None,
        }
        at += 1;
    }
    Some(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn both_coordinates_are_read_from_one_cell_in_many_notations() {
        for (cell, latitude_first) in [
            ("120.418,27.511", false),
            ("27.511,120.418", true),
            ("120.418，27.511", false),
            ("120.418 27.511", false),
            ("(120.418, 27.511)", false),
            ("120.418/27.511", false),
            ("120.418、27.511", false),
            ("１２０．４１８，２７．５１１", false),
            ("东经120.418,北纬27.511", false),
            ("北纬27.511°，东经120.418°", true),
            ("E120.418 N27.511", false),
            ("N27.511,E120.418", true),
            ("120.418°E,27.511°N", false),
            ("27.511N 120.418E", true),
            ("经度：120.418 纬度：27.511", false),
            ("120°25′4.8″,27°30′39.6″", false),
            ("东经120度25分4.8秒，北纬27度30分39.6秒", false),
            ("120°25'4.8\"E 27°30'39.6\"N", false),
            ("N27°30'39.6'' E120°25'4.8''", true),
            ("120°25.08′ 27°30.66′", false),
            ("120.418\n27.511", false),
        ] {
            let written = from_one(&text(cell)).unwrap_or_else(|fault| panic!("{cell}: {fault:?}"));
            assert!((written.lon - 120.418).abs() < 1e-9 && (written.lat - 27.511).abs() < 1e-9, "{cell}: {written:?}");
            assert_eq!(written.latitude_first, latitude_first, "{cell}");
        }
    }

    #[test]
    fn two_cells_may_hold_numbers_or_text() {
        let number = Cell::Number;
        assert!(from_two(&number(120.418), &text("27.511")).is_ok());
        assert!(from_two(&text("120°25′4.8″"), &text("N27°30′39.6″")).is_ok());
        assert!(from_two(&text("120.418,27.511"), &Cell::Empty).is_ok());
    }

    #[test]
    fn swapped_columns_are_recognised_and_not_moved() {
        assert_eq!(from_two(&Cell::Number(27.511), &Cell::Number(120.418)), Err(Fault::Swapped));
        assert_eq!(from_two(&text("北纬27.511"), &text("东经120.418")), Err(Fault::Swapped));
    }

    #[test]
    fn what_is_no_place_in_china_is_refused() {
        for (lon, lat, fault) in [
            (0.0, 0.0, Fault::Zero),
            (f64::NAN, 27.0, Fault::Unreadable),
            (f64::INFINITY, 27.0, Fault::Unreadable),
            (1e308, 27.0, Fault::OutsideChina),
            (120.0, -27.0, Fault::OutsideChina),
            (-120.0, 27.0, Fault::OutsideChina),
            (120.0, 90.0, Fault::OutsideChina),
            (2.3, 48.8, Fault::OutsideChina),
            (12_041_800.0, 2_751_100.0, Fault::OutsideChina),
        ] {
            assert_eq!(from_two(&Cell::Number(lon), &Cell::Number(lat)), Err(fault), "{lon}, {lat}");
        }
        for cell in [
            "120.418",
            "120.418,27.511,5",
            "1e308,27",
            "NaN,NaN",
            "null",
            "见附图",
            "120.4.18,27.5",
            "120°70′,27°",
            "120,,",
            "东经120.418,东经27.511",
            "西经120.4 北纬27.5",
            "120.418,27.511;drop",
            "--120,27",
            "°",
            "'",
        ] {
            assert!(from_one(&text(cell)).is_err(), "{cell}");
        }
    }
}
