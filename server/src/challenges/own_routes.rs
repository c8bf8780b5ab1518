//! A visitor's own challenge, opened by number and secret together.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::json;
use sqlx::PgConnection;

use super::limits;
use super::model::ChallengeState;
use super::secret;
use super::store::read::{self, Challenge};
use super::store::{pictures, write};
use super::submission::key_of;
use super::view::OwnChallenge;
use crate::accounts::PublicCounty;
use crate::audit::{self, Author, Entry, Outcome};
use crate::county::County;
use crate::database::changes;
use crate::http::{PathOf, Problem, RequestContext};
use crate::platform::Platform;

/// The header that carries the secret: it belongs neither into an address nor into a log.
pub const SECRET: &str = "challenge-secret";

/// The challenge that number and secret open. A wrong number is answered like a wrong secret, and each counts against the network and the
/// number; without any secret nothing is tried and nothing counted.
pub(super) async fn open(
    platform: &Platform,
    county: &County,
    context: &RequestContext,
    number: &str,
    headers: &HeaderMap,
) -> Result<Challenge, Problem> {
    let typed = headers.get(SECRET).and_then(|value| value.to_str().ok()).ok_or_else(Problem::not_found)?;
    let (number, hash) = (secret::read_number(number).unwrap_or_default(), secret::hash_of(typed));
    let mut tx = platform.pool.begin().await?;
    limits::count_attempt(&mut tx, &context.network(), &number, platform.clock.now()).await?;
    let found = read::find(&mut tx, county.county_id, &number).await?;
    match found.filter(|found| hash.is_some_and(|hash| found.secret_sha256 == hash)) {
        // The transaction is dropped: what was right is not counted.
        Some(found) => Ok(found),
        None => {
            tx.commit().await?;
            Err(Problem::not_found())
        }
    }
}

pub(super) async fn view(connection: &mut PgConnection, county: &County, challenge: &Challenge) -> Result<OwnChallenge, Problem> {
    let ids = [challenge.challenge_id];
    let pictures = pictures::list_pictures(connection, county.county_id, &ids).await?.remove(&ids[0]).unwrap_or_default();
    let steps = read::list_steps(connection, county.county_id, &ids).await?.remove(&ids[0]).unwrap_or_default();
    Ok(OwnChallenge::of(challenge, &pictures, &steps, county))
}

/// A challenge with every step, for whoever sent it. The header `challenge-secret` carries the secret.
#[utoipa::path(get, path = "/api/challenges/{number}", tag = "challenges", params(("number" = String, Path, description = "As the receipt has it"),
    ("challenge-secret" = Option<String>, Header, description = "As the receipt has it")),
    responses((status = 200, body = OwnChallenge, description = "The whole of it")))]
pub async fn show_own(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    context: RequestContext,
    PathOf(number): PathOf<String>,
    headers: HeaderMap,
) -> Result<Json<OwnChallenge>, Problem> {
    let challenge = open(&platform, &county, &context, &number, &headers).await?;
    let mut connection = platform.pool.acquire().await?;
    Ok(Json(view(&mut connection, &county, &challenge).await?))
}

/// Takes a challenge back while nobody has settled it. Repeating it changes nothing.
#[utoipa::path(post, path = "/api/challenges/{number}/withdrawal", tag = "challenges",
    params(("number" = String, Path, description = "As the receipt has it"),
    ("challenge-secret" = Option<String>, Header, description = "As the receipt has it")),
    responses((status = 200, body = OwnChallenge, description = "It is withdrawn; its words are erased when their time is over")))]
pub async fn withdraw(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    context: RequestContext,
    PathOf(number): PathOf<String>,
    headers: HeaderMap,
) -> Result<Json<OwnChallenge>, Problem> {
    key_of(&headers)?;
    let challenge = open(&platform, &county, &context, &number, &headers).await?;
    let now = platform.clock.now();
    let mut tx = platform.pool.begin().await?;
    let step = write::Move { to: ChallengeState::Withdrawn, account_id: None, words: "", consequence: None, at: now };
    if write::advance(&mut tx, county.county_id, challenge.challenge_id, step).await?.is_some() {
        let author = Author::visitor(Some(county.county_id), &context);
        let detail = json!({ "site_id": challenge.site_id });
        let entry = Entry { action: "challenge.withdraw", object: ("challenge", &challenge.number), outcome: Outcome::Done, detail };
        audit::record(&mut tx, &author, entry, now).await?;
        changes::sites_changed(&mut tx, county.county_id, &[challenge.site_id], now).await?;
    }
    let present = read::find(&mut tx, county.county_id, &challenge.number).await?.ok_or_else(Problem::not_found)?;
    if present.state != ChallengeState::Withdrawn {
        return Err(Problem::conflict("这条质疑已有结果，不能撤回", "The challenge is settled and can no longer be withdrawn"));
    }
    let own = view(&mut tx, &county, &present).await?;
    tx.commit().await?;
    platform.changes.nudge();
    Ok(Json(own))
}
