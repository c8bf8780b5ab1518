//! A livelihood project.

use crate::http::shapes::Named;
use crate::ids::ProjectId;

/// One livelihood project of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub project_id: ProjectId,
    pub year: i16,
    pub number: i16,
    pub title: String,
    pub lead_unit: Named,
}
