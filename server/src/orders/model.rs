//! Pure rules of supervision orders: their states and levels, who may do what with them, and when an unanswered one rises.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::accounts::model::lies_in;
use crate::accounts::{Actor, Role};
use crate::ids::UnitId;

/// For whom an order waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrderState {
    /// The unit has to answer.
    Issued,
    /// The committee has to decide about the answer.
    Answered,
    /// Settled.
    Accepted,
    /// The answer did not do; the unit has to answer again.
    SentBack,
    /// Taken back with a reason.
    Withdrawn,
    /// Ended by itself: every site that it is about was struck off or withdrawn.
    Lapsed,
}

impl OrderState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Answered => "answered",
            Self::Accepted => "accepted",
            Self::SentBack => "sent_back",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }
}

/// How far an order has risen. Ordered from the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrderLevel {
    /// 督办
    Order,
    /// 重点督办
    KeySupervision,
    /// 专题询问
    SpecialInquiry,
}

impl OrderLevel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::KeySupervision => "key_supervision",
            Self::SpecialInquiry => "special_inquiry",
        }
    }
}

/// What happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StepKind {
    Issued,
    /// The due date is near; the unit was reminded.
    Reminded,
    /// It stayed unanswered and rose to the level named.
    Raised,
    Answered,
    Accepted,
    /// The committee agreed to the date that the unit proposed.
    DateAgreed,
    SentBack,
    /// A second order took its place.
    Followed,
    /// It was taken back with a reason.
    Withdrawn,
    /// Its sites were struck off or withdrawn, so that nothing is left to answer.
    Lapsed,
}

impl StepKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Reminded => "reminded",
            Self::Raised => "raised",
            Self::Answered => "answered",
            Self::Accepted => "accepted",
            Self::DateAgreed => "date_agreed",
            Self::SentBack => "sent_back",
            Self::Followed => "followed",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }
}

pub use crate::notices::model::order_number as number_words;

/// The prefix of a county that has set none: `澄人常督` for 澄溪县.
pub fn usual_prefix(county_name: &str) -> String {
    format!("{}人常督", county_name.chars().next().unwrap_or('县'))
}

/// What stands before the numbers of a township's working committee: `竹溪镇人大督`.
pub fn township_prefix(township: &str) -> String {
    format!("{township}人大督")
}

/// Whether the person issues orders somewhere.
pub fn may_issue(actor: &Actor) -> bool {
    actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

/// The place in whose name the person orders about sites in `regions`: the county for its committee, the township for its working
/// committee; `None` when one of the sites is not theirs.
pub fn place_of_issue(actor: &Actor, county_code: &str, regions: &[String]) -> Option<String> {
    if actor.holds(&[Role::Committee], county_code) {
        return Some(county_code.to_owned());
    }
    let covering = actor.supervised_regions().into_iter().filter(|place| regions.iter().all(|region| lies_in(region, place)));
    covering.min_by_key(String::len)
}

/// What somebody sees: orders issued in these regions or about sites there, and those to their own unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderScope {
    pub regions: Vec<String>,
    pub unit_id: Option<UnitId>,
}

/// The orders that the person may see; `None` for those who have no part in them.
pub fn order_scope(actor: &Actor) -> Option<OrderScope> {
    let regions = actor.supervised_regions();
    let unit_id = if actor.is(Role::UnitHandler) { actor.unit_id() } else { None };
    (!regions.is_empty() || unit_id.is_some()).then_some(OrderScope { regions, unit_id })
}

/// Whether the person decides about answers to an order that was issued in `place`.
pub fn may_decide(actor: &Actor, place: &str) -> bool {
    actor.supervises(place)
}

/// Whether the person answers for the unit.
pub fn may_answer(actor: &Actor, unit_id: UnitId) -> bool {
    actor.grants.iter().any(|grant| grant.role == Role::UnitHandler && grant.unit_id == Some(unit_id))
}

/// Where an order stands, as far as its clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub state: OrderState,
    pub level: OrderLevel,
    /// When the present due date was set.
    pub asked_on: NaiveDate,
    pub due_on: NaiveDate,
    /// A second order has taken its place.
    pub followed: bool,
}

impl Standing {
    /// Whether it is not settled yet.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, OrderState::Accepted | OrderState::Withdrawn | OrderState::Lapsed) && !self.followed
    }

    /// Whether the unit owes an answer.
    pub fn awaits_unit(&self) -> bool {
        self.is_open() && matches!(self.state, OrderState::Issued | OrderState::SentBack)
    }

    /// Days past the due date without an answer; the due date itself is not late.
    pub fn days_overdue(&self, today: NaiveDate) -> i64 {
        if self.awaits_unit() { (today - self.due_on).num_days().max(0) } else { 0 }
    }
}

/// When unanswered orders rise: the county's setting. A rung that is `None` is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// Days before the due date.
    pub reminder_days: Option<u16>,
    /// Days after the due date.
    pub key_supervision_days: Option<u16>,
    /// Days after the due date.
    pub special_inquiry_days: Option<u16>,
}

/// What is due to an unanswered order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    Reminder,
    Level(OrderLevel),
}

impl Ladder {
    /// Every rung that is due `today` and was not climbed yet, from the lowest. A process that was away for long climbs several at once.
    pub fn rungs_due(&self, order: &Standing, reminded: bool, today: NaiveDate) -> Vec<Rung> {
        if !order.awaits_unit() {
            return Vec::new();
        }
        let mut due = Vec::new();
        let remind_on = self.reminder_days.map(|days| order.due_on - Days::new(days.into()));
        // Who was given less time than that is not reminded of what they were told just now.
        if remind_on.is_some_and(|on| today >= on && today <= order.due_on && order.asked_on < on) && !reminded {
            due.push(Rung::Reminder);
        }
        for (level, days) in [(OrderLevel::KeySupervision, self.key_supervision_days), (OrderLevel::SpecialInquiry, self.special_inquiry_days)] {
            if order.level < level && days.is_some_and(|days| today >= order.due_on + Days::new(days.into())) {
                due.push(Rung::Level(level));
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 10, day).expect("a day")
    }

    fn standing(state: OrderState, level: OrderLevel) -> Standing {
        Standing { state, level, asked_on: day(1), due_on: day(10), followed: false }
    }

    const LADDER: Ladder = Ladder { reminder_days: Some(3), key_supervision_days: Some(7), special_inquiry_days: Some(15) };

    #[test]
    fn a_number_is_written_as_offices_write_it() {
        assert_eq!(number_words("澄人常督", 2026, 12), "澄人常督〔2026〕12号");
        assert_eq!(usual_prefix("澄溪县"), "澄人常督");
    }

    #[test]
    fn an_unanswered_order_climbs_one_rung_after_the_other() {
        let issued = standing(OrderState::Issued, OrderLevel::Order);
        let due = |on: u32, reminded: bool| LADDER.rungs_due(&issued, reminded, day(on));
        assert_eq!(due(6, false), []);
        assert_eq!(due(7, false), [Rung::Reminder]);
        assert_eq!(due(8, true), []);
        assert_eq!(due(16, true), []);
        assert_eq!(due(17, true), [Rung::Level(OrderLevel::KeySupervision)]);
        let raised = standing(OrderState::SentBack, OrderLevel::KeySupervision);
        assert_eq!(LADDER.rungs_due(&raised, true, day(20)), []);
        assert_eq!(LADDER.rungs_due(&raised, true, day(25)), [Rung::Level(OrderLevel::SpecialInquiry)]);
        // After an outage both levels are due, the lower one first; the reminder has had its day.
        assert_eq!(due(28, false), [Rung::Level(OrderLevel::KeySupervision), Rung::Level(OrderLevel::SpecialInquiry)]);
    }

    #[test]
    fn only_what_waits_for_the_unit_rises_or_is_overdue() {
        for state in [OrderState::Answered, OrderState::Accepted, OrderState::Withdrawn, OrderState::Lapsed] {
            let order = standing(state, OrderLevel::Order);
            assert_eq!(LADDER.rungs_due(&order, false, day(30)), []);
            assert_eq!(order.days_overdue(day(30)), 0);
        }
        let followed = Standing { followed: true, ..standing(OrderState::Issued, OrderLevel::Order) };
        assert_eq!((LADDER.rungs_due(&followed, false, day(30)), followed.is_open()), (Vec::new(), false));
        let issued = standing(OrderState::Issued, OrderLevel::Order);
        assert_eq!((issued.days_overdue(day(10)), issued.days_overdue(day(11))), (0, 1));
    }

    #[test]
    fn a_short_term_brings_no_reminder_and_a_rung_can_be_left_out() {
        let short = Standing { asked_on: day(8), ..standing(OrderState::Issued, OrderLevel::Order) };
        assert_eq!(LADDER.rungs_due(&short, false, day(9)), []);
        let bare = Ladder { reminder_days: None, key_supervision_days: None, special_inquiry_days: Some(15) };
        assert_eq!(bare.rungs_due(&standing(OrderState::Issued, OrderLevel::Order), false, day(28)), [Rung::Level(OrderLevel::SpecialInquiry)]);
    }
}
