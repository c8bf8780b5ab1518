//! Events for open maps: what changed, numbered by the change log so that a reader who lost the line can go on where it stopped,
//! on this server or another.
//!
//! Numbers may become visible out of order, so a replay begins somewhat before the reader's last number; events say what is and not what
//! was done, so receiving one twice does no harm. Who has been away for too long is told to load everything again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use serde::Serialize;
use tokio::sync::broadcast;
use utoipa::ToSchema;

use crate::county::County;
use crate::ids::SiteId;
use crate::sites::{Site, Stage};

/// Events kept for readers who come back.
const KEPT: usize = 2048;
/// Events a slow reader may lag behind before it is told to load everything again.
const LAG: usize = 512;
/// How far before a reader's last number a replay begins.
const OVERLAP: i64 = 128;

/// What is told of a changed site.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"id": 41, "stage": "in_progress", "overdue": false, "rev": 10, "percent": 30, "struck_off": false, "stale": false,
    "silent": false}))]
pub struct SiteEvent {
    pub id: SiteId,
    pub stage: Stage,
    pub overdue: bool,
    pub rev: i64,
    pub percent: i16,
    pub struck_off: bool,
    pub stale: bool,
    pub silent: bool,
}

impl SiteEvent {
    pub(super) fn of(site: &Site, county: &County, today: NaiveDate) -> Self {
        let marks = site.marks(county, today);
        Self {
            id: site.site_id,
            stage: site.stage,
            overdue: marks.overdue(),
            rev: site.rev,
            percent: site.percent,
            struck_off: site.is_struck_off(),
            stale: marks.stale,
            silent: marks.silent,
        }
    }
}

/// What happened.
#[derive(Debug, Clone)]
pub(super) enum Happening {
    Site(SiteEvent),
    /// Load everything again.
    County,
}

/// Something that happened, with the change log's number at that moment.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) number: i64,
    pub(super) happening: Happening,
}

/// What a reader gets at first, and where the rest comes from.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) number: i64,
    pub(super) missed: Vec<Arc<Event>>,
    pub(super) coming: broadcast::Receiver<Arc<Event>>,
}

#[derive(Debug)]
pub(super) struct EventHub {
    sender: broadcast::Sender<Arc<Event>>,
    recent: Mutex<Recent>,
}

#[derive(Debug, Default)]
struct Recent {
    events: VecDeque<Arc<Event>>,
    /// Everything after this number is in `events`.
    complete_after: i64,
    number: i64,
}

impl Default for EventHub {
    fn default() -> Self {
        Self { sender: broadcast::channel(LAG).0, recent: Mutex::default() }
    }
}

impl EventHub {
    /// The county was loaded when the change log stood at `number`: what was before is not known here.
    pub(super) fn begin_at(&self, number: i64) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.complete_after = number;
        recent.number = number;
    }

    pub(super) fn publish(&self, number: i64, happening: Happening) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.number = recent.number.max(number);
        let event = Arc::new(Event { number: recent.number, happening });
        recent.events.push_back(event.clone());
        if recent.events.len() > KEPT
            && let Some(forgotten) = recent.events.pop_front()
        {
            recent.complete_after = forgotten.number;
        }
        // Nobody listening is no fault.
        let _ = self.sender.send(event);
    }

    /// Listens from now on; `last` is the number the reader saw before, if it comes back.
    pub(super) fn subscribe(&self, last: Option<i64>) -> Subscription {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let coming = self.sender.subscribe();
        let missed = match last {
            None => Vec::new(),
            Some(last) if last >= recent.complete_after && last <= recent.number => {
                recent.events.iter().filter(|event| event.number > last - OVERLAP).cloned().collect()
            }
            Some(_) => vec![Arc::new(Event { number: recent.number, happening: Happening::County })],
        };
        Subscription { number: recent.number, missed, coming }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(subscription: &Subscription) -> Vec<i64> {
        subscription.missed.iter().map(|event| event.number).collect()
    }

    fn is_reload(subscription: &Subscription) -> bool {
        matches!(subscription.missed.as_slice(), [event] if matches!(event.happening, Happening::County))
    }

    fn site(id: i64) -> Happening {
        let stage = Stage::InProgress;
        Happening::Site(SiteEvent { id: SiteId(id), stage, overdue: false, rev: 1, percent: 1, struck_off: false, stale: false, silent: false })
    }

    #[test]
    fn a_reader_who_comes_back_gets_what_it_missed() {
        let hub = EventHub::default();
        hub.begin_at(1000);
        for number in 1001..=1400 {
            hub.publish(number, site(number));
        }
        assert!(hub.subscribe(None).missed.is_empty());
        assert_eq!(numbers(&hub.subscribe(Some(1390))), (1263..=1400).collect::<Vec<_>>());
        assert_eq!(hub.subscribe(None).number, 1400);
    }

    #[test]
    fn a_reader_from_before_or_from_elsewhere_loads_everything_again() {
        let hub = EventHub::default();
        hub.begin_at(1000);
        hub.publish(1001, site(1));
        assert!(is_reload(&hub.subscribe(Some(999))));
        assert!(is_reload(&hub.subscribe(Some(-5))));
        assert!(is_reload(&hub.subscribe(Some(i64::MAX))));
        for number in 1002..1002 + KEPT as i64 + 10 {
            hub.publish(number, site(number));
        }
        assert!(is_reload(&hub.subscribe(Some(1005))));
    }

    #[test]
    fn a_late_number_never_turns_the_count_back() {
        let hub = EventHub::default();
        hub.begin_at(10);
        hub.publish(12, site(1));
        hub.publish(11, site(2));
        assert_eq!(hub.subscribe(None).number, 12);
        assert_eq!(hub.subscribe(Some(12)).missed.len(), 2);
    }
}
