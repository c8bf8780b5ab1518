//! The stylesheets of server-rendered pages: one that every page has, of the app's design tokens and of rules that all lie below `.served`,
//! and one for each kind of page that needs more.
//!
//! Each is served under the hash of its content and kept for ever, so that a page costs one small file once.

use std::sync::LazyLock;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::http::{PathOf, Problem, pressed};

/// A stylesheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// What every page has.
    Every,
    /// A site's story and what belongs to it.
    Story,
    /// Figures and the month's bulletin.
    Figures,
}

impl Sheet {
    const ALL: [Self; 3] = [Self::Every, Self::Story, Self::Figures];

    fn text(self) -> &'static str {
        match self {
            Self::Every => concat!(
                include_str!("../../../web/src/ui/tokens.css"),
                include_str!("page.css"),
                include_str!("tables.css"),
                include_str!("signs.css"),
                include_str!("lists.css"),
                include_str!("print.css"),
            ),
            Self::Story => include_str!("../stories/story.css"),
            Self::Figures => include_str!("../bulletins/bulletin.css"),
        }
    }

    fn name(self) -> &'static str {
        static NAMES: LazyLock<[String; 3]> =
            LazyLock::new(|| Sheet::ALL.map(|sheet| format!("{}.css", &hex::encode(Sha256::digest(sheet.text()))[..16])));
        &NAMES[self as usize]
    }

    /// Where pages find it.
    pub fn address(self) -> String {
        format!("/style/{}", self.name())
    }
}

/// `/style/{name}`: a sheet under its present name; an earlier one is gone with the pages that asked for it.
pub async fn serve(PathOf(name): PathOf<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let sheet = Sheet::ALL.into_iter().find(|sheet| sheet.name() == name).ok_or_else(Problem::not_found)?;
    let kept = [(header::CACHE_CONTROL, "public, max-age=31536000, immutable"), (header::CONTENT_TYPE, "text/css; charset=utf-8")];
    let etag = format!("\"{}\"", sheet.name());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or("");
    if known.contains(&etag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok((kept, [(header::ETAG, etag)], pressed::answer(&headers, sheet.text().into()).await?).into_response())
}
