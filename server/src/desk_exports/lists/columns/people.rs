//! The columns of the lists of people: deputies, their terms, groups, joining and duty; accounts.

use super::super::super::codes::Kind;
use super::super::super::model::DeskList;
use super::super::super::words as w;
use super::{As, Column, column};

pub(super) fn of_terms(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::TermDeputies => vec![
            column(w::NAME, "/name", As::Text),
            column(w::DEPUTY_LEVEL, "/level", As::Code(Kind::DeputyLevel)),
            column(w::CONSTITUENCY, "/constituency", As::Text),
            column(w::TOWNSHIP, "/region/name", As::Text),
            column(w::GROUP, "/group/name", As::Text),
            column(w::JOINED_ON, "/joined_on", As::Day),
            column(w::LEFT_ON, "/left_on", As::Day),
            column(w::LEFT_BECAUSE, "/left_because", As::Code(Kind::Leaving)),
            column(w::ADOPTION_COUNT, "/adoptions", As::Whole),
        ],
        _ => vec![
            column(w::CODE, "/site/code", As::Text),
            column(w::SITE, "/site/name", As::Text),
            column(w::DEPUTY, "/deputy/name", As::Text),
            column(w::DEPUTY_LEVEL, "/level", As::Code(Kind::DeputyLevel)),
            column(w::TOWNSHIP, "/region/name", As::Text),
            column(w::ADOPTED_ON, "/from", As::Day),
            column(w::ADOPTED_UNTIL, "/until", As::Day),
            column(w::ENDING, "/ending", As::Code(Kind::TermEnding)),
            column(w::TAKEN_ON_BY, "/to/name", As::Text),
            column(w::REPORT_COUNT, "/reports", As::Whole),
        ],
    }
}

pub(super) fn of_people(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::Deputies => vec![
            column(w::NAME, "/name", As::Text),
            column(w::DEPUTY_LEVEL, "/level", As::Code(Kind::DeputyLevel)),
            column(w::CONSTITUENCY, "/constituency", As::Text),
            column(w::TOWNSHIP, "/region/name", As::Text),
            column(w::GROUP, "/group/name", As::Text),
            column(w::STATION, "/station/name", As::Text),
            column(w::PHONE, "/phone", As::Text),
            column(w::JOINED_ON, "/joined_on", As::Day),
            column(w::LEFT_ON, "/left_on", As::Day),
            column(w::SITE_COUNT, "/sites", As::Whole),
        ],
        DeskList::Groups => {
            vec![column(w::GROUP, "/name", As::Text), column(w::THEME, "/theme", As::Text), column(w::DEPUTY_COUNT, "/deputies", As::Whole)]
        }
        DeskList::Stations => vec![
            column(w::CODE_OF_STATION, "/code", As::Text),
            column(w::STATION, "/name", As::Text),
            column(w::KIND, "/kind", As::Code(Kind::Station)),
            column(w::TOWNSHIP, "/region/name", As::Text),
            column(w::ADDRESS, "/address", As::Text),
            column(w::PHONE, "/telephone", As::Text),
            column(w::OPENING_HOURS, "/opening_hours", As::Text),
            column(w::INTEGRITY, "/integrity_monitoring", As::YesNo),
            column(w::KEEPERS, "/keepers", As::Names),
            column(w::DEPUTY_COUNT, "/deputies", As::Whole),
            column(w::CLOSED_ON, "/closed_on", As::Day),
        ],
        _ => vec![
            column(w::TERM, "/number", As::Whole),
            column(w::BEGINS_ON, "/begins_on", As::Day),
            column(w::ENDS_ON, "/ends_on", As::Day),
            column(w::MADE_AT, "/entered_at", As::Moment),
            column(w::LEAVING, "/leaving", As::Whole),
        ],
    }
}

pub(super) fn of_accounts(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::Joining => vec![
            column(w::NAME, "/name", As::Text),
            column(w::CONSTITUENCY, "/constituency", As::Text),
            column(w::TOWNSHIP, "/region/name", As::Text),
            column(w::STATION, "/station", As::Text),
            column(w::PHONE, "/phone", As::Text),
            column(w::STANDING, "/standing", As::Code(Kind::Joining)),
            column(w::LOGIN, "/login", As::Text),
            column(w::INVITED_AT, "/invitation/made_at", As::Moment),
            column(w::INVITED_UNTIL, "/invitation/expires_at", As::Moment),
        ],
        _ => vec![
            column(w::NAME, "/name", As::Text),
            column(w::LOGIN, "/login", As::Text),
            column(w::RIGHTS, "/grants", As::Grants),
            column(w::MADE_AT, "/created_at", As::Moment),
            column(w::AWAITS, "/awaits_confirmation_since", As::Moment),
            column(w::SECOND_FACTOR, "/has_second_factor", As::YesNo),
            column(w::PASSWORD, "/password", As::Code(Kind::Password)),
            column(w::INVITED_UNTIL, "/invitation/expires_at", As::Moment),
            column(w::DISABLED_AT, "/disabled_at", As::Moment),
        ],
    }
}

pub(super) fn of_duty(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::DutyFigures => vec![
            column(w::DEPUTY, "/deputy/name", As::Text),
            column(w::CONSTITUENCY, "/constituency", As::Text),
            column(w::TOWNSHIP, "/region/name", As::Text),
            column(w::GROUP, "/group/name", As::Text),
            column(w::ADOPTED, "/adopted", As::Whole),
            column(w::OWED, "/owed", As::Whole),
            column(w::RECEIVED, "/received", As::Whole),
            column(w::ON_TIME, "/on_time", As::Whole),
            column(w::MISSING, "/missing", As::Whole),
            column(w::EXCUSED_MONTHS, "/excused_months", As::Whole),
            column(w::INSPECTIONS, "/inspections", As::Whole),
            column(w::RETURNED, "/returned", As::Whole),
            column(w::POINTS, "/points", As::Whole),
        ],
        DeskList::DutyContests => vec![
            column(w::DEPUTY, "/deputy/name", As::Text),
            column(w::CODE, "/site/code", As::Text),
            column(w::SITE, "/site/name", As::Text),
            column(w::MONTH, "/month", As::Text),
            column(w::WHAT_WAS_SAID, "/words", As::Text),
            column(w::MADE_AT, "/made_at", As::Moment),
            column(w::ANSWER, "/answer", As::Text),
            column(w::POINTS, "/points", As::Whole),
            column(w::ANSWERED_AT, "/answered_at", As::Moment),
        ],
        _ => vec![
            column(w::EFFECTIVE_FROM, "/effective_from", As::Day),
            column(w::INSPECTION, "/inspection", As::Whole),
            column(w::ON_TIME, "/on_time", As::Whole),
            column(w::EVIDENCE, "/evidence", As::Whole),
            column(w::ON_SITE, "/on_site", As::Whole),
            column(w::NOTE, "/note", As::Text),
        ],
    }
}
