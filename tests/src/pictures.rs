//! Pictures made by script: different for each seed, alike for the same one, in whatever size and format is wanted.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sha2::{Digest, Sha256};

/// A picture with enough edges to be told from others: 9 × 8 fields whose brightness follows from the seed.
pub fn picture(seed: u64, width: u32, height: u32) -> RgbImage {
    let shade = |column: u32, row: u32| {
        let digest = Sha256::digest([&seed.to_be_bytes()[..], &column.to_be_bytes(), &row.to_be_bytes()].concat());
        digest[0]
    };
    RgbImage::from_fn(width, height, |x, y| {
        let level = shade(x * 9 / width, y * 8 / height);
        Rgb([level, level.wrapping_add(20), level / 2])
    })
}

/// The picture of a seed as JPEG.
pub fn jpeg(seed: u64) -> Vec<u8> {
    encode_jpeg(&picture(seed, 360, 320), 90)
}

pub fn encode_jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).expect("a JPEG");
    bytes
}

/// The picture of a seed as PNG or WebP.
pub fn encoded(seed: u64, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture(seed, 180, 160)).write_to(&mut bytes, format).expect("an encoded picture");
    bytes.into_inner()
}

/// The name under which a picture is sent.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
