//! The base map under the county's own drawing, when the operator has configured one: Tianditu, a PMTiles file, or any XYZ tiles.
//!
//! Everything passes through this server, so that no key reaches a page and no page asks a foreign host for anything. The operator names the
//! host; a visitor's request only ever chooses a tile near the county. A base map without its maker's name is not served at all.

mod archive;
mod model;
mod remote;

use anyhow::{Context, bail, ensure};
use axum::body::Bytes;
use geodata::tile::Tile;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::{BasemapKind, Settings};
use crate::http::Problem;
use archive::Archive;
use remote::Remote;

/// What the tiles of a base map are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileForm {
    /// Pictures.
    Raster,
    /// Mapbox Vector Tiles in Protomaps' layers.
    Vector,
}

/// The base map as a page needs to know it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"kind": "tianditu", "form": "raster", "layers": ["vec_w"], "label_layers": ["cva_w"], "min_zoom": 1, "max_zoom": 18,
    "opacity": 0.6, "attribution": "国家地理信息公共服务平台 天地图"}))]
pub struct BasemapView {
    pub kind: BasemapKind,
    pub form: TileForm,
    /// Names for `/basemap/{layer}/{z}/{x}/{y}`, from the ground up.
    pub layers: Vec<String>,
    /// Layers that hold nothing but names.
    pub label_layers: Vec<String>,
    pub min_zoom: u8,
    /// Browsers enlarge the tiles of this zoom beyond it.
    pub max_zoom: u8,
    /// From 0 to 1.
    pub opacity: f64,
    /// Who made it; shown wherever the map is.
    pub attribution: String,
}

/// A tile ready to be sent.
#[derive(Debug, Clone)]
pub struct BasemapTile {
    pub bytes: Bytes,
    pub media_type: &'static str,
    /// How the bytes are packed.
    pub encoding: Option<&'static str>,
}

/// A configured base map.
#[derive(Debug)]
pub struct Basemap {
    view: BasemapView,
    source: Source,
    browsers_may_keep: bool,
}

#[derive(Debug)]
enum Source {
    Remote(Remote),
    Archive(Archive),
}

impl Basemap {
    /// The base map that the settings ask for; none when the county's own drawing stands alone. Refuses settings that cannot serve.
    pub async fn open(settings: &Settings) -> anyhow::Result<Option<Self>> {
        if settings.basemap_kind == BasemapKind::County {
            return Ok(None);
        }
        ensure!(
            !settings.basemap_attribution.trim().is_empty(),
            "底图需要署名：请填写 basemap_attribution。 A base map needs its maker's name: set basemap_attribution (MINSHENG_BASEMAP_ATTRIBUTION)"
        );
        ensure!(settings.basemap_opacity <= 100, "basemap_opacity is a percentage from 0 to 100");
        if settings.review_number.is_empty() {
            tracing::warn!("the map has a base map and no review number (审图号): set review_number");
        }
        let (source, form, layers, label_layers) = Self::source(settings).await?;
        let (min_zoom, max_zoom) = match &source {
            Source::Remote(_) => (1, settings.basemap_max_zoom),
            Source::Archive(archive) => (archive.min_zoom(), archive.max_zoom().min(settings.basemap_max_zoom)),
        };
        let view = BasemapView {
            kind: settings.basemap_kind,
            form,
            layers,
            label_layers,
            min_zoom,
            max_zoom,
            opacity: f64::from(settings.basemap_opacity) / 100.0,
            attribution: settings.basemap_attribution.clone(),
        };
        let browsers_may_keep = settings.basemap_browser_cache || matches!(source, Source::Archive(_));
        Ok(Some(Self { view, source, browsers_may_keep }))
    }

    async fn source(settings: &Settings) -> anyhow::Result<(Source, TileForm, Vec<String>, Vec<String>)> {
        let name = |text: &str| vec![text.to_owned()];
        match settings.basemap_kind {
            BasemapKind::County => bail!("there is no base map"),
            BasemapKind::Tianditu => {
                ensure!(settings.basemap_key.is_some(), "天地图需要密钥：请填写 basemap_key。 Tianditu needs a key: set basemap_key");
                let (ground, labels) = settings.basemap_layer.layers();
                let remote = Remote::new(settings).context("basemap_url")?;
                Ok((Source::Remote(remote), TileForm::Raster, name(ground), name(labels)))
            }
            BasemapKind::Xyz => {
                let remote = Remote::new(settings).context("basemap_url")?;
                Ok((Source::Remote(remote), TileForm::Raster, name("xyz"), Vec::new()))
            }
            BasemapKind::Pmtiles => {
                let path = settings.basemap_file.as_ref().context("请填写 basemap_file。 Set basemap_file to the PMTiles file")?;
                let archive = Archive::open(path).await.with_context(|| format!("basemap_file {}", path.display()))?;
                let form = archive.form();
                Ok((Source::Archive(archive), form, name("pmtiles"), Vec::new()))
            }
        }
    }

    pub fn view(&self) -> &BasemapView {
        &self.view
    }

    /// Whether browsers may keep tiles for a day: a file of our own always, another's service only when the operator says that its terms allow it.
    pub fn browsers_may_keep(&self) -> bool {
        self.browsers_may_keep
    }

    /// One tile near the county, whose bounds are given in degrees; what lies elsewhere is not found.
    pub async fn tile(&self, layer: &str, tile: Tile, county: [f64; 4]) -> Result<BasemapTile, Problem> {
        let known = self.view.layers.iter().chain(&self.view.label_layers).any(|name| name == layer);
        if !known || !(self.view.min_zoom..=self.view.max_zoom).contains(&tile.z()) || !model::is_near(tile, county) {
            return Err(Problem::not_found());
        }
        match &self.source {
            Source::Remote(remote) => remote.tile(layer, tile).await,
            Source::Archive(archive) => archive.tile(tile).await,
        }
    }
}
