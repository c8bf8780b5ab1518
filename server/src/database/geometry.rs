//! Shapes on their way out of PostGIS: asked for as GeoJSON geometry (`st_asgeojson`), read into `geo`.

use geo::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use serde::Deserialize;

/// A line or an area as PostGIS writes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Area(MultiPolygon),
    Line(MultiLineString),
}

type Place = [f64; 2];

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Written {
    LineString(Vec<Place>),
    MultiLineString(Vec<Vec<Place>>),
    Polygon(Vec<Vec<Place>>),
    MultiPolygon(Vec<Vec<Vec<Place>>>),
}

/// Reads a line or an area.
pub fn read_shape(text: &str) -> Result<Shape, sqlx::Error> {
    let written: Written = serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(match written {
        Written::LineString(places) => Shape::Line(MultiLineString::new(vec![line(places)])),
        Written::MultiLineString(lines) => Shape::Line(MultiLineString::new(lines.into_iter().map(line).collect())),
        Written::Polygon(rings) => Shape::Area(MultiPolygon::new(polygon(rings).into_iter().collect())),
        Written::MultiPolygon(polygons) => Shape::Area(MultiPolygon::new(polygons.into_iter().filter_map(polygon).collect())),
    })
}

/// Reads an area.
pub fn read_area(text: &str) -> Result<MultiPolygon, sqlx::Error> {
    match read_shape(text)? {
        Shape::Area(area) => Ok(area),
        Shape::Line(_) => Err(sqlx::Error::Decode("an area was expected, not a line".into())),
    }
}

fn line(places: Vec<Place>) -> LineString {
    places.into_iter().map(|[lon, lat]| Coord { x: lon, y: lat }).collect()
}

fn polygon(rings: Vec<Vec<Place>>) -> Option<Polygon> {
    let mut rings = rings.into_iter().map(line);
    let exterior = rings.next()?;
    Some(Polygon::new(exterior, rings.collect()))
}

#[cfg(test)]
mod tests {
    use geo::Area;

    use super::*;

    #[test]
    fn areas_keep_their_holes_and_lines_their_parts() {
        let square = "[[0,0],[4,0],[4,4],[0,4],[0,0]]";
        let hole = "[[1,1],[1,2],[2,2],[2,1],[1,1]]";
        let area = read_area(&format!(r#"{{"type":"MultiPolygon","coordinates":[[{square},{hole}]]}}"#)).expect("an area");
        assert_eq!(area.unsigned_area(), 15.0);
        let line = read_shape(r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#).expect("a line");
        assert!(matches!(line, Shape::Line(parts) if parts.0.len() == 1));
        assert!(read_area(r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#).is_err());
        assert!(read_shape(r#"{"type":"Point","coordinates":[0,0]}"#).is_err());
    }
}
