//! The gate every picture passes: read the header, refuse what is not a plain picture, decode under limits, and encode it anew.
//!
//! What is published is made here from pixels alone, so nothing else of the file can be: no place, time, camera, thumbnail, text or
//! trailer. There is no way around the encoder: a picture that cannot be decoded is refused. All of it is blocking work.

use std::io::Cursor;

use exif::{In, Tag, Value};
use geodata::LonLat;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, Limits, RgbImage};

use super::crops::{self, Window};
use super::model::Likeness;
use crate::http::{Code, Problem};

/// Pixels a picture may have.
const MOST_PIXELS: u64 = 50_000_000;
/// Pixels along one side.
const LONGEST_SIDE: u32 = 20_000;
/// Memory one decoder may take, in bytes: 50 million pixels of four bytes, and what the decoder needs beside them.
const DECODER_MEMORY: u64 = 320 * 1024 * 1024;
/// Side of a published portrait.
const PORTRAIT_SIDE: u32 = 320;
/// Long side of a published picture and of its thumbnail.
const PUBLISHED_SIDE: u32 = 2048;
const THUMBNAIL_SIDE: u32 = 480;

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoFault {
    /// Not JPEG, PNG or WebP by its first bytes.
    UnknownKind,
    Empty,
    TooManyPixels,
    Animated,
    /// The decoder could not make pixels of it.
    Unreadable,
}

impl From<PhotoFault> for Problem {
    fn from(fault: PhotoFault) -> Self {
        let (code, zh, en) = match fault {
            PhotoFault::UnknownKind => {
                let problem = Self::new(Code::UnsupportedMedia);
                return problem.saying("照片应为 JPEG、PNG 或 WebP 格式", "A picture must be JPEG, PNG or WebP");
            }
            PhotoFault::Empty => ("empty", "照片没有内容", "The picture is empty"),
            PhotoFault::TooManyPixels => ("too_many_pixels", "照片像素过大，最多 5000 万像素", "The picture has more than 50 million pixels"),
            PhotoFault::Animated => ("animated", "不支持动图，请上传静态照片", "Moving pictures are not taken"),
            PhotoFault::Unreadable => ("unreadable", "照片已损坏，无法打开，请重新拍摄或选择", "The picture is damaged and cannot be opened"),
        };
        Self::field("body", code, zh, en)
    }
}

/// A picture ready to be published, and what was read from the file before the rest of it was thrown away.
#[derive(Debug)]
pub struct Prepared {
    pub picture: Vec<u8>,
    pub thumbnail: Vec<u8>,
    /// Of the published picture.
    pub width: u32,
    pub height: u32,
    pub likeness: Likeness,
    /// Of the whole and of what is left when edges are cut off.
    pub windows: Vec<Window>,
    pub evidence: Evidence,
}

/// When and where the camera says the picture was taken. Kept beside the picture, never published.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// `2026-10-28T16:20:00`, without a zone, as cameras write it.
    pub taken_at: Option<String>,
    pub taken_at_place: Option<LonLat>,
}

/// Takes a file apart and makes the published picture and its thumbnail of it.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, PhotoFault> {
    let evidence = read_evidence(bytes);
    let picture = fit(decode(bytes)?, PUBLISHED_SIDE);
    let thumbnail = fit(picture.clone(), THUMBNAIL_SIDE);
    let (width, height) = picture.dimensions();
    let windows = crops::windows(&image::imageops::grayscale(&thumbnail));
    let likeness = likeness(&thumbnail);
    Ok(Prepared { likeness, windows, picture: encode(&picture, 85)?, thumbnail: encode(&thumbnail, 80)?, width, height, evidence })
}

/// Takes a file apart and makes a portrait of it: the largest square, of an upright picture the one near its top, where a face is.
pub fn prepare_portrait(bytes: &[u8]) -> Result<Vec<u8>, PhotoFault> {
    let picture = decode(bytes)?;
    let side = picture.width().min(picture.height());
    let (left, top) = ((picture.width() - side) / 2, (picture.height() - side) / 5);
    let square = image::imageops::crop_imm(&picture, left, top, side, side).to_image();
    encode(&fit(square, PORTRAIT_SIDE), 82)
}

fn decode(bytes: &[u8]) -> Result<RgbImage, PhotoFault> {
    let file = Cursor::new(bytes);
    match bytes {
        [] => Err(PhotoFault::Empty),
        [0xff, 0xd8, 0xff, ..] if !is_whole_jpeg(bytes) => Err(PhotoFault::Unreadable),
        [0xff, 0xd8, 0xff, ..] => pixels(JpegDecoder::new(file).map_err(unreadable)?),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => {
            let decoder = PngDecoder::with_limits(file, limits()).map_err(unreadable)?;
            if decoder.is_apng().map_err(unreadable)? { Err(PhotoFault::Animated) } else { pixels(decoder) }
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            let decoder = WebPDecoder::new(file).map_err(unreadable)?;
            if decoder.has_animation() { Err(PhotoFault::Animated) } else { pixels(decoder) }
        }
        _ => Err(PhotoFault::UnknownKind),
    }
}

/// Whether the picture comes to its end: a decoder would paint what is missing of it grey and call it a picture. The end is looked for after
/// the pixels begin, because a small picture within the notes has an end of its own.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut place = 2;
    while let Some([0xff, kind, high, low]) = bytes.get(place..place + 4) {
        // Any number of fill bytes may stand before a marker.
        if *kind == 0xff {
            place += 1;
            continue;
        }
        place += 2 + usize::from(u16::from_be_bytes([*high, *low]));
        if *kind == 0xda {
            return bytes.get(place..).is_some_and(|rest| rest.windows(2).any(|pair| pair == [0xff, 0xd9]));
        }
    }
    false
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(DECODER_MEMORY);
    limits
}

/// Decodes after the header has been found harmless, and turns the picture the way it was held.
fn pixels<D: ImageDecoder>(mut decoder: D) -> Result<RgbImage, PhotoFault> {
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(PhotoFault::Empty);
    }
    if width > LONGEST_SIDE || height > LONGEST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PhotoFault::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(unreadable)?;
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    image.apply_orientation(orientation);
    Ok(image.into_rgb8())
}

fn unreadable(error: ImageError) -> PhotoFault {
    if matches!(error, ImageError::Limits(_)) { PhotoFault::TooManyPixels } else { PhotoFault::Unreadable }
}

/// Makes the picture at most `side` pixels long; never larger than it was.
fn fit(picture: RgbImage, side: u32) -> RgbImage {
    if picture.width().max(picture.height()) <= side {
        return picture;
    }
    DynamicImage::ImageRgb8(picture).resize(side, side, FilterType::Triangle).into_rgb8()
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoFault> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).map_err(unreadable)?;
    Ok(bytes)
}

fn likeness(picture: &RgbImage) -> Likeness {
    let grey = image::imageops::resize(&image::imageops::grayscale(picture), 9, 8, FilterType::Triangle);
    let mut values = [0; 72];
    values.copy_from_slice(grey.as_raw());
    Likeness::of_brightness(&values)
}

/// Reads what the camera noted. Whatever cannot be read is not there.
fn read_evidence(bytes: &[u8]) -> Evidence {
    let Ok(notes) = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)) else {
        return Evidence::default();
    };
    let degrees = |tag: Tag, reference: Tag, negative: u8| {
        let Value::Rational(parts) = &notes.get_field(tag, In::PRIMARY)?.value else { return None };
        let [degrees, minutes, seconds] = parts.as_slice() else { return None };
        let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
        let opposite = matches!(&notes.get_field(reference, In::PRIMARY)?.value, Value::Ascii(text) if text.first().is_some_and(|text| text.first() == Some(&negative)));
        Some(if opposite { -value } else { value })
    };
    let lon = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W');
    let lat = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S');
    let taken_at = notes.get_field(Tag::DateTimeOriginal, In::PRIMARY).and_then(|field| match &field.value {
        Value::Ascii(texts) => texts.first().and_then(|text| exif::DateTime::from_ascii(text).ok()),
        _ => None,
    });
    Evidence {
        taken_at: taken_at.map(|at| format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", at.year, at.month, at.day, at.hour, at.minute, at.second)),
        taken_at_place: lon.zip(lat).and_then(|(lon, lat)| LonLat::new(lon, lat).ok()),
    }
}
