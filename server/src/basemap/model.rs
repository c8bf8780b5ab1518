//! Pure rules of the base map: which tiles are the county's surroundings, how a service's address is written, what bytes are a picture.

use geo::{Coord, Intersects, Rect};
use geodata::tile::{Tile, to_world};

/// The map can be moved this many times the county's size to each side.
const ROOM: f64 = 2.0;

/// Whether a tile shows any ground to which the map can be moved. Bounds are west, south, east, north in degrees.
pub fn is_near(tile: Tile, [west, south, east, north]: [f64; 4]) -> bool {
    let (width, height) = ((east - west) * ROOM, (north - south) * ROOM);
    let corner = |lon: f64, lat: f64| to_world(lon.clamp(-180.0, 180.0), lat.clamp(-85.0, 85.0));
    let (upper, lower): (Coord, Coord) = (corner(west - width, north + height), corner(east + width, south - height));
    tile.square(0.0).intersects(&Rect::new(upper, lower))
}

/// The address of tiles with places for layer, numbers and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

impl Template {
    /// Tianditu's own service, or the same service under another address.
    pub fn of_tianditu(address: Option<&str>) -> Self {
        let host = address.map_or("https://t{s}.tianditu.gov.cn", |address| address.trim_end_matches('/'));
        let query = "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles";
        Self(format!("{host}/{{layer}}_w/wmts?{query}&LAYER={{layer}}&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"))
    }

    /// Tiles whose address is written with `{z}`, `{x}` and `{y}`; none when one of them is missing.
    pub fn of_xyz(address: &str) -> Option<Self> {
        ["{z}", "{x}", "{y}"].iter().all(|place| address.contains(place)).then(|| Self(address.to_owned()))
    }

    /// The address of one tile.
    pub fn filled(&self, layer: &str, tile: Tile, key: &str) -> String {
        let key: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
        let numbers = [("{z}", u32::from(tile.z())), ("{x}", tile.x()), ("{y}", tile.y()), ("{s}", (tile.x() + tile.y()) % 8)];
        let filled = numbers.iter().fold(self.0.replace("{layer}", layer), |text, (place, number)| text.replace(place, &number.to_string()));
        filled.replace("{key}", &key)
    }
}

/// The media type of a picture, told by its first bytes; none when it is not one that maps are made of.
pub fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTY: [f64; 4] = [119.76, 30.36, 120.22, 30.72];

    fn tile(z: u8, x: u32, y: u32) -> Tile {
        Tile::new(z, x, y).expect("a tile")
    }

    #[test]
    fn only_the_county_and_its_surroundings_are_near() {
        for near in [tile(1, 1, 0), tile(10, 852, 420), tile(10, 854, 421)] {
            assert!(is_near(near, COUNTY), "{near:?}");
        }
        for far in [tile(1, 0, 0), tile(10, 500, 420), tile(10, 852, 300), tile(18, 0, 0), tile(10, 860, 420)] {
            assert!(!is_near(far, COUNTY), "{far:?}");
        }
    }

    #[test]
    fn an_address_is_filled_and_its_key_escaped() {
        let own = Template::of_tianditu(None).filled("vec", tile(10, 853, 421), "a&b=c");
        assert!(own.starts_with("https://t2.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&"), "{own}");
        assert!(own.ends_with("&LAYER=vec&TILEMATRIX=10&TILEROW=421&TILECOL=853&tk=a%26b%3Dc"), "{own}");
        let xyz = Template::of_xyz("https://tiles.example/{z}/{x}/{y}.png?k={key}").expect("a template");
        assert_eq!(xyz.filled("xyz", tile(1, 1, 0), "q"), "https://tiles.example/1/1/0.png?k=q");
        assert_eq!(Template::of_xyz("https://tiles.example/{z}/{x}.png"), None);
    }

    #[test]
    fn a_picture_is_told_by_its_first_bytes() {
        assert_eq!(picture_type(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture_type(b"RIFF....WEBPVP8 "), Some("image/webp"));
        for other in [&b"<html>"[..], b"", b"\x89PNG", b"GIF89a", b"{\"code\":301}"] {
            assert_eq!(picture_type(other), None);
        }
    }
}
