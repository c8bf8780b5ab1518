//! The pieces that pages are put together from: bar, ways, foot, the signs of a site, days and moments, links from page to page.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta};
use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::phrase::Phrase;
use super::reader::Reader;
use super::words;
use crate::calendar::Month;
use crate::http::Language;
use crate::live_map::LiveMap;

/// When the database has not been heard of for this long, pages say from when their content is.
const OUT_OF_TOUCH: TimeDelta = TimeDelta::minutes(3);

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The public face's pages, as links in the bar: path and name.
const WAYS: [(&str, Phrase); 5] = [
    ("/", words::WAY_MAP),
    ("/list", words::WAY_LIST),
    ("/figures", words::WAY_FIGURES),
    ("/stations", words::WAY_STATIONS),
    ("/open-data", words::WAY_OPEN_DATA),
];

/// The path of a site's page.
pub fn site_path(code: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    format!("/sites/{}", utf8_percent_encode(code, KEPT))
}

/// The bar at the head: whose page it is, and the reader's two choices.
pub fn bar(reader: &Reader, county: &str) -> Markup {
    let (size, size_words) = if reader.large_type { ("normal", words::NORMAL_TYPE) } else { ("large", words::LARGE_TYPE) };
    let (tag, other) = match reader.language {
        Language::Chinese => ("en", "English"),
        Language::English => ("zh-CN", "中文"),
    };
    html! {
        header class="bar" {
            svg class="emblem" viewBox="0 0 48 48" aria-hidden="true" focusable="false" {
                path d="M24 3c10 0 17 7.5 17 17C41 32 24 46 24 46S7 32 7 20C7 10.5 14 3 24 3Z" fill="#fff" {}
                path d="M15.5 20.5l6 6L33 14" fill="none" stroke="#1f62c4" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round" {}
            }
            p class="site-name" {
                a href="/" {
                    span { (county) } " "
                    @for part in [words::TITLE_FIRST, words::TITLE_SECOND] { span { (reader.say(part)) } }
                }
            }
            p class="choices" {
                a href=(reader.with_choice("type", size)) rel="nofollow" { (reader.say(size_words)) }
                a href=(reader.with_choice("lang", tag)) lang=(tag) hreflang=(tag) rel="nofollow" { (other) }
            }
        }
    }
}

/// The ways to the other pages; the one that leads here says so.
pub fn ways(reader: &Reader, here: Option<&str>) -> Markup {
    html! {
        nav class="ways" aria-label=(reader.say(words::WAYS)) {
            @for (path, name) in WAYS {
                a href=(path) aria-current=[(here == Some(path)).then_some("page")] { (reader.say(name)) }
            }
        }
    }
}

/// The foot: of which day the content is, who made the map, and the filings that a public site must show.
pub fn foot(reader: &Reader, map: &LiveMap) -> Markup {
    let (county, settings) = (map.county(), &map.platform().settings);
    let as_of = map.as_of();
    // The moment itself only while it stands still: otherwise every page would change every few seconds.
    let out_of_touch = map.platform().clock.now() - as_of > OUT_OF_TOUCH;
    // The two registers are named by law beside the numbers; they are ordinary links.
    let filings = [
        (&settings.attribution, None),
        (&settings.basemap_attribution, None),
        (&settings.review_number, None),
        (&settings.icp_number, Some("https://beian.miit.gov.cn/")),
        (&settings.police_number, Some("https://beian.mps.gov.cn/")),
    ];
    html! {
        footer {
            p {
                @if out_of_touch { strong { (reader.say(words::AS_OF)) " " (moment(reader, county.local(as_of))) } }
                @else { (reader.say(words::DATA_OF)) " " (day(reader, map.today(&county))) }
            }
            p class="links" {
                a href="/deputy" { (reader.say(words::DEPUTIES)) }
                a href="/desk" { (reader.say(words::DESK)) }
                a href="/open-data" { (reader.say(words::WAY_OPEN_DATA)) }
                a href="/sites.atom" { (reader.say(words::FEED)) }
                a href="/api/docs" { (reader.say(words::API)) }
            }
            @for (filing, register) in filings.into_iter().filter(|(filing, _)| !filing.is_empty()) {
                p { @if let Some(register) = register { a href=(register) rel="nofollow noopener" { (filing) } } @else { (filing) } }
            }
        }
    }
}

/// A calendar day as people read it.
pub fn day(reader: &Reader, day: NaiveDate) -> Markup {
    html! { time datetime=(day.to_string()) { (day_words(reader.language, day)) } }
}

/// 2026年3月5日, 5 Mar 2026.
pub fn day_words(language: Language, day: NaiveDate) -> String {
    match language {
        Language::Chinese => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Language::English => format!("{} {} {}", day.day(), MONTHS[day.month0() as usize], day.year()),
    }
}

/// 2026年3月, Mar 2026.
pub fn month_words(language: Language, month: Month) -> String {
    match language {
        Language::Chinese => format!("{}年{}月", month.year(), month.number()),
        Language::English => format!("{} {}", MONTHS[month.number() as usize - 1], month.year()),
    }
}

/// A moment by the county's clock.
pub fn moment(reader: &Reader, moment: DateTime<FixedOffset>) -> Markup {
    html! {
        time datetime=(moment.to_rfc3339()) { (day_words(reader.language, moment.date_naive())) " " (moment.format("%H:%M")) }
    }
}
