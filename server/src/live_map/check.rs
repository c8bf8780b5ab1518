//! Proof that no pin has a colour of its own: each site's stage computed again from the decisions that stand, and compared.

use std::collections::HashMap;

use sqlx::PgPool;

use super::store;
use crate::ids::{CountyId, SiteId};
use crate::sites::Stage;
use crate::sites::stage::{Decision, stage_of};

/// A site whose stage is not what its history says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub site_id: SiteId,
    pub code: String,
    pub found: Stage,
    /// What the standing reports and the committee's corrections say.
    pub decided: Stage,
    /// Where the history of stage changes ends.
    pub history: Stage,
}

/// Every site whose stage in its row, in the decisions that stand, and at the end of its history is not one and the same.
pub async fn check_stages(pool: &PgPool, county_id: CountyId) -> Result<Vec<Difference>, sqlx::Error> {
    let mut tx = store::begin_reading(pool).await?;
    let mut decisions: HashMap<SiteId, Vec<Decision>> = HashMap::new();
    for (site_id, decision) in store::list_decisions(&mut tx, county_id).await? {
        decisions.entry(site_id).or_default().push(decision);
    }
    let records = store::list_stage_records(&mut tx, county_id).await?;
    tx.commit().await?;
    let differences = records.into_iter().filter_map(|record| {
        let (decided, _) = stage_of(decisions.get(&record.site_id).map_or(&[], Vec::as_slice));
        let history = record.history_ends_at.unwrap_or(Stage::NotStarted);
        let agree = record.stage == decided && record.stage == history;
        (!agree).then_some(Difference { site_id: record.site_id, code: record.code, found: record.stage, decided, history })
    });
    Ok(differences.collect())
}
