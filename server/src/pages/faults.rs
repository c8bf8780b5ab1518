//! What went wrong, as a page: the same problem that a program is told, for somebody who followed a link.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use maud::html;

use super::frame::Page;
use super::reader::Reader;
use super::words;
use crate::http::{Problem, RequestContext};
use crate::live_map::LiveMap;

/// Turns the problems of the pages into pages.
pub async fn on_pages(State(map): State<LiveMap>, reader: Reader, context: RequestContext, request: Request, next: Next) -> Response {
    told(map, reader, context, request, next).await
}

/// Turns problems elsewhere into pages where a browser asked for a page; programs, and everything below `/api/`, keep their problem+json.
pub async fn elsewhere(State(map): State<LiveMap>, reader: Reader, context: RequestContext, request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && accepted.contains("text/html") && !request.uri().path().starts_with("/api/") {
        told(map, reader, context, request, next).await
    } else {
        next.run(request).await
    }
}

async fn told(map: LiveMap, reader: Reader, context: RequestContext, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    problem.log(context.request_id, &method, &path);
    page(&problem, &reader, &context, &map)
}

fn page(problem: &Problem, reader: &Reader, context: &RequestContext, map: &LiveMap) -> Response {
    let told = problem.told(reader.language, context.request_id);
    let content = html! {
        h1 { (told.title) }
        @if told.fields.is_empty() {
            @if told.detail != told.title { p class="lead" { (told.detail) } }
        } @else {
            ul {
                @for fault in &told.fields {
                    li { (reader.fill(words::FAULT_FIELD, &[("field", &fault.field)])) " — " (fault.message) }
                }
            }
        }
        p class="onward" { a href="/list" { (reader.say(words::BACK_TO_LIST)) } " " a href="/" { (reader.say(words::BACK_TO_MAP)) } }
        p class="small" { (reader.fill(words::REQUEST_NUMBER, &[("id", &told.request_id)])) }
    };
    let mut response = Page::new(told.title.clone(), content).with_status(problem.code().status()).answer(reader, map);
    if let Some(seconds) = problem.comes_again_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
