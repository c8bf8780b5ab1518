//! Server-sent events: each open map hears of a changed site as soon as it is in place here.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt};
use tokio_stream::wrappers::BroadcastStream;

use crate::live_map::LiveMap;
use crate::live_map::events::{Event, Happening};

/// Between two signs of life on a line where nothing happens.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Follows the map: `hello` at first, then `site` for each changed site and `county` when everything has to be loaded again; `heartbeat`
/// when nothing has happened for 15 seconds, so that a reader can tell a quiet line from a dead one.
#[utoipa::path(get, path = "/api/events", tag = "map",
    params(("Last-Event-ID" = Option<i64>, Header, description = "Number of the last event seen; what was missed comes first")),
    responses((status = 200, content_type = "text/event-stream", body = String, description = "Events until the line is closed",
        example = "id: 90412\nevent: site\ndata: {\"id\":41,\"stage\":\"in_progress\",\"overdue\":false,\"rev\":10,\"percent\":30,\"struck_off\":false,\"stale\":false,\"silent\":false}\n\n")))]
pub async fn listen(State(map): State<LiveMap>, headers: HeaderMap) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>>> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    // What cannot be read is not ours: such a reader loads everything again.
    let subscription = map.0.events.subscribe(last.map(|text| text.trim().parse().unwrap_or(-1)));
    let hello = SseEvent::default().event("hello").data(serde_json::json!({"rev": subscription.number}).to_string());
    // A reader that loses the line among the missed events must not come back with a number that lies after them.
    let hello = if subscription.missed.is_empty() { hello.id(subscription.number.to_string()) } else { hello };
    let missed = stream::iter(subscription.missed).map(|event| told(&event));
    let coming = BroadcastStream::new(subscription.coming).map(|event| match event {
        Ok(event) => told(&event),
        // The reader was too slow for what happened meanwhile.
        Err(_) => reload(None),
    });
    let all = stream::once(async { hello }).chain(missed).chain(coming).map(Ok);
    let heartbeat = SseEvent::default().event("heartbeat").data("{}");
    Sse::new(all).keep_alive(KeepAlive::new().interval(HEARTBEAT).event(heartbeat))
}

fn told(event: &Arc<Event>) -> SseEvent {
    match &event.happening {
        Happening::Site(site) => {
            let data = serde_json::to_string(site).unwrap_or_default();
            SseEvent::default().event("site").id(event.number.to_string()).data(data)
        }
        Happening::County => reload(Some(event.number)),
    }
}

fn reload(number: Option<i64>) -> SseEvent {
    let event = SseEvent::default().event("county").data("{}");
    match number {
        Some(number) => event.id(number.to_string()),
        None => event,
    }
}
