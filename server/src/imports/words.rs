//! Words as offices write them: names made comparable, stages, percentages, levels, kinds, yes and no.

use unicode_normalization::UnicodeNormalization;

use super::table::Cell;
use crate::sites::Stage;

/// The text with full-width forms made narrow, in lower case, without blanks and punctuation: two spellings of one name become equal.
pub fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// The text with full-width forms made narrow and without any blank; punctuation stays.
pub fn narrow(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{feff}').collect()
}

/// True for what offices write into a cell that has nothing to say.
pub fn says_nothing(text: &str) -> bool {
    matches!(narrow(text).as_str(), "" | "/" | "\\" | "-" | "--" | "—" | "——" | "无" | "暂无" | "待定" | "不详" | "空" | "/ /" | "n/a" | "N/A")
}

/// The stage said by the words; None when they say none that is certain.
pub fn stage(text: &str) -> Option<Stage> {
    use Stage::{Completed, InProgress, NotStarted};
    let words = folded(text);
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    match words.as_str() {
        "notstarted" | "未" | "红" | "红色" => return Some(NotStarted),
        "inprogress" | "黄" | "黄色" => return Some(InProgress),
        "completed" | "done" | "蓝" | "蓝色" => return Some(Completed),
        _ => {}
    }
    // The order matters: 未开工 contains 开工, 未完工 and 基本完成 contain 完工 and 完成.
    if has(&["未开", "未启动", "未动工", "未实施", "未建", "未进场", "尚未", "没有开", "没开", "待开", "待建", "拟建", "筹备", "前期准备"])
    {
        return Some(NotStarted);
    }
    if has(&[
        "基本",
        "即将",
        "部分",
        "主体",
        "接近",
        "未完",
        "未竣",
        "未建成",
        "正在",
        "在建",
        "推进",
        "进行",
        "施工中",
        "建设中",
        "实施中",
        "收尾",
        "过半",
    ]) {
        return Some(InProgress);
    }
    if has(&["完成", "完工", "竣工", "建成", "投用", "投入使用", "交付", "已验收", "通过验收", "办结", "销号", "完结"]) {
        return Some(Completed);
    }
    if has(&["开工", "启动", "动工", "进场", "施工", "开建", "建设"]) {
        return Some(InProgress);
    }
    None
}

/// How bare numbers in a column of percentages are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentScale {
    /// 0.8 means 80%, 1 means 100%.
    Fraction,
    /// 80 means 80%, 1 means 1%.
    Whole,
}

/// A percentage as read from one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PercentRead {
    pub percent: u8,
    /// The number could have been meant otherwise, such as 0.8 among 57 and 98.
    pub doubtful: bool,
}

/// Looks at all cells of the column: numbers without a sign are fractions when none of them exceeds 1.
pub fn percent_scale<'a>(cells: impl Iterator<Item = &'a Cell>) -> PercentScale {
    let largest = cells.filter_map(bare_number).fold(0.0, f64::max);
    if largest > 1.0 { PercentScale::Whole } else { PercentScale::Fraction }
}

/// The percentage in the cell, rounded to whole percent; Ok(None) for an empty cell, Err for what is none between 0 and 100.
pub fn percent(cell: &Cell, scale: PercentScale) -> Result<Option<PercentRead>, ()> {
    let sure = |value: f64| in_hundred(value).map(|percent| Some(PercentRead { percent, doubtful: false }));
    match cell {
        Cell::Empty => return Ok(None),
        Cell::Percent(fraction) => return sure(fraction * 100.0),
        Cell::Date(_) | Cell::Fault(_) => return Err(()),
        Cell::Text(text) if says_nothing(text) => return Ok(None),
        Cell::Text(text) => {
            let text = narrow(text);
            let signed = text.strip_suffix(['%', '％']).or_else(|| text.strip_prefix("百分之"));
            if let Some(number) = signed {
                let value = number.parse::<f64>().ok().or_else(|| chinese_number(number).map(f64::from));
                return sure(value.ok_or(())?);
            }
        }
        Cell::Number(_) => {}
    }
    let number = bare_number(cell).ok_or(())?;
    match scale {
        PercentScale::Fraction => sure(number * 100.0),
        PercentScale::Whole if number > 0.0 && number < 1.0 => {
            in_hundred(number * 100.0).map(|percent| Some(PercentRead { percent, doubtful: true }))
        }
        PercentScale::Whole => sure(number),
    }
}

fn in_hundred(value: f64) -> Result<u8, ()> {
    if (0.0..=100.0).contains(&value) { Ok(value.round() as u8) } else { Err(()) }
}

fn bare_number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(number) => Some(*number),
        Cell::Text(text) => narrow(text).parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// A number below ten thousand in Chinese numerals: 八十, 一百二十, or digit by digit 二〇二二.
pub fn chinese_number(text: &str) -> Option<u32> {
    let digit = |c: char| {
        "〇一二三四五六七八九".chars().position(|d| d == c).or(match c {
            '零' => Some(0),
            '两' => Some(2),
            _ => None,
        })
    };
    if text.is_empty() || text.chars().count() > 8 {
        return None;
    }
    if !text.contains(['十', '百', '千']) {
        return text.chars().try_fold(0_u32, |sum, c| sum.checked_mul(10)?.checked_add(digit(c)? as u32));
    }
    let (mut total, mut pending) = (0_u32, None);
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                pending = Some(digit(c)? as u32);
                continue;
            }
        };
        total += pending.take().unwrap_or(1) * unit;
    }
    Some(total + pending.unwrap_or(0))
}

/// A whole number without sign in the cell, such as 序号 or 受益人数 (`约1200人` gives 1200).
pub fn whole_number(cell: &Cell) -> Option<i32> {
    let value = match cell {
        Cell::Number(number) => *number,
        _ => {
            let text = narrow(&cell.text()).replace(',', "");
            let digits = text
                .trim_start_matches(['约', '近', '第', 'N', 'n', 'o', '.', '项', '目'])
                .trim_end_matches(['人', '名', '户', '个', '号', '项', '、', '.']);
            let scaled = digits.strip_suffix('万').map(|number| number.parse::<f64>().map(|number| number * 10_000.0));
            scaled.unwrap_or_else(|| digits.parse::<f64>()).ok().or_else(|| chinese_number(digits).map(f64::from))?
        }
    };
    (value.fract() == 0.0 && (0.0..=f64::from(i32::MAX)).contains(&value)).then_some(value as i32)
}

/// 是 or 否 in its many spellings.
pub fn yes_or_no(text: &str) -> Option<bool> {
    if matches!(narrow(text).as_str(), "√" | "✓" | "☑") {
        return Some(true);
    }
    match folded(text).as_str() {
        "是" | "有" | "已设" | "设有" | "已设立" | "1" | "y" | "yes" | "true" => Some(true),
        "" | "否" | "无" | "没有" | "未设" | "未设立" | "0" | "n" | "no" | "false" => Some(false),
        _ => None,
    }
}

/// The kind of a station, as stored, from what the office calls it.
pub fn station_kind(text: &str) -> Option<&'static str> {
    let words = folded(text);
    let kinds = [
        ("流动", "mobile"),
        ("mobile", "mobile"),
        ("代表之家", "home"),
        ("home", "home"),
        ("窗口", "window"),
        ("window", "window"),
        ("履职岗", "post"),
        ("岗", "post"),
        ("post", "post"),
        ("联络点", "point"),
        ("point", "point"),
        ("联络站", "station"),
        ("station", "station"),
        ("家", "home"),
        ("点", "point"),
        ("站", "station"),
    ];
    kinds.into_iter().find(|(word, _)| words.contains(word)).map(|(_, kind)| kind)
}

/// The level of a deputy, as stored, from what the office calls it; None for unknown words.
pub fn deputy_level(text: &str) -> Option<&'static str> {
    let words = folded(text);
    let levels = [
        ("全国", "national"),
        ("national", "national"),
        ("省", "provincial"),
        ("自治区", "provincial"),
        ("provincial", "provincial"),
        ("乡", "township"),
        ("镇", "township"),
        ("township", "township"),
        ("县", "county"),
        ("county", "county"),
        ("区", "county"),
        ("市", "city"),
        ("city", "city"),
    ];
    levels.into_iter().find(|(word, _)| words.contains(word)).map(|(_, level)| level)
}

/// A mainland mobile number without blanks, dashes or country code; None when it is none.
pub fn mobile_number(text: &str) -> Option<String> {
    let digits: String = narrow(text).chars().filter(|c| !matches!(c, '-' | '(' | ')' | '+' | '\'')).collect();
    let digits = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() == 11)).unwrap_or(&digits);
    let bytes = digits.as_bytes();
    let is_mobile = bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) && bytes.iter().all(u8::is_ascii_digit);
    is_mobile.then(|| digits.to_owned())
}

/// The first cell of a row of sums.
pub fn is_total(text: &str) -> bool {
    let words = folded(text);
    let sums = ["合计", "总计", "小计", "共计", "累计", "总数", "total", "subtotal"];
    words.chars().count() <= 12 && sums.iter().any(|sum| words.starts_with(sum) || words.ends_with(sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_understood_as_offices_say_them() {
        use Stage::{Completed, InProgress, NotStarted};
        for (text, expected) in [
            ("未开始", NotStarted),
            ("未开工", NotStarted),
            ("尚未启动", NotStarted),
            ("待建", NotStarted),
            ("not_started", NotStarted),
            ("进行中", InProgress),
            ("正在推进", InProgress),
            ("在建", InProgress),
            ("已开工", InProgress),
            ("主体完工", InProgress),
            ("基本完成", InProgress),
            ("未完工", InProgress),
            ("施工", InProgress),
            ("推进缓慢", InProgress),
            ("正在验收", InProgress),
            ("已完成", Completed),
            ("已完工", Completed),
            ("完成", Completed),
            ("竣工验收", Completed),
            ("建成投用", Completed),
            (" 已 完 工 ", Completed),
        ] {
            assert_eq!(stage(text), Some(expected), "{text}");
        }
        assert_eq!(stage("详见附件"), None);
        assert_eq!(stage(""), None);
    }

    #[test]
    fn percentages_are_read_in_every_notation() {
        use PercentScale::{Fraction, Whole};
        let text = |text: &str| Cell::Text(text.to_owned());
        for (cell, scale, expected) in [
            (Cell::Percent(0.57), Whole, 57),
            (text("80%"), Fraction, 80),
            (text("80 ％"), Whole, 80),
            (text("百分之八十"), Fraction, 80),
            (text("百分之百"), Fraction, 100),
            (Cell::Number(0.8), Fraction, 80),
            (Cell::Number(1.0), Fraction, 100),
            (Cell::Number(1.0), Whole, 1),
            (text("80"), Whole, 80),
            (Cell::Number(0.0), Fraction, 0),
            (text("99.6%"), Whole, 100),
        ] {
            assert_eq!(percent(&cell, scale).map(|read| read.map(|read| read.percent)), Ok(Some(expected)), "{cell:?}");
        }
        assert_eq!(percent(&Cell::Number(0.8), Whole), Ok(Some(PercentRead { percent: 80, doubtful: true })));
        assert_eq!(percent(&text("/"), Whole), Ok(None));
        for bad in [text("120%"), text("-1"), text("NaN"), text("1e308"), text("大半"), Cell::Number(101.0), Cell::Fault("#REF!".into())] {
            assert_eq!(percent(&bad, Whole), Err(()), "{bad:?}");
        }
    }

    #[test]
    fn the_scale_follows_from_the_whole_column() {
        let column = |numbers: &[f64]| percent_scale(numbers.iter().map(|&n| Cell::Number(n)).collect::<Vec<_>>().iter());
        assert_eq!(column(&[0.0, 0.8, 1.0]), PercentScale::Fraction);
        assert_eq!(column(&[0.0, 57.0, 1.0]), PercentScale::Whole);
    }

    #[test]
    fn chinese_numerals_are_numbers() {
        for (text, number) in [("八十", 80), ("十", 10), ("一百二十五", 125), ("二〇二二", 2022), ("十二", 12), ("一百零三", 103)] {
            assert_eq!(chinese_number(text), Some(number), "{text}");
        }
        assert_eq!(chinese_number("若干"), None);
    }

    #[test]
    fn numbers_are_found_among_their_words() {
        assert_eq!(whole_number(&Cell::Text("约1,200人".into())), Some(1200));
        assert_eq!(whole_number(&Cell::Text("1.2万人".into())), Some(12_000));
        assert_eq!(whole_number(&Cell::Text("第四项".into())), Some(4));
        assert_eq!(whole_number(&Cell::Number(4.0)), Some(4));
        assert_eq!(whole_number(&Cell::Number(-4.0)), None);
        assert_eq!(whole_number(&Cell::Text("inf".into())), None);
    }

    #[test]
    fn mobile_numbers_lose_their_dress() {
        for text in ["13800138000", "138-0013-8000", "+86 138 0013 8000", "１３８００１３８０００", "008613800138000"] {
            assert_eq!(mobile_number(text).as_deref(), Some("13800138000"), "{text}");
        }
        for text in ["1380013800", "12800138000", "0577-64756123", "", "1380013800O"] {
            assert_eq!(mobile_number(text), None, "{text}");
        }
    }

    #[test]
    fn names_fold_to_one_spelling() {
        assert_eq!(folded("新（改、扩）建公办园５所"), folded("新(改,扩)建 公办园5所"));
        assert_eq!(folded("ABC—楼"), "abc楼");
    }

    #[test]
    fn sums_are_recognised() {
        for text in ["合计", "总  计", "小计：", "全县合计"] {
            assert!(is_total(text), "{text}");
        }
        assert!(!is_total("累计解决全县农村饮用水安全问题的工程"));
    }

    #[test]
    fn kinds_levels_and_answers_are_understood() {
        assert_eq!(station_kind("人大代表联络站"), Some("station"));
        assert_eq!(station_kind("流动联络站"), Some("mobile"));
        assert_eq!(station_kind("便民服务窗口"), Some("window"));
        assert_eq!(deputy_level("县人大代表"), Some("county"));
        assert_eq!(deputy_level("镇级"), Some("township"));
        assert_eq!(deputy_level("乡镇人大代表"), Some("township"));
        assert_eq!(yes_or_no("√"), Some(true));
        assert_eq!(yes_or_no("也许"), None);
    }
}
