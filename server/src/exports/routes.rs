//! Open data over HTTP.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::IntoParams;

use super::model::{Dataset, of_file_name};
use super::produce::produce;
use super::store;
use crate::accounts::PublicCounty;
use crate::calendar::Month;
use crate::county::County;
use crate::http::{Code, PathOf, Problem, QueryOf};
use crate::platform::Platform;

/// As of when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// A closed month such as `2026-09`: the sites as they were at its close, with what its figures are counted from. For `sites` only.
    month: Option<String>,
}

impl ExportQuery {
    fn month(&self) -> Result<Option<Month>, Problem> {
        let month = self.month.as_deref().map(str::parse).transpose();
        month.map_err(|_| Problem::field("month", "not_a_month", "月份应写作 2026-10", "A month is written 2026-10"))
    }
}

/// A table of open data as a file: `sites`, `stations`, `grid-cells` or `reports`, ending in `.geojson`, `.csv` or `.xlsx`.
#[utoipa::path(get, path = "/export/{file}", tag = "open data", params(("file" = String, Path, example = "sites.csv"), ExportQuery),
    responses((status = 200, description = "The whole table", body = Vec<u8>, content_type = "text/csv"), (status = 404, description = "No such table, format or month")))]
pub async fn export(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    PathOf(file): PathOf<String>,
    QueryOf(query): QueryOf<ExportQuery>,
) -> Result<Response, Problem> {
    let (dataset, format) = of_file_name(&file).ok_or_else(Problem::not_found)?;
    let month = query.month()?;
    let dataset = match month {
        None => dataset,
        Some(month) => at_the_close_of(&platform, &county, dataset, month).await?,
    };
    let mut pieces = produce(platform.pool.clone(), county.clone(), dataset, format);
    // The first piece shows whether there is a file at all; a fault after it can only cut the answer short.
    let first = match pieces.recv().await {
        Some(Ok(first)) => first,
        Some(Err(error)) => return Err(Problem::internal(error)),
        None => return Err(Problem::internal("the export ended before it began")),
    };
    let whole = tokio_stream::once(Ok(first)).chain(ReceiverStream::new(pieces));
    let as_of = month.map(|month| format!("{month}-")).unwrap_or_default();
    let name = format!("attachment; filename=\"{}-{as_of}{file}\"", county.code);
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "public, max-age=60".to_owned()),
    ];
    Ok((headers, Body::from_stream(whole)).into_response())
}

async fn at_the_close_of(platform: &Platform, county: &County, dataset: Dataset, month: Month) -> Result<Dataset, Problem> {
    if dataset != Dataset::Sites {
        return Err(Problem::field("month", "only_for_sites", "只有点位表可以按月导出", "Only the table of sites can be had for a month"));
    }
    let mut connection = platform.pool.acquire().await?;
    let closed = store::has_month(&mut connection, county, month).await?;
    let missing = || Problem::new(Code::NotFound).saying(format!("没有 {month} 的月末地图"), format!("There is no map of {month}"));
    closed.then_some(Dataset::SitesOf(month)).ok_or_else(missing)
}
