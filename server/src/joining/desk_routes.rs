//! The desk's side of joining: who has joined, invitations made and revoked, telephone numbers.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::card::{Cards, InvitationCard};
use super::model::{Proof, Standing, may_last, read_phone, scope, token_hash, token_of};
use super::store::{self, Candidate, NewInvitation, Whose};
use crate::accounts::model::lies_in;
use crate::accounts::{Act, Actor, JsonOf};
use crate::county::County;
use crate::database::broken_constraint;
use crate::http::paging::{page_size, read_cursor};
use crate::http::personal::{Login, Phone};
use crate::http::shapes::RegionRef;
use crate::http::{Code, PathOf, Problem, QueryOf, Text};
use crate::ids::DeputyId;
use crate::platform::Platform;

/// Invitations made by one call.
const MOST_AT_ONCE: usize = 200;

/// A deputy and how they stand to joining.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoiningView {
    pub deputy_id: DeputyId,
    pub name: String,
    pub constituency: String,
    pub region: RegionRef,
    pub station: Option<String>,
    /// As lists show it, such as `139****0001`.
    #[schema(value_type = Option<String>)]
    pub phone: Option<Phone>,
    /// What they sign in with; a telephone number is shown like one.
    #[schema(value_type = Option<String>)]
    pub login: Option<Login>,
    pub standing: Standing,
    /// Why they cannot be invited, if so: `disabled`, `other_roles` or `no_phone`.
    pub obstacle: Option<&'static str>,
    pub invitation: Option<InvitationView>,
}

/// An invitation that was neither used nor revoked.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationView {
    pub id: i64,
    pub made_at: DateTime<FixedOffset>,
    pub made_by: String,
    pub expires_at: DateTime<FixedOffset>,
}

/// A page of deputies.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"deputy_id": 12, "name": "沈晓岚", "constituency": "清溪镇第一选区", "region": {"code": "339901004", "name": "清溪镇"},
    "station": "清溪镇代表联络站", "phone": "139****0001", "login": null, "standing": "invited", "obstacle": null,
    "invitation": {"id": 7, "made_at": "2026-10-20T09:00:00+08:00", "made_by": "清溪镇人大工委", "expires_at": "2026-11-19T09:00:00+08:00"}}],
    "next": null, "totals": {"invited": 1}}))]
pub struct JoiningPage {
    pub items: Vec<JoiningView>,
    /// Pass as `cursor` to read on; null on the last page.
    pub next: Option<String>,
    /// How many deputies stand how, under the same filters but for the standing.
    #[schema(value_type = Object)]
    pub totals: BTreeMap<Standing, usize>,
}

/// Which deputies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JoiningQuery {
    standing: Option<Standing>,
    /// Code of a region; it and everything below it.
    #[param(value_type = Option<String>)]
    region: Option<Text<1, 12>>,
    /// Part of a name, constituency or station; or a whole telephone number, or its last four digits.
    #[param(value_type = Option<String>)]
    q: Option<Text<0, 50>>,
    /// This deputy alone.
    deputy: Option<DeputyId>,
    cursor: Option<String>,
    limit: Option<u32>,
}

impl JoiningQuery {
    fn wants(&self, candidate: &Candidate) -> bool {
        let words = self.q.as_ref().map_or("", Text::as_str);
        let texts = [Some(&candidate.name), Some(&candidate.constituency), candidate.station.as_ref()];
        let is_number = || candidate.phone.clone().is_some_and(|phone| Phone(phone).is_meant_by(words));
        self.region.as_ref().is_none_or(|region| lies_in(&candidate.region.code, region.as_str()))
            && self.deputy.is_none_or(|deputy| deputy == candidate.deputy_id)
            && (texts.into_iter().flatten().any(|text| text.contains(words)) || is_number())
    }
}

fn view(candidate: Candidate, county: &County, now: DateTime<Utc>) -> JoiningView {
    JoiningView {
        deputy_id: candidate.deputy_id,
        standing: candidate.facts.standing(now),
        obstacle: candidate.facts.obstacle().map(|(code, ..)| code),
        name: candidate.name,
        constituency: candidate.constituency,
        region: candidate.region,
        station: candidate.station,
        phone: candidate.phone.map(Phone),
        login: candidate.account.map(|(_, login)| Login(login)),
        invitation: candidate.invitation.map(|invitation| InvitationView {
            id: invitation.invitation_id,
            made_at: county.local(invitation.made_at),
            made_by: invitation.made_by,
            expires_at: county.local(invitation.expires_at),
        }),
    }
}

/// The deputies of one's place, and who of them has joined.
#[utoipa::path(get, path = "/api/joining", tag = "joining", params(JoiningQuery),
    responses((status = 200, body = JoiningPage, description = "By township and name")))]
pub async fn list_joining(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<JoiningQuery>,
) -> Result<Json<JoiningPage>, Problem> {
    let places = scope(&actor).ok_or_else(Problem::forbidden)?;
    let limit = page_size(query.limit, 100, 500)?;
    let after: Option<i64> = read_cursor(query.cursor.as_deref())?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let now = platform.clock.now();
    let mut connection = platform.pool.acquire().await?;
    let mut rows = store::list_candidates(&mut connection, actor.county_id, &places, None).await?;
    rows.retain(|row| query.wants(row));
    let mut totals = BTreeMap::new();
    for row in &rows {
        *totals.entry(row.facts.standing(now)).or_insert(0) += 1;
    }
    // The place after which to go on, also when that deputy stands otherwise by now.
    if let Some(place) = after.and_then(|after| rows.iter().position(|row| row.deputy_id.0 == after)) {
        rows.drain(..=place);
    }
    rows.retain(|row| query.standing.is_none_or(|standing| row.facts.standing(now) == standing));
    let next = (rows.len() > limit).then(|| rows[limit - 1].deputy_id.to_string());
    rows.truncate(limit);
    Ok(Json(JoiningPage { items: rows.into_iter().map(|row| view(row, &county, now)).collect(), next, totals }))
}

/// Who is invited, and for how long.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"deputies": [12, 13], "valid_days": 30}))]
pub struct NewInvitations {
    /// At most 200, each once.
    deputies: Vec<DeputyId>,
    /// From 1 to 90.
    valid_days: u16,
}

/// Invites deputies, or those who forgot their password, each by a link of their own that is shown this once.
///
/// An earlier invitation of the same deputy that was not used ends. When one of them cannot be invited, nobody is.
#[utoipa::path(post, path = "/api/invitations", tag = "joining", request_body = NewInvitations,
    responses((status = 201, body = Cards, description = "The invitations, in the order asked for")))]
pub async fn make_invitations(mut act: Act<JsonOf<NewInvitations>>) -> Result<Response, Problem> {
    let places = scope(&act.actor).ok_or_else(Problem::forbidden)?;
    let NewInvitations { deputies, valid_days } = &act.body.0;
    let (deputies, valid_days) = (deputies.clone(), *valid_days);
    if !may_last(valid_days) {
        return Err(Problem::field("valid_days", "out_of_range", "有效期应为 1 到 90 天", "From 1 to 90 days"));
    }
    let invited = require_invitable(&mut act, &places, &deputies).await?;
    let expires_at = act.now + TimeDelta::days(valid_days.into());
    let origin = act.platform.settings.origin();
    let mut items = Vec::with_capacity(invited.len());
    for candidate in &invited {
        let token = token_of(act.platform.chance.bytes());
        let hash = token_hash(&token).ok_or_else(|| Problem::internal("a token of ours is not a token"))?;
        let (whose, made_by, made_at) = (Whose::Deputy(candidate.deputy_id), act.actor.account_id, act.now);
        let new = NewInvitation { whose, asks_for: Proof::Phone, token_hash: &hash, made_by, made_at, expires_at };
        let id = store::insert_invitation(&mut act.tx, act.actor.county_id, &new).await?;
        act.audit("invitation.make", ("deputy", &candidate.deputy_id.to_string()), json!({ "invitation": id, "days": valid_days })).await?;
        items.push(InvitationCard::of(candidate, id, act.county.local(expires_at), format!("{origin}/join#{token}"))?);
    }
    let kept = Cards { items: items.iter().map(InvitationCard::without_link).collect() };
    act.done_once(StatusCode::CREATED, &Cards { items }, &kept).await
}

/// These deputies, if every one of them lies in the person's places and can be invited.
async fn require_invitable<B>(act: &mut Act<B>, places: &[String], deputies: &[DeputyId]) -> Result<Vec<Candidate>, Problem> {
    if deputies.is_empty() || deputies.len() > MOST_AT_ONCE {
        return Err(Problem::field("deputies", "out_of_range", "请选择 1 到 200 位代表", "Choose 1 to 200 deputies"));
    }
    let ids: Vec<i64> = deputies.iter().map(|id| id.0).collect();
    let found = store::list_candidates(&mut act.tx, act.actor.county_id, places, Some(&ids)).await?;
    let mut found: HashMap<DeputyId, Candidate> = found.into_iter().map(|candidate| (candidate.deputy_id, candidate)).collect();
    let mut invited = Vec::with_capacity(deputies.len());
    for (place, id) in deputies.iter().enumerate() {
        let field = format!("deputies[{place}]");
        if invited.iter().any(|earlier: &Candidate| earlier.deputy_id == *id) {
            return Err(Problem::field(field, "duplicate", "同一位代表重复", "The same deputy twice"));
        }
        let candidate = found.remove(id).ok_or_else(Problem::not_found)?;
        if let Some((code, zh, en)) = candidate.facts.obstacle() {
            return Err(Problem::field(field, code, format!("{}：{zh}", candidate.name), format!("{}: {en}", candidate.name)));
        }
        invited.push(candidate);
    }
    Ok(invited)
}

/// Revokes an invitation. Repeating it changes nothing.
#[utoipa::path(delete, path = "/api/invitations/{id}", tag = "joining", params(("id" = i64, Path, description = "The invitation")),
    responses((status = 204, description = "Its link leads nowhere any more")))]
pub async fn revoke_invitation(PathOf(invitation_id): PathOf<i64>, mut act: Act<()>) -> Result<Response, Problem> {
    if scope(&act.actor).is_none() {
        return Err(Problem::forbidden());
    }
    let found = store::find_place_of(&mut act.tx, act.actor.county_id, invitation_id).await?;
    let (deputy_id, _, used) = found.filter(|(_, region, _)| act.actor.supervises(region)).ok_or_else(Problem::not_found)?;
    if used {
        return Err(Problem::new(Code::Conflict).saying("邀请已经使用，不能撤回", "The invitation has been used"));
    }
    if store::revoke(&mut act.tx, act.actor.county_id, invitation_id, act.now).await? {
        act.audit("invitation.revoke", ("deputy", &deputy_id.to_string()), json!({ "invitation": invitation_id })).await?;
    }
    act.done_without_answer().await
}

/// A telephone number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "13900000001"}))]
pub struct NewPhone {
    /// A mainland mobile number; spaces, hyphens and +86 are let pass.
    phone: String,
}

/// Sets a deputy's telephone number; whoever signed in with the old one signs in with this one from now on.
#[utoipa::path(put, path = "/api/deputies/{id}/phone", tag = "joining", params(("id" = i64, Path, description = "Number of the deputy")),
    request_body = NewPhone, responses((status = 204, description = "It is the deputy's number now")))]
pub async fn set_phone(PathOf(deputy_id): PathOf<DeputyId>, mut act: Act<JsonOf<NewPhone>>) -> Result<Response, Problem> {
    let places = scope(&act.actor).ok_or_else(Problem::forbidden)?;
    let found = store::list_candidates(&mut act.tx, act.actor.county_id, &places, Some(&[deputy_id.0])).await?;
    let candidate = found.into_iter().next().ok_or_else(Problem::not_found)?;
    let phone = read_phone(&act.body.0.phone)
        .ok_or_else(|| Problem::field("phone", "unreadable", "请填写 11 位手机号码", "A mobile number of 11 digits is expected"))?;
    if candidate.phone.as_ref() == Some(&phone) {
        return act.done_without_answer().await;
    }
    let county_id = act.actor.county_id;
    store::set_phone(&mut act.tx, county_id, deputy_id, &phone).await.map_err(number_fault)?;
    if let Some((account_id, login)) = &candidate.account
        && candidate.phone.as_ref() == Some(login)
        && !candidate.facts.has_other_roles
    {
        store::set_login(&mut act.tx, county_id, *account_id, &phone).await.map_err(number_fault)?;
    }
    act.audit("deputy.set_phone", ("deputy", &deputy_id.to_string()), json!({})).await?;
    act.done_without_answer().await
}

/// A number that is somebody else's.
pub fn number_fault(error: sqlx::Error) -> Problem {
    match broken_constraint(&error) {
        Some("deputies_phone_key" | "accounts_login_key") => {
            Problem::field("phone", "taken", "这个号码已属于另一位代表或账号", "This number belongs to another deputy or account")
        }
        _ => error.into(),
    }
}
