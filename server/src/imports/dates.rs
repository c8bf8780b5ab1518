//! Dates as offices write them: as dates, as serial numbers, or in words such as `2022年3月` and `2022年底前`.
//!
//! A date less exact than a day becomes the first day it can mean when something begins, and the last when something ends.

use chrono::{Datelike, NaiveDate};

use super::table::Cell;
use super::words::{chinese_number, narrow, says_nothing};

/// Whether the date begins or ends something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Start,
    Finish,
}

/// A date as read from one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateRead {
    pub date: NaiveDate,
    /// The words could have been meant otherwise, such as the number 2022.1 (January, or October without its zero).
    pub doubtful: bool,
}

/// The date in the cell; Ok(None) for an empty cell, Err for what is none. `year` completes words without a year, such as `6月底`.
pub fn date(cell: &Cell, edge: Edge, year: i32) -> Result<Option<DateRead>, ()> {
    let read = match cell {
        Cell::Empty => return Ok(None),
        Cell::Date(date) => Some(sure(*date)),
        Cell::Number(number) => from_number(*number, edge),
        Cell::Text(text) if says_nothing(text) => return Ok(None),
        Cell::Text(text) => from_text(text, edge, year),
        Cell::Percent(_) | Cell::Fault(_) => None,
    };
    read.filter(|read| (2000..=2100).contains(&read.date.year())).map(Some).ok_or(())
}

fn sure(date: NaiveDate) -> DateRead {
    DateRead { date, doubtful: false }
}

/// Serial days of a spreadsheet, `20220301`, `202203`, a year, or year and month with a dot.
fn from_number(number: f64, edge: Edge) -> Option<DateRead> {
    if !(2000.0..=21_001_231.0).contains(&number) {
        return None;
    }
    let whole = number.trunc() as i32;
    if number < 2101.0 {
        let rest = number.fract();
        if rest == 0.0 {
            return span(whole, 1, 12, edge).map(sure);
        }
        // 2022.1 is January, or October whose zero the spreadsheet dropped.
        let hundredths = (rest * 100.0).round() as u32;
        let month = if hundredths.is_multiple_of(10) { hundredths / 10 } else { hundredths };
        return span(whole, month, month, edge).map(|date| DateRead { date, doubtful: month == 1 });
    }
    if (36_526.0..73_416.0).contains(&number) {
        return NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(whole as u64)).map(sure);
    }
    if rest_is_whole(number) && (200_001..=210_012).contains(&whole) {
        return span(whole / 100, (whole % 100) as u32, (whole % 100) as u32, edge).map(sure);
    }
    let (year, month, day) = (whole / 10_000, (whole / 100 % 100) as u32, (whole % 100) as u32);
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| rest_is_whole(number)).map(sure)
}

fn rest_is_whole(number: f64) -> bool {
    number.fract() == 0.0
}

/// First day of the first month or last day of the last.
fn span(year: i32, first_month: u32, last_month: u32, edge: Edge) -> Option<NaiveDate> {
    match edge {
        Edge::Start => NaiveDate::from_ymd_opt(year, first_month, 1),
        Edge::Finish => last_day(year, last_month),
    }
}

fn last_day(year: i32, month: u32) -> Option<NaiveDate> {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    NaiveDate::from_ymd_opt(year, month, 1)?;
    NaiveDate::from_ymd_opt(next_year, next_month, 1)?.pred_opt()
}

fn from_text(text: &str, edge: Edge, year: i32) -> Option<DateRead> {
    let text = with_digits(&without_clock(text));
    if let Ok(number) = text.parse::<f64>() {
        return dotted(&text, edge).or_else(|| from_number(number, edge));
    }
    let words = text.trim_end_matches(['前', '内', '左', '右', '起']).trim_end_matches("之").trim_end_matches("以");
    let words = words.trim_start_matches(['计', '划', '预', '计', '于', '约', '力', '争', '拟', '在']);
    let (year, rest) = split_year(words, year)?;
    if rest.is_empty() {
        return span(year, 1, 12, edge).map(sure);
    }
    part_of_year(rest).and_then(|(first, last)| span(year, first, last, edge)).or_else(|| month_and_day(rest, year, edge)).map(sure)
}

/// `2022.3` in text keeps its zero, so `2022.10` is October beyond doubt.
fn dotted(text: &str, edge: Edge) -> Option<DateRead> {
    let (year, month) = text.split_once('.')?;
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    span(year, month, month, edge).map(sure)
}

/// Takes a time of day off the end: `2022-03-01 00:00:00`, `2022-03-01T08:00:00+08:00`.
fn without_clock(text: &str) -> String {
    let trimmed = text.trim();
    let is_dated = |head: &str| head.len() >= 8 && head.starts_with(|c: char| c.is_ascii_digit());
    match trimmed.split_once([' ', 'T']) {
        Some((head, tail)) if is_dated(head) && tail.contains(':') => narrow(head),
        _ => narrow(trimmed),
    }
}

/// Replaces Chinese numerals before 年, 月, 日, 号 by digits: 二〇二二年三月 becomes 2022年3月.
fn with_digits(text: &str) -> String {
    let mut out = String::new();
    let mut numerals = String::new();
    for c in text.chars() {
        if "〇零一二三四五六七八九十".contains(c) {
            numerals.push(c);
            continue;
        }
        match chinese_number(&numerals) {
            Some(number) if matches!(c, '年' | '月' | '日' | '号') => out.push_str(&number.to_string()),
            _ => out.push_str(&numerals),
        }
        numerals.clear();
        out.push(c);
    }
    out + &numerals
}

/// The year at the beginning, said or implied, and what follows it.
fn split_year(words: &str, implied: i32) -> Option<(i32, &str)> {
    for (word, year) in [("今年", implied), ("本年度", implied), ("本年", implied), ("当年", implied), ("明年", implied + 1), ("次年", implied + 1)]
    {
        if let Some(rest) = words.strip_prefix(word) {
            return Some((year, rest));
        }
    }
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &words[digits..];
    match (digits, rest.chars().next()) {
        (4, Some('年')) => Some((words[..4].parse().ok()?, rest['年'.len_utf8()..].trim_start_matches(['度', '的']))),
        (2, Some('年')) => Some((2000 + words[..2].parse::<i32>().ok()?, &rest['年'.len_utf8()..])),
        (4, Some('-' | '/' | '.')) => Some((words[..4].parse().ok()?, &rest[1..])),
        (4, None) => Some((words[..4].parse().ok()?, rest)),
        (0..=2, _) => Some((implied, words)),
        _ => None,
    }
}

/// First and last month of a part of the year in words.
fn part_of_year(words: &str) -> Option<(u32, u32)> {
    Some(match words {
        "底" | "末" | "终" | "年底" | "年末" | "年终" | "年" => (12, 12),
        "初" | "年初" => (1, 1),
        "中" | "年中" => (6, 6),
        "上半年" => (1, 6),
        "下半年" => (7, 12),
        "第一季度" | "一季度" | "1季度" | "第1季度" | "Q1" | "春季" => (1, 3),
        "第二季度" | "二季度" | "2季度" | "第2季度" | "Q2" => (4, 6),
        "第三季度" | "三季度" | "3季度" | "第3季度" | "Q3" => (7, 9),
        "第四季度" | "四季度" | "4季度" | "第4季度" | "Q4" => (10, 12),
        "全年" => (1, 12),
        _ => return None,
    })
}

/// `3月`, `3月底`, `3月上旬`, `3月1日`, `3-1`, `3/1`, `3.1`, `3`.
fn month_and_day(words: &str, year: i32, edge: Edge) -> Option<NaiveDate> {
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let month: u32 = words[..digits].parse().ok()?;
    let rest = &words[digits..];
    let rest = rest.strip_prefix("月份").or_else(|| rest.strip_prefix('月')).unwrap_or(rest);
    let within = |first: u32, last: u32| NaiveDate::from_ymd_opt(year, month, if edge == Edge::Start { first } else { last });
    match rest {
        "" => span(year, month, month, edge),
        "底" | "末" | "月底" | "月末" | "底前" | "末前" => last_day(year, month),
        "初" => within(1, 5),
        "中" => within(15, 15),
        "上旬" => within(1, 10),
        "中旬" => within(11, 20),
        "下旬" => match edge {
            Edge::Start => NaiveDate::from_ymd_opt(year, month, 21),
            Edge::Finish => last_day(year, month),
        },
        _ => {
            let day = rest.trim_start_matches(['-', '/', '.']).trim_end_matches(['日', '号']);
            NaiveDate::from_ymd_opt(year, month, day.parse().ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &Cell, edge: Edge) -> Option<String> {
        date(cell, edge, 2022).ok().flatten().map(|read| read.date.to_string())
    }

    #[test]
    fn dates_in_words_have_a_first_and_a_last_day() {
        for (text, start, finish) in [
            ("2022-03-01", "2022-03-01", "2022-03-01"),
            ("2022/1/10", "2022-01-10", "2022-01-10"),
            ("2022.3.1", "2022-03-01", "2022-03-01"),
            ("2022年3月1日", "2022-03-01", "2022-03-01"),
            ("2022年3月", "2022-03-01", "2022-03-31"),
            ("2022 年 10 月", "2022-10-01", "2022-10-31"),
            ("2022年底前", "2022-12-01", "2022-12-31"),
            ("2022年底", "2022-12-01", "2022-12-31"),
            ("年底前", "2022-12-01", "2022-12-31"),
            ("上半年", "2022-01-01", "2022-06-30"),
            ("2023年上半年", "2023-01-01", "2023-06-30"),
            ("6月底", "2022-06-30", "2022-06-30"),
            ("2022年6月底前", "2022-06-30", "2022-06-30"),
            ("2022年第三季度", "2022-07-01", "2022-09-30"),
            ("2022", "2022-01-01", "2022-12-31"),
            ("2022年", "2022-01-01", "2022-12-31"),
            ("2022.10", "2022-10-01", "2022-10-31"),
            ("2022-3", "2022-03-01", "2022-03-31"),
            ("20220301", "2022-03-01", "2022-03-01"),
            ("202203", "2022-03-01", "2022-03-31"),
            ("２０２２年３月", "2022-03-01", "2022-03-31"),
            ("二〇二二年三月", "2022-03-01", "2022-03-31"),
            ("3月中旬", "2022-03-11", "2022-03-20"),
            ("2024年2月下旬", "2024-02-21", "2024-02-29"),
            ("2022-03-01 00:00:00", "2022-03-01", "2022-03-01"),
            ("2022-03-01T08:00:00+08:00", "2022-03-01", "2022-03-01"),
            ("明年上半年", "2023-01-01", "2023-06-30"),
            ("计划2022年9月前", "2022-09-01", "2022-09-30"),
            ("22年3月", "2022-03-01", "2022-03-31"),
            ("十二月底", "2022-12-31", "2022-12-31"),
            ("2022年12月31日前", "2022-12-31", "2022-12-31"),
            ("44621", "2022-03-01", "2022-03-01"),
            ("2022年度", "2022-01-01", "2022-12-31"),
            ("2022年末", "2022-12-01", "2022-12-31"),
        ] {
            let cell = Cell::Text(text.to_owned());
            assert_eq!(read(&cell, Edge::Start).as_deref(), Some(start), "{text} as a start");
            assert_eq!(read(&cell, Edge::Finish).as_deref(), Some(finish), "{text} as a finish");
        }
    }

    #[test]
    fn numbers_are_serial_days_or_written_dates() {
        assert_eq!(read(&Cell::Number(44621.0), Edge::Start).as_deref(), Some("2022-03-01"));
        assert_eq!(read(&Cell::Number(44915.75), Edge::Finish).as_deref(), Some("2022-12-20"));
        assert_eq!(read(&Cell::Number(20_220_301.0), Edge::Finish).as_deref(), Some("2022-03-01"));
        assert_eq!(read(&Cell::Number(2022.12), Edge::Finish).as_deref(), Some("2022-12-31"));
        let lost_zero = date(&Cell::Number(2022.1), Edge::Start, 2022).expect("a date").expect("a date");
        assert!(lost_zero.doubtful);
    }

    #[test]
    fn what_is_no_date_is_refused_and_blanks_are_none() {
        for text in [
            "2022年13月",
            "2022-02-30",
            "2022/13/1",
            "尽快",
            "1899-01-01",
            "9999",
            "2022年2月30日",
            "-5",
            "1e308",
            "NaN",
            "2022--1",
            "99999999999999999999",
        ] {
            assert_eq!(date(&Cell::Text(text.into()), Edge::Start, 2022), Err(()), "{text}");
        }
        for number in [0.5, -1.0, 1e300, f64::NAN, 20_221_301.0] {
            assert_eq!(date(&Cell::Number(number), Edge::Start, 2022), Err(()), "{number}");
        }
        for text in ["", " ", "/", "待定", "—"] {
            assert_eq!(date(&Cell::Text(text.into()), Edge::Start, 2022), Ok(None), "{text}");
        }
    }
}
