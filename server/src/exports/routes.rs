//! Open data over HTTP.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::model::of_file_name;
use super::produce::produce;
use crate::accounts::PublicCounty;
use crate::http::{PathOf, Problem};
use crate::platform::Platform;

/// A table of open data as a file: `sites`, `stations`, `grid-cells` or `reports`, ending in `.geojson`, `.csv` or `.xlsx`.
#[utoipa::path(get, path = "/export/{file}", tag = "open data", params(("file" = String, Path, example = "sites.csv")),
    responses((status = 200, description = "The whole table", body = Vec<u8>, content_type = "text/csv"), (status = 404, description = "No such table or format")))]
pub async fn export(State(platform): State<Platform>, PublicCounty(county): PublicCounty, PathOf(file): PathOf<String>) -> Result<Response, Problem> {
    let (dataset, format) = of_file_name(&file).ok_or_else(Problem::not_found)?;
    let mut pieces = produce(platform.pool.clone(), county.clone(), dataset, format);
    // The first piece shows whether there is a file at all; a fault after it can only cut the answer short.
    let first = match pieces.recv().await {
        Some(Ok(first)) => first,
        Some(Err(error)) => return Err(Problem::internal(error)),
        None => return Err(Problem::internal("the export ended before it began")),
    };
    let whole = tokio_stream::once(Ok(first)).chain(ReceiverStream::new(pieces));
    let name = format!("attachment; filename=\"{}-{}\"", county.code, file);
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "public, max-age=60".to_owned()),
    ];
    Ok((headers, Body::from_stream(whole)).into_response())
}
