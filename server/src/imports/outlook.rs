//! What confirming an import would do, as shown before it is done.

use serde::{Deserialize, Serialize};

/// What becomes of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    New,
    Changed,
    Unchanged,
}

/// One value that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Difference {
    pub field: String,
    pub before: String,
    pub after: String,
}

/// One row of the file as it would be stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PreviewRow {
    pub sheet: String,
    pub row: u32,
    pub change: Change,
    /// Code of the site, station, cell or region; masked telephone number of a deputy.
    pub code: String,
    pub name: String,
    /// The project, kind or level it belongs to.
    pub group: String,
    pub region: String,
    /// Longitude and latitude in WGS-84, when it has one place.
    pub position: Option<[f64; 2]>,
    pub differences: Vec<Difference>,
}

/// All rows and their sums.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    pub rows: Vec<PreviewRow>,
}

impl Outlook {
    pub fn count(&self, change: Change) -> usize {
        self.rows.iter().filter(|row| row.change == change).count()
    }
}

/// Collects the differences between what is stored and what the file says.
#[derive(Debug, Default)]
pub struct Differences(pub Vec<Difference>);

impl Differences {
    /// Gives the value to store: what the file says when it says something, otherwise what is stored.
    pub fn settle(&mut self, field: &str, stored: &str, said: &str) -> String {
        if said.is_empty() || said == stored {
            return stored.to_owned();
        }
        self.0.push(Difference { field: field.to_owned(), before: stored.to_owned(), after: said.to_owned() });
        said.to_owned()
    }

    /// As [`Differences::settle`], for values that may be absent.
    pub fn settle_value<T: Clone + PartialEq + ToString>(&mut self, field: &str, stored: Option<&T>, said: Option<&T>) -> Option<T> {
        if said.is_none() || said == stored {
            return stored.cloned();
        }
        let text = |value: Option<&T>| value.map(T::to_string).unwrap_or_default();
        self.0.push(Difference { field: field.to_owned(), before: text(stored), after: text(said) });
        said.cloned()
    }
}
