//! What an address asks of `/list`, in the language that the app's own addresses speak (web/src/public/view.ts), and back again.
//!
//! Names that the page does not know are left out: the app has some of its own, and chats add theirs to a shared link. A value that a
//! known name cannot have is told.

use crate::calendar::Month;
use crate::http::Language;
use crate::http::problem::Words;
use crate::ids::ProjectId;
use crate::live_map::{Asked, ListOrder, MarkFilter};
use crate::sites::Stage;

/// Characters that a search may have.
const LONGEST_SEARCH: usize = 100;

/// The list that an address asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListQuery {
    pub asked: Asked,
    /// Counted from 1.
    pub page: usize,
    /// What could not be understood: the name and why.
    faults: Vec<(&'static str, Words)>,
}

impl ListQuery {
    /// Reads the query of an address.
    pub fn read(query: &str) -> Self {
        let mut read = Self { page: 1, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            // An empty value is what a form sends for a choice that was not made.
            if !value.is_empty() {
                read.take(&name, value);
            }
        }
        read
    }

    fn take(&mut self, name: &str, value: &str) {
        let asked = &mut self.asked;
        match name {
            "stage" => asked.stage = self.faults.known("stage", Stage::ALL.into_iter().find(|stage| stage.as_str() == value)),
            "overdue" => asked.overdue = self.faults.known("overdue", value.parse().ok()).unwrap_or_default(),
            "mark" => asked.mark = self.faults.known("mark", MarkFilter::ALL.into_iter().find(|mark| mark.as_str() == value)),
            "project" => asked.project = self.faults.known("project", number(value)).map(ProjectId),
            "unit" => asked.unit = self.faults.known("unit", number(value)),
            "region" => asked.region = self.faults.known("region", region(value)),
            "month" => asked.month = self.faults.known("month", value.parse().ok()),
            "order" => asked.order = self.faults.known("order", order(value)).unwrap_or_default(),
            "page" => self.page = self.faults.known("page", value.parse().ok().filter(|page| *page >= 1)).unwrap_or(1),
            "q" if value.chars().count() > LONGEST_SEARCH => {
                let words = Words::new(format!("最多 {LONGEST_SEARCH} 个字"), format!("At most {LONGEST_SEARCH} characters"));
                self.faults.push(("q", words));
            }
            "q" => value.clone_into(&mut asked.words),
            _ => {}
        }
    }

    /// What could not be understood, in the reader's language: the name in the address and why.
    pub fn faults(&self, language: Language) -> Vec<(&'static str, &str)> {
        self.faults.iter().map(|(name, words)| (*name, words.in_language(language))).collect()
    }

    /// Whether anything narrows the list.
    pub fn is_filtering(&self) -> bool {
        self.asked != Asked { month: self.asked.month, order: self.asked.order, ..Asked::default() }
    }

    /// The query that asks for this: always the same text for the same list, without what goes without saying.
    pub fn written(&self) -> String {
        let asked = &self.asked;
        let mut query = form_urlencoded::Serializer::new(String::new());
        let mut say = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        };
        say("stage", asked.stage.map(|stage| stage.as_str().to_owned()));
        say("overdue", asked.overdue.then(|| "true".to_owned()));
        say("mark", asked.mark.map(|mark| mark.as_str().to_owned()));
        say("project", asked.project.map(|project| project.0.to_string()));
        say("region", asked.region.clone());
        say("unit", asked.unit.map(|unit| unit.to_string()));
        say("q", Some(asked.words.clone()).filter(|words| !words.is_empty()));
        say("month", asked.month.map(|month| month.to_string()));
        say("order", (asked.order == ListOrder::Code).then(|| "code".to_owned()));
        say("page", (self.page > 1).then(|| self.page.to_string()));
        query.finish()
    }

    /// The address of the list on this page of its pages, below `path`.
    pub fn address(&self, path: &str) -> String {
        let query = self.written();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The same list with something changed, from its first page.
    pub fn with(&self, change: impl FnOnce(&mut Asked)) -> Self {
        let mut other = Self { asked: self.asked.clone(), page: 1, faults: Vec::new() };
        change(&mut other.asked);
        other
    }

    /// The same, on the last page where the address asks for one beyond it.
    pub fn within(mut self, pages: usize) -> Self {
        self.page = self.page.min(pages);
        self
    }

    /// The same of the present: there is no map of `month`.
    pub fn without_month(mut self, month: Month) -> Self {
        self.asked.month = None;
        self.faults.push(("month", Words::new(format!("没有 {month} 的月末地图"), format!("There is no map of {month}"))));
        self
    }

    pub fn on_page(&self, page: usize) -> Self {
        Self { asked: self.asked.clone(), page, faults: Vec::new() }
    }
}

trait Noted {
    fn known<T>(&mut self, name: &'static str, value: Option<T>) -> Option<T>;
}

impl Noted for Vec<(&'static str, Words)> {
    /// Notes a value that the name cannot have.
    fn known<T>(&mut self, name: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.push((name, expected(name)));
        }
        value
    }
}

fn expected(name: &str) -> Words {
    match name {
        "stage" => Words::new("应为 completed、in_progress 或 not_started", "Expected completed, in_progress or not_started"),
        "overdue" => Words::new("应为 true 或 false", "Expected true or false"),
        "mark" => Words::new("应为 struck_off、stale、silent 或 not_due", "Expected struck_off, stale, silent or not_due"),
        "region" => Words::new("应为 6、9 或 12 位行政区划代码", "Expected a division code of 6, 9 or 12 digits"),
        "month" => Words::new("月份应写作 2026-10", "A month is written 2026-10"),
        "order" => Words::new("应为 urgency 或 code", "Expected urgency or code"),
        _ => Words::new("应为正整数", "Expected a whole number above zero"),
    }
}

fn number(value: &str) -> Option<i64> {
    value.parse().ok().filter(|number| *number > 0)
}

fn region(value: &str) -> Option<String> {
    (matches!(value.len(), 6 | 9 | 12) && value.bytes().all(|byte| byte.is_ascii_digit())).then(|| value.to_owned())
}

fn order(value: &str) -> Option<ListOrder> {
    match value {
        "urgency" => Some(ListOrder::Urgency),
        "code" => Some(ListOrder::Code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let query = "stage=not_started&overdue=true&mark=stale&project=3&region=339901004&unit=7&q=%E6%A1%A5+a%26b&month=2026-09&order=code&page=2";
        let read = ListQuery::read(query);
        assert_eq!(read.faults(Language::Chinese), []);
        assert_eq!(read.written(), query);
        assert_eq!(ListQuery::read(&read.written()), read);
        assert_eq!(ListQuery::read("").written(), "");
    }

    #[test]
    fn what_an_address_cannot_mean_is_told_by_its_name() {
        let hostile = "stage=blue&overdue=1&mark=x&project=-1&region=33%27&unit=1e9&month=2026-13&order=name&page=0";
        let read = ListQuery::read(hostile);
        let names: Vec<&str> = read.faults(Language::English).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["stage", "overdue", "mark", "project", "region", "unit", "month", "order", "page"]);
        assert_eq!(read.written(), "");
        assert_eq!(ListQuery::read(&format!("q={}", "字".repeat(101))).faults(Language::Chinese).len(), 1);
        assert_eq!(ListQuery::read("page=99999999999999999999999").page, 1);
    }

    #[test]
    fn what_the_app_and_chats_add_is_left_out() {
        let read = ListQuery::read("at=120.1,30.2,9&layers=stations&from=timeline&isappinstalled=0&stage=&q=&lang=en&month");
        assert_eq!((read.faults(Language::Chinese).len(), read.written()), (0, String::new()));
    }
}
