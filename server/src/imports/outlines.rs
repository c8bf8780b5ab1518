//! What an import of boundaries does to the map: the outline that stands beside the one that would, their areas, and the sites that would come
//! to lie on another side. Pure: nothing is decided here, and no site is moved by an import of boundaries.

use std::collections::HashMap;

use geo::{BoundingRect, ChamberlainDuquetteArea, Intersects, MultiPolygon, Point};
use serde::Serialize;
use utoipa::ToSchema;

use super::outlook::Change;
use crate::http::shapes::Named;

/// An outline as it stands, or would.
#[derive(Debug, Clone)]
pub struct Shape {
    pub code: String,
    pub name: String,
    pub area: MultiPolygon,
}

/// An outline that would change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutlineView {
    pub code: String,
    pub name: String,
    pub change: Change,
    /// GeoJSON MultiPolygon in WGS-84, as it stands; null for what is new.
    #[schema(value_type = Option<Object>)]
    pub before: Option<serde_json::Value>,
    /// As it would be.
    #[schema(value_type = Object)]
    pub after: serde_json::Value,
    /// Square kilometres.
    pub before_km2: Option<f64>,
    pub after_km2: f64,
}

/// A site that would lie in another township's outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SideChange {
    pub site: Named,
    /// The township whose outline holds it now; null where none does.
    pub from: Option<String>,
    pub to: Option<String>,
}

/// The outlines that are new or changed, against those that stand.
pub fn compare(stored: &[Shape], drafts: &[Shape]) -> Vec<OutlineView> {
    let stored: HashMap<&str, &Shape> = stored.iter().map(|shape| (shape.code.as_str(), shape)).collect();
    let outlines = drafts.iter().filter_map(|draft| {
        let before = stored.get(draft.code.as_str()).map(|shape| &shape.area);
        if before.is_some_and(|before| is_same(before, &draft.area)) {
            return None;
        }
        Some(OutlineView {
            code: draft.code.clone(),
            name: draft.name.clone(),
            change: if before.is_some() { Change::Changed } else { Change::New },
            before: before.map(geojson),
            after: geojson(&draft.area),
            before_km2: before.map(square_km),
            after_km2: square_km(&draft.area),
        })
    });
    outlines.collect()
}

/// The sites that change sides when the drafts replace what stands under their codes.
pub fn side_changes(stored: &[Shape], drafts: &[Shape], sites: &[(Named, Point)]) -> Vec<SideChange> {
    let replaced = |shape: &&Shape| drafts.iter().all(|draft| draft.code != shape.code);
    let after: Vec<&Shape> = drafts.iter().chain(stored.iter().filter(replaced)).filter(|shape| shape.code.len() == 9).collect();
    let before: Vec<&Shape> = stored.iter().filter(|shape| shape.code.len() == 9).collect();
    let side =
        |shapes: &[&Shape], at: &Point| shapes.iter().find(|shape| holds(&shape.area, at)).map(|shape| (shape.code.clone(), shape.name.clone()));
    let changes = sites.iter().filter_map(|(site, at)| {
        let (from, to) = (side(&before, at), side(&after, at));
        let moved = from.as_ref().map(|(code, _)| code) != to.as_ref().map(|(code, _)| code);
        moved.then(|| SideChange { site: site.clone(), from: from.map(|(_, name)| name), to: to.map(|(_, name)| name) })
    });
    changes.collect()
}

fn holds(area: &MultiPolygon, at: &Point) -> bool {
    area.bounding_rect().is_some_and(|rectangle| rectangle.intersects(at)) && area.intersects(at)
}

/// Stored outlines are read with seven digits, a centimetre; what differs less is the same.
fn is_same(one: &MultiPolygon, other: &MultiPolygon) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 2e-7;
    let points = |area: &MultiPolygon| -> Vec<(f64, f64)> {
        area.iter()
            .flat_map(|polygon| polygon.exterior().coords().chain(polygon.interiors().iter().flat_map(|ring| ring.coords())))
            .map(|at| (at.x, at.y))
            .collect()
    };
    let (one, other) = (points(one), points(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| near(a.0, b.0) && near(a.1, b.1))
}

fn square_km(area: &MultiPolygon) -> f64 {
    (area.chamberlain_duquette_unsigned_area() / 10_000.0).round() / 100.0
}

fn geojson(area: &MultiPolygon) -> serde_json::Value {
    let ring = |ring: &geo::LineString| ring.coords().map(|at| [at.x, at.y]).collect::<Vec<_>>();
    let polygon = |polygon: &geo::Polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect::<Vec<_>>();
    serde_json::json!({"type": "MultiPolygon", "coordinates": area.iter().map(polygon).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use geo::{Rect, coord};

    use super::*;

    fn shape(code: &str, name: &str, west: f64, east: f64) -> Shape {
        let rectangle = Rect::new(coord! { x: west, y: 30.0 }, coord! { x: east, y: 30.4 });
        Shape { code: code.to_owned(), name: name.to_owned(), area: MultiPolygon::new(vec![rectangle.to_polygon()]) }
    }

    #[test]
    fn what_grows_takes_the_sites_that_lie_there() {
        let stored = [shape("339901001", "西河镇", 120.0, 120.2), shape("339901002", "东山镇", 120.2, 120.4)];
        let drafts = [shape("339901001", "西河镇", 120.0, 120.3), shape("339901002", "东山镇", 120.3, 120.4)];
        let site = |id: i64, lon: f64| (Named { id, name: format!("点位{id}") }, Point::new(lon, 30.2));
        let sites = [site(1, 120.1), site(2, 120.25), site(3, 120.35), site(4, 121.0)];
        let changes = side_changes(&stored, &drafts, &sites);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].site.id, changes[0].from.as_deref(), changes[0].to.as_deref()), (2, Some("东山镇"), Some("西河镇")));
        let outlines = compare(&stored, &drafts);
        assert_eq!(outlines.iter().map(|outline| outline.change).collect::<Vec<_>>(), [Change::Changed, Change::Changed]);
        assert!(outlines[0].after_km2 > outlines[0].before_km2.unwrap_or(0.0) * 1.4, "{outlines:?}");
        assert!((850.0..860.0).contains(&outlines[0].before_km2.unwrap_or(0.0)), "{:?}", outlines[0].before_km2);
    }

    #[test]
    fn what_stays_is_not_told() {
        let stored = [shape("339901001", "西河镇", 120.0, 120.2)];
        assert!(compare(&stored, &[shape("339901001", "西河镇", 120.0, 120.2)]).is_empty());
        assert_eq!(compare(&stored, &[shape("339901003", "新镇", 120.0, 120.2)])[0].change, Change::New);
        let site = (Named { id: 1, name: "点位".to_owned() }, Point::new(120.1, 30.2));
        assert!(side_changes(&stored, &[], &[site]).is_empty());
    }
}
