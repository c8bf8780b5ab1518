//! What follows from a founded challenge, done as the act that it is: with its history, its notices and its own line in the audit log.

use super::model::Consequence;
use super::store::read::{self, Challenge};
use crate::accounts::Act;
use crate::http::Problem;
use crate::sites::Stage;
use crate::supervision::{correct_held, lock_site, reopen_held, require_no_decision_of_county, return_held};

/// Brings about what the judgement says, in its transaction. The caller holds the site and has checked that the consequence fits.
pub async fn bring_about<B>(
    act: &mut Act<B>,
    challenge: &Challenge,
    (consequence, set): (Consequence, Option<(Stage, u8)>),
    reason: &str,
) -> Result<(), Problem> {
    let (county_id, site_id) = (act.actor.county_id, challenge.site_id);
    match consequence {
        Consequence::None => return Ok(()),
        Consequence::ReturnReport => {
            let standing = read::find_standing_report(&mut act.tx, county_id, site_id).await?;
            let (zh, en) = ("这个点位没有可以退回的反馈", "No report of the site stands that could be returned");
            let report_id = standing.ok_or_else(|| Problem::conflict(zh, en).and_field("consequence", "no_report", zh, en))?;
            return return_held(act, report_id, reason).await.map(drop);
        }
        Consequence::Reopen => {
            let site = lock_site(&mut act.tx, county_id, site_id).await?.ok_or_else(Problem::not_found)?;
            reopen_held(act, &site, reason).await?;
        }
        // A resident who is right opens again what the county closed; over its correction a township still does not go.
        Consequence::CorrectStage => {
            let site = lock_site(&mut act.tx, county_id, site_id).await?.ok_or_else(Problem::not_found)?;
            require_no_decision_of_county(act, &site).await?;
        }
    }
    let Some(set) = set else { return Ok(()) };
    let site = lock_site(&mut act.tx, county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    correct_held(act, &site, set, reason).await
}
