//! Reads vector tiles back, so that tests can look at what a browser will see.

use super::protobuf::{Field, fields, unpack, unzigzag};
use super::{CLOSE_PATH, LINE, LINE_TO, MOVE_TO, POINT, POLYGON, Spot, Value};

/// A layer as read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadLayer {
    pub name: String,
    pub features: Vec<ReadFeature>,
    /// How many different values the layer stores.
    pub values: usize,
}

/// A feature as read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFeature {
    pub id: Option<u64>,
    pub geometry: Geometry,
    pub attributes: Vec<(String, Value)>,
}

/// A geometry as read; rings come in the order written, exterior and holes alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Geometry {
    Points(Vec<Spot>),
    Lines(Vec<Vec<Spot>>),
    Rings(Vec<Vec<Spot>>),
}

impl ReadFeature {
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

/// The layers of a tile; none when the bytes are not a tile of ours.
pub fn decode(bytes: &[u8]) -> Option<Vec<ReadLayer>> {
    let mut layers = Vec::new();
    for (number, field) in fields(bytes)? {
        if let (3, Field::Bytes(inner)) = (number, field) {
            layers.push(layer(inner)?);
        }
    }
    Some(layers)
}

fn layer(bytes: &[u8]) -> Option<ReadLayer> {
    let (mut name, mut keys, mut values, mut features) = (String::new(), Vec::new(), Vec::new(), Vec::new());
    for (number, field) in fields(bytes)? {
        match (number, field) {
            (1, Field::Bytes(text)) => name = text_of(text)?,
            (2, Field::Bytes(inner)) => features.push(inner),
            (3, Field::Bytes(text)) => keys.push(text_of(text)?),
            (4, Field::Bytes(inner)) => values.push(value(inner)?),
            _ => {}
        }
    }
    let features = features.into_iter().map(|bytes| feature(bytes, &keys, &values)).collect::<Option<_>>()?;
    Some(ReadLayer { name, features, values: values.len() })
}

fn feature(bytes: &[u8], keys: &[String], values: &[Value]) -> Option<ReadFeature> {
    let (mut id, mut tags, mut kind, mut commands) = (None, Vec::new(), 0, Vec::new());
    for (number, field) in fields(bytes)? {
        match (number, field) {
            (1, Field::Number(number)) => id = Some(number),
            (2, Field::Bytes(packed)) => tags = unpack(packed)?,
            (3, Field::Number(number)) => kind = number,
            (4, Field::Bytes(packed)) => commands = unpack(packed)?,
            _ => {}
        }
    }
    let attribute = |pair: &[u32]| Some((keys.get(pair[0] as usize)?.clone(), values.get(pair[1] as usize)?.clone()));
    let attributes = tags.chunks_exact(2).map(attribute).collect::<Option<_>>()?;
    let parts = parts(&commands)?;
    let geometry = match kind {
        POINT => Geometry::Points(parts.concat()),
        LINE => Geometry::Lines(parts),
        POLYGON => Geometry::Rings(parts),
        _ => return None,
    };
    Some(ReadFeature { id, geometry, attributes })
}

fn parts(commands: &[u32]) -> Option<Vec<Vec<Spot>>> {
    let mut parts: Vec<Vec<Spot>> = Vec::new();
    let mut pen: Spot = (0, 0);
    let mut rest = commands.iter();
    while let Some(command) = rest.next() {
        if command & 7 == CLOSE_PATH {
            continue;
        }
        for _ in 0..command >> 3 {
            pen = (pen.0.wrapping_add(unzigzag(*rest.next()?)), pen.1.wrapping_add(unzigzag(*rest.next()?)));
            match command & 7 {
                MOVE_TO => parts.push(vec![pen]),
                LINE_TO => parts.last_mut()?.push(pen),
                _ => return None,
            }
        }
    }
    Some(parts)
}

fn value(bytes: &[u8]) -> Option<Value> {
    match fields(bytes)?.pop()? {
        (1, Field::Bytes(text)) => text_of(text).map(Value::Text),
        (5, Field::Number(number)) => Some(Value::Number(number)),
        (7, Field::Number(number)) => Some(Value::Flag(number != 0)),
        _ => None,
    }
}

fn text_of(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}
