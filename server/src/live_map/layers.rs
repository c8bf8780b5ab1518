//! What a tile shows: its layers, from the ground up, each drawn from memory.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use geo::Coord;
use geodata::mvt::{self, Spot, Value};
use geodata::tile::{Tile, to_world};
use geodata::{LonLat, morton};

use super::county_map::CountyMap;
use crate::county::County;
use crate::sites::{Site, Stage};

/// From this zoom on every site is drawn by itself; above it sites are counted together.
pub(super) const SINGLE_SITES_FROM: u8 = 9;
/// From this zoom on a site carries its name.
const NAMES_FROM: u8 = 12;
/// Sites are counted together in squares of an eighth of a tile, 64 pixels on the screen.
const CLUSTERS_ACROSS: u8 = 3;

/// One layer of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Regions,
    Waters,
    GridCells,
    Sites,
    Stations,
}

impl Layer {
    pub(super) const ALL: [Self; 5] = [Self::Regions, Self::Waters, Self::GridCells, Self::Sites, Self::Stations];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Regions => "regions",
            Self::Waters => "waters",
            Self::GridCells => "grid_cells",
            Self::Sites => "sites",
            Self::Stations => "stations",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The layers of a tile, in whatever order they were named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LayerSet(u8);

impl LayerSet {
    #[cfg(test)]
    pub(super) fn of(layers: &[Layer]) -> Self {
        Self(layers.iter().fold(0, |bits, layer| bits | layer.bit()))
    }

    /// Reads names joined by commas; none when one is unknown or named twice.
    pub(super) fn from_names(names: &str) -> Option<Self> {
        let mut bits = 0;
        for name in names.split(',') {
            let layer = Layer::ALL.into_iter().find(|layer| layer.as_str() == name)?;
            if bits & layer.bit() != 0 {
                return None;
            }
            bits |= layer.bit();
        }
        Some(Self(bits))
    }

    pub(super) fn shows_sites(self) -> bool {
        self.0 & Layer::Sites.bit() != 0
    }

    /// The layers from the ground up.
    pub(super) fn layers(self) -> impl Iterator<Item = Layer> {
        Layer::ALL.into_iter().filter(move |layer| self.0 & layer.bit() != 0)
    }
}

/// The bytes of a tile as the map is on `today`.
pub(super) fn draw(map: &CountyMap, county: &County, today: NaiveDate, layers: LayerSet, tile: Tile) -> Vec<u8> {
    let drawn = layers.layers().map(|layer| {
        let mut drawn = mvt::Layer::new(layer.as_str());
        match layer {
            Layer::Regions => draw_regions(map, tile, &mut drawn),
            Layer::Waters => draw_waters(map, tile, &mut drawn),
            Layer::GridCells => draw_grid_cells(map, tile, &mut drawn),
            Layer::Stations => draw_stations(map, tile, &mut drawn),
            Layer::Sites if tile.z() < SINGLE_SITES_FROM => draw_clusters(map, county, today, tile, &mut drawn),
            Layer::Sites => draw_sites(map, county, today, tile, &mut drawn),
        }
        drawn
    });
    mvt::encode(drawn.collect())
}

fn draw_regions(map: &CountyMap, tile: Tile, layer: &mut mvt::Layer) {
    for region in &map.regions {
        let Some(area) = &region.area else { continue };
        let level = if region.is_township() { "township" } else { "county" };
        let attributes: [(&str, Value); 4] = [
            ("code", region.code.as_str().into()),
            ("name", region.name.as_str().into()),
            ("tint", u32::from(region.tint).into()),
            ("level", level.into()),
        ];
        area.draw(layer, tile, region.code.parse().ok(), &attributes);
    }
}

fn draw_waters(map: &CountyMap, tile: Tile, layer: &mut mvt::Layer) {
    for water in &map.waters {
        water.outline.draw(layer, tile, &[("kind", water.kind.as_str().into()), ("name", water.name.as_str().into())]);
    }
}

fn draw_grid_cells(map: &CountyMap, tile: Tile, layer: &mut mvt::Layer) {
    for cell in &map.grid_cells {
        let attributes = [("code", cell.code.as_str().into()), ("name", cell.name.as_str().into())];
        cell.area.draw(layer, tile, id(cell.id.0), &attributes);
    }
}

fn draw_stations(map: &CountyMap, tile: Tile, layer: &mut mvt::Layer) {
    for station in &map.stations {
        if Tile::containing(geodata::tile::morton_of(station.position), tile.z()) == tile {
            let attributes = [("kind", station.kind.as_str().into()), ("name", station.name.as_str().into())];
            layer.point(id(station.station_id.0), spot(tile, station.position), &attributes);
        }
    }
}

fn draw_sites(map: &CountyMap, county: &County, today: NaiveDate, tile: Tile, layer: &mut mvt::Layer) {
    for (_, site) in map.sites_in(tile) {
        let marks = site.marks(county, today);
        let mut attributes: Vec<(&str, Value)> = vec![
            ("stage", site.stage.as_str().into()),
            ("overdue", marks.overdue().into()),
            ("struck_off", site.is_struck_off().into()),
            ("stale", marks.stale.into()),
        ];
        if tile.z() >= NAMES_FROM {
            attributes.extend([("name", site.name.as_str().into()), ("code", site.code.as_str().into())]);
        }
        layer.point(id(site.site_id.0), spot(tile, site.position), &attributes);
    }
}

#[derive(Default)]
struct Cluster {
    /// Sum of the places in fractions of the world; the cluster stands in their middle.
    sum: Coord,
    count: u32,
    completed: u32,
    in_progress: u32,
    not_started: u32,
    overdue: u32,
}

impl Cluster {
    fn add(&mut self, site: &Site, overdue: bool) {
        let place = to_world(site.position.lon(), site.position.lat());
        self.sum = self.sum + place;
        self.count += 1;
        match site.stage {
            Stage::Completed => self.completed += 1,
            Stage::InProgress => self.in_progress += 1,
            Stage::NotStarted => self.not_started += 1,
        }
        self.overdue += u32::from(overdue);
    }
}

fn draw_clusters(map: &CountyMap, county: &County, today: NaiveDate, tile: Tile, layer: &mut mvt::Layer) {
    let mut clusters: BTreeMap<u64, Cluster> = BTreeMap::new();
    for (code, site) in map.sites_in(tile) {
        let square = Tile::containing(code, tile.z() + CLUSTERS_ACROSS);
        clusters.entry(morton::encode(square.x(), square.y())).or_default().add(&site, site.marks(county, today).overdue());
    }
    for cluster in clusters.values() {
        let middle = tile.local(cluster.sum / f64::from(cluster.count));
        let attributes = [
            ("count", cluster.count.into()),
            ("completed", cluster.completed.into()),
            ("in_progress", cluster.in_progress.into()),
            ("not_started", cluster.not_started.into()),
            ("overdue", cluster.overdue.into()),
        ];
        layer.point(None, rounded(middle), &attributes);
    }
}

fn spot(tile: Tile, position: LonLat) -> Spot {
    rounded(tile.local(to_world(position.lon(), position.lat())))
}

fn rounded(place: Coord) -> Spot {
    (place.x.floor() as i32, place.y.floor() as i32)
}

fn id(number: i64) -> Option<u64> {
    u64::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_named_once_each_and_in_any_order() {
        let named = LayerSet::from_names("stations,sites").expect("layers");
        assert_eq!(Some(named), LayerSet::from_names("sites,stations"));
        assert_eq!(named.layers().map(Layer::as_str).collect::<Vec<_>>(), ["sites", "stations"]);
        for wrong in ["", "site", "sites,", "sites,sites", "sites stations", "Sites", "sites,roads"] {
            assert_eq!(LayerSet::from_names(wrong), None, "{wrong}");
        }
    }
}
