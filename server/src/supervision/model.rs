//! Pure rules of supervision: who may look at what, and who may act on it.

use crate::accounts::{Actor, Role};
use crate::ids::{DeputyId, UnitId};

/// Whether the person supervises sites somewhere: the committee in its county, a working committee in its township.
pub fn may_supervise(actor: &Actor) -> bool {
    actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

/// What somebody sees of the review list: the sites of these regions, and those their own unit has to build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewScope {
    pub regions: Vec<String>,
    pub unit_id: Option<UnitId>,
}

/// Whether the person says somewhere which sites the county decides about itself.
pub fn may_set_key_sites(actor: &Actor) -> bool {
    actor.is(Role::Committee)
}

/// Whether the person says it of a site in this region.
pub fn may_set_key_site_in(actor: &Actor, region_code: &str) -> bool {
    actor.holds(&[Role::Committee], region_code)
}

/// The part of the review list that the person may see; `None` for those who have no part in it.
pub fn review_scope(actor: &Actor) -> Option<ReviewScope> {
    let regions = actor.supervised_regions();
    let unit_id = if actor.is(Role::UnitHandler) { actor.unit_id() } else { None };
    (!regions.is_empty() || unit_id.is_some()).then_some(ReviewScope { regions, unit_id })
}

/// Nobody returns a report that is their own, whatever else they are.
pub fn is_author(actor: &Actor, deputy_id: DeputyId) -> bool {
    actor.deputy_id() == Some(deputy_id)
}
