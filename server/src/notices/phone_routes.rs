//! The telephone number for notices: one's own, or entered by the administrator for somebody. No answer and no record holds it whole.

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::store::phones;
use crate::accounts::{Act, JsonOf, may_manage_accounts};
use crate::http::personal::read_phone;
use crate::http::{PathOf, Problem};
use crate::ids::AccountId;

/// A telephone number for notices.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "139 0000 0001"}))]
pub struct NoticePhone {
    /// A mainland mobile number; null takes it away.
    phone: Option<String>,
}

/// Gives the number at which one hears one's notices, or takes it back. A deputy then hears them at the number of the roster.
#[utoipa::path(put, path = "/api/me/notice-phone", tag = "notices", request_body = NoticePhone,
    responses((status = 204, description = "Text messages go to this number from now on")))]
pub async fn give_own_phone(mut act: Act<JsonOf<NoticePhone>>) -> Result<Response, Problem> {
    let own = act.actor.account_id;
    keep(&mut act, own).await?;
    act.done_without_answer().await
}

/// Enters the number at which somebody hears their notices, or takes it away.
#[utoipa::path(put, path = "/api/accounts/{id}/notice-phone", tag = "accounts", params(("id" = i64, Path, description = "The account")),
    request_body = NoticePhone, responses((status = 204, description = "Text messages go to this number from now on")))]
pub async fn give_phone(PathOf(account_id): PathOf<AccountId>, mut act: Act<JsonOf<NoticePhone>>) -> Result<Response, Problem> {
    if !may_manage_accounts(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    keep(&mut act, account_id).await?;
    act.done_without_answer().await
}

async fn keep(act: &mut Act<JsonOf<NoticePhone>>, account_id: AccountId) -> Result<(), Problem> {
    let owner = (act.actor.county_id, account_id);
    let phone = match act.body.0.phone.as_deref().map(str::trim).filter(|typed| !typed.is_empty()) {
        Some(typed) => {
            let (zh, en) = ("请填写 11 位手机号码", "A mobile number of 11 digits is expected");
            Some(read_phone(typed).ok_or_else(|| Problem::field("phone", "unreadable", zh, en))?)
        }
        None => None,
    };
    let known = match &phone {
        Some(phone) => phones::keep(&mut act.tx, owner, phone, (act.actor.account_id, act.now)).await?,
        None => crate::accounts::is_known(&mut act.tx, owner.0, account_id).await?,
    };
    if !known {
        return Err(Problem::not_found());
    }
    let was_there = phone.is_none() && phones::remove(&mut act.tx, owner).await?;
    let action = if phone.is_some() { "notice_phone.give" } else { "notice_phone.remove" };
    act.audit(action, ("account", &account_id.to_string()), json!({ "own": account_id == act.actor.account_id, "was_there": was_there })).await
}
