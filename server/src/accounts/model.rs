//! Pure rules of rights: roles, the places they are held in, and who may look after accounts.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::Author;
use crate::http::RequestContext;
use crate::ids::{AccountId, CountyId, DeputyId, StationId, UnitId};

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Deputy,
    StationKeeper,
    WorkingCommittee,
    Committee,
    UnitHandler,
    Administrator,
    Auditor,
}

impl Role {
    pub const ALL: [Self; 7] =
        [Self::Deputy, Self::StationKeeper, Self::WorkingCommittee, Self::Committee, Self::UnitHandler, Self::Administrator, Self::Auditor];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deputy => "deputy",
            Self::StationKeeper => "station_keeper",
            Self::WorkingCommittee => "working_committee",
            Self::Committee => "committee",
            Self::UnitHandler => "unit_handler",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// A role, held in a region and everything below it; some roles also name the deputy, unit or station they speak for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub region_code: String,
    pub deputy_id: Option<DeputyId>,
    pub unit_id: Option<UnitId>,
    pub station_id: Option<StationId>,
}

/// A signed-in person. Read from the database with each request, so that a right taken away is gone at the next one.
#[derive(Debug, Clone)]
pub struct Actor {
    pub account_id: AccountId,
    pub county_id: CountyId,
    pub login: String,
    pub name: String,
    pub session_id: Uuid,
    pub grants: Vec<Grant>,
}

/// Whether `region` is `place` or lies in it.
pub fn lies_in(region: &str, place: &str) -> bool {
    region.starts_with(place)
}

impl Actor {
    /// Whether the role is held anywhere in the county.
    pub fn is(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether one of `roles` is held over `region`.
    pub fn holds(&self, roles: &[Role], region: &str) -> bool {
        self.grants.iter().any(|grant| roles.contains(&grant.role) && lies_in(region, &grant.region_code))
    }

    /// Whether the person supervises sites in `region`: the county's committee, or the working committee of that place.
    pub fn supervises(&self, region: &str) -> bool {
        self.holds(&[Role::Committee, Role::WorkingCommittee], region)
    }

    /// The regions that the person supervises; empty for everybody else.
    pub fn supervised_regions(&self) -> Vec<String> {
        self.grants
            .iter()
            .filter(|grant| matches!(grant.role, Role::Committee | Role::WorkingCommittee))
            .map(|grant| grant.region_code.clone())
            .collect()
    }

    /// The deputy this account belongs to.
    pub fn deputy_id(&self) -> Option<DeputyId> {
        self.grants.iter().find_map(|grant| grant.deputy_id)
    }

    /// The unit this account answers for.
    pub fn unit_id(&self) -> Option<UnitId> {
        self.grants.iter().find_map(|grant| grant.unit_id)
    }

    /// The station this account keeps.
    pub fn station_id(&self) -> Option<StationId> {
        self.grants.iter().find_map(|grant| grant.station_id)
    }

    /// How the audit log names this person.
    pub fn author(&self, context: &RequestContext) -> Author {
        let mut roles: Vec<String> = self.grants.iter().map(|grant| grant.role.as_str().to_owned()).collect();
        roles.sort_unstable();
        roles.dedup();
        Author::account(self.county_id, self.account_id, roles, context)
    }
}

/// Accounts and roles belong to the county's administrator, who in turn has no say over content. An account is not a place, so the role
/// counts only when it is held over the whole county.
pub fn may_manage_accounts(actor: &Actor, county_code: &str) -> bool {
    actor.holds(&[Role::Administrator], county_code)
}

/// Whether a role means something below the county: accounts and the audit log are the county's as a whole.
pub fn may_be_held_in(role: Role, region: &str, county_code: &str) -> bool {
    lies_in(region, county_code) && (!matches!(role, Role::Administrator | Role::Auditor) || region == county_code)
}

/// How long a session lasts: without use, and in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLife {
    pub idle_s: i32,
    pub absolute_s: i64,
}

/// A deputy's phone stays signed in for a week without use; whoever has any other role leaves a desk that others can reach.
pub fn session_life(grants: &[Grant]) -> SessionLife {
    if !grants.is_empty() && grants.iter().all(|grant| grant.role == Role::Deputy) {
        SessionLife { idle_s: 7 * 24 * 3600, absolute_s: 90 * 24 * 3600 }
    } else {
        SessionLife { idle_s: 30 * 60, absolute_s: 12 * 3600 }
    }
}

/// Why a new password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    TooShort,
    TooLong,
    Guessable,
}

const GUESSABLE: [&str; 14] = [
    "password", "12345678", "qwertyui", "11111111", "00000000", "minsheng", "renda", "daibiao", "admin", "88888888", "66666666", "abcdefgh",
    "iloveyou", "congress",
];

/// At least twelve characters, no longer than 128, and not made of the login or of words everybody tries (ASVS 5.0.0, 6.2.1–6.2.12).
pub fn check_new_password(password: &str, login: &str) -> Result<(), PasswordFault> {
    let length = password.chars().count();
    if length < 12 {
        return Err(PasswordFault::TooShort);
    }
    if length > 128 {
        return Err(PasswordFault::TooLong);
    }
    let lower = password.to_lowercase();
    let remainder = GUESSABLE.iter().fold(lower.replace(&login.to_lowercase(), ""), |text, word| text.replace(word, ""));
    let mut distinct: Vec<char> = remainder.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 5 { Err(PasswordFault::Guessable) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role, region: &str) -> Grant {
        Grant { role, region_code: region.to_owned(), deputy_id: None, unit_id: None, station_id: None }
    }

    fn actor(grants: Vec<Grant>) -> Actor {
        Actor { account_id: AccountId(1), county_id: CountyId(1), login: "a".to_owned(), name: "甲".to_owned(), session_id: Uuid::nil(), grants }
    }

    #[test]
    fn a_right_reaches_down_and_never_sideways() {
        let township = actor(vec![grant(Role::WorkingCommittee, "339901001")]);
        assert!(township.supervises("339901001"));
        assert!(township.supervises("339901001002"));
        assert!(!township.supervises("339901002"));
        assert!(!township.supervises("339901"));
        let county = actor(vec![grant(Role::Committee, "339901")]);
        assert!(county.supervises("339901001002"));
        assert!(!county.supervises("339902001"));
    }

    #[test]
    fn looking_after_accounts_gives_no_say_over_sites() {
        let administrator = actor(vec![grant(Role::Administrator, "339901")]);
        assert!(may_manage_accounts(&administrator, "339901"));
        assert!(!administrator.supervises("339901"));
        assert!(!may_manage_accounts(&actor(vec![grant(Role::Committee, "339901")]), "339901"));
        assert!(!may_manage_accounts(&actor(vec![grant(Role::Administrator, "339901001")]), "339901"));
    }

    #[test]
    fn accounts_and_audit_are_the_countys_as_a_whole() {
        assert!(may_be_held_in(Role::Administrator, "339901", "339901"));
        assert!(!may_be_held_in(Role::Administrator, "339901001", "339901"));
        assert!(!may_be_held_in(Role::Auditor, "339901001", "339901"));
        assert!(may_be_held_in(Role::WorkingCommittee, "339901001", "339901"));
        assert!(!may_be_held_in(Role::Committee, "339902", "339901"));
    }

    #[test]
    fn only_a_pure_deputy_stays_signed_in_for_days() {
        let deputy = grant(Role::Deputy, "339901");
        assert_eq!(session_life(std::slice::from_ref(&deputy)).idle_s, 604_800);
        assert_eq!(session_life(&[deputy, grant(Role::Committee, "339901")]).idle_s, 1800);
        assert_eq!(session_life(&[]).idle_s, 1800);
    }

    #[test]
    fn guessable_passwords_are_refused() {
        assert_eq!(check_new_password("短密码", "zhang"), Err(PasswordFault::TooShort));
        assert_eq!(check_new_password("password12345678", "zhang"), Err(PasswordFault::Guessable));
        assert_eq!(check_new_password("zhangsanzhangsan", "zhangsan"), Err(PasswordFault::Guessable));
        assert_eq!(check_new_password(&"长".repeat(129), "zhang"), Err(PasswordFault::TooLong));
        assert_eq!(check_new_password("春江水暖鸭先知竹外桃花三两枝", "zhang"), Ok(()));
        assert_eq!(check_new_password("correct horse battery", "zhang"), Ok(()));
    }
}
