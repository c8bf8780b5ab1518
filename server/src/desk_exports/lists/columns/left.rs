//! The columns of the list of sites that left the plan.

use super::super::super::codes::Kind;
use super::super::super::words as w;
use super::{As, Column, column};

/// Site, project, township, and the decision by which it left.
pub(super) fn columns() -> Vec<Column> {
    vec![
        column(w::CODE, "/code", As::Text),
        column(w::SITE, "/name", As::Text),
        column(w::PROJECT, "/project/title", As::Text),
        column(w::TOWNSHIP, "/region/name", As::Text),
        column(w::LEFT_PLAN_ON, "/withdrawal/left_on", As::Day),
        column(w::DECISION, "/withdrawal/decision_number", As::Text),
        column(w::DECIDED_ON, "/withdrawal/decided_on", As::Day),
        column(w::REASON, "/withdrawal/reason", As::Text),
        column(w::STAGE_AT_LEAVING, "/withdrawal/stage", As::Code(Kind::Stage)),
        column(w::PERCENT, "/withdrawal/percent", As::Whole),
        column(w::IS_BACK, "/is_back", As::YesNo),
    ]
}
