//! Vector tiles (Mapbox Vector Tile 2.1), written by hand: layers of points, lines and polygons with attributes.
//!
//! Keys and values are stored once for each layer. Rings come without their repeated last point; exterior rings turn clockwise on the
//! screen, holes the other way. What lies where, and clipping, are decided before: see [`crate::clip`].

mod protobuf;
pub mod read;

use std::collections::HashMap;

use protobuf::{Message, zigzag};

/// A place in a tile's units.
pub type Spot = (i32, i32);

/// An exterior ring and its holes; no ring repeats its first spot.
pub type Rings = Vec<Vec<Spot>>;

/// An attribute's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Text(String),
    Number(u64),
    Flag(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// One layer of a tile in the making.
#[derive(Debug)]
pub struct Layer {
    name: &'static str,
    keys: Vec<&'static str>,
    key_places: HashMap<&'static str, u32>,
    values: Vec<Value>,
    value_places: HashMap<Value, u32>,
    features: Vec<Vec<u8>>,
}

const POINT: u64 = 1;
const LINE: u64 = 2;
const POLYGON: u64 = 3;

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

impl Layer {
    pub fn new(name: &'static str) -> Self {
        Self { name, keys: Vec::new(), key_places: HashMap::new(), values: Vec::new(), value_places: HashMap::new(), features: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Adds a point.
    pub fn point(&mut self, id: Option<u64>, spot: Spot, attributes: &[(&'static str, Value)]) {
        let mut path = Path::default();
        path.run(MOVE_TO, &[spot]);
        self.feature(id, POINT, &path.commands, attributes);
    }

    /// Adds lines as one feature; those of fewer than two spots are left out.
    pub fn lines(&mut self, id: Option<u64>, lines: &[Vec<Spot>], attributes: &[(&'static str, Value)]) {
        let mut path = Path::default();
        for line in lines.iter().filter(|line| line.len() >= 2) {
            path.run(MOVE_TO, &line[..1]);
            path.run(LINE_TO, &line[1..]);
        }
        self.feature(id, LINE, &path.commands, attributes);
    }

    /// Adds polygons as one feature. Rings turn the right way whatever way they come.
    pub fn polygons(&mut self, id: Option<u64>, polygons: &[Rings], attributes: &[(&'static str, Value)]) {
        let mut path = Path::default();
        for rings in polygons {
            for (place, ring) in rings.iter().enumerate() {
                let mut ring = ring.clone();
                if (twice_area(&ring) > 0) != (place == 0) {
                    ring.reverse();
                }
                path.run(MOVE_TO, &ring[..1]);
                path.run(LINE_TO, &ring[1..]);
                path.commands.push(command(CLOSE_PATH, 1));
            }
        }
        self.feature(id, POLYGON, &path.commands, attributes);
    }

    fn feature(&mut self, id: Option<u64>, kind: u64, geometry: &[u32], attributes: &[(&'static str, Value)]) {
        if geometry.is_empty() {
            return;
        }
        let tags: Vec<u32> = attributes.iter().flat_map(|(key, value)| [self.key_place(key), self.value_place(value)]).collect();
        let mut feature = Message::default();
        if let Some(id) = id {
            feature.number(1, id);
        }
        feature.packed(2, &tags);
        feature.number(3, kind);
        feature.packed(4, geometry);
        self.features.push(feature.into_bytes());
    }

    fn key_place(&mut self, key: &'static str) -> u32 {
        let keys = &mut self.keys;
        *self.key_places.entry(key).or_insert_with(|| {
            keys.push(key);
            keys.len() as u32 - 1
        })
    }

    fn value_place(&mut self, value: &Value) -> u32 {
        if let Some(place) = self.value_places.get(value) {
            return *place;
        }
        let place = self.values.len() as u32;
        self.values.push(value.clone());
        self.value_places.insert(value.clone(), place);
        place
    }

    fn into_message(self) -> Message {
        let mut layer = Message::default();
        layer.number(15, 2);
        layer.bytes(1, self.name.as_bytes());
        for feature in &self.features {
            layer.bytes(2, feature);
        }
        for key in &self.keys {
            layer.bytes(3, key.as_bytes());
        }
        for value in &self.values {
            let mut message = Message::default();
            match value {
                Value::Text(text) => message.bytes(1, text.as_bytes()),
                Value::Number(number) => message.number(5, *number),
                Value::Flag(flag) => message.number(7, (*flag).into()),
            }
            layer.bytes(4, &message.into_bytes());
        }
        layer.number(5, crate::tile::EXTENT as u64);
        layer
    }
}

/// The bytes of a tile. Layers without features are left out.
pub fn encode(layers: Vec<Layer>) -> Vec<u8> {
    let mut tile = Message::default();
    for layer in layers.into_iter().filter(|layer| !layer.is_empty()) {
        tile.bytes(3, &layer.into_message().into_bytes());
    }
    tile.into_bytes()
}

/// Twice the area that a ring encloses; positive when it turns clockwise on the screen, where `y` grows downwards.
pub fn twice_area(ring: &[Spot]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|((x1, y1), (x2, y2))| i64::from(*x1) * i64::from(*y2) - i64::from(*x2) * i64::from(*y1)).sum()
}

fn command(id: u32, count: usize) -> u32 {
    (count as u32) << 3 | id
}

/// Drawing commands; each spot is written as its distance from the one before.
#[derive(Default)]
struct Path {
    commands: Vec<u32>,
    pen: Spot,
}

impl Path {
    fn run(&mut self, id: u32, spots: &[Spot]) {
        if spots.is_empty() {
            return;
        }
        self.commands.push(command(id, spots.len()));
        for spot in spots {
            self.commands.push(zigzag(spot.0.wrapping_sub(self.pen.0)));
            self.commands.push(zigzag(spot.1.wrapping_sub(self.pen.1)));
            self.pen = *spot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read::{Geometry, decode};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_commands_are_those_of_the_specification() {
        // The worked examples of MVT 2.1, sections 4.3.5.1 and 4.3.5.5.
        let mut point = Path::default();
        point.run(MOVE_TO, &[(25, 17)]);
        assert_eq!(point.commands, [9, 50, 34]);
        let mut ring = Path::default();
        ring.run(MOVE_TO, &[(3, 6)]);
        ring.run(LINE_TO, &[(8, 12), (20, 34)]);
        ring.commands.push(command(CLOSE_PATH, 1));
        assert_eq!(ring.commands, [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }

    #[test]
    fn what_is_written_can_be_read_back() {
        let mut sites = Layer::new("sites");
        sites.point(Some(7), (10, 20), &[("stage", "completed".into()), ("overdue", false.into()), ("count", 3_u32.into())]);
        sites.point(Some(8), (-5, 4100), &[("stage", "completed".into()), ("overdue", true.into())]);
        let mut waters = Layer::new("waters");
        waters.lines(None, &[vec![(0, 0), (5, 5), (9, 1)], vec![(1, 1)], vec![(3, 3), (4, 4)]], &[("kind", "river".into())]);
        let layers = decode(&encode(vec![sites, Layer::new("empty"), waters])).unwrap();
        assert_eq!(layers.iter().map(|layer| layer.name.as_str()).collect::<Vec<_>>(), ["sites", "waters"]);
        assert_eq!(layers[0].values, 4, "the repeated stage is stored once");
        let second = &layers[0].features[1];
        assert_eq!((second.id, &second.geometry), (Some(8), &Geometry::Points(vec![(-5, 4100)])));
        assert_eq!(second.attribute("overdue"), Some(&Value::Flag(true)));
        assert_eq!(layers[0].features[0].attribute("count"), Some(&Value::Number(3)));
        let river = Geometry::Lines(vec![vec![(0, 0), (5, 5), (9, 1)], vec![(3, 3), (4, 4)]]);
        assert_eq!((layers[1].features[0].id, &layers[1].features[0].geometry), (None, &river));
    }

    #[test]
    fn rings_turn_the_right_way_whatever_way_they_come() {
        let outer = vec![(0, 0), (0, 100), (100, 100), (100, 0)];
        let hole = vec![(10, 10), (10, 20), (20, 20), (20, 10)];
        let mut layer = Layer::new("grid_cells");
        layer.polygons(Some(1), &[vec![outer, hole]], &[]);
        let layers = decode(&encode(vec![layer])).unwrap();
        let Geometry::Rings(rings) = &layers[0].features[0].geometry else { panic!("a polygon") };
        assert!(twice_area(&rings[0]) == 20_000 && twice_area(&rings[1]) == -200);
    }

    #[test]
    fn an_empty_tile_has_no_bytes() {
        assert!(encode(vec![Layer::new("sites")]).is_empty());
        assert_eq!(decode(&[]).unwrap().len(), 0);
    }

    proptest! {
        #[test]
        fn any_path_is_read_back(lines in prop::collection::vec(prop::collection::vec((-9000_i32..9000, -9000_i32..9000), 2..40), 1..5)) {
            let mut layer = Layer::new("waters");
            layer.lines(Some(u64::MAX), &lines, &[("name", "河".into())]);
            let layers = decode(&encode(vec![layer])).unwrap();
            prop_assert_eq!(&layers[0].features[0].geometry, &Geometry::Lines(lines));
            prop_assert_eq!(layers[0].features[0].id, Some(u64::MAX));
        }

        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }
    }
}
