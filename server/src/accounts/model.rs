//! Pure rules of rights: roles, the places they are held in, and who may look after accounts.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::Author;
use crate::config::{PasswordProfile, SecondFactorRule};
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
    SecurityAdministrator,
    Auditor,
}

/// The three between whom the power over the system is divided (三员): no account holds two of them.
pub const ADMINISTRATORS: [Role; 3] = [Role::Administrator, Role::SecurityAdministrator, Role::Auditor];

impl Role {
    pub const ALL: [Self; 8] = [
        Self::Deputy,
        Self::StationKeeper,
        Self::WorkingCommittee,
        Self::Committee,
        Self::UnitHandler,
        Self::Administrator,
        Self::SecurityAdministrator,
        Self::Auditor,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deputy => "deputy",
            Self::StationKeeper => "station_keeper",
            Self::WorkingCommittee => "working_committee",
            Self::Committee => "committee",
            Self::UnitHandler => "unit_handler",
            Self::Administrator => "administrator",
            Self::SecurityAdministrator => "security_administrator",
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

/// The security administrator confirms what the system administrator does with accounts, looks after second factors and opens locks; they
/// make nobody and set nobody's password.
pub fn may_guard_accounts(actor: &Actor, county_code: &str) -> bool {
    actor.holds(&[Role::SecurityAdministrator], county_code)
}

/// Whether the person may look at the county's accounts.
pub fn may_see_accounts(actor: &Actor, county_code: &str) -> bool {
    may_manage_accounts(actor, county_code) || may_guard_accounts(actor, county_code)
}

/// Whether a role means something in a region: accounts and the audit log are the county's as a whole, a working committee is a township's.
pub fn may_be_held_in(role: Role, region: &str, county_code: &str) -> bool {
    let whole = region == county_code;
    lies_in(region, county_code) && (!ADMINISTRATORS.contains(&role) || whole) && (role != Role::WorkingCommittee || !whole)
}

/// Why one account may not hold all of these roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combination {
    TwoAdministrators,
    AdministratorAndMore,
}

/// No account is two of the three administrators, and none of the three has a say over content.
pub fn check_combination(roles: &[Role]) -> Result<(), Combination> {
    let of_the_three = ADMINISTRATORS.iter().filter(|role| roles.contains(role)).count();
    if of_the_three > 1 {
        Err(Combination::TwoAdministrators)
    } else if of_the_three == 1 && roles.iter().any(|role| !ADMINISTRATORS.contains(role)) {
        Err(Combination::AdministratorAndMore)
    } else {
        Ok(())
    }
}

/// Why an account cannot be invited by a card to choose a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoCard {
    /// The administrator's own.
    Own,
    /// One of the three administrators': nobody comes to that power by a piece of paper.
    Administrator,
    Disabled,
    /// A deputy's and nothing else: the office that vouches for their number invites them.
    DeputyAlone,
}

impl NoCard {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Administrator => "administrator",
            Self::Disabled => "disabled",
            Self::DeputyAlone => "deputy_alone",
        }
    }
}

/// Why an account with these roles cannot be invited by a card, if so.
pub fn no_card(roles: &[Role], is_own: bool, is_disabled: bool) -> Option<NoCard> {
    if is_own {
        Some(NoCard::Own)
    } else if roles.iter().any(|role| ADMINISTRATORS.contains(role)) {
        Some(NoCard::Administrator)
    } else if is_disabled {
        Some(NoCard::Disabled)
    } else if !roles.is_empty() && roles.iter().all(|role| *role == Role::Deputy) {
        Some(NoCard::DeputyAlone)
    } else {
        None
    }
}

/// Whether the account is more than a deputy's. One without any right counts as staff: what it is given later would be.
pub fn is_staff(grants: &[Grant]) -> bool {
    grants.is_empty() || grants.iter().any(|grant| grant.role != Role::Deputy)
}

/// Whether the rules of the county want a second factor of whoever holds these rights.
pub fn must_have_second_factor(grants: &[Grant], rule: SecondFactorRule, profile: PasswordProfile) -> bool {
    is_staff(grants) && (rule == SecondFactorRule::Staff || profile == PasswordProfile::Dengbao)
}

/// Whether what the system administrator does with this account waits for the security administrator: always with an account of those who
/// watch over the administrator, or one person could be all three; with other staff where the county wants it.
pub fn needs_confirmation(roles: &[Role], confirm_accounts: bool, profile: PasswordProfile) -> bool {
    let wanted = confirm_accounts || profile == PasswordProfile::Dengbao;
    roles.iter().any(|role| match role {
        Role::SecurityAdministrator | Role::Auditor => true,
        Role::Deputy => false,
        Role::StationKeeper | Role::WorkingCommittee | Role::Committee | Role::UnitHandler | Role::Administrator => wanted,
    })
}

/// How long a session lasts: without use, and in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLife {
    pub idle_s: i32,
    pub absolute_s: i64,
}

/// A deputy's phone stays signed in for a week without use; whoever has any other role leaves a desk that others can reach.
pub fn session_life(grants: &[Grant]) -> SessionLife {
    if is_staff(grants) {
        SessionLife { idle_s: 30 * 60, absolute_s: 12 * 3600 }
    } else {
        SessionLife { idle_s: 7 * 24 * 3600, absolute_s: 90 * 24 * 3600 }
    }
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
    fn no_account_is_two_of_the_three_and_none_of_them_has_a_say_over_content() {
        for one in ADMINISTRATORS {
            assert_eq!(check_combination(&[one]), Ok(()));
            for other in ADMINISTRATORS.into_iter().filter(|other| *other != one) {
                assert_eq!(check_combination(&[one, other]), Err(Combination::TwoAdministrators));
                assert_eq!(check_combination(&[one, Role::Committee, other]), Err(Combination::TwoAdministrators));
            }
        }
        let others = Role::ALL.into_iter().filter(|role| !ADMINISTRATORS.contains(role));
        for (one, other) in ADMINISTRATORS.into_iter().flat_map(|one| others.clone().map(move |other| (one, other))) {
            assert_eq!(check_combination(&[other, one]), Err(Combination::AdministratorAndMore), "{one:?} {other:?}");
        }
        assert_eq!(check_combination(&[Role::Committee, Role::Deputy]), Ok(()));
    }

    #[test]
    fn a_card_is_for_those_who_work_at_the_desk_and_are_no_administrators() {
        for administrator in ADMINISTRATORS {
            assert_eq!(no_card(&[administrator], false, false), Some(NoCard::Administrator));
            assert_eq!(no_card(&[Role::Committee, administrator], false, true), Some(NoCard::Administrator), "and not by the way of being enabled");
        }
        assert_eq!(no_card(&[Role::Administrator], true, false), Some(NoCard::Own));
        assert_eq!(no_card(&[Role::UnitHandler], false, true), Some(NoCard::Disabled));
        assert_eq!(no_card(&[Role::Deputy, Role::Deputy], false, false), Some(NoCard::DeputyAlone));
        for role in [Role::StationKeeper, Role::WorkingCommittee, Role::Committee, Role::UnitHandler] {
            assert_eq!(no_card(&[role], false, false), None);
            assert_eq!(no_card(&[Role::Deputy, role], false, false), None);
        }
    }

    #[test]
    fn guarding_accounts_is_not_managing_them() {
        let guard = actor(vec![grant(Role::SecurityAdministrator, "339901")]);
        assert!(may_guard_accounts(&guard, "339901") && !may_manage_accounts(&guard, "339901") && !guard.supervises("339901"));
        assert!(!may_guard_accounts(&actor(vec![grant(Role::Administrator, "339901")]), "339901"));
    }

    #[test]
    fn a_second_factor_and_a_confirmation_are_wanted_of_staff_by_setting_or_profile() {
        let (deputy, staff) = ([grant(Role::Deputy, "339901")], [grant(Role::Deputy, "339901"), grant(Role::Committee, "339901")]);
        use PasswordProfile::{Asvs, Dengbao};
        use SecondFactorRule::{Offered, Staff};
        for (grants, rule, profile, wanted) in [
            (&staff[..], Offered, Asvs, false),
            (&staff[..], Staff, Asvs, true),
            (&staff[..], Offered, Dengbao, true),
            (&deputy[..], Staff, Dengbao, false),
        ] {
            assert_eq!(must_have_second_factor(grants, rule, profile), wanted, "{rule:?} {profile:?}");
        }
        assert!(needs_confirmation(&[Role::Committee], true, Asvs) && needs_confirmation(&[Role::Auditor], false, Dengbao));
        assert!(!needs_confirmation(&[Role::Committee], false, Asvs) && !needs_confirmation(&[Role::Deputy], true, Dengbao));
        assert!(needs_confirmation(&[Role::Auditor], false, Asvs) && needs_confirmation(&[Role::SecurityAdministrator], false, Asvs));
    }
}
