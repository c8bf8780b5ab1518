//! The demo county is exact where it must be: counts, fits, places, and the same every time.

use std::collections::HashSet;
use std::sync::LazyLock;

use geo::{Area, BoundingRect, Contains, CoordsIter, Point};

use super::*;

static COUNTY: LazyLock<DemoCounty> = LazyLock::new(|| generate(1));

fn check_ring_rules(shape: &MultiPolygon) {
    let text = geojson_of(shape);
    let checked = crate::boundary::read_boundary(&text).unwrap();
    assert_eq!(checked.repairs, crate::boundary::Repairs::default());
}

fn geojson_of(shape: &MultiPolygon) -> String {
    let ring = |ring: &geo::LineString| ring.coords().map(|vertex| [vertex.x, vertex.y]).collect::<Vec<_>>();
    let polygon = |polygon: &geo::Polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect::<Vec<_>>();
    serde_json::json!({"type": "MultiPolygon", "coordinates": shape.0.iter().map(polygon).collect::<Vec<_>>()}).to_string()
}

#[test]
fn the_same_seed_makes_the_same_county_and_another_seed_another() {
    assert_eq!(*COUNTY, generate(1));
    assert_ne!(COUNTY.boundary, generate(2).boundary);
}

#[test]
fn counts_are_those_of_a_real_county() {
    let counts = [&COUNTY.townships.len(), &COUNTY.grid_cells.len(), &COUNTY.stations.len(), &COUNTY.projects.len()];
    assert_eq!(counts, [&13, &148, &50, &10]);
    assert_eq!((COUNTY.sites.len(), COUNTY.groups.len(), COUNTY.deputies.len()), (208, 36, 300));
    let kinds: HashSet<_> = COUNTY.stations.iter().map(|station| station.kind.as_str()).collect();
    assert_eq!(kinds.len(), 6);
    for township in 0..13 {
        assert!(COUNTY.sites.iter().filter(|site| site.township == township).count() >= 5);
    }
}

#[test]
fn every_outline_obeys_the_rules_for_imported_boundaries() {
    check_ring_rules(&COUNTY.boundary);
    assert_eq!(COUNTY.boundary.0.len(), 1);
    assert!((200..600).contains(&COUNTY.boundary.coords_count()));
    COUNTY.townships.iter().for_each(|township| check_ring_rules(&township.boundary));
    for cell in &COUNTY.grid_cells {
        check_ring_rules(&cell.boundary);
        assert_eq!(cell.boundary.0.len(), 1, "{}", cell.name);
    }
    for water in &COUNTY.waters {
        match &water.shape {
            Geometry::MultiPolygon(shape) => check_ring_rules(shape),
            line => assert!(matches!(line, Geometry::MultiLineString(_)) && line.coords_count() >= 2),
        }
    }
}

#[test]
fn townships_tile_the_county_and_grid_cells_tile_the_townships() {
    let fits = |parts: f64, whole: f64| (parts / whole - 1.0).abs() < 1e-6;
    let townships: f64 = COUNTY.townships.iter().map(|township| township.boundary.unsigned_area()).sum();
    assert!(fits(townships, COUNTY.boundary.unsigned_area()));
    for (place, township) in COUNTY.townships.iter().enumerate() {
        let cells = COUNTY.grid_cells.iter().filter(|cell| cell.township == place);
        assert!(fits(cells.map(|cell| cell.boundary.unsigned_area()).sum(), township.boundary.unsigned_area()), "{}", township.name);
    }
}

#[test]
fn every_site_and_station_stands_in_its_township_on_dry_ground() {
    let waters = COUNTY.waters.iter().filter_map(|water| if let Geometry::MultiPolygon(shape) = &water.shape { Some(shape) } else { None });
    let waters: Vec<_> = waters.collect();
    let sites = COUNTY.sites.iter().map(|site| (site.position, site.township));
    let stations = COUNTY.stations.iter().map(|station| (station.position, station.township));
    for (position, township) in sites.chain(stations) {
        let point = Point::from(position);
        assert!(COUNTY.townships[township].boundary.contains(&point), "{position}");
        assert!(waters.iter().all(|water| !water.contains(&point)), "{position} is in the water");
    }
    for site in &COUNTY.sites {
        assert!(COUNTY.grid_cells[site.grid_cell].boundary.contains(&Point::from(site.position)), "{}", site.name);
        assert!(site.planned_start < site.planned_finish);
    }
}

#[test]
fn every_site_is_adopted_and_about_a_quarter_by_several() {
    let adopters = |site: usize| COUNTY.adoptions.iter().filter(|adoption| adoption.site == site).map(|adoption| adoption.deputy).collect::<Vec<_>>();
    let counts: Vec<_> = (0..208).map(|site| adopters(site).len()).collect();
    assert!(counts.iter().all(|count| (1..=3).contains(count)));
    assert!((36..=70).contains(&counts.iter().filter(|count| **count > 1).count()));
    let pairs: HashSet<_> = COUNTY.adoptions.iter().map(|adoption| (adoption.site, adoption.deputy)).collect();
    assert_eq!(pairs.len(), COUNTY.adoptions.len());
}

#[test]
fn codes_names_and_numbers_are_given_once() {
    fn all_different<'a>(texts: impl Iterator<Item = &'a String>) {
        let mut seen = HashSet::new();
        texts.for_each(|text| assert!(seen.insert(text), "{text} twice"));
    }
    all_different(COUNTY.grid_cells.iter().map(|cell| &cell.code));
    all_different(COUNTY.grid_cells.iter().map(|cell| &cell.name));
    all_different(COUNTY.stations.iter().map(|station| &station.code));
    all_different(COUNTY.stations.iter().map(|station| &station.name));
    all_different(COUNTY.deputies.iter().map(|deputy| &deputy.name));
    all_different(COUNTY.deputies.iter().map(|deputy| &deputy.phone));
    all_different(COUNTY.deputies.iter().map(|deputy| &deputy.personal_code));
    all_different(COUNTY.groups.iter().map(|group| &group.name));
    all_different(COUNTY.sites.iter().map(|site| &site.name));
    all_different(COUNTY.units.iter());
}

#[test]
fn grid_codes_begin_with_the_code_of_their_township() {
    for cell in &COUNTY.grid_cells {
        assert!(cell.code.starts_with(COUNTY.townships[cell.township].code.as_str()) && cell.code.len() == 15, "{}", cell.code);
    }
}

#[test]
fn the_county_is_of_a_believable_size_and_lies_where_positions_may() {
    let bounds = COUNTY.boundary.bounding_rect().unwrap();
    assert!(LonLat::new(bounds.min().x, bounds.min().y).is_ok() && LonLat::new(bounds.max().x, bounds.max().y).is_ok());
    let square_km = COUNTY.boundary.unsigned_area() * 95.9 * 110.87;
    assert!((800.0..1_400.0).contains(&square_km), "{square_km} km²");
}
