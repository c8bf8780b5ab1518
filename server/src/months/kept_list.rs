//! The list of reporting months as visitors were last told it: many ask, few figures change, so it is counted anew only now and then.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRef;
use chrono::{DateTime, TimeDelta, Utc};

use super::routes::ReportingMonthView;
use crate::platform::Platform;

/// How old the list may be for a visitor. Staff are told the figures of the moment.
const KEPT: TimeDelta = TimeDelta::seconds(20);

/// When the list was counted, and what it said.
type Told = (DateTime<Utc>, Vec<ReportingMonthView>);

#[derive(Clone, Debug)]
pub struct MonthsState {
    platform: Platform,
    told: Arc<Mutex<Option<Told>>>,
}

impl MonthsState {
    pub fn new(platform: Platform) -> Self {
        Self { platform, told: Arc::default() }
    }

    /// What was told less than `KEPT` before `now`.
    pub fn recent(&self, now: DateTime<Utc>) -> Option<Vec<ReportingMonthView>> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.as_ref().filter(|(at, _)| now - *at < KEPT && *at <= now).map(|(_, months)| months.clone())
    }

    pub fn keep(&self, now: DateTime<Utc>, months: &[ReportingMonthView]) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, months.to_vec()));
    }
}

impl FromRef<MonthsState> for Platform {
    fn from_ref(state: &MonthsState) -> Self {
        state.platform.clone()
    }
}
