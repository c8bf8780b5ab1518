//! Two hundred bad and good boundaries and any number of drawn ones: always an answer, never a panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

type Ring = Vec<(f64, f64)>;

fn polygon(rings: &[Ring]) -> String {
    json!({"type": "Polygon", "coordinates": rings}).to_string()
}

fn fault(rings: &[Ring]) -> BoundaryError {
    read_boundary(&polygon(rings)).unwrap_err()
}

/// A counter-clockwise, closed ring of `corners` points around a centre.
fn round(lon: f64, lat: f64, radius: f64, corners: usize) -> Ring {
    let at = |corner: usize| {
        let angle = std::f64::consts::TAU * (corner % corners) as f64 / corners as f64;
        (lon + radius * angle.cos(), lat + radius * angle.sin())
    };
    (0..=corners).map(at).collect()
}

fn reversed(mut ring: Ring) -> Ring {
    ring.reverse();
    ring
}

#[test]
fn good_rings_of_every_size_are_taken_and_the_wrong_winding_is_turned() {
    for corners in [3, 4, 5, 7, 12, 50, 300, 2_000, 9_000] {
        for radius in [0.001, 0.05, 1.0] {
            let good = read_boundary(&polygon(&[round(110.0, 30.0, radius, corners)])).unwrap();
            assert_eq!(good.repairs, Repairs::default());
            let turned = read_boundary(&polygon(&[reversed(round(110.0, 30.0, radius, corners))])).unwrap();
            assert_eq!(turned.repairs.rings_turned, 1);
            assert!(turned.shape.signed_area() > 0.0);
        }
    }
}

#[test]
fn holes_are_turned_clockwise_and_must_lie_inside() {
    let shell = round(110.0, 30.0, 1.0, 40);
    let hole = round(110.0, 30.0, 0.3, 20);
    let good = read_boundary(&polygon(&[shell.clone(), hole.clone()])).unwrap();
    assert_eq!(good.repairs.rings_turned, 1);
    assert_eq!(read_boundary(&polygon(&[shell.clone(), reversed(hole.clone())])).unwrap().repairs.rings_turned, 0);
    for distance in [1.4, 1.5, 2.0, 5.0, 12.0] {
        assert_eq!(fault(&[shell.clone(), hole.clone(), round(110.0 + distance, 30.0, 0.3, 20)]), BoundaryError::HoleOutside { ring: 3 });
    }
    for distance in [0.75, 0.9, 1.0, 1.2] {
        assert_eq!(fault(&[shell.clone(), round(110.0 + distance, 30.0, 0.3, 20)]).code(), "self_crossing");
    }
    assert_eq!(fault(&[hole, shell]).code(), "hole_outside");
}

#[test]
fn unclosed_and_short_rings_are_named_with_their_number() {
    for corners in [4, 5, 9, 100] {
        let mut open = round(110.0, 30.0, 1.0, corners);
        open.pop();
        assert_eq!(fault(&[open.clone()]), BoundaryError::Unclosed { ring: 1 });
        assert_eq!(fault(&[round(110.0, 30.0, 2.0, 8), open]), BoundaryError::Unclosed { ring: 2 });
    }
    for points in 1..4 {
        assert_eq!(fault(&[round(110.0, 30.0, 1.0, 9)[..points].to_vec()]), BoundaryError::TooFewPoints { ring: 1 });
        assert_eq!(fault(&[vec![(110.0, 30.0); points]]), BoundaryError::TooFewPoints { ring: 1 });
    }
    for points in [4, 5, 60] {
        assert_eq!(fault(&[vec![(110.0, 30.0); points]]), BoundaryError::TooFewPoints { ring: 1 });
    }
}

#[test]
fn repeated_points_are_dropped_and_counted() {
    for times in 2..7 {
        let ring: Ring = round(110.0, 30.0, 1.0, 9).into_iter().flat_map(|point| vec![point; times]).collect();
        let boundary = read_boundary(&polygon(&[ring])).unwrap();
        assert_eq!(boundary.repairs.points_dropped, 10 * (times - 1));
        assert_eq!(boundary.shape.0[0].exterior().0.len(), 10);
    }
}

#[test]
fn rings_without_area_are_refused() {
    for (east, north) in [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (-0.7, 0.3), (1e-7, 1e-7)] {
        let there = (110.0 + east, 30.0 + north);
        let middle = (110.0 + east / 2.0, 30.0 + north / 2.0);
        let code = fault(&[vec![(110.0, 30.0), middle, there, (110.0, 30.0)]]).code();
        assert!(["ring_zero_area", "self_crossing"].contains(&code), "{code}");
    }
    assert_eq!(fault(&[round(110.0, 30.0, 1e-6, 12)]).code(), "ring_zero_area");
}

#[test]
fn crossings_touches_and_spikes_are_found() {
    for (east, north) in (1..=5).flat_map(|east| (1..=5).map(move |north| (f64::from(east) / 4.0, f64::from(north) / 4.0))) {
        let corner = |x: f64, y: f64| (110.0 + east * x, 30.0 + north * y);
        let bow_tie = vec![corner(0.0, 0.0), corner(3.0, 2.0), corner(3.0, 0.0), corner(0.0, 1.0), corner(0.0, 0.0)];
        assert_eq!(fault(&[bow_tie]).code(), "self_crossing");
        let touching = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 0.0), (0.0, 2.0), (0.0, 0.0)];
        assert_eq!(fault(&[touching.map(|(x, y)| corner(x, y)).to_vec()]).code(), "self_crossing");
        let spike = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (2.0, 3.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)];
        assert_eq!(fault(&[spike.map(|(x, y)| corner(x, y)).to_vec()]).code(), "self_crossing");
    }
}

#[test]
fn vertices_must_lie_in_the_box_around_china() {
    let shell = round(110.0, 30.0, 1.0, 12);
    let absurd = [(1e308, 1e308), (-1e308, 30.0), (0.0, 0.0), (110.0, 54.5), (110.0, 2.9), (72.9, 30.0), (136.5, 30.0), (-110.0, -30.0)];
    for place in 1..12 {
        for vertex in absurd {
            let mut ring = shell.clone();
            ring[place] = vertex;
            let code = fault(&[ring]).code();
            assert!(["vertex_outside", "antimeridian"].contains(&code), "{vertex:?}: {code}");
        }
    }
    let swapped: Ring = shell.iter().map(|(lon, lat)| (*lat, *lon)).collect();
    assert_eq!(fault(&[swapped]).code(), "vertex_swapped");
    let pacific = vec![(179.0, 30.0), (-179.0, 30.0), (-179.0, 31.0), (179.0, 31.0), (179.0, 30.0)];
    assert_eq!(fault(&[pacific]), BoundaryError::Antimeridian);
}

#[test]
fn more_vertices_than_the_limit_are_refused_however_they_are_spread() {
    assert!(read_boundary(&polygon(&[round(110.0, 30.0, 1.0, MOST_VERTICES - 1)])).is_ok());
    assert_eq!(fault(&[round(110.0, 30.0, 1.0, MOST_VERTICES)]), BoundaryError::TooManyVertices(MOST_VERTICES + 1));
    let spread: Vec<Ring> = (0..60).map(|_| round(110.0, 30.0, 1.0, 200)).collect();
    assert_eq!(fault(&spread).code(), "too_many_vertices");
}

#[test]
fn nesting_of_ten_thousand_is_answered() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"type\":\"GeometryCollection\",\"geometries\":[", "]}")] {
        for depth in [33, 127, 129, 1_000, 10_000, 200_000] {
            let text = format!("{}{}", open.repeat(depth), close.repeat(depth));
            assert_eq!(read_boundary(&text).unwrap_err(), BoundaryError::TooDeep);
            assert_eq!(read_features(&open.repeat(depth)).unwrap_err(), BoundaryError::TooDeep);
        }
    }
    assert_eq!(read_boundary(&format!("\"{}\"", "[".repeat(99))).unwrap_err().code(), "not_geojson");
}

#[test]
fn what_is_no_polygon_is_answered_with_its_type() {
    let wrong = [
        (r#"{"type":"Point","coordinates":[110,30]}"#, "wrong_type"),
        (r#"{"type":"LineString","coordinates":[[110,30],[111,30]]}"#, "wrong_type"),
        (r#"{"type":"GeometryCollection","geometries":[]}"#, "wrong_type"),
        (r#"{"type":"Feature","geometry":null,"properties":{}}"#, "boundary_missing"),
        (r#"{"type":"FeatureCollection","features":[]}"#, "boundary_empty"),
        (r#"{"type":"Polygon","coordinates":[]}"#, "boundary_empty"),
        (r#"{"type":"MultiPolygon","coordinates":[[]]}"#, "not_geojson"),
        (r#"{"type":"MultiPolygon","coordinates":[]}"#, "boundary_empty"),
        (r#"{"type":"Polygon","coordinates":[[]]}"#, "boundary_empty"),
        (r#"{"type":"Polygon","coordinates":[[[]]]}"#, "not_geojson"),
        (r#"{"type":"Polygon","coordinates":[[[110]]]}"#, "not_geojson"),
        (r#"{"type":"Polygon","coordinates":[[[110,30,1,1]]]}"#, "not_geojson"),
        (r#"{"type":"Polygon","coordinates":[[["110","30"]]]}"#, "not_geojson"),
        (r#"{"type":"Polygon","coordinates":[[[null,null]]]}"#, "not_geojson"),
        (r#"{"type":"Polygon","coordinates":[[[NaN,30]]]}"#, "not_json"),
        (r#"{"type":"Polygon","coordinates":[[[1e999,30]]]}"#, "not_geojson"),
        (r#"{"type":"Polygon","coordinates":"110,30"}"#, "not_geojson"),
        (r#"{"type":"Polygon"}"#, "not_geojson"),
        (r#"{"type":"Circle","coordinates":[]}"#, "not_geojson"),
        ("{}", "not_geojson"),
        ("null", "not_geojson"),
        ("[]", "not_geojson"),
        ("", "not_json"),
        ("{", "not_json"),
        ("边界", "not_json"),
    ];
    for (text, code) in wrong {
        assert_eq!(read_boundary(text).unwrap_err().code(), code, "{text}");
        assert!(!read_boundary(text).unwrap_err().to_string().is_empty());
    }
}

#[test]
fn one_bad_feature_leaves_the_others_readable() {
    let feature =
        |ring: Ring, name: &str| json!({"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}});
    let file = json!({"type": "FeatureCollection", "features": [
        feature(round(110.0, 30.0, 0.1, 9), "甲"),
        feature(round(110.0, 30.0, 0.1, 9)[..6].to_vec(), "乙"),
        feature(round(111.0, 30.0, 0.1, 9), "丙"),
    ]});
    let features = read_features(&format!("\u{feff}{file}")).unwrap();
    let verdicts: Vec<_> = features.iter().map(|feature| (feature.properties["name"].as_str().unwrap(), feature.boundary.is_ok())).collect();
    assert_eq!(verdicts, [("甲", true), ("乙", false), ("丙", true)]);
}

#[test]
fn a_height_beside_the_position_is_left_out() {
    let ring: Vec<_> = round(110.0, 30.0, 1.0, 6).into_iter().map(|(lon, lat)| [lon, lat, 12.5]).collect();
    let text = json!({"type": "MultiPolygon", "coordinates": [[ring]]}).to_string();
    assert_eq!(read_boundary(&text).unwrap().shape.0[0].exterior().0.len(), 7);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (73.0..136.0).prop_map(Value::from),
        Just(json!("Polygon")),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            (prop::sample::select(vec!["Polygon", "MultiPolygon", "Feature", "FeatureCollection"]), inner)
                .prop_map(|(name, inner)| json!({"type": name, "coordinates": inner, "geometry": inner, "features": [inner]})),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_and_any_text_is_answered(value in any_json(), text in ".{0,200}") {
        let _ = read_boundary(&value.to_string());
        let _ = read_features(&value.to_string());
        let _ = read_boundary(&text);
    }

    #[test]
    fn any_ring_is_answered_and_what_is_taken_is_closed_and_wound_right(
        vertices in prop::collection::vec((73.0..=136.0, 3.0..=54.0), 3..12),
    ) {
        let mut ring: Ring = vertices;
        ring.push(ring[0]);
        if let Ok(boundary) = read_boundary(&polygon(&[ring])) {
            let exterior = boundary.shape.0[0].exterior();
            prop_assert!(exterior.is_closed() && exterior.0.len() >= 4);
            prop_assert!(boundary.shape.signed_area() > 0.0);
        }
    }

    #[test]
    fn a_star_shaped_ring_is_always_taken(radii in prop::collection::vec(0.05..0.5, 3..120)) {
        let unit = round(0.0, 0.0, 1.0, radii.len());
        let mut ring: Ring = unit.iter().zip(&radii).map(|((x, y), radius)| (110.0 + radius * x, 30.0 + radius * y)).collect();
        ring.push(ring[0]);
        prop_assert!(read_boundary(&polygon(&[ring])).is_ok());
    }
}
