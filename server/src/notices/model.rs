//! Why somebody is told something, whom each kind of notice is for, and which kinds duty demands.

use serde::{Deserialize, Serialize};

use crate::accounts::{Actor, Role};

macro_rules! kinds {
    ($($(#[doc = $meaning:literal])+ $name:ident = $code:literal),* $(,)?) => {
        /// The cause of a notice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum NoticeKind {
            $($(#[doc = $meaning])+ $name,)*
        }

        impl NoticeKind {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

kinds! {
    /// Somebody of the committee, or the calendar, asks for a report or for work.
    Reminder = "reminder",
    /// A report of theirs was sent back.
    ReportReturned = "report_returned",
    /// A month closed without their report.
    ReportMissing = "report_missing",
    /// The committee corrected the stage of a site of theirs.
    StageCorrected = "stage_corrected",
    /// A site of theirs was struck off and owes no more reports.
    StruckOff = "struck_off",
    /// A site of theirs was taken back from the struck-off ones.
    Reopened = "reopened",
    /// A decision changed the plan of a site of theirs.
    PlanChanged = "plan_changed",
    /// A supervision order was issued to their unit.
    OrderIssued = "order_issued",
    /// A supervision order was issued about a site that they have adopted.
    OrderCopied = "order_copied",
    /// An order to their unit is due soon.
    OrderReminded = "order_reminded",
    /// An order stayed unanswered and rose.
    OrderRaised = "order_raised",
    /// A unit answered an order of theirs.
    OrderAnswered = "order_answered",
    /// Their unit's answer was accepted.
    OrderAccepted = "order_accepted",
    /// The date that their unit proposed holds: it answers again by then.
    OrderDateAgreed = "order_date_agreed",
    /// Their unit's answer was sent back.
    OrderSentBack = "order_sent_back",
    /// An order to their unit was withdrawn, or has lost its object.
    OrderWithdrawn = "order_withdrawn",
    /// A colleague handed a site over to them.
    HandedOver = "handed_over",
    /// Staff entered a report in their name.
    ReportEntered = "report_entered",
    /// The deputy in whose name they entered a report said that these were not their words.
    ReportObjected = "report_objected",
    /// Staff entered an answer for their unit.
    OrderAnsweredFor = "order_answered_for",
    /// The committee gave them a site.
    SiteAssigned = "site_assigned",
    /// The committee took a site from them.
    SiteTaken = "site_taken",
    /// Somebody proposed to strike off a site, and another has to confirm it.
    StrikeOffProposed = "strike_off_proposed",
    /// The strike-off that they proposed was refused.
    StrikeOffRefused = "strike_off_refused",
    /// The strike-off that they proposed was confirmed.
    StrikeOffConfirmed = "strike_off_confirmed",
    /// Somebody asked for a file of many names, and another has to confirm it.
    ExportAsked = "export_asked",
    /// The file that they asked for was confirmed or refused.
    ExportDecided = "export_decided",
    /// Somebody wants to lower what protects the county, and another has to confirm it.
    LoweringAsked = "lowering_asked",
    /// The lowering that they asked for was confirmed or refused.
    LoweringDecided = "lowering_decided",
    /// A site near them may be adopted.
    SiteOffered = "site_offered",
    /// A site that they offered has found nobody, and the month closes soon.
    OfferUnanswered = "offer_unanswered",
    /// What they contested of their duty record was answered.
    ContestAnswered = "contest_answered",
    /// A visitor says of a site in their place that it is not so.
    ChallengeSubmitted = "challenge_submitted",
    /// What a visitor says of a site of theirs is being checked.
    ChallengeAccepted = "challenge_accepted",
    /// What a visitor said of a site of theirs was judged.
    ChallengeJudged = "challenge_judged",
}

impl NoticeKind {
    /// Whether duty demands that its person sees it in the app: it asks for something, says that something is owed
    /// again, or speaks in their name.
    pub fn is_duty(self) -> bool {
        matches!(
            self,
            Self::Reminder
                | Self::ReportReturned
                | Self::ReportMissing
                | Self::Reopened
                | Self::HandedOver
                | Self::ReportEntered
                | Self::ReportObjected
                | Self::SiteAssigned
                | Self::SiteTaken
                | Self::StrikeOffProposed
                | Self::ExportAsked
                | Self::LoweringAsked
                | Self::OrderAnsweredFor
                | Self::OrderIssued
                | Self::OrderReminded
                | Self::OrderRaised
                | Self::OrderAnswered
                | Self::OrderDateAgreed
                | Self::OrderSentBack
                | Self::ChallengeSubmitted
                | Self::ChallengeAccepted
        )
    }

    /// Whether the office's group of a messenger hears of it. What concerns one person, or names one, is no matter of a group.
    pub fn is_for_groups(self) -> bool {
        matches!(
            self,
            Self::ReportMissing
                | Self::StruckOff
                | Self::Reopened
                | Self::OrderIssued
                | Self::OrderRaised
                | Self::OrderAnswered
                | Self::OrderAccepted
                | Self::OrderWithdrawn
                | Self::SiteOffered
                | Self::OfferUnanswered
                | Self::ChallengeSubmitted
                | Self::ChallengeJudged
        )
    }

    /// The roles that are told of it.
    pub fn audience(self) -> &'static [Role] {
        const OFFICE: &[Role] = &[Role::Committee, Role::WorkingCommittee];
        const EXPORTING: &[Role] = &[Role::Committee, Role::WorkingCommittee, Role::Administrator, Role::SecurityAdministrator];
        match self {
            Self::Reminder | Self::PlanChanged | Self::ChallengeAccepted | Self::ChallengeJudged => &[Role::Deputy, Role::UnitHandler],
            Self::OrderIssued
            | Self::OrderReminded
            | Self::OrderAccepted
            | Self::OrderDateAgreed
            | Self::OrderSentBack
            | Self::OrderWithdrawn
            | Self::OrderAnsweredFor => &[Role::UnitHandler],
            Self::OrderRaised => &[Role::UnitHandler, Role::Committee, Role::WorkingCommittee],
            Self::OrderAnswered
            | Self::OfferUnanswered
            | Self::ReportObjected
            | Self::StrikeOffProposed
            | Self::StrikeOffRefused
            | Self::ChallengeSubmitted
            | Self::StrikeOffConfirmed => OFFICE,
            Self::ExportAsked | Self::ExportDecided => EXPORTING,
            Self::LoweringAsked | Self::LoweringDecided => &[Role::Committee],
            _ => &[Role::Deputy],
        }
    }
}

/// Where the person sees what was sent; nothing when nowhere.
pub fn delivery_scope(actor: &Actor) -> Option<Vec<String>> {
    (actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)).then(|| actor.supervised_regions())
}

/// A supervision order's number as it is written: `澄人常督〔2026〕12号`.
pub fn order_number(prefix: &str, year: i16, number: i32) -> String {
    format!("{prefix}〔{year}〕{number}号")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_kind_is_the_one_that_travels() {
        for kind in NoticeKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.as_str());
            assert!(!kind.audience().is_empty());
        }
    }

    #[test]
    fn what_asks_for_something_by_a_date_is_duty_and_news_are_not() {
        assert!(NoticeKind::ReportReturned.is_duty() && NoticeKind::OrderIssued.is_duty() && NoticeKind::ReportMissing.is_duty());
        assert!(!NoticeKind::SiteOffered.is_duty() && !NoticeKind::StruckOff.is_duty() && !NoticeKind::ContestAnswered.is_duty());
    }

    #[test]
    fn a_group_hears_nothing_about_one_person() {
        for kind in [NoticeKind::ReportReturned, NoticeKind::HandedOver, NoticeKind::ContestAnswered, NoticeKind::Reminder] {
            assert!(!kind.is_for_groups(), "{kind:?}");
        }
    }
}
