//! Pure rules of joining: what a token and a telephone number look like, how a deputy stands to joining, when an invitation counts.

pub use crate::http::personal::read_phone;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::accounts::{Actor, Role};

/// Wrong numbers or logins that an invitation bears: the last one revokes it.
pub const MISTAKES_BORNE: i16 = 5;
/// Wrong tries that a code bears.
pub const TRIES_BORNE: i16 = 5;
/// How long a code sent to a telephone counts.
pub const CODE_LIFE_S: i64 = 600;

/// Letters of a token: none of them is taken for another when it is read aloud or typed.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TOKEN_LENGTH: usize = 26;

/// The token of 128 random bits, as it stands in a link.
pub fn token_of(bytes: [u8; 16]) -> String {
    let number = u128::from_be_bytes(bytes);
    (0..TOKEN_LENGTH).map(|place| char::from(LETTERS[((number >> (5 * place)) & 31) as usize])).collect()
}

/// What is kept of a token; nothing when the text cannot be one.
pub fn token_hash(text: &str) -> Option<[u8; 32]> {
    let text = text.trim().to_ascii_lowercase();
    (text.len() == TOKEN_LENGTH && text.bytes().all(|byte| LETTERS.contains(&byte))).then(|| Sha256::digest(text.as_bytes()).into())
}

/// A number of which only its owner knows the whole: the first three digits and the last two.
pub fn hinted(phone: &str) -> String {
    match (phone.get(..3), phone.get(9..)) {
        (Some(first), Some(last)) => format!("{first}******{last}"),
        _ => "***********".to_owned(),
    }
}

/// What must be known beside the card: something that whoever finds it cannot read on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The telephone number on record. A card that asks for it may say the login.
    Phone,
    /// The account's login, because there is no number. It stands on no such card.
    Login,
}

impl Proof {
    /// What an account is asked for.
    pub fn of_account(has_phone: bool) -> Self {
        if has_phone { Self::Phone } else { Self::Login }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Login => "login",
        }
    }

    /// What is asked for by its name in the database; a name of a later version asks for the number.
    pub fn from_name(name: &str) -> Self {
        if name == "login" { Self::Login } else { Self::Phone }
    }

    /// What somebody typed, as it is compared with what is on record; nothing when it cannot be that.
    pub fn read(self, text: &str) -> Option<String> {
        match self {
            Self::Phone => read_phone(text),
            // Whoever signs in with a number may type it as a number.
            Self::Login => read_phone(text).or_else(|| Some(text.trim().to_lowercase())),
        }
    }
}

/// Days for which an invitation may count.
pub fn may_last(days: u16) -> bool {
    (1..=90).contains(&days)
}

/// How a deputy stands to joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    NotInvited,
    Invited,
    /// The invitation ended unused.
    Expired,
    Joined,
    /// Nobody can be invited without a telephone number.
    NoPhone,
    /// Their account was disabled by the administrator.
    Disabled,
    /// Their account holds other rights too and is looked after by the administrator.
    OtherRoles,
}

/// What decides the standing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    pub has_phone: bool,
    pub has_password: bool,
    pub is_disabled: bool,
    pub has_other_roles: bool,
    /// When the open invitation ends.
    pub invited_until: Option<DateTime<Utc>>,
}

impl Facts {
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        match self.invited_until {
            _ if self.is_disabled => Standing::Disabled,
            _ if self.has_other_roles => Standing::OtherRoles,
            _ if self.has_password => Standing::Joined,
            _ if !self.has_phone => Standing::NoPhone,
            Some(until) if until > now => Standing::Invited,
            Some(_) => Standing::Expired,
            None => Standing::NotInvited,
        }
    }

    /// Why the deputy cannot be invited, if so: code, Chinese, English.
    pub fn obstacle(&self) -> Option<(&'static str, &'static str, &'static str)> {
        if self.is_disabled {
            Some(("disabled", "账号已停用，请先由系统管理员启用", "The account is disabled; the administrator can enable it"))
        } else if self.has_other_roles {
            Some((
                "other_roles",
                "该账号还有代表以外的权限，密码由系统管理员重置",
                "The account holds other rights too; the administrator looks after its password",
            ))
        } else if !self.has_phone {
            Some(("no_phone", "还没有手机号码，请先补上", "There is no telephone number yet"))
        } else {
            None
        }
    }
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    Yes,
    Used,
    Revoked,
    Expired,
}

/// Whether an invitation counts at `now`.
pub fn counts(used: bool, revoked: bool, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Counts {
    match (used, revoked) {
        (true, _) => Counts::Used,
        (_, true) => Counts::Revoked,
        _ if expires_at <= now => Counts::Expired,
        _ => Counts::Yes,
    }
}

/// Where the person may invite deputies and look after their numbers; nothing when nowhere.
pub fn scope(actor: &Actor) -> Option<Vec<String>> {
    (actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)).then(|| actor.supervised_regions())
}

/// Six digits out of chance, each code as likely as any other but for one in four thousand millions.
pub fn code_of(bytes: [u8; 8]) -> String {
    format!("{:06}", u64::from_be_bytes(bytes) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_however_it_was_typed_and_nothing_else_is() {
        let token = token_of([7; 16]);
        assert_eq!(token.len(), 26);
        assert_eq!(token_hash(&token), token_hash(&format!(" {} ", token.to_uppercase())));
        assert_ne!(token_hash(&token), token_hash(&token_of([8; 16])));
        for other in ["", "short", &"i".repeat(26), &"0".repeat(27), "００００００００００００００００００００００００００"]
        {
            assert_eq!(token_hash(other), None, "{other}");
        }
        // Every bit counts.
        let tokens: std::collections::BTreeSet<String> = (0..128).map(|bit| token_of((1_u128 << bit).to_be_bytes())).collect();
        assert_eq!(tokens.len(), 128);
    }

    #[test]
    fn a_telephone_number_is_read_as_people_write_it() {
        for text in ["13900000001", " 139 0000 0001", "139-0000-0001", "+86 13900000001", "008613900000001"] {
            assert_eq!(read_phone(text).as_deref(), Some("13900000001"), "{text}");
        }
        for text in ["", "1390000000", "139000000011", "12900000001", "23900000001", "1390000000a", "１３９００００００００１"] {
            assert_eq!(read_phone(text), None, "{text}");
        }
        assert_eq!(hinted("13900000001"), "139******01");
    }

    #[test]
    fn what_is_typed_is_read_as_people_write_it() {
        assert_eq!(Proof::of_account(true).read("+86 139-0000-0001").as_deref(), Some("13900000001"));
        assert_eq!(Proof::Phone.read("jiaoyu"), None);
        assert_eq!(Proof::of_account(false).read(" JiaoYu ").as_deref(), Some("jiaoyu"));
        assert_eq!(Proof::Login.read("139 0000 0001").as_deref(), Some("13900000001"));
        for proof in [Proof::Phone, Proof::Login] {
            assert_eq!(Proof::from_name(proof.as_str()), proof);
        }
    }

    #[test]
    fn an_invitation_lasts_a_day_to_ninety() {
        assert!([1, 7, 30, 90].into_iter().all(may_last) && ![0, 91, u16::MAX].into_iter().any(may_last));
    }

    #[test]
    fn the_standing_follows_from_the_facts() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("an instant");
        let (later, before) = (now + chrono::TimeDelta::days(1), now - chrono::TimeDelta::days(1));
        let phone = Facts { has_phone: true, ..Facts::default() };
        assert_eq!(Facts::default().standing(now), Standing::NoPhone);
        assert_eq!(phone.standing(now), Standing::NotInvited);
        assert_eq!(Facts { invited_until: Some(later), ..phone }.standing(now), Standing::Invited);
        assert_eq!(Facts { invited_until: Some(before), ..phone }.standing(now), Standing::Expired);
        assert_eq!(Facts { has_password: true, invited_until: Some(later), ..phone }.standing(now), Standing::Joined);
        assert_eq!(Facts { has_password: true, has_other_roles: true, ..phone }.standing(now), Standing::OtherRoles);
        assert_eq!(Facts { is_disabled: true, has_other_roles: true, ..phone }.standing(now), Standing::Disabled);
        assert!(Facts { has_password: true, ..phone }.obstacle().is_none(), "who forgot the password is invited again");
        assert_eq!(Facts::default().obstacle().map(|fault| fault.0), Some("no_phone"));
    }

    #[test]
    fn an_invitation_counts_once_and_until_it_ends() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("an instant");
        let later = now + chrono::TimeDelta::seconds(1);
        assert_eq!(counts(false, false, later, now), Counts::Yes);
        assert_eq!(counts(false, false, now, now), Counts::Expired);
        assert_eq!(counts(true, false, later, now), Counts::Used);
        assert_eq!(counts(false, true, later, now), Counts::Revoked);
    }
}
