//! The columns of the lists about signing in: places that are locked for a while, and one's own sign-ins.

use super::super::super::model::DeskList;
use super::super::super::words as w;
use super::{As, Column, column};

pub(super) fn of_sign_ins(list: DeskList) -> Vec<Column> {
    if list == DeskList::SignInLocks {
        return vec![
            column(w::NAME, "/name", As::Text),
            column(w::LOGIN, "/login", As::Text),
            column(w::FROM_NETWORK, "/network", As::Text),
            column(w::LOCKED_UNTIL, "/until", As::Moment),
        ];
    }
    vec![
        column(w::DEVICE, "/user_agent", As::Text),
        column(w::FROM_NETWORK, "/address", As::Text),
        column(w::SIGNED_IN_AT, "/created_at", As::Moment),
        column(w::LAST_SEEN_AT, "/last_seen_at", As::Moment),
    ]
}
