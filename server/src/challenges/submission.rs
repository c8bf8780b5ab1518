//! A visitor sends a challenge. Sending it again under the same key gets the same receipt, the secret in it, which the database does not hold.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::NewChallenge;
use super::limits;
use super::model::{ChallengeState, MOST_OPEN};
use super::secret::{self, NewSecret};
use super::store::{read, write};
use crate::accounts::PublicCounty;
use crate::audit::{self, Author, Entry, Outcome};
use crate::county::County;
use crate::database::{broken_constraint, changes};
use crate::http::extract::json_bytes;
use crate::http::{Code, PathOf, Problem, RequestContext, strict_json};
use crate::ids::SiteId;
use crate::notices::{self, NoticeKind};
use crate::photos::PhotoHash;
use crate::platform::Platform;
use crate::sites;

/// What whoever sent a challenge keeps.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"number": "7K2M9QXD", "secret": "K7QM-3XHD-0VTA-9C2E-R5ZN-W81B-6GJP-4YSF", "state": "submitted",
    "submitted_at": "2026-11-22T09:00:00+08:00",
    "missing_photos": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]}))]
pub struct ChallengeReceipt {
    pub number: String,
    /// Opens the challenge together with the number. It is said here and nowhere else.
    pub secret: String,
    pub state: ChallengeState,
    pub submitted_at: DateTime<FixedOffset>,
    /// Pictures still to be sent: all that were announced.
    pub missing_photos: Vec<PhotoHash>,
}

/// What a challenge is known by before it has a number.
struct Submission<'a> {
    platform: &'a Platform,
    county: &'a County,
    site_id: SiteId,
    body: &'a NewChallenge,
    secret: NewSecret,
    key_sha256: [u8; 32],
    content_mac: Vec<u8>,
}

/// Says of a site that it is not so. Nobody has to sign in, and no name is asked for.
///
/// Repeating it with the same `Idempotency-Key` gets the same receipt.
#[utoipa::path(post, path = "/api/sites/{id}/challenges", tag = "challenges", params(("id" = i64, Path, description = "Number of the site")),
    request_body = NewChallenge, responses((status = 201, body = ChallengeReceipt, description = "It is taken in; the office has a notice")))]
pub async fn submit(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    context: RequestContext,
    PathOf(site_id): PathOf<SiteId>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let key = key_of(&parts.headers)?;
    let body: NewChallenge = strict_json::read(&json_bytes(&parts.headers, body).await?)?;
    let mut content = body.canonical()?;
    content.extend_from_slice(&site_id.0.to_be_bytes());
    let submission = Submission {
        platform: &platform,
        county: &county,
        site_id,
        body: &body,
        secret: secret::secret_of(&platform, county.county_id, key).map_err(internal)?,
        key_sha256: Sha256::digest(key.as_bytes()).into(),
        content_mac: secret::content_mac(&platform, county.county_id, &content).map_err(internal)?,
    };
    let mut tx = platform.pool.begin().await?;
    write::lock_key(&mut tx, county.county_id, &submission.key_sha256).await?;
    if let Some(receipt) = submission.find_receipt(&mut tx).await? {
        return Ok((StatusCode::CREATED, axum::Json(receipt)).into_response());
    }
    let receipt = submission.write(&mut tx, &context).await?;
    tx.commit().await?;
    platform.changes.nudge();
    Ok((StatusCode::CREATED, axum::Json(receipt)).into_response())
}

fn internal(error: anyhow::Error) -> Problem {
    Problem::internal(format!("{error:#}"))
}

pub(super) fn key_of(headers: &HeaderMap) -> Result<Uuid, Problem> {
    let sent = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    sent.and_then(|text| Uuid::parse_str(text).ok()).ok_or_else(|| {
        Problem::new(Code::BadRequest)
            .saying("请求缺少 Idempotency-Key（由客户端生成的 UUID）", "The Idempotency-Key header (a UUID made by the client) is missing")
            .and_field("Idempotency-Key", "required", "应为 UUID", "It must be a UUID")
    })
}

impl Submission<'_> {
    /// The receipt that was given under this key before.
    async fn find_receipt(&self, tx: &mut PgConnection) -> Result<Option<ChallengeReceipt>, Problem> {
        let Some(sent) = write::find_sent(tx, self.county.county_id, &self.key_sha256).await? else { return Ok(None) };
        if sent.site_id != self.site_id || sent.content_mac != self.content_mac {
            return Err(Problem::new(Code::KeyReused));
        }
        if sent.secret_sha256 != self.secret.sha256 {
            let (zh, en) = ("回执已不能再次给出，请使用当时保存的查询码", "The receipt can no longer be repeated; please use the secret you kept");
            return Err(Problem::conflict(zh, en).because("the key outside of the database is another one"));
        }
        Ok(Some(self.receipt(sent.number, self.county.local(sent.submitted_at))))
    }

    fn receipt(&self, number: String, submitted_at: DateTime<FixedOffset>) -> ChallengeReceipt {
        let secret = self.secret.shown.clone();
        ChallengeReceipt { number, secret, state: ChallengeState::Submitted, submitted_at, missing_photos: self.body.photos.clone() }
    }

    async fn write(&self, tx: &mut PgConnection, context: &RequestContext) -> Result<ChallengeReceipt, Problem> {
        self.body.check()?;
        let (county, now) = (self.county, self.platform.clock.now());
        // Limits are counted in the transaction of the challenge: what is refused costs nothing.
        limits::admit(tx, &context.network(), now).await?;
        let region = sites::store::find_region(tx, county.county_id, self.site_id).await?.ok_or_else(Problem::not_found)?;
        write::lock_room(tx, county.county_id, self.site_id).await?;
        if write::count_open(tx, county.county_id, self.site_id).await? >= MOST_OPEN {
            let (zh, en) =
                ("这个点位已有 20 条质疑正在核实，请等待结果", "20 challenges of this site are being looked into; please wait for the outcome");
            return Err(Problem::conflict(zh, en));
        }
        let today = county.date_at(now);
        let most = i32::try_from(self.platform.settings.challenges_per_day).unwrap_or(i32::MAX);
        if !write::take_from_day(tx, county.county_id, today, most).await? {
            return Err(limits::day_is_full(today));
        }
        let Some(number) = self.insert(tx, now).await? else {
            // The key is held, so only a site that was withdrawn this moment leaves nothing.
            return self.find_receipt(tx).await?.ok_or_else(Problem::not_found);
        };
        self.tell(tx, &region, now).await?;
        let author = Author::visitor(Some(county.county_id), context);
        let detail = json!({ "site_id": self.site_id, "seen": self.body.seen, "photos": self.body.photos.len() });
        let entry = Entry { action: "challenge.submit", object: ("challenge", &number), outcome: Outcome::Done, detail };
        audit::record(tx, &author, entry, now).await?;
        changes::sites_changed(tx, county.county_id, &[self.site_id], now).await?;
        // As the database keeps it, so that the receipt stays the same to the last digit.
        let kept = read::find(tx, county.county_id, &number).await?.ok_or_else(|| Problem::internal("a challenge just written is gone"))?;
        Ok(self.receipt(number, county.local(kept.submitted_at)))
    }

    async fn insert(&self, tx: &mut PgConnection, now: chrono::DateTime<chrono::Utc>) -> Result<Option<String>, Problem> {
        let number = secret::new_number(&self.platform.chance);
        let new = write::NewRow {
            county_id: self.county.county_id,
            site_id: self.site_id,
            number: &number,
            secret_sha256: &self.secret.sha256,
            key_sha256: &self.key_sha256,
            content_mac: &self.content_mac,
            seen: self.body.seen,
            words: self.body.words.as_str(),
            place: self.body.position.map(|place| (place.position, place.accuracy_m)),
            photos: &self.body.photos,
            at: now,
        };
        match write::insert(tx, new).await {
            Ok(inserted) => Ok(inserted.map(|_| number)),
            // One number in a million million is taken already.
            Err(error) if broken_constraint(&error) == Some("challenges_number_key") => Err(Problem::new(Code::Busy).retry_after(1)),
            Err(error) => Err(error.into()),
        }
    }

    async fn tell(&self, tx: &mut PgConnection, region: &str, now: chrono::DateTime<chrono::Utc>) -> Result<(), Problem> {
        let office = read::list_office(tx, self.county.county_id, region).await?;
        let whom: Vec<_> = office.into_iter().map(|account| (self.site_id, account)).collect();
        let words = "有群众质疑这个点位的状态，请查看并核实";
        let (chance, county_id) = (&self.platform.chance, self.county.county_id);
        Ok(notices::tell_accounts(tx, chance, county_id, NoticeKind::ChallengeSubmitted, &whom, words, now).await?)
    }
}
