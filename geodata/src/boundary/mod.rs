//! Boundaries on their way in: GeoJSON read under limits, checked, and put in order before PostGIS ever sees them.
//!
//! Whatever the bytes, the answer is a boundary or a [`BoundaryError`], never a panic. Repeated points are dropped and winding is set
//! right; nothing else is mended. PostGIS has the last word on validity: its reason is translated by [`plain_words`].

mod crossing;
mod plain_words;
mod read;
#[cfg(test)]
mod tests;

use geo::{Area, Coord, LineString, MultiPolygon, Polygon};

pub use plain_words::plain_words;
pub use read::{FeatureBoundary, read_boundary, read_features};

use crate::position::{LAT_RANGE, LON_RANGE};

/// Most vertices one boundary may have.
pub const MOST_VERTICES: usize = 10_000;
/// Deepest nesting of brackets in a file; a feature collection of multipolygons needs eight.
pub const DEEPEST_NESTING: usize = 32;
/// Smallest area of a ring in square degrees: about ten square metres.
const SMALLEST_AREA: f64 = 1e-9;

/// A checked boundary: exterior rings counter-clockwise, holes clockwise, every ring closed and free of crossings.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    pub shape: MultiPolygon,
    /// What was put in order, for a note beside the row.
    pub repairs: Repairs,
}

/// What reading a boundary changed without changing what it means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    /// Rings that wound the wrong way.
    pub rings_turned: usize,
    /// Points that repeated the one before them.
    pub points_dropped: usize,
}

/// Why something is no boundary. Places are in degrees of the file's own datum; rings and polygons count from one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BoundaryError {
    #[error("不是 JSON 文件：{0}")]
    NotJson(String),
    #[error("嵌套超过 {DEEPEST_NESTING} 层")]
    TooDeep,
    #[error("不是 GeoJSON:{0}")]
    NotGeoJson(String),
    #[error("类型是 {0}，应为 Polygon 或 MultiPolygon")]
    WrongType(String),
    #[error("要素没有几何图形")]
    Missing,
    #[error("没有任何坐标")]
    Empty,
    #[error("顶点 {0} 个，超过上限 {MOST_VERTICES} 个，请先简化边界")]
    TooManyVertices(usize),
    #[error("坐标 ({lon}, {lat}) 不是经度 73–136、纬度 3–54 之间的数字")]
    VertexOutside { lon: f64, lat: f64 },
    #[error("经度和纬度写反了：({0}, {1})")]
    Swapped(f64, f64),
    #[error("边界跨越 180° 经线")]
    Antimeridian,
    #[error("第 {ring} 个环没有闭合：终点与起点不同")]
    Unclosed { ring: usize },
    #[error("第 {ring} 个环不足 4 个点")]
    TooFewPoints { ring: usize },
    #[error("第 {ring} 个环的面积为零")]
    ZeroArea { ring: usize },
    #[error("边界在经度 {lon:.6}、纬度 {lat:.6} 处自相交或自相接触")]
    SelfCrossing { lon: f64, lat: f64 },
    #[error("第 {ring} 个环是内环（洞），却不在外环之内")]
    HoleOutside { ring: usize },
}

impl BoundaryError {
    /// Stable name of the fault, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJson(_) => "not_json",
            Self::TooDeep => "too_deep",
            Self::NotGeoJson(_) => "not_geojson",
            Self::WrongType(_) => "wrong_type",
            Self::Missing => "boundary_missing",
            Self::Empty => "boundary_empty",
            Self::TooManyVertices(_) => "too_many_vertices",
            Self::VertexOutside { .. } => "vertex_outside",
            Self::Swapped(..) => "vertex_swapped",
            Self::Antimeridian => "antimeridian",
            Self::Unclosed { .. } => "ring_unclosed",
            Self::TooFewPoints { .. } => "ring_too_few_points",
            Self::ZeroArea { .. } => "ring_zero_area",
            Self::SelfCrossing { .. } => "self_crossing",
            Self::HoleOutside { .. } => "hole_outside",
        }
    }
}

/// Rings as written: for each polygon its exterior and then its holes.
type Rings = Vec<Vec<Vec<Coord>>>;

/// Checks the rings of a boundary and puts winding and repeated points in order.
fn check(polygons: Rings) -> Result<Boundary, BoundaryError> {
    let vertices = polygons.iter().flatten().map(Vec::len).sum::<usize>();
    if vertices == 0 {
        return Err(BoundaryError::Empty);
    }
    if vertices > MOST_VERTICES {
        return Err(BoundaryError::TooManyVertices(vertices));
    }
    for ring in polygons.iter().flatten() {
        check_vertices(ring)?;
    }
    let mut repairs = Repairs::default();
    let mut ring_number = 0;
    let mut shape = Vec::with_capacity(polygons.len());
    for rings in polygons {
        let first_ring = ring_number + 1;
        let mut ordered = Vec::with_capacity(rings.len());
        for (place, ring) in rings.into_iter().enumerate() {
            ring_number += 1;
            ordered.push(order_ring(ring, ring_number, place == 0, &mut repairs)?);
        }
        if let Some(place) = crossing::first_self_crossing(&ordered) {
            return Err(BoundaryError::SelfCrossing { lon: place.x, lat: place.y });
        }
        let mut rings = ordered.into_iter();
        let exterior = rings.next().ok_or(BoundaryError::Empty)?;
        let holes: Vec<_> = rings.collect();
        if let Some(outside) = holes.iter().position(|hole| !crossing::lies_inside(hole, &exterior)) {
            return Err(BoundaryError::HoleOutside { ring: first_ring + 1 + outside });
        }
        shape.push(Polygon::new(exterior, holes));
    }
    Ok(Boundary { shape: MultiPolygon::new(shape), repairs })
}

fn check_vertices(ring: &[Coord]) -> Result<(), BoundaryError> {
    let far_apart = |pair: &[Coord]| (pair[0].x - pair[1].x).abs() > 180.0 && pair.iter().all(|vertex| vertex.x.abs() <= 180.0);
    if ring.windows(2).any(far_apart) {
        return Err(BoundaryError::Antimeridian);
    }
    for vertex in ring {
        if LON_RANGE.contains(&vertex.x) && LAT_RANGE.contains(&vertex.y) {
            continue;
        }
        if LON_RANGE.contains(&vertex.y) && LAT_RANGE.contains(&vertex.x) {
            return Err(BoundaryError::Swapped(vertex.x, vertex.y));
        }
        return Err(BoundaryError::VertexOutside { lon: vertex.x, lat: vertex.y });
    }
    Ok(())
}

/// One ring without repeated points, closed, with an area, wound as its role asks.
fn order_ring(mut ring: Vec<Coord>, number: usize, exterior: bool, repairs: &mut Repairs) -> Result<LineString, BoundaryError> {
    if ring.len() < 4 {
        return Err(BoundaryError::TooFewPoints { ring: number });
    }
    if ring.first() != ring.last() {
        return Err(BoundaryError::Unclosed { ring: number });
    }
    let written = ring.len();
    ring.dedup();
    repairs.points_dropped += written - ring.len();
    if ring.len() < 4 {
        return Err(BoundaryError::TooFewPoints { ring: number });
    }
    // Measured from the ring's own corner: far from the origin the products would swallow a small area's digits.
    let corner = ring[0];
    let from_corner = ring.iter().map(|vertex| *vertex - corner).collect::<LineString>();
    let signed_area = Polygon::new(from_corner, vec![]).signed_area();
    if signed_area.abs() < SMALLEST_AREA {
        return Err(BoundaryError::ZeroArea { ring: number });
    }
    if (signed_area > 0.0) != exterior {
        ring.reverse();
        repairs.rings_turned += 1;
    }
    Ok(LineString::new(ring))
}
