//! What one wants to hear and by which way: one's own choice, kind by kind.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::channel::Channel;
use super::model::NoticeKind;
use super::store::addresses;
use super::store::deliveries::list_open_channels;
use super::store::phones;
use super::store::preferences::{self, Choice};
use crate::accounts::{Act, Actor, JsonOf};
use crate::http::Problem;
use crate::platform::Platform;

/// One kind of notice and by which ways its person hears of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preference {
    pub kind: NoticeKind,
    /// Duty demands it: in the app it cannot be turned down.
    pub is_duty: bool,
    pub app: bool,
    pub mail: bool,
    pub sms: bool,
}

/// A way out of the app that leads to oneself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwnWay {
    /// Whether this service sends by it at all.
    pub is_open: bool,
    /// Where it leads: one's own mail address, or the number with its middle hidden.
    pub to: Option<String>,
    /// A mail address that waits for the code sent to it.
    pub pending: Option<String>,
}

/// One's own choice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"kind": "site_offered", "is_duty": false, "app": true, "mail": true, "sms": false}],
    "mail": {"is_open": true, "to": "shen.xl@example.org", "pending": null}, "sms": {"is_open": true, "to": "139******01", "pending": null}, "phone_is_own": false}))]
pub struct Preferences {
    pub items: Vec<Preference>,
    pub mail: OwnWay,
    pub sms: OwnWay,
    /// The number was given for notices, and can be taken back; otherwise it is the roster's.
    pub phone_is_own: bool,
}

/// What one wants to hear, and by which way.
#[utoipa::path(get, path = "/api/me/notice-preferences", tag = "notices",
    responses((status = 200, body = Preferences, description = "The kinds of notices that one may get, and one's choice")))]
pub async fn list_preferences(State(platform): State<Platform>, actor: Actor) -> Result<Json<Preferences>, Problem> {
    let owner = (actor.county_id, actor.account_id);
    let mut connection = platform.pool.acquire().await?;
    let choices = preferences::list_choices(&mut connection, owner).await?;
    let open = list_open_channels(&mut connection).await?;
    let address = addresses::find(&mut connection, owner).await?.unwrap_or_default();
    let phone = phones::find(&mut connection, owner).await?;
    let phone_is_own = phones::is_given(&mut connection, owner).await?;
    let now = platform.clock.now();
    let pending = address.pending.filter(|_| address.expires_at.is_some_and(|until| until > now));
    Ok(Json(Preferences {
        items: own_kinds(&actor).map(|kind| preference(kind, &choices)).collect(),
        mail: OwnWay { is_open: open.contains(&Channel::Mail), to: address.address, pending },
        sms: OwnWay { is_open: open.contains(&Channel::Sms), to: phone.as_deref().map(hinted), pending: None },
        phone_is_own,
    }))
}

fn own_kinds(actor: &Actor) -> impl Iterator<Item = NoticeKind> + '_ {
    NoticeKind::ALL.iter().copied().filter(|kind| kind.audience().iter().any(|role| actor.is(*role)))
}

fn preference(kind: NoticeKind, choices: &[Choice]) -> Preference {
    let chosen = |way: &str| choices.iter().find(|choice| choice.kind == kind.as_str() && choice.way == way).map(|choice| choice.wanted);
    Preference {
        kind,
        is_duty: kind.is_duty(),
        app: kind.is_duty() || chosen("app").unwrap_or(true),
        mail: chosen("mail").unwrap_or(Channel::Mail.is_usual(kind)),
        sms: chosen("sms").unwrap_or(Channel::Sms.is_usual(kind)),
    }
}

/// A number of which only its owner knows the whole.
fn hinted(phone: &str) -> String {
    format!("{}******{}", phone.get(..3).unwrap_or(""), phone.get(9..).unwrap_or(""))
}

/// One kind, as it is wanted from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    kind: NoticeKind,
    app: bool,
    mail: bool,
    sms: bool,
}

/// Kinds of notices as they are wanted from now on; kinds left out stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"kind": "site_offered", "app": false, "mail": false, "sms": false}]}))]
pub struct NewPreferences {
    items: Vec<Wanted>,
}

/// Chooses what one hears and by which way.
#[utoipa::path(put, path = "/api/me/notice-preferences", tag = "notices", request_body = NewPreferences,
    responses((status = 204, description = "It holds for notices from now on")))]
pub async fn set_preferences(mut act: Act<JsonOf<NewPreferences>>) -> Result<Response, Problem> {
    let owner = (act.actor.county_id, act.actor.account_id);
    let items = std::mem::take(&mut act.body.0.items);
    for (at, item) in items.iter().enumerate() {
        check(&act.actor, item, items[..at].iter().any(|before| before.kind == item.kind)).map_err(|(field, code, zh, en)| {
            let field = format!("items[{at}].{field}");
            Problem::field(field, code, zh, en)
        })?;
    }
    let before: Vec<Preference> = {
        let choices = preferences::list_choices(&mut act.tx, owner).await?;
        items.iter().map(|item| preference(item.kind, &choices)).collect()
    };
    let mut changed = Vec::new();
    for (item, before) in items.iter().zip(&before) {
        for (way, was, wanted) in [("app", before.app, item.app), ("mail", before.mail, item.mail), ("sms", before.sms, item.sms)] {
            if was != wanted {
                changed.push((item.kind, way, wanted));
            }
        }
    }
    preferences::keep_choices(&mut act.tx, owner, &changed).await?;
    let words: Vec<_> = changed.iter().map(|(kind, way, wanted)| json!({ "kind": kind, "way": way, "wanted": wanted })).collect();
    act.audit("notice.prefer", ("account", &owner.1.to_string()), json!({ "changed": words })).await?;
    act.done_without_answer().await
}

/// The fault of one choice: field, code, Chinese, English.
fn check(actor: &Actor, item: &Wanted, is_double: bool) -> Result<(), (&'static str, &'static str, &'static str, &'static str)> {
    if is_double {
        return Err(("kind", "double", "同一类通知只能出现一次", "Each kind may stand here once"));
    }
    if !own_kinds(actor).any(|kind| kind == item.kind) {
        return Err(("kind", "not_yours", "您不会收到这类通知", "You do not get notices of this kind"));
    }
    if item.kind.is_duty() && !item.app {
        return Err(("app", "duty", "履职必需的通知在应用内不能关闭", "Duty demands it: in the app it cannot be turned down"));
    }
    Ok(())
}
