//! What an import is: its kinds, its options, who may make one, and a file's bytes turned into drafts. Pure.

use geodata::datum::Datum;
use serde::{Deserialize, Serialize};

use super::boundaries::{self, BoundaryDraft};
use super::deputies::{self, DeputyDraft};
use super::facts::Scope;
use super::finding::Finding;
use super::records::ColumnUse;
use super::sites::{self, Reading, SiteDraft};
use super::stations::{self, StationDraft};
use super::table::{self, Format, MOST_BYTES, Sheet};
use super::{finding, geojson_file};
use crate::accounts::{Actor, Role};

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    Sites,
    Regions,
    GridCells,
    Stations,
    Deputies,
}

impl ImportKind {
    pub const ALL: [Self; 5] = [Self::Sites, Self::Regions, Self::GridCells, Self::Stations, Self::Deputies];

    /// The name in JSON, SQL and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sites => "sites",
            Self::Regions => "regions",
            Self::GridCells => "grid_cells",
            Self::Stations => "stations",
            Self::Deputies => "deputies",
        }
    }

    /// The kind of this name; `grid-cells` is taken too.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.replace('-', "_");
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// How a file is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub kind: ImportKind,
    /// The datum its coordinates are declared to be in.
    pub datum: Datum,
    /// The projects' year; for deputies the year of the sites they adopt.
    pub year: i32,
}

/// Everything a file said, as typed rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "rows", rename_all = "snake_case")]
pub enum Drafts {
    Sites(Vec<SiteDraft>),
    Regions(Vec<BoundaryDraft>),
    GridCells(Vec<BoundaryDraft>),
    Stations(Vec<StationDraft>),
    Deputies(Vec<DeputyDraft>),
}

impl Drafts {
    pub fn len(&self) -> usize {
        match self {
            Self::Sites(rows) => rows.len(),
            Self::Regions(rows) | Self::GridCells(rows) => rows.len(),
            Self::Stations(rows) => rows.len(),
            Self::Deputies(rows) => rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A file as read, before it is compared with the county.
#[derive(Clone, Debug)]
pub struct FileRead {
    pub drafts: Drafts,
    pub findings: Vec<Finding>,
    pub columns: Vec<ColumnUse>,
}

/// Reads a file's bytes. Never fails: what cannot be read is an error among the findings. May take seconds on a large file.
pub fn read_file(bytes: &[u8], options: &Options) -> FileRead {
    match options.kind {
        ImportKind::Sites => of_table(bytes, Drafts::Sites, |sheets| sites::read(sheets, options.datum, options.year)),
        ImportKind::Stations => of_table(bytes, Drafts::Stations, |sheets| stations::read(sheets, options.datum)),
        ImportKind::Deputies => of_table(bytes, Drafts::Deputies, deputies::read),
        ImportKind::Regions => of_boundaries(bytes, Drafts::Regions, options.datum, true),
        ImportKind::GridCells => of_boundaries(bytes, Drafts::GridCells, options.datum, false),
    }
}

fn of_table<D>(bytes: &[u8], wrap: fn(Vec<D>) -> Drafts, read: impl FnOnce(&[Sheet]) -> Reading<D>) -> FileRead {
    let sheets = match table::format_of(bytes) {
        Format::Json if bytes.len() <= MOST_BYTES => geojson_file::read_points(bytes).map(|sheet| vec![sheet]),
        _ => table::read(bytes),
    };
    match sheets {
        Ok(sheets) => {
            let reading = read(&sheets);
            FileRead { drafts: wrap(reading.drafts), findings: reading.findings, columns: reading.columns }
        }
        Err(finding) => FileRead { drafts: wrap(Vec::new()), findings: vec![finding], columns: Vec::new() },
    }
}

fn of_boundaries(bytes: &[u8], wrap: fn(Vec<BoundaryDraft>) -> Drafts, datum: Datum, regions: bool) -> FileRead {
    if table::format_of(bytes) != Format::Json || bytes.len() > MOST_BYTES {
        let finding = finding::Finding::error("geojson_needed").say(
            "边界应以 GeoJSON 导入，且不超过 20 MB。请从地图软件导出 GeoJSON（FeatureCollection）后上传。",
            "Boundaries are imported as GeoJSON of at most 20 MB. Export a FeatureCollection from your map program.",
        );
        return FileRead { drafts: wrap(Vec::new()), findings: vec![finding], columns: Vec::new() };
    }
    let reading = boundaries::read(bytes, datum, regions);
    FileRead { drafts: wrap(reading.drafts), findings: reading.findings, columns: reading.columns }
}

/// Where the person may import this kind; None for nowhere. The county's committee may everything; a working committee may bring in what
/// lies in its township, but draws no regions.
pub fn may_import(actor: &Actor, county_code: &str, kind: ImportKind) -> Option<Scope> {
    if actor.holds(&[Role::Committee], county_code) {
        return Some(Scope::County);
    }
    let regions = actor.supervised_regions();
    (kind != ImportKind::Regions && !regions.is_empty()).then_some(Scope::Regions(regions))
}

/// The kind-independent right to look at imports: anyone who may make one.
pub fn may_see_imports(actor: &Actor, county_code: &str) -> Option<Scope> {
    may_import(actor, county_code, ImportKind::Sites)
}
