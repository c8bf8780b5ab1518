//! Portraits of the demo county's deputies: plainly drawn and nobody's, so that nobody takes them for a real person.

use geodata::demo_county::chance::Chance;
use image::ImageError;

use super::canvas::{Canvas, HEIGHT, Point, Rgb, View, WIDTH, lit};
use super::encoded;

/// Side of a portrait in pixels: half of what is painted.
pub const SIDE: usize = HEIGHT / 2;
/// Left edge of the square that is cut out of the painted picture, and its middle.
const LEFT: usize = (WIDTH - HEIGHT) / 2;
const MIDDLE: f32 = 320.0;

const GROUNDS: [(Rgb, Rgb); 5] = [
    ([206, 224, 232], [170, 200, 214]),
    ([226, 220, 204], [204, 192, 168]),
    ([212, 226, 212], [176, 200, 180]),
    ([224, 216, 228], [196, 184, 206]),
    ([222, 226, 230], [188, 196, 204]),
];
const SKINS: [Rgb; 4] = [[244, 214, 186], [236, 200, 168], [226, 188, 152], [248, 222, 198]];
const HAIRS: [Rgb; 5] = [[36, 32, 34], [58, 46, 40], [84, 76, 74], [150, 148, 148], [44, 36, 48]];
const JACKETS: [Rgb; 6] = [[34, 54, 84], [58, 62, 68], [70, 48, 52], [30, 78, 84], [96, 100, 108], [84, 58, 96]];

/// Draws the portrait of a number: a head and shoulders, the same bytes each time.
pub fn portrait(seed: u64) -> Result<Vec<u8>, ImageError> {
    let mut chance = Chance::new(seed, 0xfa);
    let mut canvas = Canvas::new(View { zoom: 1.0, east: 0.0, down: 0.0 });
    let (top, bottom) = *chance.pick(&GROUNDS);
    canvas.gradient(0.0, HEIGHT as f32, top, bottom);
    let (skin, hair) = (*chance.pick(&SKINS), *chance.pick(&HAIRS));
    let long_hair = chance.happens(0.42);
    if long_hair {
        canvas.ellipse((MIDDLE, 232.0), (112.0, 150.0), hair, 1.0);
    }
    shoulders(&mut canvas, skin, &mut chance);
    head(&mut canvas, skin, hair, long_hair, &mut chance);
    encoded(&square(&canvas.pixels), SIDE, SIDE, 84)
}

fn shoulders(canvas: &mut Canvas, skin: Rgb, chance: &mut Chance) {
    let jacket = *chance.pick(&JACKETS);
    let width = chance.between(172.0, 206.0) as f32;
    canvas.ellipse((MIDDLE, 512.0), (width, 168.0), jacket, 1.0);
    canvas.rectangle(MIDDLE - 40.0, 286.0, MIDDLE + 40.0, 372.0, lit(skin, 0.9));
    let shirt = if chance.happens(0.7) { [246, 246, 244] } else { lit(jacket, 1.5) };
    canvas.polygon(&[(MIDDLE - 58.0, 350.0), (MIDDLE + 58.0, 350.0), (MIDDLE, 446.0)], shirt);
    canvas.polygon(&[(MIDDLE - 40.0, 338.0), (MIDDLE + 40.0, 338.0), (MIDDLE, 388.0)], lit(skin, 0.9));
    for side in [-1.0, 1.0] {
        let lapel: [Point; 4] = [(side * 60.0, 344.0), (side * 104.0, 372.0), (side * 44.0, 456.0), (0.0, 452.0)].map(|(x, y)| (MIDDLE + x, y));
        canvas.polygon(&lapel, lit(jacket, 0.84));
    }
    // The round badge of a deputy, without any device on it.
    canvas.ellipse((MIDDLE + 96.0, 432.0), (11.0, 11.0), [196, 40, 40], 1.0);
    canvas.ellipse((MIDDLE + 96.0, 432.0), (5.0, 5.0), [236, 190, 80], 1.0);
}

fn head(canvas: &mut Canvas, skin: Rgb, hair: Rgb, long_hair: bool, chance: &mut Chance) {
    let (wide, high) = (chance.between(80.0, 92.0) as f32, chance.between(104.0, 114.0) as f32);
    let middle = (MIDDLE, 222.0);
    for side in [-1.0, 1.0] {
        canvas.ellipse((MIDDLE + side * (wide - 2.0), 230.0), (15.0, 24.0), lit(skin, 0.93), 1.0);
    }
    canvas.ellipse((MIDDLE, 196.0), (wide + 10.0, high), hair, 1.0);
    canvas.ellipse(middle, (wide, high), skin, 1.0);
    fringe(canvas, hair, long_hair, wide, chance);
    for side in [-1.0, 1.0] {
        let x = MIDDLE + side * 33.0;
        canvas.line((x - 16.0, 201.0), (x + 15.0, 199.0 + side * 2.0), 6.0, lit(hair, 1.05));
        canvas.ellipse((x, 224.0), (7.0, 8.5), [44, 36, 36], 1.0);
        canvas.ellipse((x + 2.0, 221.0), (2.2, 2.4), [250, 250, 250], 1.0);
        canvas.ellipse((MIDDLE + side * 48.0, 262.0), (17.0, 11.0), [232, 140, 120], 0.28);
    }
    if chance.happens(0.34) {
        glasses(canvas);
    }
    canvas.line((MIDDLE, 238.0), (MIDDLE - 5.0, 256.0), 4.0, lit(skin, 0.84));
    canvas.line((MIDDLE - 5.0, 256.0), (MIDDLE + 5.0, 258.0), 4.0, lit(skin, 0.84));
    let smile = chance.between(5.0, 13.0) as f32;
    let lips: Vec<Point> = (0..=8)
        .map(|step| {
            let part = step as f32 / 8.0 * 2.0 - 1.0;
            (MIDDLE + part * 27.0, 288.0 + smile * (1.0 - part * part))
        })
        .collect();
    for pair in lips.windows(2) {
        canvas.line(pair[0], pair[1], 6.0, [178, 84, 80]);
    }
}

fn fringe(canvas: &mut Canvas, hair: Rgb, long_hair: bool, wide: f32, chance: &mut Chance) {
    let parting = chance.between(-46.0, 46.0) as f32;
    let brow = chance.between(150.0, 178.0) as f32;
    // The crown, above where the two sides meet.
    canvas.ellipse((MIDDLE, 138.0), (wide * 0.7, 26.0), hair, 1.0);
    let crown = |x: f32| (MIDDLE + x, 112.0 + (x / wide).powi(2) * 46.0);
    for side in [-1.0, 1.0] {
        let edge = side * (wide + 2.0);
        let temple = (MIDDLE + edge, if long_hair { 262.0 } else { 214.0 });
        let corners = [
            (MIDDLE + parting, brow - 22.0),
            crown(parting),
            crown(edge * 0.6),
            (MIDDLE + edge * 1.06, 176.0),
            temple,
            (MIDDLE + edge * 0.82, brow + 12.0),
        ];
        canvas.polygon(&corners, hair);
    }
}

fn glasses(canvas: &mut Canvas) {
    let frame = [52, 48, 52];
    for side in [-1.0, 1.0] {
        let x = MIDDLE + side * 34.0;
        for (from, to) in
            [((-24.0, -16.0), (24.0, -16.0)), ((24.0, -16.0), (22.0, 18.0)), ((22.0, 18.0), (-22.0, 18.0)), ((-22.0, 18.0), (-24.0, -16.0))]
        {
            canvas.line((x + from.0, 224.0 + from.1), (x + to.0, 224.0 + to.1), 4.0, frame);
        }
        canvas.line((MIDDLE + side * 58.0, 216.0), (MIDDLE + side * 84.0, 212.0), 4.0, frame);
    }
    canvas.line((MIDDLE - 10.0, 218.0), (MIDDLE + 10.0, 218.0), 4.0, frame);
}

/// The middle of the painted picture, every two by two pixels as one.
fn square(pixels: &[u8]) -> Vec<u8> {
    let mut square = Vec::with_capacity(SIDE * SIDE * 3);
    for row in 0..SIDE {
        for column in 0..SIDE {
            for channel in 0..3 {
                let at = |down: usize, east: usize| u16::from(pixels[((row * 2 + down) * WIDTH + LEFT + column * 2 + east) * 3 + channel]);
                square.push(((at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4) as u8);
            }
        }
    }
    square
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_number_has_a_face_of_its_own_and_keeps_it() {
        let faces: HashSet<_> = (0..60).map(|seed| portrait(seed).expect("a portrait")).collect();
        assert_eq!(faces.len(), 60);
        assert!(faces.iter().all(|face| (2_000..24_000).contains(&face.len())));
        assert_eq!(portrait(7).expect("a portrait"), portrait(7).expect("the same portrait"));
    }
}
