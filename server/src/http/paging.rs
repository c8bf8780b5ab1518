//! Lists come in pages: `{"items": […], "next": cursor or null}`. A cursor is opaque to callers and never an offset.

use serde::Serialize;

use super::problem::Problem;

/// One page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass as `cursor` to read on; null on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// Cuts a list that was read with one row more than `limit`; `cursor_of` names the place after the last row kept.
    pub fn cut(mut items: Vec<T>, limit: usize, cursor_of: impl Fn(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor_of) } else { None };
        Self { items, next }
    }

    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

/// How many rows a page may have: `wanted` between 1 and `most`, `usual` when not said.
pub fn page_size(wanted: Option<u32>, usual: usize, most: usize) -> Result<usize, Problem> {
    match wanted.map(|size| size as usize) {
        None => Ok(usual),
        Some(size) if (1..=most).contains(&size) => Ok(size),
        Some(_) => {
            Err(Problem::field("limit", "out_of_range", format!("limit 应在 1 到 {most} 之间"), format!("limit must be between 1 and {most}")))
        }
    }
}

/// Reads a cursor made by this service.
pub fn read_cursor<T: std::str::FromStr>(cursor: Option<&str>) -> Result<Option<T>, Problem> {
    cursor
        .map(|text| text.parse().map_err(|_| Problem::field("cursor", "unreadable", "翻页标记无效，请从头列出", "The cursor is not one of ours")))
        .transpose()
}
