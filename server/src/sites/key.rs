//! Key sites (重点点位): about them the county decides for itself; a working committee sees them, reminds and orders, and decides nothing.

use crate::accounts::{Actor, Role};
use crate::http::Problem;

/// Whether the person, who supervises `region`, may decide about a site there: strike it off, open it again, correct it, mend
/// what is written of it and say which unit works there, send a report back, put a finding aside, say who adopts it.
pub fn may_decide(actor: &Actor, region: &str, is_key: bool) -> bool {
    !is_key || actor.holds(&[Role::Committee], region)
}

/// Refuses whoever may not decide.
pub fn require_decision(actor: &Actor, region: &str, is_key: bool) -> Result<(), Problem> {
    if may_decide(actor, region, is_key) {
        return Ok(());
    }
    let (zh, en) = (
        "重点点位由县人大常委会直接办理，镇街人大工委可以查看、催办和督办",
        "A key site is reserved to the county: a working committee sees it, reminds and orders",
    );
    Err(Problem::forbidden().saying(zh, en).and_field("site_id", "key_site", zh, en))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::accounts::Grant;
    use crate::ids::{AccountId, CountyId};

    fn actor(role: Role, region: &str) -> Actor {
        let grant = Grant { role, region_code: region.to_owned(), deputy_id: None, unit_id: None, station_id: None };
        let (login, name) = ("a".to_owned(), "甲".to_owned());
        Actor { account_id: AccountId(1), county_id: CountyId(1), login, name, session_id: Uuid::nil(), grants: vec![grant] }
    }

    #[test]
    fn a_key_site_is_the_countys_to_decide() {
        assert!(may_decide(&actor(Role::WorkingCommittee, "339901001"), "339901001", false));
        assert!(!may_decide(&actor(Role::WorkingCommittee, "339901001"), "339901001", true));
        // A working committee is none of the county, however wide its grant.
        assert!(!may_decide(&actor(Role::WorkingCommittee, "339901"), "339901001", true));
        assert!(may_decide(&actor(Role::Committee, "339901"), "339901001", true));
        assert!(!may_decide(&actor(Role::Committee, "339902"), "339901001", true));
    }
}
