//! GeoJSON text → rings. Depth is measured before anything recursive touches the text.

use geo::Coord;
use geojson::{Feature, GeoJson, Geometry, GeometryValue, JsonObject, Position};
use serde::de::IgnoredAny;

use super::{Boundary, BoundaryError, DEEPEST_NESTING, Rings, check};

/// One feature of a file: its properties, and its boundary or what is wrong with it.
#[derive(Clone, Debug)]
pub struct FeatureBoundary {
    pub properties: JsonObject,
    pub boundary: Result<Boundary, BoundaryError>,
}

/// Reads one boundary: a Polygon, a MultiPolygon, a Feature, or a FeatureCollection whose features together form it.
pub fn read_boundary(text: &str) -> Result<Boundary, BoundaryError> {
    let mut rings = Rings::new();
    match parse(text)? {
        GeoJson::Geometry(geometry) => add_rings(geometry, &mut rings)?,
        GeoJson::Feature(feature) => add_rings(feature.geometry.ok_or(BoundaryError::Missing)?, &mut rings)?,
        GeoJson::FeatureCollection(collection) => {
            for feature in collection.features {
                add_rings(feature.geometry.ok_or(BoundaryError::Missing)?, &mut rings)?;
            }
        }
    }
    check(rings)
}

/// Reads a file of boundaries, one for each feature; a fault in one leaves the others readable.
pub fn read_features(text: &str) -> Result<Vec<FeatureBoundary>, BoundaryError> {
    let features = match parse(text)? {
        GeoJson::FeatureCollection(collection) => collection.features,
        GeoJson::Feature(feature) => vec![feature],
        GeoJson::Geometry(geometry) => vec![Feature::from(geometry)],
    };
    Ok(features
        .into_iter()
        .map(|feature| FeatureBoundary { properties: feature.properties.unwrap_or_default(), boundary: feature_boundary(feature.geometry) })
        .collect())
}

fn feature_boundary(geometry: Option<Geometry>) -> Result<Boundary, BoundaryError> {
    let mut rings = Rings::new();
    add_rings(geometry.ok_or(BoundaryError::Missing)?, &mut rings)?;
    check(rings)
}

fn parse(text: &str) -> Result<GeoJson, BoundaryError> {
    let text = text.trim_start_matches('\u{feff}');
    if deepest_nesting(text) > DEEPEST_NESTING {
        return Err(BoundaryError::TooDeep);
    }
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| BoundaryError::NotJson(error.to_string()))?;
    text.parse::<GeoJson>().map_err(|error| BoundaryError::NotGeoJson(error.to_string()))
}

fn deepest_nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn add_rings(geometry: Geometry, rings: &mut Rings) -> Result<(), BoundaryError> {
    match geometry.value {
        GeometryValue::Polygon { coordinates } => rings.push(polygon_rings(coordinates)?),
        GeometryValue::MultiPolygon { coordinates } => {
            for polygon in coordinates {
                rings.push(polygon_rings(polygon)?);
            }
        }
        other => return Err(BoundaryError::WrongType(other.type_name().to_owned())),
    }
    Ok(())
}

fn polygon_rings(polygon: Vec<Vec<Position>>) -> Result<Vec<Vec<Coord>>, BoundaryError> {
    if polygon.is_empty() {
        return Err(BoundaryError::Empty);
    }
    polygon.into_iter().map(|ring| ring.into_iter().map(vertex).collect()).collect()
}

/// Longitude and latitude of a position; a height, which some programs write, is left out.
fn vertex(position: Position) -> Result<Coord, BoundaryError> {
    match position.as_slice() {
        [lon, lat] | [lon, lat, _] => Ok(Coord { x: *lon, y: *lat }),
        _ => Err(BoundaryError::NotGeoJson("坐标应为 [经度, 纬度]".to_owned())),
    }
}
