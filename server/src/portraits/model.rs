//! Pure rules of portraits: who may set whose.

use crate::accounts::{Actor, Role};
use crate::ids::DeputyId;

/// How the person stands to a deputy's portrait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    May,
    /// Nobody of their kind may.
    MayNot,
    /// Others of their kind may, in the deputy's own region.
    Elsewhere,
}

/// Whether the person may set or remove the portrait of a deputy of `region`.
pub fn say_over_portrait(actor: &Actor, deputy_id: DeputyId, region: &str) -> Say {
    if actor.deputy_id() == Some(deputy_id) || actor.supervises(region) {
        Say::May
    } else if actor.is(Role::Committee) || actor.is(Role::WorkingCommittee) {
        Say::Elsewhere
    } else {
        Say::MayNot
    }
}

/// Whether the person may set any portrait at all.
pub fn may_set_portraits(actor: &Actor) -> bool {
    actor.deputy_id().is_some() || actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::Grant;
    use crate::ids::{AccountId, CountyId};

    fn actor(role: Role, region: &str, deputy: Option<i64>) -> Actor {
        let grant = Grant { role, region_code: region.to_owned(), deputy_id: deputy.map(DeputyId), unit_id: None, station_id: None };
        let session_id = uuid::Uuid::nil();
        Actor { account_id: AccountId(1), county_id: CountyId(1), login: String::new(), name: String::new(), session_id, grants: vec![grant] }
    }

    #[test]
    fn a_portrait_is_the_deputys_own_and_their_places_committees() {
        let say = |actor: Actor| say_over_portrait(&actor, DeputyId(7), "339901001");
        assert_eq!(say(actor(Role::Deputy, "339901001", Some(7))), Say::May);
        assert_eq!(say(actor(Role::Deputy, "339901001", Some(8))), Say::MayNot);
        assert_eq!(say(actor(Role::WorkingCommittee, "339901001", None)), Say::May);
        assert_eq!(say(actor(Role::WorkingCommittee, "339901002", None)), Say::Elsewhere);
        assert_eq!(say(actor(Role::Committee, "339901", None)), Say::May);
        assert_eq!(say(actor(Role::Administrator, "339901", None)), Say::MayNot);
    }
}
