//! What the county has decided, a township does not go over (decision 0088): its corrections, strike-offs and reopenings hold until a report
//! that counts later stands, and a site that it asks a unit about is not closed beneath its order.

use super::store::SiteState;
use super::store::county_decisions as store;
use crate::accounts::{Act, Actor, Role};
use crate::http::Problem;

/// Whether the person decides in the county's name about a site in `region`.
pub(super) fn is_of_county(actor: &Actor, region: &str) -> bool {
    actor.holds(&[Role::Committee], region)
}

/// Notes a decision about the held site, when it is the county's.
pub(super) async fn note_decision_of_county<B>(act: &mut Act<B>, site: &SiteState) -> Result<(), Problem> {
    if is_of_county(&act.actor, &site.region_code) {
        store::note(&mut act.tx, act.actor.county_id, site.site_id, act.now).await?;
    }
    Ok(())
}

/// Refuses a township that would go over the county's decision about the held site.
pub async fn require_no_decision_of_county<B>(act: &mut Act<B>, site: &SiteState) -> Result<(), Problem> {
    if is_of_county(&act.actor, &site.region_code) {
        return Ok(());
    }
    let Some(decided_at) = store::find(&mut act.tx, act.actor.county_id, site.site_id).await? else { return Ok(()) };
    let day = act.county.date_at(decided_at);
    let zh = format!("县人大常委会已于 {day} 对该点位作出决定；代表有新的反馈后，镇街人大工委才能再办理");
    let en = format!("The county decided about the site on {day}: a working committee decides again once a later report stands");
    Err(Problem::forbidden().saying(&zh, &en).and_field("site_id", "county_decided", &zh, &en))
}

/// Refuses a township that would close a site about which the county waits for a unit's answer or has one to judge.
pub(super) async fn require_no_order_of_county<B>(act: &mut Act<B>, site: &SiteState) -> Result<(), Problem> {
    if is_of_county(&act.actor, &site.region_code) {
        return Ok(());
    }
    let county_code = act.county.code.clone();
    let Some(number) = store::find_open_order(&mut act.tx, act.actor.county_id, site.site_id, &county_code).await? else { return Ok(()) };
    let zh = format!("县人大常委会的督办单 {number} 尚未办结，不能销号");
    let en = format!("The county's order {number} is not settled: the site is not struck off");
    Err(Problem::conflict(&zh, &en).and_field("site_id", "county_order", &zh, &en))
}
