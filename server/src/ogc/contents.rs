//! What a collection holds at this moment, read from the live map: features with their values, and how far they reach.

use std::sync::Arc;

use chrono::NaiveDate;
use geo::{BoundingRect, Coord, Geometry, Intersects, Point, Rect};
use geodata::LonLat;
use serde_json::{Map, Value, json};

use super::collections::Collection;
use super::columns::{Column, Fact, GRID_CELLS, Property, REGIONS, SITES, STATIONS};
use super::datetime::Days;
use super::query::{ItemsQuery, cursor_after};
use crate::county::County;
use crate::live_map::{Area, CountyMap, LiveMap, ShownSite};

/// The features of one collection, kept from changing while they are read.
pub struct Contents {
    collection: Collection,
    county: Arc<County>,
    map: Arc<CountyMap>,
    sites: Vec<ShownSite>,
}

/// Where a feature lies.
#[derive(Debug, Clone, Copy)]
pub enum Shape<'a> {
    Nowhere,
    Point(LonLat),
    Area(&'a Area),
}

/// One feature. Its values stand in the order of the collection's properties.
#[derive(Debug)]
pub struct Feature<'a> {
    pub id: i64,
    pub facts: Vec<Fact<'a>>,
    pub shape: Shape<'a>,
    /// None when nothing of it is bound to a time.
    days: Option<Days>,
}

/// One page of features.
pub struct FeaturePage<'a> {
    pub features: Vec<Feature<'a>>,
    /// How many there are on all pages together.
    pub matched: usize,
    /// Leads to the next page.
    pub cursor: Option<String>,
}

/// How far a collection reaches.
#[derive(Debug, Default)]
pub struct Extent {
    /// West, south, east, north in degrees.
    pub bbox: Option<[f64; 4]>,
    /// From the first to the last day; none when nothing in the collection is bound to a time.
    pub days: Option<Days>,
}

impl Contents {
    pub fn of(map: &LiveMap, collection: Collection) -> Self {
        let (county, county_map) = (map.county(), map.county_map());
        let sites = if collection == Collection::Sites { county_map.shown_sites(&county, map.today(&county)) } else { Vec::new() };
        Self { collection, county, map: county_map, sites }
    }

    pub fn county(&self) -> &County {
        &self.county
    }

    /// Every feature, in the order of their numbers.
    pub fn features(&self) -> Vec<Feature<'_>> {
        let mut features: Vec<Feature> = match self.collection {
            Collection::Sites => self.sites.iter().map(site).collect(),
            Collection::Stations => {
                let stations = self.map.stations().iter();
                stations.map(|station| feature(station.station_id.0, STATIONS, station, Shape::Point(station.position))).collect()
            }
            Collection::GridCells => self.map.grid_cells().iter().map(|cell| feature(cell.id.0, GRID_CELLS, cell, Shape::Area(&cell.area))).collect(),
            Collection::Regions => {
                let regions = self.map.regions().iter();
                // A region's number is its code; every code is one.
                let number = |code: &str| code.parse().unwrap_or_default();
                regions
                    .map(|region| feature(number(&region.code), REGIONS, region, region.area.as_ref().map_or(Shape::Nowhere, Shape::Area)))
                    .collect()
            }
        };
        features.sort_unstable_by_key(|feature| feature.id);
        features
    }

    pub fn feature(&self, id: i64) -> Option<Feature<'_>> {
        self.features().into_iter().find(|feature| feature.id == id)
    }

    /// The features that a query asks for, up to its limit.
    pub fn page(&self, query: &ItemsQuery) -> FeaturePage<'_> {
        let admitted: Vec<Feature> = self.features().into_iter().filter(|feature| feature.is_asked_for(query)).collect();
        let matched = admitted.len();
        let mut features: Vec<Feature> = admitted.into_iter().filter(|feature| query.after.is_none_or(|after| feature.id > after)).collect();
        let more = features.len() > query.limit;
        features.truncate(query.limit);
        let cursor = features.last().filter(|_| more).map(|last| cursor_after(last.id));
        FeaturePage { features, matched, cursor }
    }

    pub fn extent(&self) -> Extent {
        let features = self.features();
        let boxes = features.iter().filter_map(|feature| feature.shape.bounds());
        let bbox = boxes.reduce(|one, two| {
            let least = Coord { x: one.min().x.min(two.min().x), y: one.min().y.min(two.min().y) };
            Rect::new(least, Coord { x: one.max().x.max(two.max().x), y: one.max().y.max(two.max().y) })
        });
        let spans = features.iter().filter_map(|feature| feature.days);
        let days = spans.reduce(|one, two| Days {
            first: one.first.zip(two.first).map(|(one, two)| one.min(two)),
            last: one.last.zip(two.last).map(|(one, two)| one.max(two)),
        });
        Extent { bbox: bbox.map(|bbox| [bbox.min().x, bbox.min().y, bbox.max().x, bbox.max().y]), days }
    }
}

fn feature<'a, T>(id: i64, columns: &[Column<T>], thing: &'a T, shape: Shape<'a>) -> Feature<'a> {
    Feature { id, facts: columns.iter().map(|column| (column.read)(thing)).collect(), shape, days: None }
}

fn site(shown: &ShownSite) -> Feature<'_> {
    let days = Days { first: shown.site.planned_start_on, last: shown.site.planned_finish_on };
    Feature { days: Some(days), ..feature(shown.site.site_id.0, SITES, shown, Shape::Point(shown.site.position)) }
}

impl Feature<'_> {
    fn is_asked_for(&self, query: &ItemsQuery) -> bool {
        let shows = query.rectangles.is_empty() || query.rectangles.iter().any(|rectangle| self.shape.meets(rectangle));
        let in_time = query.days.zip(self.days).is_none_or(|(asked, own)| own.meets(asked));
        shows && in_time && query.wants(&self.facts)
    }

    /// The feature as GeoJSON writes it.
    pub fn geojson(&self, properties: &[Property], county: &County) -> Map<String, Value> {
        let values = properties.iter().zip(&self.facts).map(|(property, fact)| (property.name.to_owned(), fact.json(county)));
        let mut feature = Map::new();
        feature.insert("type".to_owned(), json!("Feature"));
        feature.insert("id".to_owned(), json!(self.id));
        feature.insert("geometry".to_owned(), self.shape.geojson());
        feature.insert("properties".to_owned(), Value::Object(values.collect()));
        feature
    }
}

impl Shape<'_> {
    fn bounds(self) -> Option<Rect> {
        match self {
            Self::Nowhere => None,
            Self::Point(position) => Geometry::from(Point::from(position)).bounding_rect(),
            Self::Area(area) => area.bounds(),
        }
    }

    /// Whether any of it lies in the rectangle. What lies nowhere does not.
    fn meets(self, rectangle: &Rect) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Point(position) => rectangle.intersects(&Point::from(position)),
            Self::Area(area) => area.meets(rectangle),
        }
    }

    pub fn geojson(self) -> Value {
        let line = |line: &geo::LineString| line.coords().map(|place| json!([place.x, place.y])).collect::<Vec<_>>();
        let rings = |polygon: &geo::Polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(line).collect::<Vec<_>>();
        match self {
            Self::Nowhere => Value::Null,
            Self::Point(position) => json!({"type": "Point", "coordinates": [position.lon(), position.lat()]}),
            Self::Area(area) => match area.polygons().0.as_slice() {
                [only] => json!({"type": "Polygon", "coordinates": rings(only)}),
                several => json!({"type": "MultiPolygon", "coordinates": several.iter().map(rings).collect::<Vec<_>>()}),
            },
        }
    }
}

impl Fact<'_> {
    /// The value in JSON; instants carry the county's offset.
    pub fn json(self, county: &County) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Text(text) => json!(text),
            Self::Flag(flag) => json!(flag),
            Self::Number(number) => json!(number),
            Self::Day(day) => json!(day),
            Self::Instant(instant) => json!(county.local(instant)),
        }
    }
}

/// First and last instant of days of the county's calendar, as an extent's interval has them.
pub fn interval(days: Days, county: &County) -> [Value; 2] {
    let begin = |day: NaiveDate| county.local(crate::calendar::start_of_day(day, county.zone));
    let last = days.last.and_then(|day| day.succ_opt()).map(|day| begin(day) - chrono::TimeDelta::seconds(1));
    [json!(days.first.map(begin)), json!(last)]
}
