//! One county as it was loaded: everything the public map shows. Sites lie in one array in Morton order, so that a tile is a slice of it.
//!
//! What moves daily, a site's stage and its reports, is exchanged in place; everything else is exchanged by loading the county again.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use geo::{Coord, Rect};
use geodata::tile::{Tile, morton_of};
use sqlx::PgConnection;
use unicode_normalization::UnicodeNormalization;

use super::area::{Area, Outline};
use super::filter::ShownSite;
use super::past::Past;
use super::tints::tints;
use crate::county::County;
use crate::deputies::{self, Deputy};
use crate::grids;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::{CountyId, GridCellId, SiteId};
use crate::projects::{self, Project};
use crate::regions;
use crate::sites::{self, Site};
use crate::stations::{self, Station};

/// A grid cell on the map.
#[derive(Debug)]
pub struct MappedCell {
    pub id: GridCellId,
    pub code: String,
    pub name: String,
    pub region: RegionRef,
    pub area: Area,
}

/// A county or township on the map.
#[derive(Debug)]
pub struct MappedRegion {
    pub code: String,
    pub name: String,
    pub area: Option<Area>,
    /// 0 to 3, different from every neighbour's.
    pub(super) tint: u8,
}

impl MappedRegion {
    pub(super) fn reference(&self) -> RegionRef {
        RegionRef { code: self.code.clone(), name: self.name.clone() }
    }

    pub fn is_township(&self) -> bool {
        self.code.len() == 9
    }
}

/// A lake or river on the map.
#[derive(Debug)]
pub(super) struct MappedWater {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) outline: Outline,
}

/// A county in memory.
#[derive(Debug)]
pub struct CountyMap {
    pub(super) projects: Vec<Project>,
    pub(super) units: Vec<Named>,
    pub(super) stations: Vec<Station>,
    pub(super) grid_cells: Vec<MappedCell>,
    pub(super) regions: Vec<MappedRegion>,
    pub(super) waters: Vec<MappedWater>,
    pub(super) deputies: Vec<Deputy>,
    pub(super) past: Past,
    /// How many sites are off the plan by a decision.
    withdrawn: i64,
    /// In Morton order.
    sites: RwLock<Vec<Arc<Site>>>,
    morton_codes: Vec<u64>,
    /// For each site, in Morton order, the text that a search looks in.
    texts: Vec<String>,
    places: HashMap<SiteId, usize>,
    /// Places in Morton order, in the order of the sites' codes.
    by_code: Vec<usize>,
}

/// What came of putting a changed site in place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Replaced {
    /// It is in place; this is its Morton code.
    Done(u64),
    /// More than the stage and its circumstances changed: the county has to be loaded again.
    NeedsLoading,
}

impl CountyMap {
    pub(super) fn empty() -> Self {
        Self {
            projects: Vec::new(),
            units: Vec::new(),
            stations: Vec::new(),
            grid_cells: Vec::new(),
            regions: Vec::new(),
            waters: Vec::new(),
            deputies: Vec::new(),
            past: Past::default(),
            withdrawn: 0,
            sites: RwLock::default(),
            morton_codes: Vec::new(),
            texts: Vec::new(),
            places: HashMap::new(),
            by_code: Vec::new(),
        }
    }

    pub(super) fn withdrawn(&self) -> i64 {
        self.withdrawn
    }

    /// Loads the county. Call it in a transaction whose statements see one state.
    pub(super) async fn load(connection: &mut PgConnection, county_id: CountyId) -> Result<Self, sqlx::Error> {
        let regions = regions::store::list_regions(connection, county_id).await?;
        let waters = regions::store::list_waters(connection, county_id).await?;
        let cells = grids::store::list_grid_cells(connection, county_id).await?;
        let sites = sites::store::list_sites(connection, county_id, None).await?;
        let cell = |cell: grids::GridCell| MappedCell {
            id: cell.grid_cell_id,
            code: cell.code,
            name: cell.name,
            region: cell.region,
            area: Area::new(cell.boundary),
        };
        let water = |water: regions::Water| MappedWater { kind: water.kind, name: water.name, outline: Outline::new(water.shape) };
        let map = Self {
            projects: projects::store::list_projects(connection, county_id).await?,
            units: projects::store::list_units(connection, county_id).await?,
            stations: stations::store::list_stations(connection, county_id).await?,
            deputies: deputies::store::list_deputies(connection, county_id).await?,
            withdrawn: sites::store::count_withdrawn(connection, county_id).await?,
            grid_cells: cells.into_iter().map(cell).collect(),
            regions: mapped_regions(regions),
            waters: waters.into_iter().map(water).collect(),
            ..Self::empty()
        };
        let mut map = map.with_sites(sites);
        map.past = Past::load(connection, county_id, |site_id| map.has_site(site_id)).await?;
        Ok(map)
    }

    fn with_sites(mut self, mut sites: Vec<Site>) -> Self {
        sites.sort_by_cached_key(|site| (morton_of(site.position), site.site_id));
        self.morton_codes = sites.iter().map(|site| morton_of(site.position)).collect();
        self.texts = sites.iter().map(search_text).collect();
        self.places = sites.iter().enumerate().map(|(place, site)| (site.site_id, place)).collect();
        self.by_code = (0..sites.len()).collect();
        self.by_code.sort_by(|one, two| sites[*one].code.cmp(&sites[*two].code));
        self.sites = RwLock::new(sites.into_iter().map(Arc::new).collect());
        self
    }

    /// Puts a freshly read site in the place of the one known so far; an older one is ignored.
    pub(super) fn replace(&self, fresh: Site) -> Replaced {
        let Some(place) = self.places.get(&fresh.site_id) else { return Replaced::NeedsLoading };
        let mut sites = self.sites.write().unwrap_or_else(PoisonError::into_inner);
        let known = &sites[*place];
        let same_place = known.position == fresh.position && known.code == fresh.code && known.region == fresh.region;
        if !same_place || known.name != fresh.name || known.address != fresh.address || known.project != fresh.project || known.unit != fresh.unit {
            return Replaced::NeedsLoading;
        }
        if fresh.rev >= known.rev {
            sites[*place] = Arc::new(fresh);
        }
        Replaced::Done(self.morton_codes[*place])
    }

    pub(super) fn has_site(&self, site_id: SiteId) -> bool {
        self.places.contains_key(&site_id)
    }

    /// One site as the public sees it.
    pub(super) fn site(&self, site_id: SiteId) -> Option<Arc<Site>> {
        let place = *self.places.get(&site_id)?;
        Some(self.sites.read().unwrap_or_else(PoisonError::into_inner)[place].clone())
    }

    /// The site with this public code.
    pub fn site_with_code(&self, code: &str) -> Option<Arc<Site>> {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        let place = self.by_code.binary_search_by(|place| sites[*place].code.as_str().cmp(code)).ok()?;
        Some(sites[self.by_code[place]].clone())
    }

    /// Every site with its marks on `today`, in order of the codes.
    pub fn shown_sites(&self, county: &County, today: NaiveDate) -> Vec<ShownSite> {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        let shown = |place: &usize| ShownSite { marks: sites[*place].marks(county, today), site: sites[*place].clone() };
        self.by_code.iter().map(shown).collect()
    }

    /// The sites that lie in a tile, with their Morton codes.
    pub(super) fn sites_in(&self, tile: Tile) -> Vec<(u64, Arc<Site>)> {
        let Range { start, end } = self.slice(tile);
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        self.morton_codes[start..end].iter().copied().zip(sites[start..end].iter().cloned()).collect()
    }

    fn slice(&self, tile: Tile) -> Range<usize> {
        let codes = tile.codes();
        let start = self.morton_codes.partition_point(|code| code < codes.start());
        start..self.morton_codes.partition_point(|code| code <= codes.end())
    }

    /// Whether all `words`, already folded, occur in what a search looks in.
    pub(super) fn matches(&self, site: &Site, words: &[String]) -> bool {
        let text = match self.places.get(&site.site_id) {
            Some(place) => Cow::Borrowed(&self.texts[*place]),
            None if words.is_empty() => return true,
            None => Cow::Owned(search_text(site)),
        };
        words.iter().all(|word| text.contains(word))
    }

    /// The county's stations in the order of their names.
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    /// The county's grid cells in the order of their codes.
    pub fn grid_cells(&self) -> &[MappedCell] {
        &self.grid_cells
    }

    /// The county and its townships, in the order of their codes.
    pub fn regions(&self) -> &[MappedRegion] {
        &self.regions
    }

    /// West, south, east, north in degrees of everything on the map; the box around China when there is nothing.
    pub(super) fn bounds(&self) -> [f64; 4] {
        let areas = self.regions.iter().filter_map(|region| region.area.as_ref()?.bounds());
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        let points = sites.iter().map(|site| site.position).chain(self.stations.iter().map(|station| station.position));
        // A lone point still needs some ground around it.
        let margin = 0.02;
        let around = points.map(|point| {
            let (lon, lat) = (point.lon(), point.lat());
            Rect::new(Coord { x: lon - margin, y: lat - margin }, Coord { x: lon + margin, y: lat + margin })
        });
        let join = |one: Rect, two: Rect| {
            let least = Coord { x: one.min().x.min(two.min().x), y: one.min().y.min(two.min().y) };
            Rect::new(least, Coord { x: one.max().x.max(two.max().x), y: one.max().y.max(two.max().y) })
        };
        let all = areas.reduce(join).or_else(|| around.reduce(join));
        all.map_or([73.0, 3.0, 136.0, 54.0], |all| [all.min().x, all.min().y, all.max().x, all.max().y])
    }
}

/// What a search looks in: everything a visitor may know the site by, one thing to a line, without blanks.
fn search_text(site: &Site) -> String {
    let known_by = [&site.code, &site.name, &site.address, &site.project.title, &site.region.name, &site.unit.name];
    let lines = known_by.map(|text| fold(text).split_whitespace().collect::<String>());
    lines.join("\n")
}

/// Text as searches compare it: compatibility forms made plain, letters small.
pub(super) fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

fn mapped_regions(regions: Vec<regions::Region>) -> Vec<MappedRegion> {
    let mut mapped: Vec<MappedRegion> = regions
        .into_iter()
        .map(|region| MappedRegion { code: region.code, name: region.name, area: region.boundary.map(Area::new), tint: 0 })
        .collect();
    let touch = |one: &MappedRegion, two: &MappedRegion| match (&one.area, &two.area) {
        (Some(one), Some(two)) => one.touches(two),
        _ => false,
    };
    let neighbours_of = |place: usize, region: &MappedRegion| {
        let others = mapped.iter().enumerate().filter(|(other, _)| *other != place);
        others.filter(|(_, other)| other.code.len() == region.code.len() && touch(region, other)).map(|(other, _)| other).collect()
    };
    let neighbours: Vec<Vec<usize>> = mapped.iter().enumerate().map(|(place, region)| neighbours_of(place, region)).collect();
    for (region, tint) in mapped.iter_mut().zip(tints(&neighbours)) {
        region.tint = tint;
    }
    mapped
}
