//! The one address that a browser reports to by itself: without a session, a key, or always an origin.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};

use super::model::{BrowserReport, PolicyReport, Violation, ViolationContent};
use crate::accounts::rate_limit::{self, Limit};
use crate::http::extract::body_bytes;
use crate::http::{Code, Problem, RequestContext, strict_json};
use crate::platform::Platform;

const MOST_BYTES: usize = 16 * 1024;
/// A broken page reports a handful of things to everybody who opens it.
const BY_NETWORK: Limit = Limit { burst: 20, refill_s: 30 };
/// At the most 8,640 lines a day, whoever sends them.
const BY_ALL: Limit = Limit { burst: 200, refill_s: 10 };

/// Takes a browser's report that a page broke its content security policy.
#[utoipa::path(post, path = "/api/csp-reports", tag = "health",
    request_body(content((PolicyReport = "application/csp-report"), (Vec<BrowserReport> = "application/reports+json")), description = "At most 16 kB"),
    responses((status = 204, description = "Logged; a report of another kind is passed over")))]
pub async fn receive_reports(
    State(platform): State<Platform>,
    context: RequestContext,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let violations = read(&headers, body).await?;
    let mut connection = platform.pool.acquire().await?;
    for violation in violations {
        for (bucket, limit) in [(format!("csp {}", context.network()), BY_NETWORK), ("csp".to_owned(), BY_ALL)] {
            let taken = rate_limit::take(&mut connection, &bucket, limit, platform.clock.now()).await?;
            taken.map_err(|seconds| Problem::new(Code::TooManyRequests).retry_after(seconds))?;
        }
        let Violation { directive, blocked, page } = violation;
        tracing::warn!(directive, blocked, page, "a page broke its content security policy");
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<Violation>, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    match kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase().as_str() {
        "application/csp-report" => {
            let report: PolicyReport = strict_json::read(&body_bytes(headers, body, MOST_BYTES).await?)?;
            Ok(vec![report.report.into()])
        }
        "application/reports+json" => {
            let reports: Vec<BrowserReport> = strict_json::read(&body_bytes(headers, body, MOST_BYTES).await?)?;
            let violations = reports.into_iter().enumerate().filter(|(_, report)| report.kind == "csp-violation");
            violations.map(|(place, report)| violation(place, report)).collect()
        }
        _ => Err(Problem::new(Code::UnsupportedMedia).saying(
            "请求内容应为 application/csp-report 或 application/reports+json",
            "The content must be application/csp-report or application/reports+json",
        )),
    }
}

fn violation(place: usize, report: BrowserReport) -> Result<Violation, Problem> {
    serde_json::from_value::<ViolationContent>(report.body)
        .map(Violation::from)
        .map_err(|error| Problem::field(format!("[{place}].body"), "invalid", "报告内容不全或格式不对", "The report is not whole").because(error))
}
