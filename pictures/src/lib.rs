//! Pictures of the demo county, drawn: its sites, every project's kind of work at every stage, in every season's light; and its deputies.
//!
//! The same shot gives the same bytes. A crate of its own, so that drawing and encoding are compiled for speed while the server is not.

mod buildings;
mod canvas;
mod grounds;
mod portraits;
mod scene;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageError};

pub use portraits::portrait;
pub use scene::Shot;

/// A drawn photograph in the two sizes that are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub jpeg: Vec<u8>,
    pub thumbnail: Vec<u8>,
    /// Pixels of the full picture.
    pub width: u32,
    pub height: u32,
}

/// Draws and encodes one photograph: about 30 kB, and a thumbnail of half its width.
pub fn take(shot: &Shot) -> Result<Picture, ImageError> {
    let canvas = scene::paint(shot);
    let (width, height) = (canvas::WIDTH, canvas::HEIGHT);
    let small = halved(&canvas.pixels);
    Ok(Picture {
        jpeg: encoded(&canvas.pixels, width, height, 74)?,
        thumbnail: encoded(&small, width / 2, height / 2, 70)?,
        width: width as u32,
        height: height as u32,
    })
}

fn encoded(pixels: &[u8], width: usize, height: usize, quality: u8) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::with_capacity(48 * 1024);
    JpegEncoder::new_with_quality(&mut bytes, quality).encode(pixels, width as u32, height as u32, ExtendedColorType::Rgb8)?;
    Ok(bytes)
}

/// Every two by two pixels as one.
fn halved(pixels: &[u8]) -> Vec<u8> {
    let stride = canvas::WIDTH * 3;
    let mut small = Vec::with_capacity(pixels.len() / 4);
    for rows in pixels.chunks_exact(stride * 2) {
        let (upper, lower) = rows.split_at(stride);
        for (above, below) in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
            for channel in 0..3 {
                let sum = [above[channel], above[channel + 3], below[channel], below[channel + 3]].map(u16::from).iter().sum::<u16>();
                small.push((sum / 4) as u8);
            }
        }
    }
    small
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use geodata::demo_county::Theme;

    use super::*;

    const THEMES: [Theme; 10] = [
        Theme::Kindergarten,
        Theme::Road,
        Theme::Canteen,
        Theme::Clinic,
        Theme::Water,
        Theme::Housing,
        Theme::Park,
        Theme::Parking,
        Theme::Market,
        Theme::Culture,
    ];

    #[test]
    fn every_kind_of_work_can_be_drawn_at_every_stage_and_no_two_places_look_the_same() {
        let mut seen = HashSet::new();
        for (place, theme) in THEMES.into_iter().enumerate() {
            for (visit, percent) in [0, 5, 50, 95, 100].into_iter().enumerate() {
                let shot = Shot { theme, place: place as u64, percent, month: 1 + 2 * visit as u32, moment: visit as u64 };
                let picture = take(&shot).expect("a picture");
                assert!((8_000..90_000).contains(&picture.jpeg.len()), "{theme:?} {percent}: {} bytes", picture.jpeg.len());
                assert!(picture.thumbnail.len() < picture.jpeg.len());
                assert_eq!(picture, take(&shot).expect("the same picture"));
                assert!(seen.insert(picture.jpeg), "{theme:?} {percent}");
            }
        }
    }
}
