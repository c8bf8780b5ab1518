//! A page as it is sent: the head that browsers, crawlers and link previews read, the bar, the ways on, the content, the foot.
//!
//! A page of the app is Vite's built `index.html` with this head and this content in it; the app takes the content's place when script
//! runs. A plain page is the same without the app. Absolute links are made from the setting `public_url` alone, never from the request.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::answer::{self, Kind};
use super::phrase::Phrase;
use super::reader::Reader;
use super::style::Sheet;
use super::{parts, words};
use crate::http::{Language, web_files};
use crate::live_map::LiveMap;

const HEAD_PLACE: (&str, &str) = ("<!--page-head-->", "<!--/page-head-->");
const CONTENT_PLACE: &str = "<!--page-content-->";
const LANGUAGE_PLACE: &str = "<html lang=\"zh-CN\">";

/// A page before it is put into its frame.
#[derive(Debug)]
pub struct Page {
    title: String,
    content: Markup,
    description: String,
    address: Option<String>,
    way: Option<&'static str>,
    has_app: bool,
    is_article: bool,
    status: StatusCode,
    picture: Option<String>,
    sheet: Option<Sheet>,
    feeds: Vec<(String, String)>,
    relations: Vec<(&'static str, String)>,
}

impl Page {
    /// A plain page. Its content begins with the `h1`.
    pub fn new(title: impl Into<String>, content: Markup) -> Self {
        Self {
            title: title.into(),
            content,
            description: String::new(),
            address: None,
            way: None,
            has_app: false,
            is_article: false,
            status: StatusCode::OK,
            picture: None,
            sheet: None,
            feeds: Vec::new(),
            relations: Vec::new(),
        }
    }

    /// What search results and link previews say under the title.
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The address, without its host, under which the content is to be known: path and the query that belongs to it.
    pub fn at(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Which of the ways in the bar leads here: its path.
    pub fn on_way(mut self, path: &'static str) -> Self {
        self.way = Some(path);
        self
    }

    /// The public face takes the content's place when script runs.
    pub fn with_app(mut self) -> Self {
        self.has_app = true;
        self
    }

    /// About one thing, for link previews.
    pub fn as_article(mut self) -> Self {
        self.is_article = true;
        self
    }

    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The picture of link previews: path of a PNG or JPEG of this server.
    pub fn with_picture(mut self, path: impl Into<String>) -> Self {
        self.picture = Some(path.into());
        self
    }

    /// Needs more rules than every page has.
    pub fn with_sheet(mut self, sheet: Sheet) -> Self {
        self.sheet = Some(sheet);
        self
    }

    /// An Atom feed of what the page shows: its path and its title.
    pub fn with_feed(mut self, path: impl Into<String>, title: impl Into<String>) -> Self {
        self.feeds.push((path.into(), title.into()));
        self
    }

    /// A neighbouring page of a series: `prev`, `next`.
    pub fn with_relation(mut self, relation: &'static str, address: Option<String>) -> Self {
        self.relations.extend(address.map(|address| (relation, address)));
        self
    }

    /// The whole page, in the reader's language and size; or that nothing in it has changed.
    pub fn answer(self, reader: &Reader, map: &LiveMap) -> Response {
        let status = self.status;
        let text = self.write(reader, map);
        answer::with(reader, status, Kind::Page, text)
    }

    fn write(&self, reader: &Reader, map: &LiveMap) -> String {
        let served = html! { div class="served" { (self.body(reader, map)) } };
        let head = self.head(reader, map);
        let shell = if self.has_app { web_files::built_page("index.html") } else { None };
        let filled = shell.and_then(|shell| fill(&shell, reader, &head, &served));
        filled.unwrap_or_else(|| plain(reader, &head, &served).into_string())
    }

    fn head(&self, reader: &Reader, map: &LiveMap) -> Markup {
        let settings = &map.platform().settings;
        let site = site_name(reader, map);
        let title = if self.title.is_empty() { site.clone() } else { format!("{} · {site}", self.title) };
        // Without a settled name a preview has no address to lead to, and a relative link serves the reader as well.
        let origin = settings.public_url.as_ref().map(|_| settings.origin());
        let absolute = |path: &str| format!("{}{path}", origin.as_deref().unwrap_or(""));
        let picture = absolute(self.picture.as_deref().unwrap_or("/preview.png"));
        html! {
            title { (title) }
            @if !self.description.is_empty() { meta name="description" content=(self.description); }
            @if self.status != StatusCode::OK { meta name="robots" content="noindex"; }
            // Crawlers take these two whole or not at all: without a settled name there is nothing to say.
            @if let (Some(address), true) = (&self.address, origin.is_some()) {
                link rel="canonical" href=(absolute(&in_language(address, reader.language)));
                @for language in [Language::Chinese, Language::English] {
                    link rel="alternate" hreflang=(language.tag()) href=(absolute(&in_language(address, language)));
                }
            }
            @for (relation, address) in &self.relations { link rel=(relation) href=(address); }
            @for (path, title) in &self.feeds { link rel="alternate" type="application/atom+xml" title=(title) href=(path); }
            (preview(reader, self.is_article, &title, &self.description, &site))
            @if origin.is_some() {
                @if let Some(address) = &self.address { meta property="og:url" content=(absolute(address)); }
                meta property="og:image" content=(picture);
                meta itemprop="image" content=(picture);
            }
            link rel="stylesheet" href=(Sheet::Every.address());
            @if let Some(sheet) = self.sheet { link rel="stylesheet" href=(sheet.address()); }
        }
    }

    fn body(&self, reader: &Reader, map: &LiveMap) -> Markup {
        html! {
            a class="skip" href="#content" { (reader.say(words::SKIP)) }
            (parts::bar(reader, &map.county().name))
            @if map.county().is_demo { p class="demo" { (reader.say(words::DEMO)) } }
            (parts::ways(reader, self.way))
            main id="content" tabindex="-1" { (self.content) }
            (parts::foot(reader, map))
        }
    }
}

/// The name under which the whole public face is known.
pub fn site_name(reader: &Reader, map: &LiveMap) -> String {
    format!("{} · {}", map.county().name, reader.say(words::TITLE))
}

/// What chats and social networks show of a link. WeChat and QQ read the title, the description and `itemprop`.
fn preview(reader: &Reader, is_article: bool, title: &str, description: &str, site: &str) -> Markup {
    const LOCALE: Phrase = Phrase { zh: "zh_CN", en: "en_GB" };
    html! {
        meta property="og:type" content=(if is_article { "article" } else { "website" });
        meta property="og:site_name" content=(site);
        meta property="og:locale" content=(reader.say(LOCALE));
        meta property="og:title" content=(title);
        meta itemprop="name" content=(title);
        @if !description.is_empty() {
            meta property="og:description" content=(description);
            meta itemprop="description" content=(description);
        }
        meta name="twitter:card" content="summary";
    }
}

/// The address at which a crawler gets the page in this language.
fn in_language(address: &str, language: Language) -> String {
    match language {
        Language::Chinese => address.to_owned(),
        Language::English => format!("{address}{}lang=en", if address.contains('?') { '&' } else { '?' }),
    }
}

/// The app's built page with everything put in its place; nothing when the places are not there.
fn fill(shell: &str, reader: &Reader, head: &Markup, served: &Markup) -> Option<String> {
    let (before, rest) = shell.split_once(HEAD_PLACE.0)?;
    let (_, rest) = rest.split_once(HEAD_PLACE.1)?;
    let (between, after) = rest.split_once(CONTENT_PLACE)?;
    let opening = html_opening(reader);
    Some([before.replace(LANGUAGE_PLACE, &opening).as_str(), &head.0, between, &served.0, after].concat())
}

fn html_opening(reader: &Reader) -> String {
    let size = if reader.large_type { " data-type=\"large\"" } else { "" };
    format!("<html lang=\"{}\"{size}>", reader.language.tag())
}

fn plain(reader: &Reader, head: &Markup, served: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        (PreEscaped(html_opening(reader)))
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
            meta name="theme-color" content="#0B4A63";
            meta name="format-detection" content="telephone=no";
            (head)
            link rel="icon" href="/icon.svg" type="image/svg+xml";
            link rel="apple-touch-icon" href="/apple-touch-icon.png";
            link rel="manifest" href="/manifest.webmanifest";
        }
        body class="plain" { (served) }
        (PreEscaped("</html>\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_query_when_the_language_is_added() {
        assert_eq!(in_language("/list", Language::English), "/list?lang=en");
        assert_eq!(in_language("/list?page=2", Language::English), "/list?page=2&lang=en");
        assert_eq!(in_language("/list?page=2", Language::Chinese), "/list?page=2");
    }
}
