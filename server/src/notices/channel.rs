//! Pure rules of the ways out of the app: which there are, who hears by which without having chosen, when a failed message is tried again.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::NoticeKind;

/// A way out of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Channel {
    /// To the address the person gave.
    Mail,
    /// To the deputy's telephone, through a gateway.
    Sms,
    /// To a group of WeCom, by its robot.
    Wecom,
    /// To a group of DingTalk, by its robot.
    Dingtalk,
}

impl Channel {
    pub const ALL: [Self; 4] = [Self::Mail, Self::Sms, Self::Wecom, Self::Dingtalk];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::Wecom => "wecom",
            Self::Dingtalk => "dingtalk",
        }
    }

    /// Whether a person hears of `kind` this way without having chosen. Who gave a mail address wants mails; a short message costs money and
    /// disturbs, so only what duty demands goes by it.
    pub fn is_usual(self, kind: NoticeKind) -> bool {
        match self {
            Self::Mail => true,
            Self::Sms => kind.is_duty(),
            Self::Wecom | Self::Dingtalk => kind.is_for_groups(),
        }
    }
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeliveryState {
    /// It leaves when its time has come.
    Waiting,
    /// The other side took it.
    Delivered,
    /// It was given up; somebody may send it again.
    Dead,
    /// There is nobody to send it to any more: the address was taken away, or the account is disabled.
    Dropped,
}

impl DeliveryState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }
}

/// The id under which a message travels: the same at every attempt, different for every message.
pub fn travelling_id(notice_id: Uuid, channel: Channel) -> String {
    format!("{notice_id}.{}", channel.as_str())
}

/// Why an attempt failed. The code is kept and shown; what the other side said is not, because an address may stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: String,
    /// Trying again would change nothing.
    pub is_permanent: bool,
}

impl Fault {
    pub fn passing(code: impl Into<String>) -> Self {
        Self { code: code.into(), is_permanent: false }
    }

    pub fn permanent(code: impl Into<String>) -> Self {
        Self { code: code.into(), is_permanent: true }
    }

    /// What an HTTP status other than success means.
    pub fn of_status(status: u16) -> Self {
        let code = format!("http_{status}");
        if matches!(status, 408 | 425 | 429 | 500..) { Self::passing(code) } else { Self::permanent(code) }
    }

    /// What an SMTP reply means. Refusals of the sender's own sign-in are a matter of the settings, and are put right without the message.
    pub fn of_reply(reply: u16) -> Self {
        let code = format!("smtp_{reply}");
        match reply {
            500..=599 if !matches!(reply, 502..=504 | 521 | 530 | 534 | 535 | 538) => Self::permanent(code),
            _ => Self::passing(code),
        }
    }
}

/// Attempts after which a message is given up: about seven hours.
pub const MOST_ATTEMPTS: i16 = 10;
/// A message that could not leave for so long is no news any more.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::days(7);

const FIRST_WAIT_S: i64 = 30;
const LONGEST_PAUSE_S: i64 = 3 * 3600;

/// How long to wait after the `attempts`th failure: twice as long each time, up to three hours, and a quarter more or less by `chance`, so that
/// what failed together does not come back together.
pub fn pause_after(attempts: i16, chance: u32) -> TimeDelta {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(16);
    let whole = (FIRST_WAIT_S << doublings).min(LONGEST_PAUSE_S) * 1000;
    let share = i64::from(chance % 1001);
    TimeDelta::milliseconds(whole * 3 / 4 + whole / 2 * share / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_three_hours_and_spread_by_a_quarter() {
        assert_eq!(pause_after(1, 0), TimeDelta::milliseconds(22_500));
        assert_eq!(pause_after(1, 500), TimeDelta::seconds(30));
        assert_eq!(pause_after(1, 1000), TimeDelta::milliseconds(37_500));
        assert_eq!(pause_after(2, 500), TimeDelta::seconds(60));
        assert_eq!(pause_after(5, 500), TimeDelta::seconds(480));
        assert_eq!(pause_after(40, 500), TimeDelta::hours(3));
        let all: TimeDelta = (1..MOST_ATTEMPTS).map(|attempts| pause_after(attempts, 500)).sum();
        assert!(all > TimeDelta::hours(4) && all < TimeDelta::hours(8), "{all}");
    }

    #[test]
    fn what_will_not_change_is_not_tried_again() {
        for status in [300, 302, 307, 400, 401, 403, 404, 410, 413, 422] {
            assert!(Fault::of_status(status).is_permanent, "{status}");
        }
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert!(!Fault::of_status(status).is_permanent, "{status}");
        }
        for reply in [550, 551, 552, 553, 554, 501] {
            assert!(Fault::of_reply(reply).is_permanent, "{reply}");
        }
        for reply in [421, 450, 451, 452, 530, 535] {
            assert!(!Fault::of_reply(reply).is_permanent, "{reply}");
        }
        assert_eq!(Fault::of_reply(550).code, "smtp_550");
    }

    #[test]
    fn short_messages_carry_duty_alone_unless_asked_for() {
        assert!(Channel::Sms.is_usual(NoticeKind::OrderIssued) && !Channel::Sms.is_usual(NoticeKind::SiteOffered));
        assert!(Channel::Mail.is_usual(NoticeKind::SiteOffered) && !Channel::Wecom.is_usual(NoticeKind::HandedOver));
    }
}
