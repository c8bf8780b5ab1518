//! Tiles of another's service. The service is not trusted: it gets little time, its answer has a greatest size and must be a picture,
//! and where it wants to send us elsewhere we do not follow.

use std::time::Duration;

use anyhow::{Context, ensure};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request, StatusCode, Uri, header};
use geodata::tile::Tile;
use tokio::sync::Semaphore;

use super::BasemapTile;
use super::model::{Template, picture_type};
use crate::config::{BasemapKind, Settings};
use crate::http::outgoing::{self, may_be_asked};
use crate::http::{Code, Problem};

/// A tile that takes longer is of no use to a map.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest tile, in bytes.
const LARGEST_TILE: usize = 1024 * 1024;
/// Tiles that are asked for at the same time.
const AT_ONCE: usize = 24;

/// A service that is asked for tiles.
pub struct Remote {
    client: outgoing::Client,
    template: Template,
    key: String,
    agent: HeaderValue,
    turns: Semaphore,
}

impl std::fmt::Debug for Remote {
    /// Without the key.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Remote").field("template", &self.template).finish_non_exhaustive()
    }
}

/// Why there is no tile.
#[derive(Debug)]
enum Fault {
    Missing,
    Broken(String),
}

impl Remote {
    /// A service at the address of the settings, which is settled here for good.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        let address = settings.basemap_url.as_deref();
        let template = match settings.basemap_kind {
            BasemapKind::Tianditu => Template::of_tianditu(address),
            _ => address.and_then(Template::of_xyz).context("expected an address with {z}, {x} and {y}")?,
        };
        let remote = Self {
            client: outgoing::client(PATIENCE),
            template,
            key: settings.basemap_key.clone().unwrap_or_default(),
            agent: HeaderValue::from_str(&format!("minsheng-map/{} (+{})", env!("CARGO_PKG_VERSION"), settings.origin()))?,
            turns: Semaphore::new(AT_ONCE),
        };
        let sample = remote.address("vec_w", Tile::new(0, 0, 0).context("the whole world")?).context("cannot be read as an address")?;
        let allowed = sample.scheme_str().zip(sample.host()).is_some_and(|(scheme, host)| may_be_asked(scheme, host));
        ensure!(allowed, "another host is asked over https alone; http only on this machine");
        Ok(remote)
    }

    fn address(&self, layer: &str, tile: Tile) -> Option<Uri> {
        self.template.filled(layer.trim_end_matches("_w"), tile, &self.key).parse().ok()
    }

    pub async fn tile(&self, layer: &str, tile: Tile) -> Result<BasemapTile, Problem> {
        let busy = || Problem::new(Code::Unavailable).saying("底图请求过多，请稍后再试", "Too many base map tiles are asked for").retry_after(2);
        let turn = tokio::time::timeout(PATIENCE, self.turns.acquire()).await;
        let _turn = turn.ok().and_then(Result::ok).ok_or_else(busy)?;
        let uri = self.address(layer, tile).ok_or_else(Problem::not_found)?;
        let asked = tokio::time::timeout(PATIENCE, self.ask(uri)).await;
        match asked.unwrap_or_else(|_| Err(Fault::Broken("no answer in time".to_owned()))) {
            Ok(tile) => Ok(tile),
            Err(Fault::Missing) => Err(Problem::not_found()),
            Err(Fault::Broken(cause)) => Err(Problem::new(Code::BadUpstream).because(cause)),
        }
    }

    async fn ask(&self, uri: Uri) -> Result<BasemapTile, Fault> {
        // What hyper says of a failure names no address, so no key comes into the log.
        let broken = |cause: &dyn std::fmt::Display| Fault::Broken(cause.to_string());
        let request = Request::get(uri).header(header::USER_AGENT, &self.agent).header(header::ACCEPT, "image/png, image/jpeg, image/webp");
        let request = request.body(Body::empty()).map_err(|error| broken(&error))?;
        let answer = self.client.request(request).await.map_err(|error| broken(&error))?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::NO_CONTENT => return Err(Fault::Missing),
            status => return Err(Fault::Broken(format!("the service answered {}", status.as_u16()))),
        }
        let bytes: Bytes = axum::body::to_bytes(Body::new(answer.into_body()), LARGEST_TILE).await.map_err(|error| broken(&error))?;
        let media_type = picture_type(&bytes).ok_or_else(|| Fault::Broken("the answer is no picture".to_owned()))?;
        Ok(BasemapTile { bytes, media_type, encoding: None })
    }
}
