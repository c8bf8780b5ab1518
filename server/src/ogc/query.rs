//! What a request asks for. A parameter that is not known, given twice or not understood is refused by its name, as the standard wants.

use axum::http::Uri;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use geo::Rect;

use super::bbox::Bbox;
use super::collections::Collection;
use super::columns::{Fact, Kind, Property};
use super::datetime::Days;
use crate::http::{Code, Problem};

/// Features of one answer when nothing is said.
pub const USUAL_LIMIT: usize = 100;
/// Most features of one answer; who asks for more gets so many.
pub const MOST_FEATURES: usize = 1000;

/// What every resource understands: its encoding, and for pages the language and size of type.
const EVERYWHERE: [&str; 3] = ["f", "lang", "type"];
const OF_ITEMS: [&str; 4] = ["limit", "bbox", "datetime", "cursor"];

/// The request is refused with 400 because of this parameter.
pub fn refused(field: &str, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Problem {
    Problem::new(Code::BadRequest).and_field(field, code, zh, en)
}

/// The parameters of a query, each known to the resource and given once.
#[derive(Debug, Clone)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the query of a resource that has no parameters of its own.
    pub fn plain(uri: &Uri) -> Result<Self, Problem> {
        Self::read(uri, &[])
    }

    /// Reads the query of a collection's items.
    pub fn of_items(uri: &Uri, collection: Collection) -> Result<Self, Problem> {
        let mut own: Vec<&str> = collection.properties().iter().map(|property| property.name).collect();
        own.extend(OF_ITEMS);
        Self::read(uri, &own)
    }

    fn read(uri: &Uri, own: &[&str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()) {
            if !EVERYWHERE.contains(&&*name) && !own.contains(&&*name) {
                let name: String = name.chars().take(60).collect();
                let (zh, en) = (format!("没有名为“{name}”的参数"), format!("There is no parameter called “{name}”"));
                return Err(refused(&name, "unknown", zh, en));
            }
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(refused(&name, "repeated", format!("参数“{name}”出现了两次"), format!("“{name}” is given twice")));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// The value given for `name`. An empty one is what a form sends for a choice that was not made.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The query without the choices that are the reader's own, under which the content is known.
    pub fn without_choices(&self) -> String {
        let own = self.0.iter().filter(|(name, value)| !value.is_empty() && !matches!(name.as_str(), "lang" | "type"));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(own).finish()
    }

    /// The same query with some values replaced, as it stands in a link.
    pub fn with(&self, replaced: &[(&str, &str)]) -> String {
        let kept = self.0.iter().filter(|(name, value)| !value.is_empty() && !replaced.iter().any(|(other, _)| other == name));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept);
        query.extend_pairs(replaced);
        query.finish()
    }
}

/// Which features of a collection.
#[derive(Debug)]
pub struct ItemsQuery {
    pub limit: usize,
    /// The feature must show in one of these; none asks for nothing.
    pub rectangles: Vec<Rect>,
    pub days: Option<Days>,
    /// Features after the one of this number.
    pub after: Option<i64>,
    /// For properties by their place: the value they must have.
    wanted: Vec<(usize, Value)>,
}

impl ItemsQuery {
    pub fn read(parameters: &Parameters, collection: Collection, zone: Tz) -> Result<Self, Problem> {
        let mut wanted = Vec::new();
        for (place, property) in collection.properties().iter().enumerate() {
            if let Some(text) = parameters.get(property.name) {
                wanted.push((place, Value::read(property, text)?));
            }
        }
        let bbox = parameters.get("bbox").map(Bbox::read).transpose()?;
        Ok(Self {
            limit: parameters.get("limit").map_or(Ok(USUAL_LIMIT), limit)?,
            rectangles: bbox.map(|bbox| bbox.rectangles()).unwrap_or_default(),
            days: parameters.get("datetime").map(|text| Days::read(text, zone)).transpose()?,
            after: parameters.get("cursor").map(read_cursor).transpose()?,
            wanted,
        })
    }

    /// Whether a feature with these values has every wanted one.
    pub fn wants(&self, facts: &[Fact]) -> bool {
        self.wanted.iter().all(|(place, value)| facts.get(*place) == Some(&value.as_fact()))
    }
}

fn limit(text: &str) -> Result<usize, Problem> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than any machine counts are still only more than there are.
    let number = if digits { text.parse().unwrap_or(usize::MAX) } else { 0 };
    if number == 0 {
        let (zh, en) = (format!("limit 应是 1 到 {MOST_FEATURES} 的整数"), format!("limit is a whole number from 1 to {MOST_FEATURES}"));
        return Err(refused("limit", "out_of_range", zh, en));
    }
    Ok(number.min(MOST_FEATURES))
}

/// The cursor that leads behind the feature with this number.
pub fn cursor_after(id: i64) -> String {
    format!("{id:x}")
}

fn read_cursor(text: &str) -> Result<i64, Problem> {
    i64::from_str_radix(text, 16).map_err(|_| refused("cursor", "unreadable", "翻页标记无效，请从第一页开始", "The cursor is not one of ours"))
}

/// A value that a property is asked to have.
#[derive(Debug)]
enum Value {
    Text(String),
    Flag(bool),
    Number(i64),
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

impl Value {
    fn read(property: &Property, text: &str) -> Result<Self, Problem> {
        let name = property.name;
        match property.kind {
            Kind::Text => Ok(Self::Text(text.to_owned())),
            Kind::Choice(choices) if choices.iter().any(|(word, _)| *word == text) => Ok(Self::Text(text.to_owned())),
            Kind::Choice(choices) => {
                let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                let words = words.join("、");
                Err(refused(name, "unknown_value", format!("{name} 应为：{words}"), format!("{name} is one of: {}", words.replace('、', ", "))))
            }
            Kind::Flag => text.parse().map(Self::Flag).map_err(|_| expected(name, "true 或 false", "true or false")),
            Kind::Number => text.parse().map(Self::Number).map_err(|_| expected(name, "整数", "a whole number")),
            Kind::Day => text.parse().map(Self::Day).map_err(|_| expected(name, "2026-10-01 这样的日期", "a date such as 2026-10-01")),
            Kind::Instant => {
                let instant = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
                let fault = || expected(name, "2026-10-01T00:00:00Z 这样的时刻", "an instant such as 2026-10-01T00:00:00Z");
                instant.map(|instant| Self::Instant(instant.to_utc())).map_err(|_| fault())
            }
        }
    }

    fn as_fact(&self) -> Fact<'_> {
        match self {
            Self::Text(text) => Fact::Text(text),
            Self::Flag(flag) => Fact::Flag(*flag),
            Self::Number(number) => Fact::Number(*number),
            Self::Day(day) => Fact::Day(*day),
            Self::Instant(instant) => Fact::Instant(*instant),
        }
    }
}

fn expected(name: &str, zh: &str, en: &str) -> Problem {
    refused(name, "wrong_kind", format!("{name} 应为{zh}"), format!("{name} is {en}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(query: &str) -> Result<ItemsQuery, Problem> {
        let uri: Uri = format!("/items?{query}").parse().expect("an address");
        let parameters = Parameters::of_items(&uri, Collection::Sites)?;
        ItemsQuery::read(&parameters, Collection::Sites, Tz::Asia__Shanghai)
    }

    #[test]
    fn a_limit_beyond_the_most_is_the_most() {
        for (query, limit) in [("", 100), ("limit=", 100), ("limit=1", 1), ("limit=1001", 1000), ("limit=99999999999999999999999", 1000)] {
            assert_eq!(items(query).expect(query).limit, limit, "{query}");
        }
        for query in ["limit=0", "limit=-1", "limit=1e3", "limit=2.5", "limit=abc", "limit=%2B5", "limit=00"] {
            assert!(items(query).is_err(), "{query}");
        }
    }

    #[test]
    fn unknown_and_repeated_parameters_are_refused_by_name() {
        for query in ["unknown=1", "Stage=completed", "bbox=1,2,3,4&bbox=1,2,3,4", "crs=x", "%00=1", "offset=10", "kind=home"] {
            assert!(items(query).is_err(), "{query}");
        }
    }

    #[test]
    fn values_are_read_as_what_the_property_is() {
        for query in
            ["overdue=yes", "percent=half", "struck_off_on=2026-13-01", "last_report_at=now", "stage=done", "project_number=1.5", "cursor=xyz"]
        {
            assert!(items(query).is_err(), "{query}");
        }
        let found = items("overdue=true&percent=40&stage=in_progress&name=%E5%B9%BC&last_report_at=2026-10-01T08:00:00+08:00").expect("a query");
        assert_eq!(found.wanted.len(), 5);
        assert_eq!(items(&format!("cursor={}", cursor_after(41))).expect("a query").after, Some(41));
    }
}
