//! Hostile pictures made by script: bombs, truncations, flipped bits, polyglots, false kinds, absurd headers, and notes with canaries.

use harness::pictures;
use image::ImageFormat;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Stands in every note; must stand in nothing that is served.
pub const CANARY: &[u8] = b"CANARY-7f3a-GPS-TEL-13900000000";

/// What the gate should make of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Taken,
    Refused,
    /// Either is right, as long as nothing breaks: a damaged file may still show something.
    Either,
}

/// One file of the corpus.
pub struct Hostile {
    pub name: String,
    pub bytes: Vec<u8>,
    pub expected: Expected,
}

fn file(name: impl Into<String>, bytes: Vec<u8>, expected: Expected) -> Hostile {
    Hostile { name: name.into(), bytes, expected }
}

/// The whole corpus, the same each time.
pub fn corpus() -> Vec<Hostile> {
    let jpeg = pictures::encode_jpeg(&pictures::picture(1, 180, 160), 85);
    let png = pictures::encoded(2, ImageFormat::Png);
    let webp = pictures::encoded(3, ImageFormat::WebP);
    let mut files = Vec::new();
    for (kind, bytes) in [("jpeg", &jpeg), ("png", &png), ("webp", &webp)] {
        files.push(file(format!("{kind}, harmless"), bytes.clone(), Expected::Taken));
        for percent in 0..100 {
            files.push(file(format!("{kind}, cut at {percent} %"), bytes[..bytes.len() * percent / 100].to_vec(), Expected::Refused));
        }
        let mut chance = StdRng::seed_from_u64(7);
        for number in 0..40 {
            let mut flipped = bytes.clone();
            for _ in 0..=number / 8 {
                let place = chance.random_range(0..flipped.len());
                flipped[place] ^= 1 << chance.random_range(0..8);
            }
            files.push(file(format!("{kind}, bits flipped, {number}"), flipped, Expected::Either));
        }
        for (what, trailer) in TRAILERS {
            let polyglot = [bytes, *trailer, CANARY].concat();
            files.push(file(format!("{kind} and {what}"), polyglot, Expected::Either));
        }
    }
    files.extend(absurd_headers(&jpeg, &png, &webp));
    files.extend(false_kinds(&jpeg));
    files.extend(moving(&png));
    files.extend(notes(&jpeg, &png, &webp));
    files
}

const TRAILERS: &[(&str, &[u8])] = &[
    ("a script", b"<script>alert(document.cookie)</script>"),
    ("a PHP page", b"<?php system($_GET['c']); ?>"),
    ("an archive", b"PK\x03\x04\x14\x00\x00\x00\x08\x00"),
    ("a PDF", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj"),
    ("a shell script", b"\n#!/bin/sh\nrm -rf /\n"),
    ("a second picture", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
];

fn absurd_headers(jpeg: &[u8], png: &[u8], webp: &[u8]) -> Vec<Hostile> {
    let mut files = Vec::new();
    let sizes: [(u32, u32); 6] = [(65_535, 65_535), (65_535, 1), (0, 0), (0, 100), (30_000, 30_000), (10_000, 5_001)];
    for (width, height) in sizes {
        let (wide, high) = ((width.min(65_535) as u16).to_be_bytes(), (height.min(65_535) as u16).to_be_bytes());
        let mut patched = jpeg.to_vec();
        let header = patched.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame header");
        patched[header + 5..header + 9].copy_from_slice(&[high, wide].concat());
        files.push(file(format!("jpeg that claims {width} × {height}"), patched, Expected::Refused));
        let claim = [&width.to_be_bytes()[..], &height.to_be_bytes(), &png[24..29]].concat();
        let patched = [&png[..8], &png_chunk(b"IHDR", &claim), &png[33..]].concat();
        files.push(file(format!("png that claims {width} × {height}"), patched, Expected::Refused));
        let mut patched = webp.to_vec();
        let lossless = patched.windows(4).position(|four| four == b"VP8L").expect("a lossless picture") + 9;
        let bits = (width.wrapping_sub(1) & 0x3fff) | ((height.wrapping_sub(1) & 0x3fff) << 14);
        patched[lossless..lossless + 4].copy_from_slice(&bits.to_le_bytes());
        files.push(file(format!("webp that claims {width} × {height}"), patched, Expected::Either));
    }
    let vast = [&u32::MAX.to_be_bytes()[..], &u32::MAX.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    files.push(file("png that claims all there is", [&png[..8], &png_chunk(b"IHDR", &vast), &png[33..]].concat(), Expected::Refused));
    // Forty-nine million pixels of sixteen bits a channel would be 400 MB.
    let deep = [&7000_u32.to_be_bytes()[..], &7000_u32.to_be_bytes(), &[16, 6, 0, 0, 0]].concat();
    files.push(file("png of sixteen bits a channel", [&png[..8], &png_chunk(b"IHDR", &deep), &png[33..]].concat(), Expected::Refused));
    files
}

fn false_kinds(jpeg: &[u8]) -> Vec<Hostile> {
    let beginnings: [(&str, &[u8]); 12] = [
        ("gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04"),
        ("bmp", b"BM\x3a\x00\x00\x00\x00\x00"),
        ("tiff", b"II*\x00\x08\x00\x00\x00"),
        ("heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"),
        ("avif", b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("html", b"<!doctype html><script>alert(1)</script>"),
        ("pdf", b"%PDF-1.7\n"),
        ("archive", b"PK\x03\x04"),
        ("program", b"\x7fELF\x02\x01\x01"),
        ("icon", b"\x00\x00\x01\x00\x01\x00"),
        ("text", "今天去看了点位".as_bytes()),
    ];
    let mut files: Vec<Hostile> =
        beginnings.iter().map(|(kind, start)| file(format!("{kind} before a jpeg"), [*start, jpeg].concat(), Expected::Refused)).collect();
    files.push(file("nothing", Vec::new(), Expected::Refused));
    files.push(file("one byte", vec![0xff], Expected::Refused));
    files.push(file("only a jpeg's first bytes", vec![0xff, 0xd8, 0xff], Expected::Refused));
    files.push(file("only a webp's first bytes", b"RIFF\x00\x00\x00\x00WEBP".to_vec(), Expected::Refused));
    files
}

fn moving(png: &[u8]) -> Vec<Hostile> {
    let control = png_chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    let apng = [&png[..33], &control, &png[33..]].concat();
    let mut animated =
        b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x0f\x00\x00\x0f\x00\x00ANIM\x06\x00\x00\x00\xff\xff\xff\xff\x00\x00".to_vec();
    let length = u32::try_from(animated.len() - 8).expect("a length").to_le_bytes();
    animated[4..8].copy_from_slice(&length);
    vec![file("moving png", apng, Expected::Refused), file("moving webp", animated, Expected::Refused)]
}

fn notes(jpeg: &[u8], png: &[u8], webp: &[u8]) -> Vec<Hostile> {
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).expect("a length").to_be_bytes();
        [&[0xff, marker][..], &length, content].concat()
    };
    let in_jpeg = |note: Vec<u8>| [&jpeg[..2], &note, &jpeg[2..]].concat();
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>", CANARY, b"</x:xmpmeta>"].concat();
    let mut files = vec![
        file("exif in jpeg", in_jpeg(segment(0xe1, &[b"Exif\0\0", &exif(6)[..]].concat())), Expected::Taken),
        file("xmp in jpeg", in_jpeg(segment(0xe1, &xmp)), Expected::Taken),
        file("colour profile in jpeg", in_jpeg(segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", CANARY].concat())), Expected::Either),
        file("iptc in jpeg", in_jpeg(segment(0xed, &[b"Photoshop 3.0\08BIM", CANARY].concat())), Expected::Taken),
        file("comment in jpeg", in_jpeg(segment(0xfe, CANARY)), Expected::Taken),
        file("broken exif in jpeg", in_jpeg(segment(0xe1, &[b"Exif\0\0MM\0*\xff\xff\xff\xff", CANARY].concat())), Expected::Either),
    ];
    for (kind, content) in [
        (b"tEXt", [b"Comment\0", CANARY].concat()),
        (b"iTXt", [b"XML:com.adobe.xmp\0\0\0\0\0", CANARY].concat()),
        (b"eXIf", exif(1)),
        (b"tIME", vec![7, 234, 10, 28, 16, 20, 0]),
    ] {
        let noted = [&png[..33], &png_chunk(kind, &content), &png[33..]].concat();
        files.push(file(format!("{} in png", String::from_utf8_lossy(kind)), noted, Expected::Taken));
    }
    for (kind, content) in [(b"EXIF", exif(1)), (b"XMP ", xmp.clone())] {
        let length = u32::try_from(content.len()).expect("a length").to_le_bytes();
        let mut noted = [webp, &kind[..], &length, &content, if content.len() % 2 == 1 { &[0] } else { &[] }].concat();
        let whole = u32::try_from(noted.len() - 8).expect("a length").to_le_bytes();
        noted[4..8].copy_from_slice(&whole);
        files.push(file(format!("{} in webp", String::from_utf8_lossy(kind)), noted, Expected::Either));
    }
    files
}

/// Notes as a camera writes them: orientation, time, place, and the canary as the camera's maker. Big-endian TIFF.
pub fn exif(orientation: u16) -> Vec<u8> {
    let maker = [CANARY, b"\0"].concat();
    // Offsets: 8 first directory (4 entries), 62 maker, then time, sub-directories and the place's numbers.
    let entry =
        |tag: u16, kind: u16, count: u32, value: [u8; 4]| [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat();
    let offset = |place: usize| u32::try_from(place).expect("an offset").to_be_bytes();
    let maker_at = 8 + 2 + 4 * 12 + 4;
    let details_at = maker_at + maker.len();
    let time_at = details_at + 2 + 12 + 4;
    let place_at = time_at + 20;
    let numbers_at = place_at + 2 + 4 * 12 + 4;
    let [high, low] = orientation.to_be_bytes();
    let mut notes = b"MM\0*\0\0\0\x08".to_vec();
    notes.extend(4_u16.to_be_bytes());
    notes.extend(entry(0x010f, 2, u32::try_from(maker.len()).expect("a length"), offset(maker_at)));
    notes.extend(entry(0x0112, 3, 1, [high, low, 0, 0]));
    notes.extend(entry(0x8769, 4, 1, offset(details_at)));
    notes.extend(entry(0x8825, 4, 1, offset(place_at)));
    notes.extend([0; 4]);
    notes.extend(&maker);
    notes.extend(1_u16.to_be_bytes());
    notes.extend(entry(0x9003, 2, 20, offset(time_at)));
    notes.extend([0; 4]);
    notes.extend(b"2026:10:19 16:20:00\0");
    notes.extend(4_u16.to_be_bytes());
    notes.extend(entry(1, 2, 2, *b"N\0\0\0"));
    notes.extend(entry(2, 5, 3, offset(numbers_at)));
    notes.extend(entry(3, 2, 2, *b"E\0\0\0"));
    notes.extend(entry(4, 5, 3, offset(numbers_at + 24)));
    notes.extend([0; 4]);
    // 30° 6' 0" north, 120° 3' 0" east.
    for number in [30_u32, 1, 6, 1, 0, 1, 120, 1, 3, 1, 0, 1] {
        notes.extend(number.to_be_bytes());
    }
    notes
}

fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let checked = [&kind[..], content].concat();
    let mut crc = u32::MAX;
    for byte in &checked {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let length = u32::try_from(content.len()).expect("a length").to_be_bytes();
    [&length[..], &checked, &(!crc).to_be_bytes()].concat()
}
