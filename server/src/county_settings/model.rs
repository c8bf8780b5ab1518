//! Pure rules of a county's settings: which there are, their limits, and what a change comes to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{Actor, Role};
use crate::http::{Problem, Text};

/// The figures a county sets for itself. A figure that may be null leaves its reminder or rung out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountyFigures {
    /// Days after a month's close in which late reports still enter its snapshot, 0 to 25. Months closed before keep theirs.
    pub grace_days: i16,
    /// Hours after a month's close in which a report written before it still counts for it, 0 to 240.
    pub offline_hours: i16,
    /// Age in days past which a pin is drawn as unverified, 7 to 366. Past maps keep theirs.
    pub stale_days: i16,
    /// Metres from the site past which a report is marked off-site, 10 to 100,000. Reports received before keep their mark.
    pub off_site_m: i32,
    /// Fewest sites with which a unit or township is ranked, 1 to 1,000. Bulletins of closed months keep theirs.
    pub minimum_ranked: i16,
    /// Days before the last day of a month on which those who have not reported are reminded, 0 to 20.
    pub month_reminder_days: Option<i16>,
    /// The hour of that day, 0 to 23.
    pub month_reminder_hour: i16,
    /// What stands before the numbers of supervision orders; empty: made from the county's name. Orders keep the number they have.
    #[schema(value_type = String)]
    pub order_prefix: Text<0, 20>,
    /// The hour at which unanswered orders rise each day, 0 to 23.
    pub order_rise_hour: i16,
    /// Days before the last day of a month on which those who offered sites are told that nobody took them, 0 to 20.
    pub offer_reminder_days: Option<i16>,
    /// The hour of that day, 0 to 23.
    pub offer_reminder_hour: i16,
    /// Days before its due date on which the unit is reminded of an order, 0 to 60.
    pub order_reminder_days: Option<i16>,
    /// Days after the due date on which an unanswered order becomes key supervision, 1 to 365.
    pub key_supervision_days: Option<i16>,
    /// Days after the due date on which it becomes a special inquiry, 1 to 365, later than key supervision.
    pub special_inquiry_days: Option<i16>,
    /// Persons whom striking off a site takes: 1, or 2, of whom one proposes and another confirms. Sites struck off before stay so. From 2
    /// back to 1 waits until another of the committee confirms it.
    pub strike_off_persons: i16,
    /// Rows of a file with names past which another person of the same right confirms it, 1 to 1,000,000. More than before waits until
    /// another of the committee confirms it.
    pub personal_export_rows: i32,
    /// Hours over which the rows with names that one person takes out are added up, 1 to 720.
    pub personal_export_hours: i16,
}

/// Which change of a figure, from the first value to the second, lets one person do more.
type Looser = fn(i32, i32) -> bool;

/// The figures that keep one person from acting alone.
const GUARDS: [(&str, Looser); 3] =
    [("strike_off_persons", |was, is| is < was), ("personal_export_rows", |was, is| is > was), ("personal_export_hours", |was, is| is < was)];

/// What people call a figure that is loosened by two.
pub fn guard_words(setting: &str) -> &str {
    match setting {
        "strike_off_persons" => "销号人数",
        "personal_export_rows" => "一人可导出的行数",
        "personal_export_hours" => "导出合计小时数",
        other => other,
    }
}

/// A change that waits for a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loosening {
    pub setting: &'static str,
    pub before: i32,
    pub after: i32,
}

/// Every setting by its name, in the order of the page.
pub const SETTINGS: [&str; 17] = [
    "grace_days",
    "offline_hours",
    "month_reminder_days",
    "month_reminder_hour",
    "offer_reminder_days",
    "offer_reminder_hour",
    "stale_days",
    "off_site_m",
    "minimum_ranked",
    "order_prefix",
    "order_rise_hour",
    "order_reminder_days",
    "key_supervision_days",
    "special_inquiry_days",
    "strike_off_persons",
    "personal_export_rows",
    "personal_export_hours",
];

/// One figure as it is written for people and on record.
pub type Written = (&'static str, Option<String>);

impl CountyFigures {
    /// Every figure under its name, in the order of the page.
    pub fn written(&self) -> Vec<Written> {
        let number = |name, number: i32| (name, Some(number.to_string()));
        let optional = |name, days: Option<i16>| (name, days.map(|days| days.to_string()));
        vec![
            number("grace_days", self.grace_days.into()),
            number("offline_hours", self.offline_hours.into()),
            optional("month_reminder_days", self.month_reminder_days),
            number("month_reminder_hour", self.month_reminder_hour.into()),
            optional("offer_reminder_days", self.offer_reminder_days),
            number("offer_reminder_hour", self.offer_reminder_hour.into()),
            number("stale_days", self.stale_days.into()),
            number("off_site_m", self.off_site_m),
            number("minimum_ranked", self.minimum_ranked.into()),
            ("order_prefix", Some(self.order_prefix.as_str().to_owned())),
            number("order_rise_hour", self.order_rise_hour.into()),
            optional("order_reminder_days", self.order_reminder_days),
            optional("key_supervision_days", self.key_supervision_days),
            optional("special_inquiry_days", self.special_inquiry_days),
            number("strike_off_persons", self.strike_off_persons.into()),
            number("personal_export_rows", self.personal_export_rows),
            number("personal_export_hours", self.personal_export_hours.into()),
        ]
    }

    /// What of `self` differs from `before`: name, value before, value now.
    pub fn changes_from(&self, before: &Self) -> Vec<(&'static str, Option<String>, Option<String>)> {
        let pairs = before.written().into_iter().zip(self.written());
        pairs.filter(|((_, was), (_, is))| was != is).map(|((name, was), (_, is))| (name, was, is)).collect()
    }

    /// What takes effect at once of a change from `before`, and what waits for a second person: nobody alone loosens a figure that keeps one
    /// person from acting alone.
    pub fn held_back(mut self, before: &Self) -> (Self, Vec<Loosening>) {
        let mut waiting = Vec::new();
        for (setting, looser) in GUARDS {
            let (was, wanted) = (before.guard(setting), self.guard(setting));
            if let (Some(was), Some(wanted)) = (was, wanted)
                && looser(was, wanted)
            {
                waiting.push(Loosening { setting, before: was, after: wanted });
                self.set_guard(setting, was);
            }
        }
        (self, waiting)
    }

    /// A figure that is loosened by two; none for any other.
    pub fn guard(&self, setting: &str) -> Option<i32> {
        match setting {
            "strike_off_persons" => Some(self.strike_off_persons.into()),
            "personal_export_rows" => Some(self.personal_export_rows),
            "personal_export_hours" => Some(self.personal_export_hours.into()),
            _ => None,
        }
    }

    /// The figures with another value of one that is loosened by two.
    pub fn with_guard(mut self, setting: &str, value: i32) -> Self {
        self.set_guard(setting, value);
        self
    }

    fn set_guard(&mut self, setting: &str, value: i32) {
        match (setting, i16::try_from(value)) {
            ("strike_off_persons", Ok(persons)) => self.strike_off_persons = persons,
            ("personal_export_hours", Ok(hours)) => self.personal_export_hours = hours,
            ("personal_export_rows", _) => self.personal_export_rows = value,
            _ => {}
        }
    }

    /// Whether every figure is within its limits; otherwise the field at fault.
    pub fn check(&self) -> Result<(), Problem> {
        let limits = [
            ("grace_days", Some(i32::from(self.grace_days)), 0..=25),
            ("offline_hours", Some(self.offline_hours.into()), 0..=240),
            ("stale_days", Some(self.stale_days.into()), 7..=366),
            ("off_site_m", Some(self.off_site_m), 10..=100_000),
            ("minimum_ranked", Some(self.minimum_ranked.into()), 1..=1_000),
            ("month_reminder_days", self.month_reminder_days.map(i32::from), 0..=20),
            ("month_reminder_hour", Some(self.month_reminder_hour.into()), 0..=23),
            ("order_rise_hour", Some(self.order_rise_hour.into()), 0..=23),
            ("offer_reminder_days", self.offer_reminder_days.map(i32::from), 0..=20),
            ("offer_reminder_hour", Some(self.offer_reminder_hour.into()), 0..=23),
            ("order_reminder_days", self.order_reminder_days.map(i32::from), 0..=60),
            ("key_supervision_days", self.key_supervision_days.map(i32::from), 1..=365),
            ("special_inquiry_days", self.special_inquiry_days.map(i32::from), 1..=365),
            ("strike_off_persons", Some(self.strike_off_persons.into()), 1..=2),
            ("personal_export_rows", Some(self.personal_export_rows), 1..=1_000_000),
            ("personal_export_hours", Some(self.personal_export_hours.into()), 1..=720),
        ];
        for (field, value, range) in limits {
            if value.is_some_and(|value| !range.contains(&value)) {
                let (least, most) = (range.start(), range.end());
                return Err(Problem::field(
                    format!("figures.{field}"),
                    "out_of_range",
                    format!("应在 {least} 到 {most} 之间"),
                    format!("From {least} to {most}"),
                ));
            }
        }
        if let (Some(key), Some(special)) = (self.key_supervision_days, self.special_inquiry_days)
            && special <= key
        {
            let (zh, en) = ("专题询问应晚于重点督办", "The special inquiry comes after key supervision");
            return Err(Problem::field("figures.special_inquiry_days", "out_of_order", zh, en));
        }
        Ok(())
    }
}

/// Whether the person may see and change the settings: the county's committee.
pub fn may_set(actor: &Actor, county_code: &str) -> bool {
    actor.holds(&[Role::Committee], county_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> CountyFigures {
        serde_json::from_value(serde_json::json!({"grace_days": 5, "offline_hours": 72, "stale_days": 40, "off_site_m": 500, "minimum_ranked": 5,
            "month_reminder_days": 3, "month_reminder_hour": 9, "offer_reminder_days": 3,
            "offer_reminder_hour": 9, "order_prefix": "", "order_rise_hour": 8, "order_reminder_days": 3, "key_supervision_days": 7,
            "special_inquiry_days": 15, "strike_off_persons": 1, "personal_export_rows": 1000, "personal_export_hours": 24}))
        .expect("figures")
    }

    #[test]
    fn a_change_says_what_was_and_what_is() {
        let now = CountyFigures { grace_days: 7, order_reminder_days: None, ..figures() };
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(now.changes_from(&figures()), [("grace_days", said("5"), said("7")), ("order_reminder_days", said("3"), None)]);
        assert_eq!(figures().changes_from(&figures()), []);
    }

    #[test]
    fn every_setting_is_written_under_its_name() {
        assert_eq!(figures().written().into_iter().map(|(name, _)| name).collect::<Vec<_>>(), SETTINGS);
    }

    #[test]
    fn only_a_loosening_waits_for_a_second_person() {
        let two = CountyFigures { strike_off_persons: 2, ..figures() };
        let asked = CountyFigures { grace_days: 7, ..figures() };
        let one_person = Loosening { setting: "strike_off_persons", before: 2, after: 1 };
        assert_eq!(asked.clone().held_back(&two), (CountyFigures { grace_days: 7, ..two.clone() }, vec![one_person]));
        assert_eq!(two.clone().held_back(&figures()), (two, vec![]));
        assert_eq!(asked.clone().held_back(&figures()), (asked, vec![]));
        let many_rows = CountyFigures { personal_export_rows: 1_001, ..figures() };
        let more = Loosening { setting: "personal_export_rows", before: 1_000, after: 1_001 };
        assert_eq!(many_rows.clone().held_back(&figures()), (figures(), vec![more]));
        assert_eq!(figures().held_back(&many_rows), (figures(), vec![]));
        assert_eq!(figures().with_guard(more.setting, more.after), many_rows);
    }

    #[test]
    fn every_guard_is_a_figure() {
        let written = figures().written();
        for (setting, _) in GUARDS {
            assert!(figures().guard(setting).is_some() && written.iter().any(|(name, _)| *name == setting), "{setting}");
            assert_eq!(figures().with_guard(setting, 2).guard(setting), Some(2));
        }
    }

    #[test]
    fn every_figure_has_its_limits() {
        assert!(figures().check().is_ok());
        for beyond in [
            CountyFigures { grace_days: 26, ..figures() },
            CountyFigures { offline_hours: -1, ..figures() },
            CountyFigures { stale_days: 6, ..figures() },
            CountyFigures { off_site_m: 9, ..figures() },
            CountyFigures { minimum_ranked: 0, ..figures() },
            CountyFigures { month_reminder_days: Some(21), ..figures() },
            CountyFigures { month_reminder_hour: 24, ..figures() },
            CountyFigures { order_rise_hour: 24, ..figures() },
            CountyFigures { offer_reminder_days: Some(21), ..figures() },
            CountyFigures { offer_reminder_hour: -1, ..figures() },
            CountyFigures { special_inquiry_days: Some(7), ..figures() },
            CountyFigures { strike_off_persons: 3, ..figures() },
            CountyFigures { personal_export_rows: 0, ..figures() },
            CountyFigures { personal_export_hours: 0, ..figures() },
        ] {
            assert!(beyond.check().is_err(), "{beyond:?}");
        }
        assert!(CountyFigures { key_supervision_days: None, special_inquiry_days: Some(1), ..figures() }.check().is_ok());
    }
}
