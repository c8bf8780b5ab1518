//! A changing call as one transaction: who acts, what they sent, and the promise that repeating it changes nothing.
//!
//! A `POST` carries an `Idempotency-Key` (UUID) made by the client. The first answer is kept in the act's own transaction; the same key
//! with the same content gets the same bytes again, with other content it is refused, and of two at once the second waits for the first.
//! A `PUT` or `DELETE` names its thing in the address and needs no key; when it carries one, the same promise is kept, so that the
//! repetition after a lost answer is not taken for somebody else who was faster.
//!
//! The content is read before the transaction begins; what else takes time is done on an [`Intent`].

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRef, FromRequest, FromRequestParts, MatchedPath, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::model::Actor;
use super::store::{self, FirstAnswer};
use crate::audit::{self, Author, Entry, Outcome};
use crate::county::County;
use crate::http::extract::{body_bytes, json_bytes};
use crate::http::{Code, Problem, RequestContext, strict_json};
use crate::platform::Platform;

/// What an act's body may be.
pub trait ActBody: Sized + Send {
    /// Takes the bytes off the wire, within a limit.
    fn take(headers: &HeaderMap, body: Body) -> impl Future<Output = Result<Bytes, Problem>> + Send;
    fn read(bytes: Bytes) -> Result<Self, Problem>;
}

/// A JSON body.
#[derive(Debug)]
pub struct JsonOf<T>(pub T);

impl<T: DeserializeOwned + Send> ActBody for JsonOf<T> {
    async fn take(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
        json_bytes(headers, body).await
    }

    fn read(bytes: Bytes) -> Result<Self, Problem> {
        strict_json::read(&bytes).map(Self)
    }
}

/// Bytes of any kind, at most `LIMIT`.
#[derive(Debug)]
pub struct RawBody<const LIMIT: usize>(pub Bytes);

impl<const LIMIT: usize> ActBody for RawBody<LIMIT> {
    async fn take(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
        body_bytes(headers, body, LIMIT).await
    }

    fn read(bytes: Bytes) -> Result<Self, Problem> {
        Ok(Self(bytes))
    }
}

impl ActBody for () {
    async fn take(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
        body_bytes(headers, body, 1024).await
    }

    fn read(bytes: Bytes) -> Result<Self, Problem> {
        match bytes.as_ref() {
            b"" | b"{}" | b"null" => Ok(()),
            _ => Err(Problem::field("body", "unknown", "此操作不需要内容", "This act takes no content")),
        }
    }
}

struct Key {
    operation: String,
    key: Uuid,
    request_hash: [u8; 32],
}

/// A changing call under way. Dropping it undoes everything; [`Act::done`] commits.
pub struct Act<B> {
    pub actor: Actor,
    pub county: Arc<County>,
    pub body: B,
    pub now: DateTime<Utc>,
    pub author: Author,
    pub tx: Transaction<'static, Postgres>,
    pub platform: Platform,
    key: Option<Key>,
}

impl<B> Act<B> {
    /// Puts the act on record, in its own transaction.
    pub async fn audit(&mut self, action: &str, object: (&str, &str), detail: serde_json::Value) -> Result<(), Problem> {
        let entry = Entry { action, object, outcome: Outcome::Done, detail };
        audit::record(&mut self.tx, &self.author, entry, self.now).await?;
        Ok(())
    }

    /// Keeps the answer for repetitions, commits, and wakes the live map.
    pub async fn done<T: Serialize>(self, status: StatusCode, answer: &T) -> Result<Response, Problem> {
        let bytes = serde_json::to_vec(answer).map_err(Problem::internal)?;
        let kept = bytes.clone();
        self.finish(status, bytes, kept).await
    }

    /// As [`Act::done`], but a repetition gets `kept`: what is a secret in the answer is said once, because it must not lie in the database.
    pub async fn done_once<T: Serialize>(self, status: StatusCode, answer: &T, kept: &T) -> Result<Response, Problem> {
        let written = |what| serde_json::to_vec(what).map_err(Problem::internal);
        let (bytes, kept) = (written(answer)?, written(kept)?);
        self.finish(status, bytes, kept).await
    }

    /// As [`Act::done`], with 204 and no body.
    pub async fn done_without_answer(self) -> Result<Response, Problem> {
        self.finish(StatusCode::NO_CONTENT, Vec::new(), Vec::new()).await
    }

    /// Commits, and answers with a file. A repetition gets no file: asking again is another act.
    pub async fn done_with(self, file: Response) -> Result<Response, Problem> {
        self.finish(StatusCode::NO_CONTENT, Vec::new(), Vec::new()).await.map(|_| file)
    }

    /// Commits one part of a call whose answer is given for all of them together.
    pub async fn done_as_part(self) -> Result<(), Problem> {
        self.finish(StatusCode::NO_CONTENT, Vec::new(), Vec::new()).await.map(drop)
    }

    async fn finish(mut self, status: StatusCode, bytes: Vec<u8>, kept: Vec<u8>) -> Result<Response, Problem> {
        if let Some(key) = &self.key {
            let answer = FirstAnswer { request_hash: key.request_hash.to_vec(), status: status.as_u16(), body: kept };
            store::keep_answer(&mut self.tx, self.actor.account_id, &key.operation, key.key, &answer).await?;
        }
        self.tx.commit().await?;
        self.platform.changes.nudge();
        Ok(answer(status, bytes))
    }
}

fn answer(status: StatusCode, bytes: Vec<u8>) -> Response {
    if bytes.is_empty() { status.into_response() } else { (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response() }
}

impl<B> Act<B> {
    /// The content, and the act with that part of it which a rule of its own takes on.
    pub fn part<P>(self, of: impl FnOnce(&B) -> P) -> (B, Act<P>) {
        let Self { actor, county, body, now, author, tx, platform, key } = self;
        let part = of(&body);
        (body, Act { actor, county, body: part, now, author, tx, platform, key })
    }
}

/// A changing call that has been read and not begun: for what takes time and must not keep a transaction open meanwhile. It becomes an
/// [`Act`] by [`Intent::begin`].
pub struct Intent<B> {
    pub actor: Actor,
    pub county: Arc<County>,
    pub body: B,
    pub now: DateTime<Utc>,
    pub author: Author,
    pub platform: Platform,
    key: Option<Key>,
}

/// What an intent came to.
pub enum Begun<B> {
    Act(Box<Act<B>>),
    /// The same call was made before: this is its first answer, or the refusal of its key.
    Before(Response),
}

impl<B> Intent<B> {
    /// Begins the transaction, unless the same call was made before.
    pub async fn begin(self) -> Result<Begun<B>, Problem> {
        let mut tx = self.platform.pool.begin().await?;
        if let Some(key) = &self.key {
            let first = store::claim_key(&mut tx, self.actor.account_id, &key.operation, key.key, &key.request_hash, self.now).await?;
            if let Some(first) = first {
                return Ok(Begun::Before(repeat(&first, &key.request_hash)));
            }
        }
        let Self { actor, county, body, now, author, platform, key } = self;
        Ok(Begun::Act(Box::new(Act { actor, county, body, now, author, tx, platform, key })))
    }
}

impl<B> Intent<B> {
    /// The content, and the call without it.
    pub fn take_body(self) -> (B, Intent<()>) {
        let Self { actor, county, body, now, author, platform, key } = self;
        (body, Intent { actor, county, body: (), now, author, platform, key })
    }
}

impl Intent<()> {
    /// Begins a part of the call as an act of its own. Parts keep no answer: each must be safe to repeat by itself.
    pub async fn begin_part<P>(&self, body: P) -> Result<Act<P>, Problem> {
        let tx = self.platform.pool.begin().await?;
        let (actor, county, author, platform) = (self.actor.clone(), self.county.clone(), self.author.clone(), self.platform.clone());
        Ok(Act { actor, county, body, now: self.now, author, tx, platform, key: None })
    }
}

impl<B: ActBody, S: Send + Sync> FromRequest<S> for Intent<B>
where
    Platform: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let platform = Platform::from_ref(state);
        let (mut parts, body) = request.into_parts();
        let actor = Actor::from_request_parts(&mut parts, state).await?;
        let context = RequestContext::from_request_parts(&mut parts, state).await?;
        let wanted_key = wanted_key(&parts.method, &parts.headers)?;
        let bytes = B::take(&parts.headers, body).await?;
        let operation = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let key = wanted_key.map(|key| Key {
            operation: format!("{} {operation}", parts.method),
            key,
            request_hash: hash(parts.uri.path_and_query().map_or("", |path| path.as_str()), &bytes),
        });
        let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known to this process"))?;
        let (body, now) = (B::read(bytes)?, platform.clock.now());
        Ok(Self { author: actor.author(&context), actor, county, body, now, platform, key })
    }
}

impl<B: ActBody, S: Send + Sync> FromRequest<S> for Act<B>
where
    Platform: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let intent = Intent::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        match intent.begin().await.map_err(IntoResponse::into_response)? {
            Begun::Act(act) => Ok(*act),
            Begun::Before(answer) => Err(answer),
        }
    }
}

fn wanted_key(method: &Method, headers: &HeaderMap) -> Result<Option<Uuid>, Problem> {
    let sent = headers.get("idempotency-key");
    if sent.is_none() && method != Method::POST {
        return Ok(None);
    }
    match sent.and_then(|value| value.to_str().ok()).map(Uuid::parse_str) {
        Some(Ok(key)) => Ok(Some(key)),
        _ => Err(Problem::new(Code::BadRequest)
            .saying("请求缺少 Idempotency-Key（由客户端生成的 UUID）", "The Idempotency-Key header (a UUID made by the client) is missing")
            .and_field("Idempotency-Key", "required", "应为 UUID", "It must be a UUID")),
    }
}

/// What tells one request from another. The values of passwords are left out: a fast hash of them must not lie in the database.
fn hash(address: &str, bytes: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(address.as_bytes());
    hasher.update([0]);
    let mut body = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes).unwrap_or_default();
    let secrets = ["password", "old_password"].map(|name| body.remove(name).is_some());
    if secrets.contains(&true) {
        hasher.update(serde_json::Value::Object(body).to_string());
    } else {
        hasher.update(bytes);
    }
    hasher.finalize().into()
}

fn repeat(first: &FirstAnswer, request_hash: &[u8; 32]) -> Response {
    if first.request_hash != request_hash {
        return Problem::new(Code::KeyReused).into_response();
    }
    answer(StatusCode::from_u16(first.status).unwrap_or(StatusCode::OK), first.body.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_leaves_no_trace_in_the_fingerprint() {
        let with = |password: &str| hash("/api/accounts", format!("{{\"login\":\"a\",\"password\":\"{password}\"}}").as_bytes());
        assert_eq!(with("one long password"), with("another long password"));
        assert_ne!(with("x"), hash("/api/accounts", b"{\"login\":\"b\",\"password\":\"x\"}"));
        assert_ne!(hash("/a", b"{}"), hash("/b", b"{}"));
    }
}
