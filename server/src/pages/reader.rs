//! Who reads a page, as far as the page is concerned: in which language, in which size of type, and what of it they know already.
//!
//! Both choices work without script: a link with `lang` or `type` makes the choice, a cookie keeps it, and the app reads the same cookies.
//! They are no secret and say nothing of the person.

use std::convert::Infallible;
use std::fmt::Display;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum_extra::extract::CookieJar;

use super::phrase::Phrase;
use crate::http::{Language, RequestContext};

/// Cookies that the app's own switches write and read as well.
const LANGUAGE_COOKIE: &str = "minsheng_lang";
const TYPE_COOKIE: &str = "minsheng_type";

/// The reader of one page.
#[derive(Debug, Clone)]
pub struct Reader {
    pub language: Language,
    /// 大字版.
    pub large_type: bool,
    /// The address's query without the reader's own choices.
    query: Vec<(String, String)>,
    /// Choices just made, to be kept.
    chosen: Vec<HeaderValue>,
    /// Versions of the page that the reader's browser has.
    known: String,
}

impl Reader {
    pub fn say(&self, phrase: Phrase) -> &'static str {
        phrase.in_language(self.language)
    }

    pub fn fill(&self, phrase: Phrase, values: &[(&str, &dyn Display)]) -> String {
        phrase.filled(self.language, values)
    }

    /// The same page with another choice of `lang` or `type`, as a link within it. Never more than a query, so that it leads nowhere else.
    pub fn with_choice(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
        query.extend_pairs(&self.query).append_pair(name, value);
        query.finish()
    }

    /// Whether the reader's browser holds the version with this tag.
    pub fn knows(&self, etag: &str) -> bool {
        self.known.split(',').any(|known| known.trim().trim_start_matches("W/") == etag.trim_start_matches("W/"))
    }

    /// Choices just made, as cookies.
    pub fn chosen(&self) -> &[HeaderValue] {
        &self.chosen
    }

    fn choose(&mut self, cookie: &str, value: &str) {
        let text = format!("{cookie}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
        self.chosen.extend(HeaderValue::from_str(&text).ok());
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let kept = |name| jar.get(name).map(|cookie| cookie.value().to_owned());
        let spoken = parts.extensions.get::<RequestContext>().map_or(Language::Chinese, |context| context.language);
        let known = parts.headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or("");
        let mut reader = Self {
            language: kept(LANGUAGE_COOKIE).and_then(|tag| language(&tag)).unwrap_or(spoken),
            large_type: kept(TYPE_COOKIE).as_deref() == Some("large"),
            query: Vec::new(),
            chosen: Vec::new(),
            known: known.to_owned(),
        };
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes()) {
            match (&*name, &*value) {
                ("lang", tag) => {
                    if let Some(chosen) = language(tag) {
                        reader.language = chosen;
                        reader.choose(LANGUAGE_COOKIE, chosen.tag());
                    }
                }
                ("type", size) => {
                    if let "large" | "normal" = size {
                        reader.large_type = size == "large";
                        reader.choose(TYPE_COOKIE, size);
                    }
                }
                _ => reader.query.push((name.into_owned(), value.into_owned())),
            }
        }
        Ok(reader)
    }
}

fn language(tag: &str) -> Option<Language> {
    match tag {
        "zh" | "zh-CN" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    }
}
