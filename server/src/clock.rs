//! The only place that asks the machine for the time. Rules take the instant as an argument; a test sets it by hand.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock moved by a fixed amount, for trying out other days on a running server.
    Shifted(TimeDelta),
    /// Stands still until it is set.
    Manual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that stands at `instant` until [`Clock::set`] is called.
    pub fn standing_at(instant: DateTime<Utc>) -> Self {
        Self::Manual(Arc::new(Mutex::new(instant)))
    }

    /// The present instant, in whole microseconds as the database keeps them.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the machine's clock is read")]
    pub fn now(&self) -> DateTime<Utc> {
        let instant = match self {
            Self::System => Utc::now(),
            Self::Shifted(by) => Utc::now() + *by,
            Self::Manual(instant) => *instant.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        };
        DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant)
    }

    /// Moves a manual clock; does nothing to the machine's.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Self::Manual(current) = self {
            *current.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = instant;
        }
    }
}
