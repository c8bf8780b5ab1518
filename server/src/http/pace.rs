//! Content must keep coming: a client that falls silent, or trickles, is cut off, so that it holds nothing up.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::time::{Instant, timeout_at};

/// A picture of 10 MB at this pace takes over an hour; the slowest phone networks are twice as fast.
const SLOWEST_BYTES_PER_S: u32 = 2048;

/// The content did not keep the pace.
#[derive(Debug, thiserror::Error)]
#[error("the content came too slowly")]
struct TooSlow;

/// Layer: the next piece of the content must come within `patience`, and all of it at no less than 2 kB/s after that time.
pub async fn keep_pace(State(patience): State<Duration>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    next.run(request.map(|body| watched(body, patience))).await
}

struct Watched {
    content: BoxStream<'static, Result<Bytes, axum::Error>>,
    began: Instant,
    received: u32,
}

fn watched(body: Body, patience: Duration) -> Body {
    let watched = Watched { content: body.into_data_stream().boxed(), began: Instant::now(), received: 0 };
    Body::from_stream(stream::unfold(Some(watched), move |watched| async move { next_piece(watched?, patience).await }))
}

async fn next_piece(mut watched: Watched, patience: Duration) -> Option<(Result<Bytes, axum::Error>, Option<Watched>)> {
    let due_by_pace = watched.began + patience + Duration::from_secs(1) * watched.received / SLOWEST_BYTES_PER_S;
    let due = due_by_pace.min(Instant::now() + patience);
    match timeout_at(due, watched.content.next()).await {
        Ok(Some(Ok(piece))) => {
            watched.received = watched.received.saturating_add(u32::try_from(piece.len()).unwrap_or(u32::MAX));
            Some((Ok(piece), Some(watched)))
        }
        Ok(Some(Err(error))) => Some((Err(error), None)),
        Ok(None) => None,
        Err(_) => Some((Err(axum::Error::new(TooSlow)), None)),
    }
}

/// Whether the content could not be read because it came too slowly.
pub fn was_too_slow(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<TooSlow>() {
            return true;
        }
        cause = inner.source();
    }
    false
}
