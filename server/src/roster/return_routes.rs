//! A leaving that was entered by mistake is taken back, on record.

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::deputy_routes::{find, hold};
use super::store::returns;
use super::view::RosterDeputy;
use crate::accounts::{Act, JsonOf};
use crate::database::changes;
use crate::http::shapes::Named;
use crate::http::{Code, PathOf, Problem, Text};
use crate::ids::DeputyId;

/// Why the leaving is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "离任登记有误，本人仍在任", "rev": 2}))]
pub struct Reinstatement {
    reason: Text<1, 300>,
    /// Of the deputy as the person saw them.
    rev: i64,
}

/// A deputy who is one again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReinstatedDeputy {
    pub deputy: RosterDeputy,
    /// The sites they had when they left, in order of their codes: these are not given back by themselves.
    pub former_sites: Vec<Named>,
}

/// Takes back that a deputy has left. Their account gives the right of a deputy again; sites, invitations and sessions do not come back.
#[utoipa::path(post, path = "/api/deputies/{id}/reinstatement", tag = "roster", params(("id" = i64, Path, description = "The deputy")),
    request_body = Reinstatement, responses((status = 200, body = ReinstatedDeputy, description = "A deputy again",
        example = json!({"deputy": {"id": 12, "name": "沈晓岚", "level": "county", "constituency": "清溪镇第一选区", "region": {"code": "339901004", "name": "清溪镇"},
            "group": null, "station": null, "phone": "139****0001", "joined_on": null, "left_on": null, "left_because": null,
            "returned": {"on": "2026-10-20", "reason": "离任登记有误"}, "joining": null, "sites": 0, "rev": 3},
            "former_sites": [{"id": 41, "name": "清溪至石桥农村公路"}]}))))]
pub async fn reinstate_deputy(PathOf(deputy_id): PathOf<DeputyId>, mut act: Act<JsonOf<Reinstatement>>) -> Result<Response, Problem> {
    let Reinstatement { reason, rev } = act.body.0.clone();
    let before = hold(&mut act, deputy_id, rev).await?;
    let (county_id, today) = (act.actor.county_id, act.county.date_at(act.now));
    let Some((left_on, because)) = before.left_on.zip(before.left_because) else {
        return Err(Problem::new(Code::Conflict).saying("这位代表仍在任", "The deputy has not left"));
    };
    if left_on > today {
        let (zh, en) =
            ("将随换届离任：请在“换届”中撤销登记的新一届，再重新登记", "They leave with the next term: take that term back and enter it again");
        return Err(Problem::new(Code::Conflict).saying(zh, en));
    }
    let former_sites = returns::list_given_up(&mut act.tx, county_id, deputy_id, left_on).await?;
    let returning = returns::Returning { left_on, because: &because, reason: reason.as_str() };
    returns::reinstate(&mut act.tx, county_id, deputy_id, returning, (act.actor.account_id, act.now)).await?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let sites: Vec<i64> = former_sites.iter().map(|site| site.id).collect();
    let detail = json!({ "reason": reason, "left_on": left_on, "left_because": because, "not_given_back": sites });
    act.audit("deputy.reinstate", ("deputy", &deputy_id.to_string()), detail).await?;
    let view = ReinstatedDeputy { deputy: find(&mut act, deputy_id).await?, former_sites };
    act.done(StatusCode::OK, &view).await
}
